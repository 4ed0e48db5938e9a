"""What is in the ledger about one person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import channels
from storage.recognition.kudos import REVERSAL, standing
from storage.tables import Channel, DigestRun, Kudos, Question


class Helped(NamedTuple):
    """One fact: somebody says that this person's help did something."""

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
