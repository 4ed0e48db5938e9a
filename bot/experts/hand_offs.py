"""Handing a question off: what the helpdesk is told when nobody took it in time.

A helpdesk is a channel, a system outside Slack that we call, or both. The outside one hears of a
question when it is handed off, and then each time something changes that it has to know: somebody
took it, it was solved, it is no question any more."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.experts.cards import owe_about
from bot.experts.webhooks import ANYWHERE, check_address
from bot.kinds import HAND_OFF, HAND_OFF_CALL, HAND_OFF_LOST, QUESTION_CARD
from bot.people import owe_strangers
from bot.rights import may_be_shown_in, may_be_told_outside
from bot.text import plain, shorten
from storage import channels, outbox, people
from storage.experts import offers, topics
from storage.questions import questions, solutions
from storage.tables import Question, Topic

OPEN, CLAIMED, SOLVED = "open", "claimed", "solved"
MERGED, WITHDRAWN = "merged", "withdrawn"
MAX_REFERENCE = 60  # characters


@dataclass(frozen=True)
class HandOff:
    """Without words and asker where not everybody in the helpdesk's channel can read the
    question."""

    question_id: int
    hand_off_channel_id: str
    message_ts: str | None  # of the message there, if it is posted
    channel_id: str
    thread_ts: str
    topic: str
    text: str | None
    asker_id: str | None
    asked_at: datetime
    experts_asked: int
    claimed_by: str | None
    is_solved: bool
    is_withdrawn: bool
    is_closed: bool = False
    is_merged: bool = False
    asker: str = ""  # a name: nobody is called to what they asked themselves


async def tell_helpdesk(
    session: AsyncSession, question: Question, topic: Topic, *, now: datetime
) -> None:
    """Hand the question off: to the topic's channel, its system outside Slack, or both."""
    question.handed_off_at = now
    question.hand_off_called_at = now if topic.hand_off_url else None
    question.hand_off_failed_at = None
    if topic.hand_off_url:
        await owe_about(session, HAND_OFF_CALL, question, now=now)
    if topic.hand_off_channel_id:
        channel_id = topic.hand_off_channel_id
        await owe_strangers(session, team_id=question.team_id, channel_id=channel_id, now=now)
        await owe_about(session, HAND_OFF, question, now=now)


def is_lost(question: Question) -> bool:
    """Whether no helpdesk knows of it, though it was handed off."""
    is_told = question.hand_off_told is not None or question.hand_off_ts is not None
    return question.hand_off_failed_at is not None and not is_told


async def get_hand_off(session: AsyncSession, team_id: str, question_id: int) -> HandOff | None:
    question = await questions.get(session, team_id, question_id)
    if question is None or question.topic_id is None:
        return None
    topic = await topics.get(session, team_id, question.topic_id)
    if topic is None or topic.hand_off_channel_id is None:
        return None
    may_show = await may_be_shown_in(session, question, topic.hand_off_channel_id)
    is_shown = may_show and question.withdrawn_at is None
    asker = await people.get(session, team_id, question.asker_id) if is_shown else None
    return HandOff(
        question_id=question.id,
        hand_off_channel_id=topic.hand_off_channel_id,
        message_ts=question.hand_off_ts,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        topic=topic.name,
        text=question.text if is_shown else None,
        asker_id=question.asker_id if is_shown else None,
        asked_at=question.asked_at,
        experts_asked=len(await offers.list_of(session, question.id)),
        claimed_by=question.claimed_by,
        is_solved=question.solved_at is not None,
        is_withdrawn=question.withdrawn_at is not None,
        is_closed=question.closed_at is not None,
        is_merged=question.merged_into_id is not None,
        asker=asker.name if asker else "",
    )


async def note_posted(
    session: AsyncSession, *, team_id: str, question_id: int, message_ts: str
) -> None:
    question = await questions.get(session, team_id, question_id)
    if question is not None:
        question.hand_off_ts = message_ts


@dataclass(frozen=True)
class Named:
    user_id: str
    name: str | None  # None where we do not know it


