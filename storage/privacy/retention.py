"""How long things are kept, and what is past that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, inspect, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.recognition.kudos import HELPED
from storage.saving import upsert
from storage.tables import (
    Absence,
    Answer,
    Base,
    DigestRun,
    Kudos,
    ManagerNote,
    Nudge,
    Offer,
    Question,
    Retention,
    Share,
    Suggestion,
)

EVERYWHERE = ""
ROWS_AT_ONCE = 500
# What a question's end is, by the kinds of rules.
UNSOLVED, UNFOUND, CLOSED, ALL, ROWS = "unsolved", "unfound", "closed", "all", "rows"


async def list_rules(session: AsyncSession, team_id: str) -> Sequence[Retention]:
    statement = select(Retention).where(Retention.team_id == team_id)
    return (await session.scalars(statement.order_by(Retention.channel_id, Retention.kind))).all()


async def list_every(session: AsyncSession) -> Sequence[Retention]:
    """Of all workspaces."""
    return (await session.scalars(select(Retention).order_by(Retention.team_id))).all()


async def get(session: AsyncSession, team_id: str, channel_id: str, kind: str) -> Retention | None:
    return await session.get(Retention, (team_id, channel_id, kind), populate_existing=True)


async def save(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    kind: str,
    months: int,
    now: datetime,
) -> None:
    key = {"team_id": team_id, "channel_id": channel_id, "kind": kind}
    await upsert(session, Retention, **key, months=months, chosen_at=now)


async def remove(session: AsyncSession, *, team_id: str, channel_id: str, kind: str) -> None:
    await session.execute(
        delete(Retention).where(
            Retention.team_id == team_id,
            Retention.channel_id == channel_id,
            Retention.kind == kind,
        )
    )


def past(
    team_id: str, channel_id: str, kind: str, before: datetime
) -> tuple[ColumnElement[bool], ...]:
    """Questions with words, here or in a reply, that the rule is over for. One for everywhere
    leaves channels alone that have a rule of their own."""
    replied = exists().where(Answer.question_id == Question.id, Answer.text != "")
    own = exists().where(
        Retention.team_id == team_id,
        Retention.channel_id == Question.channel_id,
        Retention.kind == kind,
    )
    where = ~own if channel_id == EVERYWHERE else Question.channel_id == channel_id
    return (
        Question.team_id == team_id,
        or_(Question.text != "", replied),
        where,
        *ended(kind, before),
    )


def ended(kind: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    is_open = and_(Question.solved_at.is_(None), Question.closed_at.is_(None))
    if kind == UNSOLVED:
        return (is_open, Question.asked_at < before)
    if kind == CLOSED:
        return (Question.solved_at.is_(None), Question.closed_at < before)
    if kind == UNFOUND:
        found = exists().where(
            Kudos.question_id == Question.id,
            Kudos.kind.in_(HELPED),
            Kudos.given_at >= before,
        )
        again = Question.__table__.alias()
        reused = exists().where(again.c.reused_id == Question.id, again.c.reused_at >= before)
        shared = exists().where(Share.question_id == Question.id)
        confirmed = and_(Question.confirmed_at.is_not(None), Question.confirmed_at >= before)
        return (Question.solved_at < before, ~found, ~reused, ~shared, ~confirmed)
    return (Question.asked_at < before,)


async def count_past(
    session: AsyncSession, *, team_id: str, channel_id: str, kind: str, before: datetime
) -> int:
    statement = select(func.count()).select_from(Question)
    return await session.scalar(statement.where(*past(team_id, channel_id, kind, before))) or 0


async def list_past(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    kind: str,
    before: datetime,
    limit: int,
) -> Sequence[Question]:
    statement = select(Question).where(*past(team_id, channel_id, kind, before))
    return (await session.scalars(statement.order_by(Question.id).limit(limit))).all()


# Rows that only told the bot what to do next.


def old_rows(team_id: str, before: datetime) -> list[tuple[type[Base], ColumnElement[bool]]]:
    ended_before = select(Question.id).where(
        Question.team_id == team_id,
        or_(
            Question.solved_at < before, Question.closed_at < before, Question.withdrawn_at < before
        ),
    )
    return [
        (DigestRun, and_(DigestRun.team_id == team_id, DigestRun.until < before)),
        (Absence, and_(Absence.team_id == team_id, Absence.ended_at < before)),
        (
            ManagerNote,
            and_(
                ManagerNote.team_id == team_id,
                func.coalesce(ManagerNote.agreed_at, ManagerNote.drafted_at) < before,
            ),
        ),
        (Offer, and_(Offer.offered_at < before, Offer.question_id.in_(ended_before))),
        (Nudge, and_(Nudge.nudged_at < before, Nudge.question_id.in_(ended_before))),
        (
            Suggestion,
            and_(Suggestion.suggested_at < before, Suggestion.question_id.in_(ended_before)),
        ),
    ]


async def count_rows(session: AsyncSession, team_id: str, before: datetime) -> int:
    counted = [
        await session.scalar(select(func.count()).select_from(table).where(chosen)) or 0
        for table, chosen in old_rows(team_id, before)
    ]
    return sum(counted)


async def forget_rows(session: AsyncSession, team_id: str, before: datetime) -> bool:
    """Delete some of one table; False when there are none."""
    for table, chosen in old_rows(team_id, before):
        keys = inspect(table).primary_key
        some = select(*keys).where(chosen).limit(ROWS_AT_ONCE)
        done = await session.execute(
            delete(table)
            .where(tuple_(*keys).in_(some))
            .returning(keys[0])
            .execution_options(synchronize_session=False)
        )
        if done.first() is not None:
            return True
    return False
