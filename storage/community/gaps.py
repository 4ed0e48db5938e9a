"""What gaps are found in: questions that one person could read, and what was taught."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.channels import readable_by
from storage.questions.answers import counts_for
from storage.tables import (
    Answer,
    Channel,
    ChannelMember,
    Faq,
    GapReader,
    Question,
    TaughtTheme,
)


class AskedRow(NamedTuple):
    question_id: int
    asker_id: str
    text: str
    asked_at: datetime
    solved_at: datetime | None
    has_faq: bool
    topic_id: int | None


async def list_readable(
    session: AsyncSession,
    *,
    team_id: str,
    reader_id: str,
    since: datetime,
    until: datetime,
    limit: int,
) -> list[AskedRow]:
    """The newest that were asked in that time where this person reads, in the order of time."""
    readable = select(Channel.channel_id).where(
        Channel.team_id == team_id, readable_by(team_id, reader_id)
    )
    has_faq: ColumnElement[bool] = exists().where(Faq.question_id == Question.id)
    rows = await session.execute(
        select(
            Question.id,
            Question.asker_id,
            Question.text,
            Question.asked_at,
            Question.solved_at,
            has_faq,
            Question.topic_id,
        )
        .where(
            Question.team_id == team_id,
            Question.channel_id.in_(readable),
            Question.asked_at >= since,
            Question.asked_at < until,
            Question.withdrawn_at.is_(None),
            Question.message_ts.is_not(None),
            Question.merged_into_id.is_(None),
            Question.import_id.is_(None),
        )
        .order_by(Question.asked_at.desc())
        .limit(limit)
    )
    return [AskedRow(*row) for row in reversed(rows.all())]


async def is_reader(session: AsyncSession, team_id: str, user_id: str) -> bool:
    return await session.get(GapReader, (team_id, user_id)) is not None


async def list_readers(session: AsyncSession, team_id: str) -> Sequence[str]:
    named = select(GapReader.user_id).where(GapReader.team_id == team_id)
    return (await session.scalars(named.order_by(GapReader.user_id))).all()


async def replace_readers(
    session: AsyncSession, *, team_id: str, user_ids: Collection[str], by: str, now: datetime
) -> None:
    """Keep those who were named before as they were."""
    known = set(await list_readers(session, team_id))
    gone = GapReader.user_id.not_in(user_ids)
    await session.execute(delete(GapReader).where(GapReader.team_id == team_id, gone))
    session.add_all(
        GapReader(team_id=team_id, user_id=user_id, named_by=by, named_at=now)
        for user_id in sorted(set(user_ids) - known)
    )
    await session.flush()


async def list_taught(session: AsyncSession, team_id: str) -> dict[str, date]:
    rows = await session.execute(
        select(TaughtTheme.theme, TaughtTheme.taught_on).where(TaughtTheme.team_id == team_id)
    )
    return {row.theme: row.taught_on for row in rows}


async def save_taught(session: AsyncSession, taught: TaughtTheme) -> None:
    """The last day that somebody names counts."""
    await session.merge(taught)


class Facts(NamedTuple):
    """What the members of a channel did in some weeks, where one person reads."""

    questions: int
    asked: int  # people
    helped: int  # people


async def count_facts(
    session: AsyncSession,
    *,
    team_id: str,
    members_of: str,
    reader_id: str,
    since: datetime,
    until: datetime,
) -> Facts:
    members = select(ChannelMember.user_id).where(
        ChannelMember.team_id == team_id, ChannelMember.channel_id == members_of
    )
    readable = select(Channel.channel_id).where(
        Channel.team_id == team_id, readable_by(team_id, reader_id)
    )
    there = [
        Question.team_id == team_id,
        Question.channel_id.in_(readable),
        Question.withdrawn_at.is_(None),
        Question.message_ts.is_not(None),
        Question.merged_into_id.is_(None),
        Question.import_id.is_(None),
    ]
    asked = select(func.count(), func.count(Question.asker_id.distinct())).where(
        *there,
        Question.asked_at >= since,
        Question.asked_at < until,
        Question.asker_id.in_(members),
    )
    helped = (
        select(func.count(Answer.author_id.distinct()))
        .join(Question, Question.id == Answer.question_id)
        .where(
            *there,
            *counts_for(Question.id, Question.asker_id),
            Answer.answered_at >= since,
            Answer.answered_at < until,
            Answer.author_id.in_(members),
        )
    )
    questions, people = (await session.execute(asked)).one()
    return Facts(questions, people, (await session.scalar(helped)) or 0)


async def count_members(session: AsyncSession, team_id: str, channel_id: str) -> int:
    members = select(func.count()).where(
        ChannelMember.team_id == team_id, ChannelMember.channel_id == channel_id
    )
    return (await session.scalar(members)) or 0
