"""What the App Home tab shows a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.health import HealthPage, get_health
from bot.community.undelivered import Undelivered, get_undelivered
from bot.experts.availability import Choices, get_choices
from bot.experts.proposals import Proposed, list_proposed
from bot.people import is_admin
from bot.questions.absences import CaughtUp, get_last_caught_up
from bot.recognition.kudos import Effect, get_effect
from bot.recognition.sponsors import Sponsoring, get_sponsoring
from bot.workspaces import get_url
from storage import channels
from storage.questions import questions
from storage.tables import Question

QUESTIONS_SHOWN = 10


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


@dataclass(frozen=True)
class Home:
    user_id: str
    url: str  # of the workspace, where permalinks start
    waiting: tuple[OpenQuestion, ...]  # asked of this person as an expert
    asked: tuple[OpenQuestion, ...]  # asked by this person
    effect: Effect
    choices: Choices  # when this person can be asked
    sponsoring: Sponsoring | None = None
    proposed: tuple[Proposed, ...] = ()  # for admins: who could help on a topic
    health: HealthPage | None = None  # for admins and sponsors
    undelivered: Undelivered | None = None  # for admins
    caught_up: CaughtUp | None = None  # for admins: what the last absence brought


async def get_home(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> Home:
    waiting = await questions.list_open_for_expert(session, team_id, user_id, QUESTIONS_SHOWN)
    asked = await questions.list_open_by_asker(session, team_id, user_id, QUESTIONS_SHOWN)
    return Home(
        user_id=user_id,
        url=await get_url(session, team_id),
        waiting=await readable(session, waiting, user_id),
        asked=await readable(session, asked, user_id),
        effect=await get_effect(session, team_id=team_id, user_id=user_id, viewer_id=user_id),
        choices=await get_choices(session, team_id=team_id, user_id=user_id, now=now),
        sponsoring=await get_sponsoring(session, team_id=team_id, user_id=user_id),
        proposed=await list_proposed(session, team_id=team_id, viewer_id=user_id),
        health=await get_health(session, team_id=team_id, user_id=user_id),
        undelivered=await get_undelivered(session, team_id=team_id, viewer_id=user_id),
        caught_up=await get_last_caught_up(session, team_id=team_id, now=now)
        if await is_admin(session, team_id, user_id)
        else None,
    )


async def readable(
    session: AsyncSession, shown: Iterable[Question], user_id: str
) -> tuple[OpenQuestion, ...]:
    """Those in channels that the person can still read."""
    shown = list(shown)
    first = await questions.list_first_ones(session, [question.id for question in shown])
    return tuple(
        [
            OpenQuestion(
                question.id,
                question.asker_id,
                question.channel_id,
                question.message_ts or "",
                question.text,
                question.asked_at,
                question.claimed_by,
                question.id in first,
            )
            for question in shown
            if await channels.can_read(
                session,
                team_id=question.team_id,
                channel_id=question.channel_id,
                user_id=user_id,
            )
        ]
    )
