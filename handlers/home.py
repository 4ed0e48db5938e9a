"""The App Home tab."""

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.home import get_home
from bot.workspaces import get_url
from handlers.blocks.home import home_view
from handlers.payloads import Payload, team_of
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.event("app_home_opened", matchers=[is_home_tab])(on_home_opened)


async def is_home_tab(event: Payload) -> bool:
    return event.get("tab") == "home"


async def on_home_opened(
    event: Payload, client: AsyncWebClient, context: AsyncBoltContext, sessions: Sessions
) -> None:
    await publish_home(client, sessions, team_of(context), event["user"])


async def publish_home(
    client: AsyncWebClient, sessions: Sessions, team_id: str, user_id: str
) -> None:
    async with sessions.read() as session:
        home = await get_home(session, team_id=team_id, user_id=user_id)
        url = await get_url(session, team_id)
    await client.views_publish(user_id=user_id, view=home_view(home, url))
