"""Whether the bot is fit for work, and what is owed: for probes, measures and the doctor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import condition
from storage.condition import Owed

LATE_AFTER = timedelta(minutes=10)  # what is owed and waits for nothing is sent within seconds


@dataclass(frozen=True)
class Condition:
    owed: tuple[Owed, ...]
    given_up: int
    failed_events: int
    open_absences: int  # times that are still being read, see docs/CATCH_UP.md
    open_questions: int

    def late(self, now: datetime) -> timedelta:
        """How long the oldest thing that waits for nothing has been due."""
        due = [each.oldest_due_at for each in self.owed if not each.waits_for]
        return max(now - min(due), timedelta()) if due else timedelta()


async def read_condition(session: AsyncSession) -> Condition:
    return Condition(
        owed=tuple(await condition.list_owed(session)),
        given_up=await condition.count_given_up(session),
        failed_events=await condition.count_failed_events(session),
        open_absences=await condition.count_open_absences(session),
        open_questions=await condition.count_open_questions(session),
    )


async def write_in_vain(session: AsyncSession, *, now: datetime) -> None:
    """Write and take it back; the database's own error where it takes nothing."""
    await condition.write_in_vain(session, now=now)


@dataclass(frozen=True)
class Upkeep:
    """What an operator looks after."""

    backed_up_at: datetime | None  # by this program
    heard_until: datetime | None  # Slack, in the workspace where that is the longest ago
    is_pooled: bool  # PgBouncer or its like stands before the database


async def read_upkeep(session: AsyncSession) -> Upkeep:
    return Upkeep(
        backed_up_at=await condition.get_backed_up_at(session),
        heard_until=await condition.get_heard_until(session),
        is_pooled=await condition.is_pooled(session),
    )


async def note_backup(session: AsyncSession, size: int, *, now: datetime) -> None:
    await condition.note_backup(session, size, now=now)
