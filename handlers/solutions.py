"""✅ on a reply accepts it as the solution; taking it off takes that back."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.cards import get_place
from bot.outbox import Owed
from bot.solutions import accept_solution, check_may_accept, withdraw_solution
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, team_of, time_of
from handlers.slack import Slack
from storage.database import Sessions

SOLUTION_REACTIONS = ("white_check_mark", "heavy_check_mark", "ballot_box_with_check")
MARK_A_REPLY = (
    "Glad it is solved. Put the :white_check_mark: on the reply that worked, "
    "so that others find it and its author is credited."
)


def register(app: AsyncApp) -> None:
    app.event("reaction_added", matchers=[is_solution_reaction])(on_solution_reaction)
    app.event("reaction_removed", matchers=[is_solution_reaction])(on_solution_reaction_removed)
    app.shortcut("accept_solution")(on_accept_solution)


async def is_solution_reaction(event: Payload) -> bool:
    return event["reaction"] in SOLUTION_REACTIONS and event["item"]["type"] == "message"


async def on_solution_reaction(
    event: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await accept_solution(session, **who_and_where(event, context))


async def on_solution_reaction_removed(
    event: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await withdraw_solution(session, **who_and_where(event, context))


def who_and_where(event: Payload, context: AsyncBoltContext) -> Payload:
    return {
        "team_id": team_of(context),
        "channel_id": event["item"]["channel"],
        "message_ts": event["item"]["ts"],
        "user_id": event["user"],
        "now": time_of(event["event_ts"]),
    }


async def on_accept_solution(
    ack: Any, shortcut: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    place = {
        "team_id": team_of(context),
        "channel_id": shortcut["channel"]["id"],
        "message_ts": shortcut["message"]["ts"],
        "user_id": shortcut["user"]["id"],
    }
    async with sessions.begin() as session:
        await check_may_accept(session, **place)
        await accept_solution(session, **place, now=time_of(shortcut["action_ts"]))
    await ack()


async def send_mark_hint(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the asker where the ✅ belongs. Private, so it cannot be looked up: at most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        place = await get_place(session, owed.team_id, int(owed.subject))
    if place is not None:
        await slack.call(
            "chat.postEphemeral",
            channel=place.channel_id,
            thread_ts=place.thread_ts,
            user=owed.payload["user_id"],
            text=MARK_A_REPLY,
        )
    return None


KINDS: dict[str, Deliver] = {"mark_hint": send_mark_hint}
