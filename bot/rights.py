"""Whose word on a question counts, and who may know of it."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import QuestionIsGone
from bot.people import is_admin
from storage import channels
from storage.experts import topics
from storage.questions import questions
from storage.tables import Question


async def get_open(session: AsyncSession, team_id: str, question_id: int) -> Question:
    """The question, locked; QuestionIsGone when it is withdrawn or another workspace's."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        raise QuestionIsGone()
    return question


async def check_can_see(session: AsyncSession, question: Question, user_id: str) -> None:
    """A button's value can be forged; who cannot read the channel learns nothing."""
    if not await channels.can_read(
        session, team_id=question.team_id, channel_id=question.channel_id, user_id=user_id
    ):
        raise QuestionIsGone()


async def may_be_shown_in(session: AsyncSession, question: Question, channel_id: str) -> bool:
    """Whether everybody in the channel can read the question, as far as we know."""
    return await may_all_read(
        session, question.team_id, channel_id=question.channel_id, members_of=channel_id
    )


async def may_all_read(
    session: AsyncSession, team_id: str, *, channel_id: str, members_of: str
) -> bool:
    """Whether everybody in the one channel can read the other, as far as we know."""
    if channel_id == members_of:
        return True
    channel = await channels.get(session, team_id, members_of)
    if channel is None or channel.is_shared or channel.members_read_at is None:
        return False
    unable = await channels.list_unable(
        session, team_id=team_id, members_of=members_of, channel_id=channel_id
    )
    return not unable


async def may_be_told_outside(session: AsyncSession, question: Question) -> bool:
    """Whether its words may leave Slack, to where we know nobody: what any colleague can read."""
    channel = await channels.get(session, question.team_id, question.channel_id)
    return channel is not None and not channel.is_private


async def is_expert(session: AsyncSession, question: Question, user_id: str) -> bool:
    """Whether this person's word on the question counts beside the asker's."""
    return user_id in await list_expert_ids(session, question) or await is_admin(
        session, question.team_id, user_id
    )


async def list_expert_ids(session: AsyncSession, question: Question) -> Sequence[str]:
    if question.topic_id is None:
        return []
    return await topics.list_expert_ids(session, question.team_id, question.topic_id)
