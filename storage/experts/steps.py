"""What a question's next step depends on, beside the question itself and those who can be asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions.answers import counts_for
from storage.tables import Answer, Nudge, Offer, Person, Question, Topic

MARK = "mark"  # the kind of nudge that asks which reply worked


@dataclass(frozen=True)
class Facts:
    last_answered_at: datetime | None  # by somebody else than the asker, of what still stands
    answers: int  # of others, that still stand
    has_asked_before: bool
    reminded_at: datetime | None  # the asker, to mark what worked
    timezone: str | None  # the asker's
    has_asker_left: bool | None  # None: we do not know them
    has_claimer_left: bool | None  # None: nobody has it, or we do not know them
    has_notes: bool  # somebody who was asked to take it has a message that lists it
    pause_after: int | None  # minutes of work, where its topic says so


def facts_of_question() -> Select[*tuple[Any, ...]]:
    stands = counts_for(bindparam("question_id"), bindparam("asker_id"))
    last = func.max(Answer.answered_at, type_=Answer.answered_at.type)
    asker = (Person.team_id == bindparam("team_id"), Person.user_id == bindparam("asker_id"))
    reminded: ScalarSelect[datetime] = (
        select(Nudge.nudged_at)
        .where(
            Nudge.question_id == bindparam("question_id"),
            Nudge.user_id == bindparam("asker_id"),
            Nudge.kind == MARK,
        )
        .scalar_subquery()
    )
    timezone: ScalarSelect[str | None] = select(Person.timezone).where(*asker).scalar_subquery()
    left: ScalarSelect[bool | None] = select(Person.is_deactivated).where(*asker).scalar_subquery()
    claimer = (Person.team_id == bindparam("team_id"), Person.user_id == bindparam("claimer_id"))
    gone = select(Person.is_deactivated)
    claimer_left: ScalarSelect[bool | None] = gone.where(*claimer).scalar_subquery()
    return select(
        select(last).where(*stands).scalar_subquery(),
        select(func.count()).select_from(Answer).where(*stands).scalar_subquery(),
        exists().where(
            Question.team_id == bindparam("team_id"),
            Question.asker_id == bindparam("asker_id"),
            Question.id < bindparam("question_id"),
        ),
        reminded,
        timezone,
        left,
        claimer_left,
        exists().where(Offer.question_id == bindparam("question_id"), Offer.told_at.is_not(None)),
        select(Topic.pause_after).where(Topic.id == bindparam("topic_id")).scalar_subquery(),
    )


FACTS = facts_of_question()  # built once: that takes longer than running it


async def get_facts(session: AsyncSession, question: Question) -> Facts:
    about = {
        "question_id": question.id,
        "asker_id": question.asker_id,
        "team_id": question.team_id,
        "topic_id": question.topic_id,
        "claimer_id": question.claimed_by,
    }
    return Facts(*(await session.execute(FACTS, about)).one())
