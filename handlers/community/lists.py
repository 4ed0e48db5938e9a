"""Topics and channels by pages, with a search; joining and leaving topics."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.lists import CHANNELS, JOIN, TOPICS, Page, get_page
from bot.experts.topic_window import get_form
from bot.experts.topics import join_by_id, leave_by_id
from bot.outbox import owe_home
from handlers.blocks.community.lists import (
    CHANGE_TOPIC,
    JOIN_TOPIC,
    LEAVE_TOPIC,
    SEARCH_LIST,
    TURN_BACK,
    TURN_ON,
    list_modal,
)
from handlers.blocks.community.settings import OPEN_CHANNELS, OPEN_JOIN, OPEN_TOPICS
from handlers.blocks.experts.topic_window import topic_modal
from handlers.experts.topic_window import list_groups
from handlers.payloads import Payload, chosen, read_back
from handlers.pressed import Pressed
from handlers.replying import open_view, show_instead
from storage.database import Sessions

ABOUT: dict[str, Any] = {"which": str, "number": int, "query": str}
OPENED = {OPEN_TOPICS: TOPICS, OPEN_CHANNELS: CHANNELS, OPEN_JOIN: JOIN}


def register(app: AsyncApp) -> None:
    for opened in (OPEN_TOPICS, OPEN_CHANNELS, OPEN_JOIN):
        app.action(opened)(on_open_list)
    app.view(SEARCH_LIST)(on_searched)
    app.action(TURN_BACK)(on_turned)
    app.action(TURN_ON)(on_turned)
    app.action(CHANGE_TOPIC)(on_change_topic)
    app.action(JOIN_TOPIC)(on_join_topic)
    app.action(LEAVE_TOPIC)(on_leave_topic)


async def read_page(
    pressed: Pressed, sessions: Sessions, which: str, number: int = 0, query: str = ""
) -> Page:
    async with sessions.read() as session:
        return await get_page(session, **pressed.who, which=which, number=number, query=query)


async def on_open_list(
    ack: Any,
    pressed: Pressed,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    page = await read_page(pressed, sessions, OPENED[action["action_id"]])
    await open_view(client, body, list_modal(page))
    await ack()


async def on_searched(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, **ABOUT)
    page = await read_page(pressed, sessions, about["which"], 0, chosen(view, "query"))
    await ack(response_action="update", view=list_modal(page))


async def on_turned(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    _, about = shown_in(body)
    page = await read_page(pressed, sessions, about["which"], pressed.number, about["query"])
    await show_instead(client, body, list_modal(page))
    await ack()


def shown_in(body: Payload) -> tuple[Payload, Payload]:
    """The window, and what it showed."""
    view = body.get("view") or {}
    return view, read_back(str(view.get("private_metadata")), **ABOUT)


async def on_change_topic(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        form = await get_form(session, **pressed.who, topic_id=pressed.number)
    await open_view(client, body, topic_modal(form, await list_groups(client)))
    await ack()


async def on_join_topic(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        if await join_by_id(session, **pressed.who, topic_id=pressed.number, now=pressed.now):
            await owe_home(session, **pressed.who, now=pressed.now)
    await redraw(ack, pressed, body, client, sessions)


async def on_leave_topic(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        if await leave_by_id(session, **pressed.who, topic_id=pressed.number, now=pressed.now):
            await owe_home(session, **pressed.who, now=pressed.now)
    await redraw(ack, pressed, body, client, sessions)


async def redraw(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    _, about = shown_in(body)
    page = await read_page(pressed, sessions, JOIN, about["number"], about["query"])
    await show_instead(client, body, list_modal(page))
    await ack()
