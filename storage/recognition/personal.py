"""What is in the ledger about one person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage import channels
from storage.questions.questions import unanswered_questions
from storage.recognition.kudos import REVERSAL, standing
from storage.tables import (
    Availability,
    Channel,
    DigestRun,
    Kudos,
    MutedNudge,
    Offer,
    Pause,
    Question,
)

FEW = 5  # of those who were asked about a question hear of it again


class Helped(NamedTuple):
    """One fact: somebody says that this person's help did something."""

    kudos_id: int
    kind: str
    giver_id: str
    question_id: int | None
    asker_id: str | None
    reason: str | None
    given_at: datetime


@dataclass(frozen=True)
class Span:
    """A person and a period."""

    team_id: str
    user_id: str
    since: datetime
    until: datetime


def told_in(span: Span) -> list[ColumnElement[bool]]:
    """The facts about this person in the period."""
    return [
        Kudos.team_id == span.team_id,
        Kudos.receiver_id == span.user_id,
        Kudos.given_at >= span.since,
        Kudos.given_at < span.until,
        standing(),
    ]


async def has_any(session: AsyncSession, span: Span) -> bool:
    return (await session.scalar(select(Kudos.id).where(*told_in(span)).limit(1))) is not None


async def list_facts(session: AsyncSession, span: Span) -> list[Helped]:
    """In the order in which they were given."""
    rows = await session.execute(
        select(
            Kudos.id,
            Kudos.kind,
            Kudos.giver_id,
            Kudos.question_id,
            Question.asker_id,
            Kudos.reason,
            Kudos.given_at,
        )
        .outerjoin(Question, Question.id == Kudos.question_id)
        .where(*told_in(span))
        .order_by(Kudos.given_at, Kudos.id)
    )
    return [Helped(*row) for row in rows]


async def list_readable(
    session: AsyncSession, span: Span, reader_ids: Collection[str]
) -> Sequence[Question]:
    """The questions of these facts whose words are still there, and that all the readers can
    read."""
    told = select(Kudos.question_id).where(*told_in(span))
    return (
        await session.scalars(
            select(Question)
            .join(
                Channel,
                and_(
                    Channel.team_id == Question.team_id,
                    Channel.channel_id == Question.channel_id,
                ),
            )
            .where(
                Question.team_id == span.team_id,
                Question.id.in_(told),
                Question.withdrawn_at.is_(None),
                Question.text != "",
                *(channels.readable_by(span.team_id, reader_id) for reader_id in reader_ids),
            )
        )
    ).all()


async def list_receivers(session: AsyncSession, question_id: int) -> Sequence[str]:
    """Whose help with this question was ever told of, also where that was taken back."""
    return (
        await session.scalars(
            select(Kudos.receiver_id)
            .where(Kudos.question_id == question_id, Kudos.kind != REVERSAL)
            .distinct()
        )
    ).all()


async def list_runs(
    session: AsyncSession,
    *,
    team_id: str,
    kind: str,
    user_ids: Collection[str],
    since: datetime,
) -> Sequence[DigestRun]:
    """The digests about these people since then that are posted or about to be."""
    return (
        await session.scalars(
            select(DigestRun).where(
                DigestRun.team_id == team_id,
                DigestRun.kind == kind,
                DigestRun.subject.in_(user_ids),
                DigestRun.until >= since,
                DigestRun.skipped_at.is_(None),
                DigestRun.quiet_at.is_(None),
            )
        )
    ).all()


def told_again(team_id: str, user_id: str, kind: str, at: datetime):  # type: ignore[no-untyped-def]
    """Questions that nobody is left to be asked about, and that this person, one of the few most
    likely to know, was asked to take and has not passed on; while they can be asked."""
    before = aliased(Offer)
    sooner = or_(
        before.solved_like > Offer.solved_like,
        and_(
            before.solved_like == Offer.solved_like,
            tuple_(before.offered_at, before.user_id) < tuple_(Offer.offered_at, Offer.user_id),
        ),
    )
    place = (
        select(func.count())
        .where(before.question_id == Offer.question_id, before.passed_at.is_(None), sooner)
        .scalar_subquery()
    )
    is_away = exists().where(
        Availability.team_id == team_id,
        Availability.user_id == user_id,
        Availability.away_until > at,
    )
    is_paused = exists().where(Pause.topic_id == Question.topic_id, Pause.user_id == user_id)
    is_muted = exists().where(
        MutedNudge.team_id == team_id, MutedNudge.user_id == user_id, MutedNudge.kind == kind
    )
    return (
        unanswered_questions(team_id)
        .join(Offer, Offer.question_id == Question.id)
        .join(
            Channel,
            and_(Channel.team_id == Question.team_id, Channel.channel_id == Question.channel_id),
        )
        .where(
            Offer.user_id == user_id,
            Offer.passed_at.is_(None),
            Question.asker_id != user_id,
            Question.claimed_by.is_(None),
            Question.rested_at <= at,
            place < FEW,
            channels.readable_by(team_id, user_id),
            *(~is_away, ~is_paused, ~is_muted),
        )
    )


async def has_again(
    session: AsyncSession, *, team_id: str, user_id: str, kind: str, at: datetime
) -> bool:
    statement = told_again(team_id, user_id, kind, at).limit(1)
    return (await session.scalar(statement)) is not None


async def list_again(
    session: AsyncSession, *, team_id: str, user_id: str, kind: str, at: datetime, limit: int
) -> Sequence[Question]:
    """See `told_again`; who has waited longest first. `kind`: of the nudge that mutes them."""
    statement = told_again(team_id, user_id, kind, at).order_by(Question.asked_at, Question.id)
    return (await session.scalars(statement.limit(limit))).all()


async def list_few(session: AsyncSession, question_id: int) -> Sequence[str]:
    """The few who were asked to take it, most likely know, and have not passed."""
    return (
        await session.scalars(
            select(Offer.user_id)
            .where(Offer.question_id == question_id, Offer.passed_at.is_(None))
            .order_by(Offer.solved_like.desc(), Offer.offered_at, Offer.user_id)
            .limit(FEW)
        )
    ).all()
