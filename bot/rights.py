"""Who may do what: whose word on a question counts, and who may know of what.

Everything that somebody presses is checked here anew: a button can be old, its value forged, and
whoever presses it may have left the channel. Who cannot read a thing is told the same whether it
is there, is over, or never was. docs/RIGHTS.md has the table."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotInChannel, OnlyMembersMayJoin, OnlyOpenAccounts, QuestionIsGone
from bot.people import is_admin, is_member
from storage import channels, people
from storage.experts import invitations, topics
from storage.questions import questions
from storage.questions.questions import Held
from storage.tables import Channel, Question, Topic


async def check_may_act(session: AsyncSession, team_id: str, user_id: str) -> None:
    """Apps and closed accounts press nothing; who is unknown is judged where it matters."""
    person = await people.get(session, team_id, user_id)
    if person is not None and (person.is_bot or person.is_deactivated):
        raise OnlyOpenAccounts()


async def get_readable(session: AsyncSession, team_id: str, question_id: int, user_id: str) -> Held:
    """The question, locked, for somebody who can read it. QuestionIsGone for everybody else, and
    where it is withdrawn, another workspace's, or none."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        raise QuestionIsGone()
    await check_can_see(session, question, user_id)
    return question


async def check_can_see(session: AsyncSession, question: Question, user_id: str) -> None:
    """A button's value can be forged; who cannot read the channel learns nothing."""
    if not await can_see(session, question, user_id):
        raise QuestionIsGone()


async def can_see(session: AsyncSession, question: Question, user_id: str) -> bool:
    return await channels.can_read(
        session, team_id=question.team_id, channel_id=question.channel_id, user_id=user_id
    )


async def get_joined(session: AsyncSession, team_id: str, channel_id: str, user_id: str) -> Channel:
    """The channel, if the bot is in it and this person can read it; NotInChannel otherwise."""
    channel = await channels.get(session, team_id, channel_id)
    if channel is None or channel.left_at is not None:
        raise NotInChannel()
    if not await channels.can_read(
        session, team_id=team_id, channel_id=channel_id, user_id=user_id
    ):
        raise NotInChannel()
    return channel


async def may_decide(session: AsyncSession, question: Question, user_id: str) -> bool:
    """Whether this person, who can read the question, may mark what solved it or end it: its
    asker, whoever that is, or somebody whose word counts beside theirs."""
    return user_id == question.asker_id or await is_expert(session, question, user_id)


async def is_expert(session: AsyncSession, question: Question, user_id: str) -> bool:
    """Whether this person's word on the question counts beside the asker's: an expert's or an
    admin's. A guest, or somebody of another company, whom an admin made an expert is asked and
    takes questions, but decides nothing about other people's."""
    if await is_admin(session, question.team_id, user_id):
        return True
    person = await people.get(session, question.team_id, user_id)
    if person is None or person.is_guest or person.is_external or person.is_bot:
        return False
    return user_id in await list_expert_ids(session, question)


async def list_expert_ids(session: AsyncSession, question: Question) -> Sequence[str]:
    if question.topic_id is None:
        return []
    return await topics.list_expert_ids(session, question.team_id, question.topic_id)


async def check_may_join(session: AsyncSession, team_id: str, user_id: str) -> None:
    """Guests and people of other companies become experts by an admin's word alone."""
    if not await is_member(session, team_id, user_id):
        raise OnlyMembersMayJoin()


async def list_known_topics(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    """The topics that this person may know of: those that belong to no channel, or to one that
    they can read."""
    return await topics.list_readable(session, team_id, user_id)


async def list_own_topics(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    """Those that this person can choose to be asked about: what they help with already, and, for
    a member, what they may know of."""
    helped = [
        *await topics.list_helped(session, team_id, user_id),
        *await invitations.list_topics_open_to(session, team_id, user_id),
    ]
    if not await is_member(session, team_id, user_id):
        return helped
    known = await list_known_topics(session, team_id, user_id)
    return sorted({topic.id: topic for topic in (*helped, *known)}.values(), key=by_key)


def by_key(topic: Topic) -> str:
    return topic.key


async def may_be_asked_about(
    session: AsyncSession, team_id: str, topic_id: int, *, channel_id: str, user_id: str
) -> bool:
    """Whether this person may ask about the topic in this channel, where its name and its
    experts are shown."""
    usable = await topics.list_usable(
        session, team_id=team_id, topic_ids=[topic_id], channel_id=channel_id, asker_id=user_id
    )
    return topic_id in usable


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