@dataclass(frozen=True)
class HandOffCall:
    """What an outside helpdesk is to hear; without words and people where not every colleague
    can read the question."""

    question_id: int
    team_id: str
    address: str
    secret: str = field(repr=False)
    message_id: str  # the same each time this is tried
    state: str  # what is noted once it has heard this
    happened: str  # handed_off, claimed, solved, merged, withdrawn or reopened
    happened_at: datetime
    topic: str
    channel_id: str
    channel_name: str | None
    thread_ts: str
    asked_at: datetime
    experts_asked: int
    is_private: bool
    text: str | None
    asker: Named | None
    claimed_by: Named | None
    solved_by: tuple[Named, ...]


@dataclass(frozen=True)
class Receipt:
    """What the outside helpdesk calls the question, and where it is found there."""

    reference: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class LostHandOff:
    """What those who run a topic are told when its helpdesk cannot be reached."""

    user_id: str
    topic: str
    channel_id: str
    thread_ts: str
    is_known_there: bool  # it heard of the question before


async def get_call(
    session: AsyncSession, team_id: str, question_id: int, *, may_be_known: bool
) -> HandOffCall | None:
    """None where the outside helpdesk has nothing to hear. `may_be_known`: an earlier call may
    have reached it."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.topic_id is None or question.hand_off_called_at is None:
        return None
    topic = await topics.get(session, team_id, question.topic_id)
    if topic is None or not topic.hand_off_url or not topic.hand_off_secret:
        return None
    standing = how_it_stands(question)
    is_known = may_be_known or question.hand_off_told is not None
    if standing is None or not is_worth_telling(question, standing, is_known=is_known):
        return None
    return await call_about(session, question, topic, standing)


def how_it_stands(question: Question) -> tuple[str, datetime] | None:
    """In which state the question is, and since when; None while people in Slack are asked."""
    if question.withdrawn_at is not None:
        return WITHDRAWN, question.withdrawn_at
    if question.solved_at is None and question.closed_at is not None:
        return WITHDRAWN, question.closed_at
    if question.solved_at is not None:
        return SOLVED, question.solved_at
    if question.merged_at is not None:
        return MERGED, question.merged_at
    if question.claimed_at is not None:
        return CLAIMED, question.claimed_at
    return (OPEN, question.handed_off_at) if question.handed_off_at is not None else None


def is_worth_telling(question: Question, standing: tuple[str, datetime], *, is_known: bool) -> bool:
    if question.hand_off_told is None and question.hand_off_failed_at is not None:
        return False  # it never heard of the question, and we gave up
    if not is_known and standing[0] != OPEN:
        return False  # nobody there has to do anything
    return state_of(standing) != question.hand_off_told


def state_of(standing: tuple[str, datetime]) -> str:
    state, at = standing
    return f"{state} {at.timestamp():.6f}"


async def call_about(
    session: AsyncSession, question: Question, topic: Topic, standing: tuple[str, datetime]
) -> HandOffCall:
    state, at = standing
    channel = await channels.get(session, question.team_id, question.channel_id)
    is_public = await may_be_told_outside(session, question)
    is_needed = question.withdrawn_at is None and question.closed_at is None
    is_shown = is_public and is_needed
    opened = "handed_off" if question.hand_off_told is None else "reopened"
    return HandOffCall(
        question_id=question.id,
        team_id=question.team_id,
        address=topic.hand_off_url or "",
        secret=topic.hand_off_secret or "",
        message_id=message_id_of(question, state_of(standing)),
        state=state_of(standing),
        happened=opened if state == OPEN else state,
        happened_at=at,
        topic=topic.name,
        channel_id=question.channel_id,
        channel_name=channel.name if channel and is_public else None,
        thread_ts=question.thread_ts or "",
        asked_at=question.asked_at,
        experts_asked=len(await offers.list_of(session, question.id)),
        is_private=not is_public,
        text=plain(question.text) if is_shown else None,
        asker=await name(session, question, question.asker_id) if is_shown else None,
        claimed_by=await name(session, question, question.claimed_by) if is_shown else None,
        solved_by=await list_solvers(session, question) if is_shown else (),
    )


def message_id_of(question: Question, state: str) -> str:
    """Follows from the facts, so that whoever tries it again, after whatever crash, says the
    same; and what it was told before makes a state that comes back another message."""
    told = question.hand_off_told or ""
    facts = "\n".join((question.team_id, str(question.id), told, state))
    return f"msg_{hashlib.sha256(facts.encode()).hexdigest()[:32]}"


async def name(session: AsyncSession, question: Question, user_id: str | None) -> Named | None:
    if user_id is None:
        return None
    person = await people.get(session, question.team_id, user_id)
    return Named(user_id, person.name if person else None)


async def list_solvers(session: AsyncSession, question: Question) -> tuple[Named, ...]:
    accepted = await solutions.list_of(session, question.id)
    authors = dict.fromkeys(answer.author_id for _, answer in accepted)
    named = [await name(session, question, each) for each in authors]
    return tuple(each for each in named if each is not None)


def read_receipt(answer: bytes) -> Receipt:
    """What of the helpdesk's answer we understand; it need not say anything."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return Receipt()
    if not isinstance(said, dict):
        return Receipt()
    reference = said.get("reference")
    is_name = isinstance(reference, str | int) and not isinstance(reference, bool)
    return Receipt(
        reference=shorten(plain(str(reference)), MAX_REFERENCE) or None if is_name else None,
        link=read_link(said.get("url")),
    )


