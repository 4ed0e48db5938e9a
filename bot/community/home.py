"""What the App Home tab shows a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.archive.imports import Report, list_all_reports
from bot.community.gaps import may_read_gaps
from bot.community.health import HealthPage, get_health
from bot.community.set_up import SetUp, get_set_up
from bot.community.undelivered import Undelivered, get_undelivered
from bot.experts.availability import Choices, get_choices
from bot.experts.proposals import Proposed, list_proposed
from bot.finding.misses import NotFound, get_not_found
from bot.people import is_admin
from bot.questions.absences import CaughtUp, get_last_caught_up
from bot.recognition.kudos import Effect, count_weeks, get_effect
from bot.recognition.sponsor_digests import get_sponsor_home
from bot.recognition.sponsors import Sponsoring
from bot.recognition.tellers import Teller, list_tellers
from bot.workspaces import get_url
from storage import channels, home_views
from storage.finding import reviews
from storage.questions import answers, questions
from storage.tables import Question

QUESTIONS_SHOWN = 20


@dataclass(frozen=True)
class OpenQuestion:
    question_id: int
    asker_id: str
    channel_id: str
    message_ts: str
    text: str
    asked_at: datetime
    claimed_by: str | None
    is_first: bool = False  # its asker's first
    next_step: str | None = None  # what comes next, and when: see bot/experts/steps.py
    next_at: datetime | None = None
    answers: int = 0


@dataclass(frozen=True)
class ToReview:
    """A solution of which somebody asks this person whether it is still true."""

    text: str
    channel_id: str
    message_ts: str
    is_doubted: bool


@dataclass(frozen=True)
class Home:
    user_id: str
    url: str  # of the workspace, where permalinks start
    waiting: tuple[OpenQuestion, ...]  # asked of this person as an expert
    asked: tuple[OpenQuestion, ...]  # asked by this person
    effect: Effect
    choices: Choices  # when this person can be asked
    reviews: tuple[ToReview, ...] = ()
    weeks: tuple[int, ...] = ()  # whom their help helped in each of the last ones, the latest last
    is_admin: bool = False
    sponsoring: Sponsoring | None = None
    tellers: tuple[Teller, ...] = ()  # who told this person of their help lately
    proposed: tuple[Proposed, ...] = ()  # for admins: who could help on a topic
    set_up: SetUp | None = None  # for admins: how far it is
    health: HealthPage | None = None  # for admins and sponsors
    reads_gaps: bool = False  # what people keep asking: for admins, and whom they named
    not_found: NotFound | None = None  # for admins and sponsors
    undelivered: Undelivered | None = None  # for admins
    caught_up: CaughtUp | None = None  # for admins: what the last absence brought
    api_url: str = ""  # where their programs reach the bot; empty where they do not
    imports: tuple[Report, ...] = ()  # for admins: what was taken in from before


async def get_home(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> Home:
    waiting = await questions.list_open_for_expert(session, team_id, user_id, QUESTIONS_SHOWN)
    asked = await questions.list_open_by_asker(session, team_id, user_id, QUESTIONS_SHOWN)
    may_set = await is_admin(session, team_id, user_id)
    return Home(
        user_id=user_id,
        url=await get_url(session, team_id),
        waiting=await readable(session, waiting, user_id),
        asked=await readable(session, asked, user_id),
        effect=await get_effect(session, team_id=team_id, user_id=user_id, viewer_id=user_id),
        choices=await get_choices(session, team_id=team_id, user_id=user_id, now=now),
        reviews=await list_reviews(session, team_id, user_id),
        weeks=await count_weeks(session, team_id=team_id, user_id=user_id, now=now),
        is_admin=may_set,
        sponsoring=await get_sponsor_home(session, team_id=team_id, user_id=user_id, now=now),
        tellers=await list_tellers(session, team_id=team_id, user_id=user_id, now=now),
        proposed=await list_proposed(session, team_id=team_id, viewer_id=user_id),
        set_up=await get_set_up(session, team_id=team_id, user_id=user_id),
        health=await get_health(session, team_id=team_id, user_id=user_id),
        reads_gaps=await may_read_gaps(session, team_id=team_id, user_id=user_id),
        not_found=await get_not_found(session, team_id=team_id, user_id=user_id),
        undelivered=await get_undelivered(session, team_id=team_id, viewer_id=user_id),
        caught_up=await get_last_caught_up(session, team_id=team_id, now=now) if may_set else None,
        imports=tuple(await list_all_reports(session, team_id)) if may_set else (),
    )


async def readable(
    session: AsyncSession, shown: Iterable[Question], user_id: str
) -> tuple[OpenQuestion, ...]:
    """Those in channels that the person can still read."""
    shown = list(shown)
    if not shown:
        return ()
    ids = [question.id for question in shown]
    first = await questions.list_first_ones(session, ids)
    answered = await answers.count_each(session, ids)
    readable = await channels.list_readable_among(
        session, shown[0].team_id, {question.channel_id for question in shown}, user_id
    )
    return tuple(
        OpenQuestion(
            question_id=question.id,
            asker_id=question.asker_id,
            channel_id=question.channel_id,
            message_ts=question.message_ts or "",
            text=question.text,
            asked_at=question.asked_at,
            claimed_by=question.claimed_by,
            is_first=question.id in first,
            next_step=question.next_step,
            next_at=question.next_at,
            answers=answered.get(question.id, 0),
        )
        for question in shown
        if question.channel_id in readable
    )


async def list_reviews(session: AsyncSession, team_id: str, user_id: str) -> tuple[ToReview, ...]:
    """What this person is asked to look at again, where they can read it."""
    asked = [
        question
        for _, question in await reviews.list_for(session, team_id, user_id)
        if question.withdrawn_at is None
    ]
    readable = await channels.list_readable_among(
        session, team_id, {question.channel_id for question in asked}, user_id
    )
    return tuple(
        ToReview(
            question.text,
            question.channel_id,
            question.message_ts or "",
            question.doubted_at is not None,
        )
        for question in asked
        if question.channel_id in readable
    )


async def note_opened(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    await home_views.note_opened(session, team_id=team_id, user_id=user_id, now=now)
