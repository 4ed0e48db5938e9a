"""A question's life: captured, offered, claimed, withdrawn, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.errors import (
    AlreadyClaimed,
    AlreadySolved,
    AskersCannotClaim,
    ChannelCannotBeUsed,
    NothingAsked,
    OnlyAskerOrExpertMayWithdraw,
    QuestionIsGone,
)
from bot.people import is_admin, list_unavailable
from bot.routing import choose_experts
from bot.text import MAX_TEXT, Message, plain
from bot.topics import choose_topic
from storage import channels, erased_messages, offers, outbox, questions, solutions, topics
from storage.saving import add_if_first
from storage.tables import Question, QuestionPart

OPEN, SOLVED = "eyes", "white_check_mark"  # the bot's reactions on the asker's message


@dataclass(frozen=True)
class SolutionView:
    author_id: str
    text: str
    message_ts: str


@dataclass(frozen=True)
class QuestionCard:
    """How a question stands; all that its card shows."""

    question_id: int
    team_id: str
    channel_id: str
    thread_ts: str
    card_ts: str | None
    asker_id: str
    topic: str | None
    asked_ids: tuple[str, ...]  # experts asked who have not passed
    claimed_by: str | None
    answers: int
    solutions: tuple[SolutionView, ...]
    is_withdrawn: bool


@dataclass(frozen=True)
class Marker:
    """The bot's reaction on the asker's message: the one there, and the one wanted."""

    channel_id: str
    message_ts: str
    present: str | None
    wanted: str | None


@dataclass(frozen=True)
class Place:
    channel_id: str
    thread_ts: str


@dataclass(frozen=True)
class AskedByCommand:
    """A question from /ask that the bot posts in the asker's name-mention."""

    channel_id: str
    asker_id: str
    text: str
    is_posted: bool
    is_withdrawn: bool


async def capture(
    session: AsyncSession,
    message: Message,
    *,
    is_late: bool = False,
    topic_id: int | None = None,
    now: datetime,
) -> bool:
    """Make the message a question; False when its thread has one, it belongs to one already,
    or it was deleted."""
    if await erased_messages.is_erased(session, **message.place):
        return False
    if await questions.get_part(session, **message.place) is not None:
        return False
    new = Question(
        team_id=message.team_id,
        channel_id=message.channel_id,
        message_ts=message.message_ts,
        thread_ts=message.thread_ts or message.message_ts,
        asker_id=message.user_id,
        text=message.text[:MAX_TEXT],
        topic_id=topic_id,
        asked_at=message.sent_at,
    )
    question = await add_if_first(session, new)
    if question is None:
        return False
    session.add(
        QuestionPart(
            **message.place,
            question_id=question.id,
            text=question.text,
            said_at=now,
        )
    )
    await open_question(session, question, now=now)
    if is_late:  # replies may have come before it
        await outbox.owe(
            session,
            "read_thread",
            question.id,
            team_id=question.team_id,
            lane=question.channel_id,
            now=now,
        )
    return True


async def reopen(session: AsyncSession, *, team_id: str, question_id: int, now: datetime) -> bool:
    """Somebody says again that it is a question; False when it stands, or its text is gone."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.withdrawn_at is None or not question.text:
        return False
    question.withdrawn_at = None
    await index.refresh(session, question)
    await open_question(session, question, now=now)
    return True


async def ask_by_command(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    asker_id: str,
    text: str,
    topic_id: int | None,
    now: datetime,
) -> int:
    """A question from the /ask modal; returns its id. The bot owes the message itself."""
    if not plain(text):
        raise NothingAsked(field="question")
    channel = await channels.get(session, team_id, channel_id)
    if channel is None or channel.left_at is not None:
        raise ChannelCannotBeUsed(field="channel")
    if not await channels.can_read(
        session, team_id=team_id, channel_id=channel_id, user_id=asker_id
    ):
        raise ChannelCannotBeUsed(field="channel")
    if topic_id is not None and await topics.get(session, team_id, topic_id) is None:
        topic_id = None
    question = Question(
        team_id=team_id,
        channel_id=channel_id,
        asker_id=asker_id,
        text=text[:MAX_TEXT],
        topic_id=topic_id,
        is_asked_by_command=True,
        asked_at=now,
    )
    session.add(question)
    await session.flush()
    await outbox.owe(
        session, "question_post", question.id, team_id=team_id, lane=channel_id, now=now
    )
    return question.id


async def note_posted(
    session: AsyncSession, *, team_id: str, question_id: int, message_ts: str, now: datetime
) -> None:
    """The bot has posted a question from /ask: from now on it is like any other."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.message_ts is not None:
        return
    place = {"team_id": team_id, "channel_id": question.channel_id, "message_ts": message_ts}
    if await erased_messages.is_erased(session, **place):
        question.text, question.withdrawn_at = "", now
        return
    question.message_ts = question.thread_ts = message_ts
    session.add(QuestionPart(**place, question_id=question.id, text=question.text, said_at=now))
    await open_question(session, question, now=now)


