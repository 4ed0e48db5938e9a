"""How a question stands, as its card and the bot's reaction show it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage import offers, outbox, questions, solutions, topics
from storage.tables import Question

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


async def owe_about(session: AsyncSession, kind: str, question: Question, *, now: datetime) -> None:
    """Owe a thing of this kind about the question, in its newest state."""
    await outbox.owe(
        session, kind, question.id, team_id=question.team_id, lane=question.channel_id, now=now
    )


async def owe_card(session: AsyncSession, question: Question, *, now: datetime) -> None:
    await owe_about(session, "question_card", question, now=now)


async def owe_card_and_marker(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Owe the card, and the reaction on the asker's message: it was opened, solved or closed."""
    await owe_card(session, question, now=now)
    await owe_about(session, "question_marker", question, now=now)


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
