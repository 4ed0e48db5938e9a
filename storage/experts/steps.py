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
from storage.tables import Answer, Nudge, Offer, Person, Question

MARK = "mark"  # the kind of nudge that asks which reply worked
Earlier = aliased(Question)


@dataclass(frozen=True)
class Facts:
    last_answered_at: datetime | None  # by somebody else than the asker, of what still stands
    answers: int  # of others, that still stand
    has_asked_before: bool
    is_reminded: bool  # the asker, to mark what worked
    timezone: str | None  # the asker's
    has_asker_left: bool | None  # None: we do not know them
    has_notes: bool  # somebody who was asked to take it has a message that lists it


Column = SQLColumnExpression[Any] | BindParameter[Any]


def facts_about(question_id: Column, asker_id: Column, team_id: Column) -> tuple[Any, ...]:
    """What is read of a question, in the order of `Facts`."""
    stands = counts_for(question_id, asker_id)
    last = func.max(Answer.answered_at, type_=Answer.answered_at.type)
    asker = (Person.team_id == team_id, Person.user_id == asker_id)
    return (
        select(last).where(*stands).scalar_subquery(),
        select(func.count()).select_from(Answer).where(*stands).scalar_subquery(),
        exists().where(
            Earlier.team_id == team_id, Earlier.asker_id == asker_id, Earlier.id < question_id
        ),
        exists().where(
            Nudge.question_id == question_id, Nudge.user_id == asker_id, Nudge.kind == MARK
        ),
        select(Person.timezone).where(*asker).scalar_subquery(),
        select(Person.is_deactivated).where(*asker).scalar_subquery(),
        exists().where(Offer.question_id == question_id, Offer.told_at.is_not(None)),
    )


# Built once: that takes longer than running it.
FACTS = select(*facts_about(bindparam("question_id"), bindparam("asker_id"), bindparam("team_id")))
FACTS_OF_MANY = select(
    Question.id, *facts_about(Question.id, Question.asker_id, Question.team_id)
).where(Question.id.in_(bindparam("question_ids", expanding=True)))


async def get_facts(session: AsyncSession, question: Question) -> Facts:
    about = {
        "question_id": question.id,
        "asker_id": question.asker_id,
        "team_id": question.team_id,
    }
    return Facts(*(await session.execute(FACTS, about)).one())


async def list_facts(session: AsyncSession, question_ids: Collection[int]) -> dict[int, Facts]:
    rows = await session.execute(FACTS_OF_MANY, {"question_ids": list(question_ids)})
    return {question_id: Facts(*facts) for question_id, *facts in rows}
