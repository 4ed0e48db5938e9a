"""How long it would have taken without the answer: asked of the asker after their ✅, rarely."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OpenItAgain, QuestionIsGone
from bot.kinds import SAVED_TIME
from bot.text import is_mask
from storage import channels, outbox
from storage.experts import nudges
from storage.questions import questions
from storage.recognition import saved
from storage.saving import add_if_first
from storage.tables import SavedTime

SAVED = "saved"  # the kind of nudge
ASKED_AGAIN_AFTER = timedelta(days=60)  # the same person
MINUTES, HOUR, DAY = "minutes", "hour", "day"
# What each comes to, in hours: at least, at most.
HOURS = {MINUTES: (0.1, 0.5), HOUR: (0.5, 2.0), DAY: (4.0, 8.0)}


@dataclass(frozen=True)
class Saved:
    """What people said in a year: of each the last, as a range of hours."""

    people: int
    least: float
    most: float


@dataclass(frozen=True)
class SavedQuestion:
    """Whom to ask, and where."""

    question_id: int
    user_id: str
    channel_id: str
    thread_ts: str


async def ask_saved(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """Owe asking this person, who says that an answer worked, unless they were asked lately, want
    none of it, or asked without their name."""
    who = {"team_id": team_id, "user_id": user_id}
    if is_mask(user_id) or await nudges.is_muted(session, **who, kind=SAVED):
        return
    if await saved.was_asked(session, team_id, user_id, since=now - ASKED_AGAIN_AFTER):
        return
    row = SavedTime(question_id=question_id, **who, asked_at=now)
    if await add_if_first(session, row) is not None:
        await outbox.owe(session, SAVED_TIME, question_id, team_id=team_id, lane=user_id, now=now)


async def get_saved_question(
    session: AsyncSession, team_id: str, question_id: int
) -> SavedQuestion | None:
    """None where it is not solved any more, or they cannot read it."""
    row = await saved.get(session, team_id, question_id)
    question = await questions.get(session, team_id, question_id)
    if row is None or row.said is not None or question is None:
        return None
    if question.solved_at is None or question.withdrawn_at is not None:
        return None
    place = {"team_id": team_id, "channel_id": question.channel_id}
    if not await channels.can_read(session, **place, user_id=row.user_id):
        return None
    return SavedQuestion(question_id, row.user_id, question.channel_id, question.thread_ts or "")


async def say_saved(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    question_id: int,
    said: str,
    now: datetime,
) -> None:
    row = await saved.get(session, team_id, question_id)
    if row is None or row.user_id != user_id:
        raise QuestionIsGone()
    if said not in HOURS:
        raise OpenItAgain()
    row.said, row.said_at = said, now


def range_of(said: Mapping[str, int], fewest: int) -> Saved | None:
    """What they come to together; None where fewer people said so than may be told of."""
    people = sum(said.values())
    if people < fewest:
        return None
    least = sum(HOURS[each][0] * number for each, number in said.items() if each in HOURS)
    most = sum(HOURS[each][1] * number for each, number in said.items() if each in HOURS)
    return Saved(people, least, most)
