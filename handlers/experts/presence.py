"""Do Not Disturb and presence: heard from Slack's events, and read where they matter."""

from datetime import datetime

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.presence import learn_active, learn_quiet
from bot.kinds import READ_ACTIVE, READ_QUIET
from bot.outbox import Owed
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, team_of, time_of
from handlers.slack import Refused, Slack
from storage.database import Sessions

# Slack tells nothing of them; `missing_scope`: the app was installed before it asked for this.
UNTOLD = ("user_not_found", "user_not_visible", "no_users_provided", "missing_scope")


def register(app: AsyncApp) -> None:
    app.event("dnd_updated_user")(on_quiet_changed)


async def on_quiet_changed(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    starts_at, ends_at = quiet_of(event["dnd_status"])
    async with sessions.begin() as session:
        await learn_quiet(
            session,
            team_id=team_of(context),
            user_id=event["user"],
            starts_at=starts_at,
            ends_at=ends_at,
            now=time_of(event["event_ts"]),
        )


def quiet_of(status: Payload) -> tuple[datetime | None, datetime | None]:
    """When Slack is quiet next, or is now; it says 1 for never."""
    starts, ends = status.get("next_dnd_start_ts", 0), status.get("next_dnd_end_ts", 0)
    if not status.get("dnd_enabled") or ends <= 1:
        return None, None
    return time_of(str(starts)), time_of(str(ends))


async def read_quiet(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """The quiet times of several people, in one call."""
    now = slack.clock()
    try:
        answer = await slack.read("dnd.teamInfo", users=",".join(owed.payload["user_ids"]))
    except Refused as refusal:
        if refusal.code not in UNTOLD:
            raise
        answer = {"users": {}}

    async def note(session: AsyncSession) -> None:
        for user_id in owed.payload["user_ids"]:  # of whom Slack says nothing, too
            starts_at, ends_at = quiet_of(answer["users"].get(user_id, {}))
            await learn_quiet(
                session,
                team_id=owed.team_id,
                user_id=user_id,
                starts_at=starts_at,
                ends_at=ends_at,
                now=now,
            )

    return note


async def read_active(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """Whether each of several people is at their screen: one call each."""
    now, active = slack.clock(), dict[str, bool]()
    for user_id in owed.payload["user_ids"]:
        try:
            answer = await slack.read("users.getPresence", user=user_id)
        except Refused as refusal:
            if refusal.code not in UNTOLD:
                raise
        else:
            active[user_id] = answer.get("presence") == "active"

    async def note(session: AsyncSession) -> None:
        for user_id, is_active in active.items():
            await learn_active(
                session, team_id=owed.team_id, user_id=user_id, is_active=is_active, now=now
            )

    return note


KINDS = (
    delivers(READ_QUIET, read_quiet),
    delivers(READ_ACTIVE, read_active),
)
