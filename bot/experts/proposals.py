"""Asking somebody whether they would be a topic's expert: who keeps solving its questions, solved
some like one that found nobody, or was named by a colleague.

They are asked once, and an admin can invite them besides; until they say yes, they are called for
nothing. What is told of it is how many questions and of how many people, never which."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import ProposalIsSettled
from bot.experts.cards import owe_card
from bot.experts.inviting import invite
from bot.experts.knowing import list_solved_alike
from bot.experts.offer_notes import offer
from bot.experts.readiness import Roll
from bot.experts.steps import FEW, REST, plan
from bot.experts.topics import join_topic
from bot.kinds import PROPOSAL_NOTE, TopicAndPerson
from bot.people import check_is_admin, is_admin, is_known, is_member, owe_person
from bot.rights import can_see, check_may_join, list_known_topics
from storage import outbox
from storage.experts import availability, proposals, topics
from storage.questions import questions
from storage.saving import add_if_first
from storage.search import Hit
from storage.tables import Proposal, Question, Topic

SOLVED, ASKERS = 3, 2  # questions solved, and different people who asked them
WITHIN = timedelta(days=90)
MOST_SHOWN = 5
MOST_ASKED = 2  # about one question


@dataclass(frozen=True)
class ProposalNote:
    """What the person is asked."""

    topic_id: int
    topic: str
    user_id: str
    solved: int
    channel_id: str = ""  # whose own the topic is
    alike: int = 0  # questions like the one below that they solved
    named_by: str | None = None  # who says to ask them about it
    question: str = ""  # what it says, where they can read it


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
    is_about_one = bool(proposal.alike or proposal.named_by)
    solved = 0 if is_about_one else await count_solved(session, proposal)
    is_due = is_about_one or solved >= SOLVED
    if not is_due or proposal.message_ts or proposal.accepted_at:
        return None
    return ProposalNote(
        topic_id=topic_id,
        topic=topic.name,
        user_id=user_id,
        solved=solved,
        channel_id=topic.made_for or "",
        alike=proposal.alike,
        named_by=proposal.named_by,
        question=await get_text(session, proposal),
    )


async def get_text(session: AsyncSession, proposal: Proposal) -> str:
    """What the question says that they are asked about, where they can read it."""
    if proposal.question_id is None:
        return ""
    question = await questions.get(session, proposal.team_id, proposal.question_id)
    if question is None or question.withdrawn_at is not None:
        return ""
    return question.text if await can_see(session, question, proposal.user_id) else ""


async def propose_alike(
    session: AsyncSession, question: Question, alike: Sequence[Hit], *, now: datetime
) -> None:
    """Nobody helps on the question's topic: ask those who solved some like it, in places that all
    its readers can see, whether they may be asked when another comes."""
    if question.topic_id is None or len(alike) < SOLVED:
        return
    solved = await list_solved_alike(session, question, alike, Roll())
    many = {user_id: theirs for user_id, theirs in solved.items() if len(theirs) >= SOLVED}
    for user_id in sorted(many, key=lambda each: -len(many[each]))[:MOST_ASKED]:
        asked = await questions.list_of_ids(session, question.team_id, sorted(many[user_id]))
        of_several = len({each.asker_id for each in asked}) >= ASKERS
        if of_several and await is_member(session, question.team_id, user_id):
            await propose(session, question, user_id, alike=len(asked), now=now)


async def propose(
    session: AsyncSession,
    question: Question,
    user_id: str,
    *,
    alike: int = 0,
    named_by: str | None = None,
    now: datetime,
) -> bool:
    """Ask this person, about this question; False when they were asked of its topic before."""
    new = Proposal(
        team_id=question.team_id,
        topic_id=question.topic_id,
        user_id=user_id,
        proposed_at=now,
        question_id=question.id,
        alike=alike,
        named_by=named_by,
    )
    if await add_if_first(session, new) is None:
        return False
    await owe_note(session, new, now=now)
    return True


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
    asked = await proposals.get(session, team_id, topic_id, user_id)
    question = await get_asked_about(session, asked) if asked else None
    proposal, topic = await get_own_proposal(session, team_id, topic_id, user_id)
    await check_may_join(session, team_id, user_id)
    if proposal.accepted_at is None:
        proposal.accepted_at, proposal.accepted_by = now, user_id
        proposal.declined_at = None
    joined = await join_topic(session, team_id=team_id, name=topic.name, user_id=user_id, now=now)
    if question is not None and question.topic_id == topic_id:
        await ask_now(session, question, proposal, now=now)
    return joined


async def get_asked_about(session: AsyncSession, proposal: Proposal) -> Question | None:
    """The question that they were asked about, held, where they can read it."""
    if proposal.question_id is None:
        return None
    question = await questions.get_locked(session, proposal.team_id, proposal.question_id)
    if question is None or not await can_see(session, question, proposal.user_id):
        return None
    return question


async def ask_now(
    session: AsyncSession, question: Question, proposal: Proposal, *, now: datetime
) -> None:
    """They are in: if that question still waits, they are the first to be asked it."""
    ends = (question.solved_at, question.withdrawn_at, question.closed_at, question.over_at)
    if any(ends) or question.merged_into_id is not None or question.claimed_by is not None:
        return
    if await questions.count_answers(session, question):
        return
    user_id = proposal.user_id
    said = await availability.list_said(session, question.team_id, [user_id])
    solved = {user_id: proposal.alike}
    by = proposal.named_by
    await offer(session, question, solved, said=said, referred_by=by, now=now)
    if question.stage == REST:
        question.stage, question.routed_at = FEW, now
    await plan(session, question, now=now)
    await owe_card(session, question, now=now)


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
    """An admin names them as an expert, and they are asked in that admin's name."""
    await check_is_admin(session, team_id, user_id)
    proposal, topic = await get_proposal(session, team_id, topic_id, expert_id)
    if proposal.accepted_at or proposal.declined_at:
        raise ProposalIsSettled()
    if not await count_solved(session, proposal):
        raise ProposalIsSettled()  # an expert by now, or no member any more
    proposal.put_off_at = now
    await invite(session, topic, expert_id, by=user_id, now=now)


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
