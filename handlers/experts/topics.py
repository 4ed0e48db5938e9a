"""/experts, and the modal in which an admin creates or changes a topic."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.errors import UnknownTopic
from bot.experts.topics import find_topic, join_topic, leave_topic, list_topics, save_topic
from bot.text import plain
from handlers.blocks.experts.topics import CALLBACK, secret_modal, topic_list
from handlers.blocks.text import Block, escape, sentence
from handlers.experts.availability import say_when
from handlers.payloads import Payload, chosen, team_of
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.command("/experts")(on_experts)
    app.view(CALLBACK)(on_topic_saved)


async def on_experts(
    ack: Any,
    command: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    text = plain(command.get("text") or "")  # names and times, as they were typed
    verb, _, rest = text.partition(" ")
    team_id, user_id = team_of(context), command["user_id"]
    match verb.casefold():
        case "join" if rest:
            reply = await join(sessions, team_id, user_id, rest, clock())
        case "leave" if rest:
            reply = await leave(sessions, team_id, user_id, rest)
        case "away" | "back" | "hours" | "limit" | "messages" as change:
            reply = await say_when(sessions, team_id, user_id, change, rest.strip(), clock())
        case _:
            reply = await show(sessions, team_id, text)
    await ack(response_type="ephemeral", **reply)


async def join(sessions: Sessions, team_id: str, user_id: str, name: str, now: datetime) -> Block:
    async with sessions.begin() as session:
        topic, is_new = await join_topic(
            session, team_id=team_id, name=name, user_id=user_id, now=now
        )
    if not is_new:
        return sentence(f"You help on *{escape(topic)}* already.")
    return sentence(f"Thank you. Questions about *{escape(topic)}* will reach you from now on.")


async def leave(sessions: Sessions, team_id: str, user_id: str, name: str) -> Block:
    async with sessions.begin() as session:
        topic, was_expert = await leave_topic(session, team_id=team_id, name=name, user_id=user_id)
    if not was_expert:
        return sentence(f"You were not an expert on *{escape(topic)}*.")
    return sentence(f"Done. You are not asked about *{escape(topic)}* any more.")


async def show(sessions: Sessions, team_id: str, name: str) -> Block:
    async with sessions.read() as session:
        if not name:
            return topic_list(await list_topics(session, team_id=team_id))
        topic = await find_topic(session, team_id=team_id, name=name)
    if topic is None:
        raise UnknownTopic(name)
    return topic_list([topic])


async def on_topic_saved(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    about = json.loads(view["private_metadata"])
    async with sessions.begin() as session:
        topic = await save_topic(
            session,
            team_id=team_of(context),
            user_id=body["user"]["id"],
            topic_id=about["topic_id"],
            name=chosen(view, "name"),
            keywords=chosen(view, "keywords"),
            member_ids=[*(chosen(view, "people") or []), *(chosen(view, "groups") or [])],
            sponsor_id=chosen(view, "sponsor") or None,
            channel_id=about["channel_id"],
            is_channel_topic="own" in (chosen(view, "own") or []),
            waits=chosen(view, "waits"),
            hand_off_channel_id=chosen(view, "hand_off") or None,
            hint=chosen(view, "hint"),
            hand_off_url=chosen(view, "hand_off_url"),
            wants_new_secret="new_secret" in (chosen(view, "new_secret") or []),
            now=clock(),
        )
    if topic.new_secret is not None:
        await ack(response_action="update", view=secret_modal(topic.new_secret))
    else:
        await ack()
