"""What a question's next step depends on, beside the question itself and those who can be asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    SQLColumnExpression,
    bindparam,
    exists,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.questions.answers import counts_for
from storage.tables import Answer, Nudge, Offer, Person, Question, Topic

MARK = "mark"  # the kind of nudge that asks which reply worked
Earlier = aliased(Question)


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


Column = SQLColumnExpression[Any] | BindParameter[Any]


def facts_about(
    question_id: Column, asker_id: Column, team_id: Column, topic_id: Column, claimer_id: Column
) -> tuple[Any, ...]:
    """What is read of a question, in the order of `Facts`."""
    stands = counts_for(question_id, asker_id)
    last = func.max(Answer.answered_at, type_=Answer.answered_at.type)
    asker = (Person.team_id == team_id, Person.user_id == asker_id)
    claimer = (Person.team_id == team_id, Person.user_id == claimer_id)
    reminded = select(Nudge.nudged_at).where(
        Nudge.question_id == question_id, Nudge.user_id == asker_id, Nudge.kind == MARK
    )
    return (
        select(last).where(*stands).scalar_subquery(),
        select(func.count()).select_from(Answer).where(*stands).scalar_subquery(),
        exists().where(
            Earlier.team_id == team_id, Earlier.asker_id == asker_id, Earlier.id < question_id
        ),
        reminded.scalar_subquery(),
        select(Person.timezone).where(*asker).scalar_subquery(),
        select(Person.is_deactivated).where(*asker).scalar_subquery(),
        select(Person.is_deactivated).where(*claimer).scalar_subquery(),
        exists().where(Offer.question_id == question_id, Offer.told_at.is_not(None)),
        select(Topic.pause_after).where(Topic.id == topic_id).scalar_subquery(),
    )


# Built once: that takes longer than running it.
NAMES = ("question_id", "asker_id", "team_id", "topic_id", "claimer_id")
FACTS = select(*facts_about(*(bindparam(name) for name in NAMES)))
FACTS_OF_MANY = select(
    Question.id,
    *facts_about(
        Question.id, Question.asker_id, Question.team_id, Question.topic_id, Question.claimed_by
    ),
).where(Question.id.in_(bindparam("question_ids", expanding=True)))


async def get_facts(session: AsyncSession, question: Question) -> Facts:
    about = {
        "question_id": question.id,
        "asker_id": question.asker_id,
        "team_id": question.team_id,
        "topic_id": question.topic_id,
        "claimer_id": question.claimed_by,
    }
    return Facts(*(await session.execute(FACTS, about)).one())


async def list_facts(session: AsyncSession, question_ids: Collection[int]) -> dict[int, Facts]:
    rows = await session.execute(FACTS_OF_MANY, {"question_ids": list(question_ids)})
    return {question_id: Facts(*facts) for question_id, *facts in rows}