def read_link(said: object) -> str | None:
    try:
        return check_address(said, ANYWHERE) if isinstance(said, str) else None
    except UserError:
        return None


async def note_told(
    session: AsyncSession, call: HandOffCall, receipt: Receipt, *, now: datetime
) -> None:
    """The outside helpdesk has heard it."""
    question = await questions.get_locked(session, call.team_id, call.question_id)
    if question is None:
        return
    question.hand_off_told, question.hand_off_failed_at = call.state, None
    question.hand_off_reference = receipt.reference or question.hand_off_reference
    question.hand_off_link = receipt.link or question.hand_off_link
    await owe_about(session, QUESTION_CARD, question, now=now)


async def note_lost(
    session: AsyncSession, call: HandOffCall, *, reason: str, now: datetime
) -> None:
    """We gave up telling it: the card says so, and those who run the topic hear why, once."""
    question = await questions.get_locked(session, call.team_id, call.question_id)
    if question is None or question.hand_off_failed_at is not None:
        return
    topic = await topics.get(session, call.team_id, question.topic_id or 0)
    if topic is None or topic.hand_off_url != call.address:
        return  # it has another address by now, and is called there
    question.hand_off_failed_at = question.step_at = now  # it is told again, then
    await owe_about(session, QUESTION_CARD, question, now=now)
    await outbox.owe(
        session,
        HAND_OFF_LOST,
        question.id,
        team_id=question.team_id,
        lane=question.channel_id,
        payload={"reason": reason},
        now=now,
    )


async def get_lost(session: AsyncSession, team_id: str, question_id: int) -> LostHandOff | None:
    """None where there is nothing left to say: it was heard, or needs nobody any more."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.topic_id is None or question.hand_off_failed_at is None:
        return None
    topic = await topics.get(session, team_id, question.topic_id)
    is_known_there = question.hand_off_told is not None
    ends = (question.withdrawn_at, question.solved_at, question.closed_at)
    is_over = any(each is not None for each in ends)
    if topic is None or (is_over and not is_known_there):
        return None
    return LostHandOff(
        user_id=topic.sponsor_id or topic.created_by,
        topic=topic.name,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        is_known_there=is_known_there,
    )


async def follow_address(session: AsyncSession, topic: Topic, *, now: datetime) -> None:
    """The topic's address was saved: what could not be told yet is told there, now."""
    for question in await questions.list_untold(session, team_id=topic.team_id, topic_id=topic.id):
        question.hand_off_failed_at = None
        if topic.hand_off_url is None:
            question.hand_off_called_at = None
        else:
            await owe_about(session, HAND_OFF_CALL, question, now=now)
            await outbox.hasten(session, HAND_OFF_CALL, question.id, team_id=topic.team_id)
        await owe_about(session, QUESTION_CARD, question, now=now)
