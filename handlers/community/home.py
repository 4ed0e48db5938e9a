"""The App Home tab."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.home import get_home, note_opened
from bot.errors import SlackDoesNotSay
from bot.kinds import HOME
from bot.outbox import Owed
from handlers.blocks.community.home import SHOW_QUESTIONS, home_note, home_view, questions_modal
from handlers.blocks.text import Block
from handlers.outbox import Delivery, Note, delivers
from handlers.payloads import Payload, team_of, time_of
from handlers.people import IS_UNREAD
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.event("app_home_opened", matchers=[is_home_tab])(on_home_opened)
    app.action(SHOW_QUESTIONS)(on_show_questions)


async def is_home_tab(event: Payload) -> bool:
    return event.get("tab") == "home"


async def on_home_opened(
    event: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    api_url: str,
) -> None:
    if context[IS_UNREAD]:
        await client.views_publish(user_id=event["user"], view=home_note(str(SlackDoesNotSay())))
        return
    now = time_of(event["event_ts"])
    view = await draw(sessions, team_of(context), event["user"], now, api_url)
    await client.views_publish(user_id=event["user"], view=view)
    async with sessions.begin() as session:
        await note_opened(session, team_id=team_of(context), user_id=event["user"], now=now)


async def on_show_questions(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    """Those behind the fold."""
    async with sessions.read() as session:
        home = await get_home(session, **pressed.who, now=pressed.now)
    view = questions_modal(pressed.value, home)
    await client.views_open(trigger_id=pressed.trigger_id, view=view)
    await ack()


async def draw(
    sessions: Sessions, team_id: str, user_id: str, now: datetime, api_url: str = ""
) -> Block:
    async with sessions.read() as session:
        home = await get_home(session, team_id=team_id, user_id=user_id, now=now)
    return home_view(replace(home, api_url=api_url))


async def redraw_home(
    owed: Owed[str], slack: Slack, sessions: Sessions, api_url: str = ""
) -> Note | None:
    """Show this person, who changed something in App Home, how it stands now."""
    view = await draw(sessions, owed.team_id, owed.subject, slack.clock(), api_url)
    await slack.call("views.publish", user_id=owed.subject, view=view)
    return None


KINDS = (delivers(HOME, redraw_home),)


def drawing(api_url: str) -> Delivery:
    """The kind that draws it, where programs reach the bot there."""
    return delivers(HOME, partial(redraw_home, api_url=api_url))
