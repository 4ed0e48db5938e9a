"""What Slack took in no way: admins see it, and can have it tried again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import owe_home
from bot.people import check_is_admin, is_admin
from storage import outbox

MOST_SHOWN = 5


@dataclass(frozen=True)
class GivenUp:
    kind: str  # see bot/kinds
    place: str  # the channel or person it was for, by its id in Slack
    reason: str  # Slack's word, or the kind of our failure
    gave_up_at: datetime


@dataclass(frozen=True)
class Undelivered:
    count: int
    newest: tuple[GivenUp, ...]


async def get_undelivered(
    session: AsyncSession, *, team_id: str, viewer_id: str
) -> Undelivered | None:
    """For admins alone, and only if there is any."""
    if not await is_admin(session, team_id, viewer_id):
        return None
    rows = await outbox.list_given_up(session, team_id, MOST_SHOWN)
    if not rows:
        return None
    newest = tuple(
        GivenUp(row.kind, row.lane, row.error or "", row.gave_up_at)
        for row in rows
        if row.gave_up_at is not None
    )
    return Undelivered(await outbox.count_given_up(session, team_id), newest)


async def try_again(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    await check_is_admin(session, team_id, user_id)
    await outbox.start_again(session, team_id)
    await owe_home(session, team_id=team_id, user_id=user_id, now=now)
