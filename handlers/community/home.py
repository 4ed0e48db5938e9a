"""The App Home tab."""

import logging
from datetime import datetime

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.home import get_home
from bot.errors import SlackDoesNotSay
from bot.workspaces import get_url
from handlers.blocks.community.home import home_note, home_view
from handlers.payloads import Payload, team_of, time_of
from handlers.people import IS_UNREAD
from storage.database import Sessions

logger = logging.getLogger("askaround")


def register(app: AsyncApp) -> None:
    app.event("app_home_opened", matchers=[is_home_tab])(on_home_opened)


async def is_home_tab(event: Payload) -> bool:
    return event.get("tab") == "home"


async def on_home_opened(
    event: Payload, client: AsyncWebClient, context: AsyncBoltContext, sessions: Sessions
) -> None:
    if context[IS_UNREAD]:
        await client.views_publish(user_id=event["user"], view=home_note(str(SlackDoesNotSay())))
        return
    now = time_of(event["event_ts"])
    await show_home(client, sessions, team_of(context), event["user"], now)


async def show_home(
    client: AsyncWebClient, sessions: Sessions, team_id: str, user_id: str, now: datetime
) -> None:
    """Draw it as things stand."""
    async with sessions.read() as session:
        home = await get_home(session, team_id=team_id, user_id=user_id, now=now)
        url = await get_url(session, team_id)
    await client.views_publish(user_id=user_id, view=home_view(home, url))


async def redraw_home(
    client: AsyncWebClient, sessions: Sessions, team_id: str, user_id: str, now: datetime
) -> None:
    """After what somebody did, which stands whether or not Slack takes the new picture of it."""
    try:
        await show_home(client, sessions, team_id, user_id, now)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        logger.info("App Home of %s was not redrawn: %r", user_id, error)


def is_in_home(body: Payload) -> bool:
    """Whether a click came from App Home."""
    return bool(body.get("view", {}).get("type") == "home")
