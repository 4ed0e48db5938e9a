"""Who keeps solving a topic's questions without being its expert, and what came of asking."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.recognition.kudos import standing
from storage.tables import Expert, GroupMember, Kudos, Person, Proposal, Question, Topic


async def get(session: AsyncSession, team_id: str, topic_id: int, user_id: str) -> Proposal | None:
    proposal = await session.get(Proposal, (topic_id, user_id))
    return proposal if proposal is not None and proposal.team_id == team_id else None


async def get_locked(
    session: AsyncSession, team_id: str, topic_id: int, user_id: str
) -> Proposal | None:
    """The proposal, held until the transaction ends, so that it gets one answer."""
    return await session.scalar(
        select(Proposal)
        .where(
            Proposal.team_id == team_id, Proposal.topic_id == topic_id, Proposal.user_id == user_id
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def list_due(
    session: AsyncSession,
    *,
    team_id: str,
    topic_id: int,
    user_ids: Sequence[str],
    since: datetime,
    solved: int,
    askers: int,
) -> Sequence[str]:
    """Those of these people who solved that many of the topic's questions since then, of that
    many askers, and were not asked to be its expert."""
    was_asked = (
        select(Proposal.user_id)
        .where(Proposal.topic_id == topic_id, Proposal.user_id == Kudos.receiver_id)
        .exists()
    )
    return (
        await session.scalars(
            select(Kudos.receiver_id)
            .join(Question, Question.id == Kudos.question_id)
            .where(*solving(team_id), Question.topic_id == topic_id, Kudos.given_at >= since)
            .where(Kudos.receiver_id.in_(user_ids), ~was_asked)
            .group_by(Kudos.receiver_id)
            .having(count(Question.id) >= solved, count(Question.asker_id) >= askers)
        )
    ).all()


async def count_solved(session: AsyncSession, proposal: Proposal, *, since: datetime) -> int:
    """How many of the topic's questions the person solved since then; 0 for who cannot be its
    expert, or is by now."""
    return (
        await session.scalar(
            select(count(Question.id))
            .select_from(Kudos)
            .join(Question, Question.id == Kudos.question_id)
            .where(*solving(proposal.team_id), Question.topic_id == proposal.topic_id)
            .where(Kudos.receiver_id == proposal.user_id, Kudos.given_at >= since)
        )
    ) or 0


async def list_open(
    session: AsyncSession, *, team_id: str, solved: int, askers: int, limit: int
) -> Sequence[tuple[Topic, str, int, int]]:
    """Topic, person, how many questions they solved and of how many askers: who solved most
    first. Who was put off comes again after solving as many more."""
    since_put_off = count(case((Kudos.given_at > Proposal.put_off_at, Question.id)))
    rows = await session.execute(
        select(Topic, Proposal.user_id, count(Question.id), count(Question.asker_id))
        .select_from(Kudos)
        .join(Question, Question.id == Kudos.question_id)
        .join(
            Proposal,
            and_(Proposal.topic_id == Question.topic_id, Proposal.user_id == Kudos.receiver_id),
        )
        .join(Topic, Topic.id == Proposal.topic_id)
        .where(*solving(team_id), Proposal.team_id == team_id)
        .where(Proposal.accepted_at.is_(None), Proposal.declined_at.is_(None))
        .group_by(Topic.id, Proposal.topic_id, Proposal.user_id)
        .having(count(Question.id) >= solved, count(Question.asker_id) >= askers)
        .having(or_(Proposal.put_off_at.is_(None), since_put_off >= solved))
        .order_by(count(Question.id).desc(), Proposal.user_id)
        .limit(limit)
    )
    return [(topic, user_id, number, people) for topic, user_id, number, people in rows]


def count(what: Any) -> ColumnElement[int]:
    return func.count(what.distinct())


def solving(team_id: str) -> list[ColumnElement[bool]]:
    """The conditions on a fact and its question: help that solved it, by a full member who is
    not its topic's expert."""
    return [
        Kudos.team_id == team_id,
        Kudos.kind == "solved",
        standing(),
        is_full_member(team_id),
        ~is_expert(team_id),
    ]


def is_full_member(team_id: str) -> ColumnElement[bool]:
    """The condition on `kudos` that its receiver is one, as far as we know."""
    return (
        select(Person.user_id)
        .where(
            Person.team_id == team_id,
            Person.user_id == Kudos.receiver_id,
            ~Person.is_guest,
            ~Person.is_external,
            ~Person.is_bot,
            ~Person.is_deactivated,
        )
        .exists()
    )


def is_expert(team_id: str) -> ColumnElement[bool]:
    """The condition that a fact's receiver is an expert of its question's topic, by themselves
    or by a user group."""
    groups = select(GroupMember.usergroup_id).where(
        GroupMember.team_id == team_id, GroupMember.user_id == Kudos.receiver_id
    )
    return (
        select(Expert.topic_id)
        .where(
            Expert.topic_id == Question.topic_id,
            or_(Expert.member_id == Kudos.receiver_id, Expert.member_id.in_(groups)),
        )
        .exists()
    )
