"""The clock's way in. APScheduler only ticks; what is due stands in the tables, and each
job takes it there in one transaction, so any number of replicas may tick."""

from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.channels import owe_stale_members
from bot.digests import run_due_digests
from bot.messages import forget_erased
from storage.database import Sessions

DIGESTS_EVERY = timedelta(seconds=20)
MEMBERS_EVERY = timedelta(minutes=10)
FORGET_EVERY = timedelta(hours=1)


def build_ticks(
    sessions: Sessions, clock: Callable[[], datetime], *, digests_every: timedelta = DIGESTS_EVERY
) -> AsyncIOScheduler:
    async def digests() -> None:
        async with sessions.begin() as session:
            await run_due_digests(session, now=clock())

    async def members() -> None:
        async with sessions.begin() as session:
            await owe_stale_members(session, now=clock())

    async def forget() -> None:
        async with sessions.begin() as session:
            await forget_erased(session, now=clock())

    # By default a tick that comes a second late is dropped; here it is only late.
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for job, every in (
        (digests, digests_every),
        (members, MEMBERS_EVERY),
        (forget, FORGET_EVERY),
    ):
        scheduler.add_job(job, "interval", seconds=every.total_seconds())
    return scheduler
