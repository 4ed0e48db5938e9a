"""The clock's way in. APScheduler only ticks; what is due stands in the tables, and each
job takes it there in one transaction, so any number of replicas may tick."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.access.webhooks import forget_old_calls
from bot.archive.checking import ask_unsure, has_unsure
from bot.archive.imports import has_undone, take_out_some
from bot.assistants.drafts import forget_old_drafts
from bot.community.channels import (
    erase_deleted_channels,
    has_deleted_channels,
    owe_stale_members,
)
from bot.community.health import has_uncounted, owe_counts
from bot.experts.calendars import owe_stale_calendars
from bot.experts.invitations import take_silence
from bot.experts.learning import learn_due
from bot.experts.presence import owe_stale
from bot.experts.steps import has_due_steps, take_due_steps
from bot.failures import forget_old_failures
from bot.finding.misses import check_finding
from bot.finding.reviews import ask_due_reviews
from bot.outbox import forget_given_up
from bot.pace import forget_old_gates
from bot.people import owe_stale_people
from bot.privacy.erasing import erase_some, has_erasing
from bot.privacy.leaving import erase_gone, has_left
from bot.privacy.retention import erase_past, has_past
from bot.questions.absences import has_open_absence
from bot.questions.messages import forget_erased
from bot.questions.nameless import forget_expired
from bot.questions.refusals import has_vouched, settle_vouched
from bot.recognition.digests import has_due_digests, run_due_digests
from bot.recognition.sponsors import settle_all_sponsors
from bot.requests import forget_old_requests
from handlers.logs import named
from handlers.questions.catch_up import move_on
from storage.database import Sessions, is_passing

TICKS_EVERY = timedelta(seconds=20)
STEPS_EVERY = timedelta(seconds=5)
RETENTION_EVERY = timedelta(minutes=30)
REVIEWS_EVERY = 30  # ticks
QUICK, SOON = timedelta(seconds=1), timedelta(seconds=2)
MEMBERS_EVERY = timedelta(minutes=10)
PEOPLE_EVERY = timedelta(minutes=10)
SPONSORS_EVERY = timedelta(minutes=10)
PRESENCE_EVERY = timedelta(minutes=10)
CALENDARS_EVERY = timedelta(minutes=10)
LEARN_EVERY = timedelta(minutes=10)
CHECKS_EVERY = timedelta(hours=1)
FORGET_EVERY = timedelta(hours=1)

# A tick that falls into a longer one is left out, which is as it should be and no warning.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)

# What was said meanwhile decides whom these call, and what they tell.
NEED_TO_HEAR = (run_due_digests, take_due_steps, settle_vouched)

logger = logging.getLogger("askaround.ticks")

Job = Callable[..., Any]  # takes a session, and `now`; True says that there is more to do


class Ticks:
    def __init__(
        self,
        sessions: Sessions,
        clock: Callable[[], datetime],
        *,
        ticks_every: timedelta = TICKS_EVERY,
        is_hearing: Callable[[], bool] = lambda: True,
    ) -> None:
        self.sessions, self.clock, self.is_hearing = sessions, clock, is_hearing
        self._one_at_a_time = asyncio.Lock()
        self._is_stopped = False
        # By default a tick that comes a second late is dropped; here it is only late.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        seldom = REVIEWS_EVERY * ticks_every
        if ticks_every < QUICK:  # who skips to the next thing in the demo waits for these
            seldom = min(seldom, SOON)
        for job, every, look in (
            (run_due_digests, ticks_every, has_due_digests),
            (take_due_steps, min(ticks_every, STEPS_EVERY), has_due_steps),
            (settle_vouched, ticks_every, has_vouched),
            (move_on, min(ticks_every, STEPS_EVERY), has_open_absence),
            (owe_counts, ticks_every, has_uncounted),
            (owe_stale_members, MEMBERS_EVERY, None),
            (erase_deleted_channels, ticks_every, has_deleted_channels),
            (erase_some, ticks_every, has_erasing),
            (erase_past, RETENTION_EVERY, has_past),
            (erase_gone, RETENTION_EVERY, has_left),
            (take_out_some, ticks_every, has_undone),
            (owe_stale_people, PEOPLE_EVERY, None),
            (owe_stale, PRESENCE_EVERY, None),
            (owe_stale_calendars, CALENDARS_EVERY, None),
            (ask_due_reviews, seldom, None),
            (ask_unsure, seldom, has_unsure),
            (settle_all_sponsors, SPONSORS_EVERY, None),
            (learn_due, LEARN_EVERY, None),
            (check_finding, CHECKS_EVERY, None),
            (take_silence, seldom, None),
            (forget_erased, FORGET_EVERY, None),
            (forget_expired, FORGET_EVERY, None),
            (forget_old_failures, FORGET_EVERY, None),
            (forget_given_up, FORGET_EVERY, None),
            (forget_old_requests, FORGET_EVERY, None),
            (forget_old_gates, FORGET_EVERY, None),
            (forget_old_calls, FORGET_EVERY, None),
            (forget_old_drafts, FORGET_EVERY, None),
        ):
            self._scheduler.add_job(
                self._tick, "interval", args=[job, look], seconds=every.total_seconds()
            )

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self) -> None:
        """Let a tick that runs come to its end: APScheduler would cut it off. It shuts down a
        moment later, so ticks that were waiting for their turn are told here."""
        self._scheduler.pause()
        async with self._one_at_a_time:
            self._is_stopped = True
        self._scheduler.shutdown()

    async def _tick(self, job: Job, look: Job | None) -> None:
        try:
            while await self._once(job, look) is True:
                pass  # others had their turn between two transactions
        except Exception as error:
            if not is_passing(error):
                raise
            logger.warning("Not now (%s): the next tick does it.", named(error))

    async def _once(self, job: Job, look: Job | None) -> Any:
        if job in NEED_TO_HEAR and not self.is_hearing():
            return False
        async with self._one_at_a_time:
            if self._is_stopped or not await self._is_due(look):
                return False
            async with self.sessions.begin() as session:
                return await job(session, now=self.clock())

    async def _is_due(self, look: Job | None) -> Any:
        """What ticks often looks first: an idle bot takes no write lock."""
        if look is None:
            return True
        async with self.sessions.read() as session:
            return await look(session, now=self.clock())
