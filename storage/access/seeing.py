"""Finding what one person can read, page by page."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import channels
from storage.experts.topics import PERSON
from storage.tables import Answer, Channel, Expert, GroupMember, Question, Topic

# Nobody sees or hears of what was asked while the bot was away before its thread is read.
IS_OPENED = or_(Question.caught_up_at.is_(None), Question.routed_at.is_not(None))
IS_THERE = and_(Question.withdrawn_at.is_(None), Question.message_ts.is_not(None), IS_OPENED)
# In the order in which the words of a question are weighed: each is what those before it are not.
SOLVED, CLOSED, MERGED = "solved", "closed", "merged"
HANDED_OFF, CLAIMED, OPEN = "handed_off", "claimed", "open"
MARKS: dict[str, ColumnElement[bool]] = {
    SOLVED: Question.solved_at.is_not(None),
    CLOSED: Question.closed_at.is_not(None),
    MERGED: Question.merged_into_id.is_not(None),
    HANDED_OFF: Question.handed_off_at.is_not(None),
    CLAIMED: Question.claimed_at.is_not(None),
}
STATES = (*MARKS, OPEN)


def is_in(state: str) -> ColumnElement[bool]:
    before = STATES[: STATES.index(state)]
    return and_(MARKS.get(state, Question.id.is_not(None)), *(~MARKS[each] for each in before))


def readable_questions(team_id: str, user_id: str):  # type: ignore[no-untyped-def]
    return (
        select(Question)
        .join(
            Channel,
            and_(Channel.team_id == Question.team_id, Channel.channel_id == Question.channel_id),
        )
        .where(Question.team_id == team_id, IS_THERE, channels.readable_by(team_id, user_id))
    )


async def list_questions(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    state: str | None,
    topic_id: int | None,
    channel_id: str | None,
    before_id: int | None,
    limit: int,
) -> Sequence[Question]:
    """The newest first, those before that one."""
    statement = readable_questions(team_id, user_id)
    if state is not None:
        statement = statement.where(is_in(state))
    if topic_id is not None:
        statement = statement.where(Question.topic_id == topic_id)
    if channel_id is not None:
        statement = statement.where(Question.channel_id == channel_id)
    if before_id is not None:
        statement = statement.where(Question.id < before_id)
    found = await session.scalars(statement.order_by(Question.id.desc()).limit(limit))
    questions: Sequence[Question] = found.all()
    return questions


async def list_readable(
    session: AsyncSession, *, team_id: str, user_id: str, ids: Sequence[int]
) -> Sequence[Question]:
    """Those of these questions that this person can read, in no order."""
    if not ids:
        return []
    found = await session.scalars(readable_questions(team_id, user_id).where(Question.id.in_(ids)))
    questions: Sequence[Question] = found.all()
    return questions


async def get_answered(session: AsyncSession, team_id: str, answer_id: int) -> int | None:
    """The question that this answers."""
    return await session.scalar(
        select(Answer.question_id).where(
            Answer.team_id == team_id, Answer.id == answer_id, Answer.erased_at.is_(None)
        )
    )


async def list_topic_names(
    session: AsyncSession, team_id: str, ids: Sequence[int]
) -> dict[int, str]:
    rows = await session.execute(
        select(Topic.id, Topic.name).where(Topic.team_id == team_id, Topic.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


async def list_channel_names(
    session: AsyncSession, team_id: str, ids: Sequence[str]
) -> dict[str, str]:
    """Of any channels: the caller shows them to those who can read them alone."""
    rows = await session.execute(
        select(Channel.channel_id, Channel.name).where(
            Channel.team_id == team_id, Channel.channel_id.in_(ids)
        )
    )
    return {row.channel_id: row.name for row in rows}


async def count_experts(session: AsyncSession, team_id: str, ids: Sequence[int]) -> dict[int, int]:
    """How many people help on each of these topics, by themselves or by a user group."""
    in_group = and_(GroupMember.team_id == team_id, GroupMember.usergroup_id == Expert.member_id)
    rows = await session.execute(
        select(Expert.topic_id, func.count(distinct(PERSON)).label("number"))
        .outerjoin(GroupMember, in_group)
        .where(Expert.topic_id.in_(ids))
        .group_by(Expert.topic_id)
    )
    return {row.topic_id: row.number for row in rows}
