"""✅ on a reply accepts it as the solution; taking it off takes that back."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.experts.cards import SOLVED
from bot.kinds import READ_STRANGER, REPLY_MARKER, QuestionAndPerson
from bot.outbox import Owed
from bot.questions.early import note_early
from bot.questions.elsewhere import accept_chosen
from bot.questions.emoji import is_usual, marks_solution
from bot.questions.solutions import (
    accept_solution,
    get_reply_marker,
    hear_stranger,
    withdraw_solution,
)
from handlers.experts.cards import react
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, team_of, time_of
from handlers.people import look_up
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.event("reaction_added", matchers=[is_solution_reaction])(on_solution_reaction)
    app.event("reaction_removed", matchers=[is_solution_reaction])(on_solution_reaction_removed)
    app.shortcut("accept_solution")(on_accept_solution)


async def is_solution_reaction(
    event: Payload, context: AsyncBoltContext, sessions: Sessions
) -> bool:
    if event["item"]["type"] != "message":
        return False
    if is_usual(event["reaction"]):
        return True
    async with sessions.glance() as connection:
        return await marks_solution(connection, team_of(context), event["reaction"])


async def on_solution_reaction(
    event: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await accept_solution(session, **who_and_where(event, context))


async def on_solution_reaction_removed(
    event: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    place = who_and_where(event, context)
    user_id = place.pop("user_id")
    async with sessions.begin() as session:
        if not await withdraw_solution(session, **place, user_id=user_id):
            await note_early(session, **place)


def who_and_where(event: Payload, context: AsyncBoltContext) -> Payload:
    return {
        "team_id": team_of(context),
        "channel_id": event["item"]["channel"],
        "message_ts": event["item"]["ts"],
        "user_id": event["user"],
        "now": time_of(event["event_ts"]),
    }


async def on_accept_solution(
    ack: Any, pressed: Pressed, shortcut: Payload, sessions: Sessions
) -> None:
    place = {
        "team_id": pressed.team_id,
        "channel_id": pressed.channel_id,
        "message_ts": shortcut["message"]["ts"],
        "user_id": pressed.user_id,
    }
    is_reply = shortcut["message"].get("thread_ts", place["message_ts"]) != place["message_ts"]
    async with sessions.begin() as session:
        await accept_chosen(session, **place, is_reply=is_reply, now=pressed.now)
    await ack()


async def read_stranger(
    owed: Owed[QuestionAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    """Who somebody is that put a ✅ on an answer: bots tell of no help."""
    question_id, user_id = owed.subject
    profile = await look_up(slack, user_id)
    if profile is None:
        return None
    return lambda session: hear_stranger(
        session,
        team_id=owed.team_id,
        question_id=question_id,
        profile=profile,
        now=owed.owed_at,
    )


async def send_reply_marker(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Who presses that a reply worked leaves a ✅ on it, as who puts it there by hand."""
    async with sessions.read() as session:
        marker = await get_reply_marker(session, owed.team_id, owed.subject)
    if marker is None:
        return None
    place = {"channel": marker.channel_id, "timestamp": marker.message_ts}
    if marker.is_wanted:
        await react(slack, "reactions.add", place, SOLVED, fine="already_reacted")
    else:
        await react(slack, "reactions.remove", place, SOLVED, fine="no_reaction")
    return None


KINDS = (
    delivers(READ_STRANGER, read_stranger),
    delivers(REPLY_MARKER, send_reply_marker),
)
