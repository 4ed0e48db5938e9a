"""Solved questions of some channels, page by page, with all that solved them."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, Channel, Person, Question, Solution, StayingOut, Topic


async def list_public(session: AsyncSession, team_id: str) -> Sequence[Channel]:
    """The channels that every colleague can read."""
    public = (Channel.team_id == team_id, ~Channel.is_private, Channel.deleted_at.is_(None))
    return (await session.scalars(select(Channel).where(*public))).all()


async def list_all(session: AsyncSession, team_id: str) -> Sequence[Channel]:
    there = (Channel.team_id == team_id, Channel.deleted_at.is_(None))
    return (await session.scalars(select(Channel).where(*there))).all()


async def find_channel(session: AsyncSession, team_id: str, called: str) -> Channel | None:
    """By its id, or by its name."""
    is_it = or_(Channel.channel_id == called, Channel.name == called.lower())
    there = (Channel.team_id == team_id, Channel.deleted_at.is_(None), Channel.left_at.is_(None))
    return (await session.scalars(select(Channel).where(*there, is_it))).first()


async def list_solved(
    session: AsyncSession,
    team_id: str,
    *,
    channel_ids: Collection[str],
    after: int,
    limit: int,
) -> Sequence[Question]:
    """The next ones after that id, in the order of their ids."""
    return (
        await session.scalars(
            select(Question)
            .where(
                Question.team_id == team_id,
                Question.id > after,
                Question.channel_id.in_(channel_ids),
                Question.solved_at.is_not(None),
                Question.withdrawn_at.is_(None),
                Question.thread_ts.is_not(None),
                exists().where(Solution.question_id == Question.id),
            )
            .order_by(Question.id)
            .limit(limit)
        )
    ).all()


async def list_solutions(
    session: AsyncSession, question_ids: Collection[int], *, channel_ids: Collection[str]
) -> dict[int, list[Answer]]:
    """Of each question what solved it there, the first accepted first."""
    rows = await session.execute(
        select(Solution.question_id, Answer)
        .join(Answer, Answer.id == Solution.answer_id)
        .where(
            Solution.question_id.in_(question_ids),
            Answer.channel_id.in_(channel_ids),
            Answer.erased_at.is_(None),
        )
        .order_by(Solution.accepted_at, Solution.answer_id)
    )
    found: dict[int, list[Answer]] = {}
    for question_id, answer in rows:
        found.setdefault(question_id, []).append(answer)
    return found


async def list_topics(
    session: AsyncSession, team_id: str, *, channel_ids: Collection[str]
) -> dict[int, str]:
    """The names of those that belong to no channel, or to one of these."""
    of_any = exists().where(Channel.team_id == team_id, Channel.topic_id == Topic.id)
    of_these = exists().where(
        Channel.team_id == team_id,
        Channel.topic_id == Topic.id,
        Channel.channel_id.in_(channel_ids),
    )
    rows = await session.execute(
        select(Topic.id, Topic.name).where(Topic.team_id == team_id, or_(~of_any, of_these))
    )
    return {row.id: row.name for row in rows}


async def list_names(session: AsyncSession, team_id: str) -> dict[str, str]:
    """What everybody is called of whom something may be kept."""
    stays_out = exists().where(
        and_(StayingOut.team_id == team_id, StayingOut.user_id == Person.user_id)
    )
    rows = await session.execute(
        select(Person.user_id, Person.name).where(Person.team_id == team_id, ~stays_out)
    )
    return {row.user_id: row.name for row in rows}