async def open_question(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Choose its topic and whom to ask, and owe what people see of it."""
    if question.topic_id is None:
        channel = await channels.get(session, question.team_id, question.channel_id)
        question.topic_id = choose_topic(
            plain(question.text),
            await topics.list_all(session, question.team_id),
            channel_topic_id=channel.topic_id if channel else None,
        )
    await offer(session, question, now=now)
    await owe_card_and_marker(session, question, now=now)


async def offer(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Ask the next experts, if there are any."""
    if question.topic_id is None:
        return
    expert_ids = await topics.list_expert_ids(session, question.team_id, question.topic_id)
    asked = await offers.list_of(session, question.id)
    chosen = choose_experts(
        expert_ids,
        asker_id=question.asker_id,
        already_asked=[given.user_id for given in asked],
        passed=[given.user_id for given in asked if given.passed_at],
        unavailable=await list_unavailable(
            session, question.team_id, question.channel_id, expert_ids
        ),
    )
    await offers.add(session, question_id=question.id, user_ids=chosen, now=now)


async def owe_card(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Owe the card in its newest state."""
    await outbox.owe(
        session,
        "question_card",
        question.id,
        team_id=question.team_id,
        lane=question.channel_id,
        now=now,
    )


async def owe_card_and_marker(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Owe the card, and the reaction on the asker's message: it was opened, solved or closed."""
    await owe_card(session, question, now=now)
    await outbox.owe(
        session,
        "question_marker",
        question.id,
        team_id=question.team_id,
        lane=question.channel_id,
        now=now,
    )


async def join_follow_up(
    session: AsyncSession, message: Message, *, within: timedelta, now: datetime
) -> bool:
    """Add the message to the question that its author asked just before, if nobody else
    spoke since. Somebody else's message ends the wait for follow-ups."""
    question = await questions.get_latest_in_channel(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        since=message.sent_at - within,
    )
    if question is None or message.message_ts <= (question.message_ts or ""):
        return False
    if message.user_id != question.asker_id:
        interrupt(question, message.message_ts)
        return False
    if question.interrupted_ts is not None and question.interrupted_ts < message.message_ts:
        return False
    if await erased_messages.is_erased(session, **message.place):
        return False
    part = QuestionPart(
        **message.place,
        question_id=question.id,
        text=message.text[:MAX_TEXT],
        said_at=now,
    )
    if await add_if_first(session, part):
        await refresh_text(session, question)
        if question.topic_id is None:  # the follow-up may say what it is about
            await open_question(session, question, now=now)
    return True


def interrupt(question: Question, message_ts: str) -> None:
    """Somebody else spoke: what the asker says later is no follow-up."""
    if question.interrupted_ts is None or message_ts < question.interrupted_ts:
        question.interrupted_ts = message_ts


async def refresh_text(session: AsyncSession, question: Question) -> None:
    """Make the question's text what its parts say now."""
    await questions.get_locked(session, question.team_id, question.id)
    await session.flush()
    parts = await questions.list_parts(session, question.id)
    question.text = "\n".join(part.text for part in parts)[:MAX_TEXT]
    await index.refresh(session, question)


async def reword_part(session: AsyncSession, message: Message, *, now: datetime) -> bool:
    """Follow an edit of a question or follow-up; False when the message is neither."""
    part = await questions.get_part(session, **message.place)
    if part is None:
        return False
    question = await questions.get_locked(session, message.team_id, part.question_id)
    if question is not None and question.withdrawn_at is None and part.said_at < now:
        part.text, part.said_at = message.text[:MAX_TEXT], now
        await refresh_text(session, question)
    return True


async def erase_part(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> bool:
    """Forget a deleted question or follow-up; False when the message is neither."""
    part = await questions.get_part(
        session, team_id=team_id, channel_id=channel_id, message_ts=message_ts
    )
    if part is None:
        return False
    question = await questions.get_locked(session, team_id, part.question_id)
    if question is None:
        return True
    if part.message_ts == question.message_ts:
        await withdraw(session, question, now=now)
        for each in await questions.list_parts(session, question.id):
            await session.delete(each)
        question.text = ""
    else:
        await session.delete(part)
        await refresh_text(session, question)
    return True


async def withdraw(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """It is no question any more: no card, not found. Kudos for help that was given stay."""
    if question.withdrawn_at is None:
        question.withdrawn_at = now
        await index.refresh(session, question)
        await owe_card_and_marker(session, question, now=now)


async def call_not_a_question(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    question = await get_open(session, team_id, question_id)
    if user_id != question.asker_id and not await is_expert(session, question, user_id):
        raise OnlyAskerOrExpertMayWithdraw(question.asker_id)
    await withdraw(session, question, now=now)


async def claim(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """Take the question; False when this person has it already. Whoever reads it may."""
    question = await get_open(session, team_id, question_id)
    if question.solved_at is not None:
        raise AlreadySolved()
    if user_id == question.asker_id:
        raise AskersCannotClaim()
    await check_can_see(session, question, user_id)
    if question.claimed_by == user_id:
        return False
    if question.claimed_by is not None:
        raise AlreadyClaimed(question.claimed_by)
    question.claimed_by, question.claimed_at = user_id, now
    await offers.withdraw_pass(session, question_id=question.id, user_id=user_id)
    await owe_card(session, question, now=now)
    return True


async def pass_on(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """Not this person: a claim is given back, and the next expert is asked."""
    question = await get_open(session, team_id, question_id)
    await check_can_see(session, question, user_id)
    await offers.note_pass(session, question_id=question.id, user_id=user_id, now=now)
    if question.claimed_by == user_id:
        question.claimed_by = question.claimed_at = None
    if question.solved_at is None and question.claimed_by is None:
        await offer(session, question, now=now)
    await owe_card(session, question, now=now)


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


async def is_expert(session: AsyncSession, question: Question, user_id: str) -> bool:
    """Whether this person's word on the question counts beside the asker's."""
    return user_id in await list_expert_ids(session, question) or await is_admin(
        session, question.team_id, user_id
    )


async def list_expert_ids(session: AsyncSession, question: Question) -> Sequence[str]:
    if question.topic_id is None:
        return []
    return await topics.list_expert_ids(session, question.team_id, question.topic_id)


async def get_card(session: AsyncSession, team_id: str, question_id: int) -> QuestionCard | None:
    """How the question stands; None while it is not posted."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.thread_ts is None:
        return None
    topic = await topics.get(session, team_id, question.topic_id) if question.topic_id else None
    asked = await offers.list_of(session, question.id)
    return QuestionCard(
        question_id=question.id,
        team_id=team_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts,
        card_ts=question.card_ts,
        asker_id=question.asker_id,
        topic=topic.name if topic else None,
        asked_ids=tuple(given.user_id for given in asked if given.passed_at is None),
        claimed_by=question.claimed_by,
        answers=await questions.count_answers(session, question),
        solutions=tuple(
            SolutionView(answer.author_id, answer.text, answer.message_ts)
            for _, answer in await solutions.list_of(session, question.id)
        ),
        is_withdrawn=question.withdrawn_at is not None,
    )


async def get_marker(session: AsyncSession, team_id: str, question_id: int) -> Marker | None:
    question = await questions.get(session, team_id, question_id)
    if question is None or question.message_ts is None:
        return None
    state = SOLVED if question.solved_at else OPEN
    return Marker(
        channel_id=question.channel_id,
        message_ts=question.message_ts,
        present=question.marker,
        wanted=None if question.withdrawn_at else state,
    )


async def get_asked_by_command(
    session: AsyncSession, team_id: str, question_id: int
) -> AskedByCommand | None:
    question = await questions.get(session, team_id, question_id)
    if question is None:
        return None
    return AskedByCommand(
        channel_id=question.channel_id,
        asker_id=question.asker_id,
        text=question.text,
        is_posted=question.message_ts is not None,
        is_withdrawn=question.withdrawn_at is not None,
    )


async def get_place(session: AsyncSession, team_id: str, question_id: int) -> Place | None:
    question = await questions.get(session, team_id, question_id)
    if question is None or question.thread_ts is None:
        return None
    return Place(question.channel_id, question.thread_ts)


async def note_card(
    session: AsyncSession, team_id: str, question_id: int, card_ts: str | None
) -> None:
    await questions.note_card(session, team_id, question_id, card_ts)


async def note_marker(
    session: AsyncSession, team_id: str, question_id: int, marker: str | None
) -> None:
    await questions.note_marker(session, team_id, question_id, marker)
