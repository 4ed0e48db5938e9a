"""Asking somebody who keeps solving a topic's questions whether they would be its expert.

They are asked once, and an admin can add them; until one of them says yes, they are called for
nothing. What is told of it is how many questions and of how many people, never which."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import ProposalIsSettled
from bot.experts.topics import add_expert, join_topic
from bot.kinds import PROPOSAL_NOTE, TopicAndPerson
from bot.people import check_is_admin, is_admin, is_known, owe_person
from bot.rights import check_may_join, list_known_topics
from storage import outbox
from storage.experts import proposals, topics
from storage.saving import add_if_first
from storage.tables import Proposal, Question, Topic

SOLVED, ASKERS = 3, 2  # questions solved, and different people who asked them
WITHIN = timedelta(days=90)
MOST_SHOWN = 5


@dataclass(frozen=True)
class ProposalNote:
    """What the person is asked, or told once an admin added them."""

    topic_id: int
    topic: str
    user_id: str
    solved: int
    added_by: str | None
    message_ts: str | None  # of the message, if it was posted


@dataclass(frozen=True)
class Proposed:
    """Somebody who could help on a topic, as admins see it."""

    topic_id: int
    topic: str
    user_id: str
    solved: int
    askers: int


async def propose_if_due(
    session: AsyncSession, question: Question, user_ids: Collection[str], *, now: datetime
) -> None:
    """These people have just solved the question: ask those whom it makes likely experts."""
    if question.topic_id is None or not user_ids:
        return
    for user_id in user_ids:
        if not await is_known(session, question.team_id, user_id):
            await owe_person(session, team_id=question.team_id, user_id=user_id, now=now)
    for user_id in await proposals.list_due(
        session,
        team_id=question.team_id,
        topic_id=question.topic_id,
        user_ids=sorted(user_ids),
        since=now - WITHIN,
        solved=SOLVED,
        askers=ASKERS,
    ):
        new = Proposal(
            team_id=question.team_id,
            topic_id=question.topic_id,
            user_id=user_id,
            proposed_at=now,
        )
        if await add_if_first(session, new) is not None:
            await owe_note(session, new, now=now)


async def owe_note(session: AsyncSession, proposal: Proposal, *, now: datetime) -> None:
    await outbox.owe(
        session,
        PROPOSAL_NOTE,
        TopicAndPerson(proposal.topic_id, proposal.user_id),
        team_id=proposal.team_id,
        lane=proposal.user_id,
        now=now,
    )


async def get_proposal_note(
    session: AsyncSession, team_id: str, topic_id: int, user_id: str
) -> ProposalNote | None:
    """None where there is nothing to say, or nothing any more."""
    proposal = await proposals.get(session, team_id, topic_id, user_id)
    topic = await topics.get(session, team_id, topic_id)
    if proposal is None or topic is None or proposal.declined_at is not None:
        return None
    added_by = proposal.accepted_by if proposal.accepted_by != user_id else None
    solved = await count_solved(session, proposal)
    if added_by is None and (solved < SOLVED or proposal.message_ts or proposal.accepted_at):
        return None
    return ProposalNote(
        topic_id=topic_id,
        topic=topic.name,
        user_id=user_id,
        solved=solved,
        added_by=added_by,
        message_ts=proposal.message_ts,
    )


async def count_solved(session: AsyncSession, proposal: Proposal) -> int:
    return await proposals.count_solved(session, proposal, since=proposal.proposed_at - WITHIN)


async def note_posted(
    session: AsyncSession,
    *,
    team_id: str,
    topic_id: int,
    user_id: str,
    message_ts: str,
) -> None:
    proposal = await proposals.get(session, team_id, topic_id, user_id)
    if proposal is not None:
        proposal.message_ts = message_ts


async def accept(
    session: AsyncSession, *, team_id: str, topic_id: int, user_id: str, now: datetime
) -> tuple[str, bool]:
    """They would: the topic's name, and False when they were an expert already."""
    proposal, topic = await get_own_proposal(session, team_id, topic_id, user_id)
    await check_may_join(session, team_id, user_id)
    if proposal.accepted_at is None:
        proposal.accepted_at, proposal.accepted_by = now, user_id
        proposal.declined_at = None
    return await join_topic(session, team_id=team_id, name=topic.name, user_id=user_id, now=now)


async def decline(
    session: AsyncSession, *, team_id: str, topic_id: int, user_id: str, now: datetime
) -> tuple[str, bool]:
    """They would rather not, ever: the topic's name, and False when they are an expert already."""
    proposal, topic = await get_own_proposal(session, team_id, topic_id, user_id)
    if proposal.accepted_at is not None:
        return topic.name, False
    proposal.declined_at = now
    return topic.name, True


async def add_proposed(
    session: AsyncSession,
    *,
    team_id: str,
    topic_id: int,
    user_id: str,
    expert_id: str,
    now: datetime,
) -> None:
    """An admin makes them an expert, and they are told."""
    await check_is_admin(session, team_id, user_id)
    proposal, topic = await get_proposal(session, team_id, topic_id, expert_id)
    if proposal.accepted_at or proposal.declined_at:
        raise ProposalIsSettled()
    if not await count_solved(session, proposal):
        raise ProposalIsSettled()  # an expert by now, or no member any more
    proposal.accepted_at, proposal.accepted_by = now, user_id
    await add_expert(session, topic, expert_id, by=user_id, now=now)
    await owe_note(session, proposal, now=now)


async def put_off(
    session: AsyncSession,
    *,
    team_id: str,
    topic_id: int,
    user_id: str,
    expert_id: str,
    now: datetime,
) -> None:
    """Not now, says an admin: admins see it again when the person has solved as many more."""
    await check_is_admin(session, team_id, user_id)
    proposal, _ = await get_proposal(session, team_id, topic_id, expert_id)
    proposal.put_off_at = now


async def get_own_proposal(
    session: AsyncSession, team_id: str, topic_id: int, user_id: str
) -> tuple[Proposal, Topic]:
    """The proposal to this person, locked, while they may know of its topic."""
    proposal, topic = await get_proposal(session, team_id, topic_id, user_id)
    if topic.id not in {each.id for each in await list_known_topics(session, team_id, user_id)}:
        raise ProposalIsSettled()
    return proposal, topic


async def get_proposal(
    session: AsyncSession, team_id: str, topic_id: int, user_id: str
) -> tuple[Proposal, Topic]:
    """The proposal, locked, and its topic."""
    proposal = await proposals.get_locked(session, team_id, topic_id, user_id)
    topic = await topics.get(session, team_id, topic_id)
    if proposal is None or topic is None:
        raise ProposalIsSettled()
    return proposal, topic


async def list_proposed(
    session: AsyncSession, *, team_id: str, viewer_id: str
) -> tuple[Proposed, ...]:
    """Who could help on a topic; for admins alone."""
    if not await is_admin(session, team_id, viewer_id):
        return ()
    found = await proposals.list_open(
        session, team_id=team_id, solved=SOLVED, askers=ASKERS, limit=MOST_SHOWN
    )
    return tuple(
        Proposed(topic.id, topic.name, user_id, solved, askers)
        for topic, user_id, solved, askers in found
    )
