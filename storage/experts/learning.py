"""What was known of people when a question was asked, what they did then, and what a workspace
learned of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions.answers import ANSWER
from storage.saving import insert
from storage.tables import Answer, Offer, Question, Solution, Weight
from storage.tables import Figures as Row


@dataclass(frozen=True)
class Kept:
    """Of each person who could be asked, the figures and how many questions like it they
    solved."""

    question_id: int
    team_id: str
    checksum: int  # of the question's words
    figures: Mapping[str, tuple[float, ...]]
    solved_like: Mapping[str, int]

    @property
    def people(self) -> Mapping[str, tuple[float, ...]]:
        return self.figures


@dataclass(frozen=True)
class Told:
    """What somebody did about a question."""

    is_asked: bool = False
    has_passed: bool = False
    has_answered: bool = False
    has_solved: bool = False


# Asked about every question: built once, because building costs more than running.
OF_TEAM = select(Weight).where(Weight.team_id == bindparam("team_id")).order_by(Weight.figure)
OF_QUESTIONS = select(Row).where(Row.question_id.in_(bindparam("question_ids", expanding=True)))


async def keep(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    checksum: int,
    people: Mapping[str, Sequence[float]],
    now: datetime,
) -> None:
    """`people`: the figures of each, and at the end how many questions like it they solved."""
    kept = {user_id: list(figures) for user_id, figures in people.items()}
    row = {"team_id": team_id, "question_id": question_id, "checksum": checksum}
    statement = keeping(session.get_bind().dialect.name)
    await session.execute(statement, [{**row, "people": kept, "kept_at": now}])


@cache
def keeping(dialect: str) -> Any:
    new = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(Row)
    changes = {name: new.excluded[name] for name in ("checksum", "people", "kept_at")}
    return new.on_conflict_do_update(index_elements=["question_id"], set_=changes)


async def list_kept(session: AsyncSession, question_ids: Sequence[int]) -> dict[int, Kept]:
    rows = await session.scalars(OF_QUESTIONS, {"question_ids": question_ids})
    return {row.question_id: kept_of(row) for row in rows}


def kept_of(row: Row) -> Kept:
    return Kept(
        row.question_id,
        row.team_id,
        row.checksum,
        {user_id: tuple(figures[:-1]) for user_id, figures in row.people.items()},
        {user_id: int(figures[-1]) for user_id, figures in row.people.items()},
    )


async def take_due(session: AsyncSession, *, before: datetime, limit: int) -> list[Kept]:
    """The oldest kept before then, which are forgotten; another replica's are passed over."""
    rows = await session.scalars(
        select(Row)
        .where(Row.kept_at < before)
        .order_by(Row.kept_at, Row.question_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = [kept_of(row) for row in rows]
    if due:
        ids = [each.question_id for each in due]
        await session.execute(delete(Row).where(Row.question_id.in_(ids)))
    return due


async def list_told(
    session: AsyncSession, question_ids: Collection[int]
) -> dict[int, dict[str, Told]]:
    """What people did about these questions: who was asked, passed, answered and solved."""
    told: dict[int, dict[str, Told]] = {question_id: {} for question_id in question_ids}
    offers = select(Offer.question_id, Offer.user_id, Offer.passed_at, Offer.referred_by)
    for row in await session.execute(offers.where(Offer.question_id.in_(question_ids))):
        told[row.question_id][row.user_id] = Told(True, row.passed_at is not None)
    for row in await session.execute(answered_in(question_ids)):
        known = told[row.question_id].get(row.author_id, Told())
        told[row.question_id][row.author_id] = replace(
            known, has_answered=True, has_solved=row.solutions > 0
        )
    return told


def answered_in(question_ids: Collection[int]):  # type: ignore[no-untyped-def]
    return (
        select(
            Answer.question_id, Answer.author_id, func.count(Solution.answer_id).label("solutions")
        )
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(Solution, Solution.answer_id == Answer.id)
        .where(
            Answer.question_id.in_(question_ids),
            Answer.author_id != Question.asker_id,
            Answer.kind == ANSWER,
            Answer.erased_at.is_(None),
        )
        .group_by(Answer.question_id, Answer.author_id)
    )


async def list_weights(session: AsyncSession, team_id: str) -> Sequence[Weight]:
    return (await session.scalars(OF_TEAM, {"team_id": team_id})).all()


async def list_all(session: AsyncSession) -> Sequence[Weight]:
    """Of every workspace."""
    return (await session.scalars(select(Weight))).all()


async def hold_weights(
    session: AsyncSession, team_id: str, first: Mapping[str, tuple[float, float]]
) -> Sequence[Weight]:
    """The workspace's weights, held until the transaction ends; where there are none, `first`:
    what each figure counts, and the doubt about it."""
    rows = [
        {"team_id": team_id, "figure": figure, "value": value, "doubt": doubt, "questions": 0}
        for figure, (value, doubt) in first.items()
    ]
    await session.execute(insert(session, Weight).on_conflict_do_nothing(), rows)
    held = OF_TEAM.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(held, {"team_id": team_id})).all()


async def save_weights(
    session: AsyncSession,
    team_id: str,
    values: Mapping[str, tuple[float, float]],
    *,
    questions: int,
    now: datetime,
) -> None:
    """Learned of so many questions more. Who calls holds the weights."""
    for figure, (value, doubt) in values.items():
        await session.execute(
            update(Weight)
            .where(Weight.team_id == team_id, Weight.figure == figure)
            .values(
                value=value, doubt=doubt, questions=Weight.questions + questions, learned_at=now
            )
        )
