"""Asking an asker privately which reply worked, and their buttons."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.kinds import MARK_HINT, MARK_NUDGE
from bot.outbox import Owed
from bot.questions.marking import get_unmarked, mark
from bot.workspaces import get_url
from handlers.blocks.questions.marking import (
    MARK_REPLY,
    UNMARK_REPLY,
    mark_hint,
    mark_nudge,
    marked,
)
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, number_of
from handlers.pressed import Pressed, value_of
from handlers.quoting import post_quoting
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(MARK_REPLY)(on_mark)
    app.action(UNMARK_REPLY)(on_mark)


async def on_mark(
    ack: Any, respond: Any, pressed: Pressed, action: Payload, body: Payload, sessions: Sessions
) -> None:
    question_id, answer_id = map(number_of, pressed.parts)
    async with sessions.begin() as session:
        done = await mark(
            session,
            **pressed.who,
            question_id=question_id,
            answer_id=answer_id,
            is_on=action["action_id"] == MARK_REPLY,
            now=pressed.now,
        )
    others = listed_in(body.get("message", {}))
    if len(others) > 1:
        async with sessions.read() as session:
            _, unmarked = await get_unmarked(session, pressed.team_id, others, pressed.user_id)
            url = await get_url(session, pressed.team_id)
        await respond(replace_original=True, **mark_nudge(unmarked, url))
    else:
        await respond(replace_original=True, **marked(done))
    await ack()


def listed_in(message: Payload) -> list[int]:
    """The questions whose buttons a message has, in order."""
    values = [
        value_of(element)
        for block in message.get("blocks", [])
        for element in [block.get("accessory", {}), *block.get("elements", [])]
        if element.get("action_id") in (MARK_REPLY, UNMARK_REPLY)
    ]
    return list(dict.fromkeys(number_of(value.partition(":")[0]) for value in values))


async def send_mark_hint(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Ask the asker, in the thread, which reply worked. Private, so it cannot be looked up: at
    most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        asked = await get_unmarked(session, owed.team_id, [owed.subject], in_thread=True)
        url = await get_url(session, owed.team_id)
    asker_id, unmarked = asked
    if unmarked:
        await slack.call(
            "chat.postEphemeral",
            channel=unmarked[0].channel_id,
            thread_ts=unmarked[0].thread_ts,
            user=asker_id,
            **mark_hint(unmarked[0], url),
        )
    return None


async def send_mark_nudge(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        asker_id, unmarked = await get_unmarked(session, owed.team_id, owed.payload["question_ids"])
        url = await get_url(session, owed.team_id)
    open_ones = [each for each in unmarked if each.solved_by is None]
    if not open_ones:
        return None
    quoted = {
        each.question_id: (each.text, *(reply.text for reply in each.replies)) for each in open_ones
    }
    return await post_quoting(owed, slack, asker_id, quoted, mark_nudge(open_ones, url))


KINDS = (
    delivers(MARK_HINT, send_mark_hint),
    delivers(MARK_NUDGE, send_mark_nudge),
)
