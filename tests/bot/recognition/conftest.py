"""Weeks of ticks, without the many that change nothing."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.recognition.digests import run_due_digests
from storage.tables import DigestSchedule

NEAR = timedelta(hours=3)
EVERY = 10  # of the ticks that are near no digest, one in so many


class Ticks:
    """All around each digest, and a few in between: a tick with nothing due changes nothing, and
    thousands of them take a minute."""

    def __init__(self, session: AsyncSession) -> None:
        self.session, self.number = session, -1
        self.planned: datetime | None = None
        self.came: datetime | None = None

    def matters(self, now: datetime) -> bool:
        self.number += 1
        is_near = self.planned is None or self.planned - NEAR <= now
        was_near = self.came is not None and now <= self.came + NEAR
        return is_near or was_near or self.number % EVERY == 0

    async def tick(self, now: datetime) -> None:
        await run_due_digests(self.session, now=now)
        planned = await self.session.scalar(select(func.min(DigestSchedule.next_run_at)))
        if planned != self.planned:
            self.planned, self.came = planned, now
