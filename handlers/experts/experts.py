"""/experts: who helps with what, helping oneself, and when one can be asked."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.errors import NoTopicNamed, UnknownCommand, UnknownTopic
from bot.experts.calendars import forget_calendar, get_calendar, name_calendar
from bot.experts.own_topics import get_topic_here
from bot.experts.topics import (
    find_topic,
    join_topic,
    leave_topic,
    list_topics,
    with_those_there,
)
from bot.experts.webhooks import Networks
from bot.text import plain
from bot.typed import nearest
from handlers.blocks.experts.calendars import FORGOTTEN, NAMED, NONE, told
from handlers.blocks.experts.topics import helped_not, helps_already, joined, left, topic_list
from handlers.blocks.text import Block, sentence
from handlers.experts.availability import say_when
from handlers.pressed import Pressed
from storage.database import Sessions

VERBS = ("join", "leave", "away", "back", "hours", "holidays", "calendar", "limit", "messages")


def register(app: AsyncApp) -> None:
    app.command("/experts")(on_experts)


async def on_experts(
    ack: Any, pressed: Pressed, sessions: Sessions, helpdesk_networks: Networks
) -> None:
    text = pressed.typed
    verb, _, rest = text.partition(" ")
    match verb.casefold():
        case "join" if rest:
            reply = await join(pressed, sessions, rest)
        case "leave" if rest:
            reply = await leave(pressed, sessions, rest)
        case "join":
            reply = await join(pressed, sessions, "")
        case "leave" as change:
            raise NoTopicNamed(change)
        case "calendar":
            address = " ".join(plain(pressed.value).split()).partition(" ")[2]  # in its own case
            reply = await change_calendar(pressed, sessions, address, helpdesk_networks)
        case "away" | "back" | "hours" | "holidays" | "limit" | "messages" as change:
            reply = await say_when(pressed, sessions, change, rest)
        case _:
            reply = await show(pressed, sessions, text)
    await ack(response_type="ephemeral", **reply)


async def join(pressed: Pressed, sessions: Sessions, name: str) -> Block:
    async with sessions.begin() as session:
        name = name or await get_topic_here(
            session, **pressed.who, channel_id=pressed.channel_id, now=pressed.now
        )
        topic, is_new = await join_topic(session, **pressed.who, name=name, now=pressed.now)
    return sentence(joined(topic) if is_new else helps_already(topic))


async def leave(pressed: Pressed, sessions: Sessions, name: str) -> Block:
    async with sessions.begin() as session:
        topic, was_expert = await leave_topic(session, **pressed.who, name=name, now=pressed.now)
    return sentence(left(topic) if was_expert else helped_not(topic))


async def change_calendar(
    pressed: Pressed, sessions: Sessions, written: str, networks: Networks
) -> Block:
    if not written:
        async with sessions.read() as session:
            return sentence(told(await get_calendar(session, **pressed.who)))
    async with sessions.begin() as session:
        if written.casefold() == "off":
            was_there = await forget_calendar(session, **pressed.who, now=pressed.now)
            return sentence(FORGOTTEN if was_there else NONE)
        await name_calendar(
            session, **pressed.who, written=written, networks=networks, now=pressed.now
        )
    return sentence(NAMED)


async def show(pressed: Pressed, sessions: Sessions, name: str) -> Block:
    async with sessions.read() as session:
        if not name:
            views = await list_topics(session, **pressed.who)
        else:
            topic = await find_topic(session, **pressed.who, name=name)
            views = [topic] if topic else []
        views = await with_those_there(session, pressed.team_id, views, now=pressed.now)
    if views or not name:
        return topic_list(views)
    if meant := nearest(name.partition(" ")[0], VERBS):
        raise UnknownCommand(f"/experts {name}", meant=f"/experts {meant}")
    raise UnknownTopic(name)
