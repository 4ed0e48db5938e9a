"""A reply that is a question of its own, and the later replies that belong to it.

The bot asks it in the channel, in its author's name-mention. The reply is no answer any more;
its message stays a part of the new question, so that editing and deleting it are followed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.errors import (
    AlreadySplit,
    NothingToAsk,
    OnlyThoseMaySplit,
    QuestionIsGone,
    ReplyIsGone,
)
from bot.experts.cards import owe_about, owe_card_and_marker
from bot.experts.steps import plan
from bot.kinds import QUESTION_POST
from bot.questions.solutions import settle
from bot.rights import can_see, may_be_asked_about, may_decide
from bot.text import plain
from storage import people
from storage.questions import answers, questions, splitting
from storage.tables import Answer, Question, QuestionPart

LATER_SHOWN = 30


@dataclass(frozen=True)
class LaterReply:
    answer_id: int
    author: str  # a name: nobody is called by a menu
    text: str


@dataclass(frozen=True)
class Splittable:
    """A reply that may become a question, and what may go with it."""

    answer_id: int
    author_id: str
    text: str
    later: tuple[LaterReply, ...]


async def get_splittable(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, user_id: str
) -> Splittable | None:
    """None where the message is no reply to a question, or this person cannot read it."""
    answer = await answers.get_by_message(
        session, team_id=team_id, channel_id=channel_id, message_ts=message_ts
    )
    question = await questions.get(session, team_id, answer.question_id) if answer else None
    if answer is None or question is None or not await can_see(session, question, user_id):
        return None
    if answer.erased_at is not None:
        await check_is_not_split(session, answer)
        return None
    if question.withdrawn_at is not None:
        raise QuestionIsGone()
    await check_may_split(session, question, answer, user_id)
    return Splittable(
        answer.id, answer.author_id, answer.text, await list_later(session, question, answer)
    )


async def check_is_not_split(session: AsyncSession, answer: Answer) -> None:
    part = await questions.get_part(
        session,
        team_id=answer.team_id,
        channel_id=answer.channel_id,
        message_ts=answer.message_ts,
    )
    split = await questions.get(session, answer.team_id, part.question_id) if part else None
    if split is not None and split.withdrawn_at is None:
        raise AlreadySplit()


async def check_may_split(
    session: AsyncSession, question: Question, answer: Answer, user_id: str
) -> None:
    if user_id != answer.author_id and not await may_decide(session, question, user_id):
        raise OnlyThoseMaySplit(answer.author_id)
    if not plain(answer.text):
        raise NothingToAsk()


async def list_later(
    session: AsyncSession, question: Question, answer: Answer
) -> tuple[LaterReply, ...]:
    later = [
        each
        for each in await answers.list_of(session, question.id)
        if each.message_ts > answer.message_ts
    ][:LATER_SHOWN]
    known = await people.list_known(session, question.team_id, {each.author_id for each in later})
    names = {person.user_id: person.name for person in known}
    return tuple(LaterReply(each.id, names.get(each.author_id, ""), each.text) for each in later)


async def split(
    session: AsyncSession,
    *,
    team_id: str,
    answer_id: int,
    user_id: str,
    topic_id: int | None,
    later_ids: Collection[int],
    now: datetime,
) -> int:
    """Make the reply a question, with these later replies; its id. What does not belong to the
    thread, or is gone, is left out."""
    question, answer = await hold(session, team_id, answer_id, user_id)
    await check_may_split(session, question, answer, user_id)
    if topic_id is not None and not await may_be_asked_about(
        session, team_id, topic_id, channel_id=question.channel_id, user_id=user_id
    ):
        topic_id = None
    new = await take_out(session, question, answer, topic_id=topic_id, now=now)
    await splitting.move_answers(
        session, later_ids, after=answer, from_question=question, to_question=new
    )
    answer.text, answer.erased_at = "", now
    answer.thread_ts = answer.thread_ts or question.thread_ts
    for each in (question, new):
        await settle(session, team_id, each.id, now=now)
        await index.refresh(session, each)
    await plan(session, question, now=now)
    await owe_card_and_marker(session, question, now=now)
    await owe_about(session, QUESTION_POST, new, now=now)
    return new.id


async def hold(
    session: AsyncSession, team_id: str, answer_id: int, user_id: str
) -> tuple[Question, Answer]:
    """The reply with its question, held; ReplyIsGone for who cannot read them."""
    answer = await answers.get(session, team_id, answer_id)
    question = await questions.get_locked(session, team_id, answer.question_id) if answer else None
    if answer is None or question is None or not await can_see(session, question, user_id):
        raise ReplyIsGone()
    if question.withdrawn_at is not None:
        raise QuestionIsGone()
    await session.refresh(answer)
    if answer.erased_at is not None or answer.question_id != question.id:
        await check_is_not_split(session, answer)
        raise ReplyIsGone()
    return question, answer


async def take_out(
    session: AsyncSession,
    question: Question,
    answer: Answer,
    *,
    topic_id: int | None,
    now: datetime,
) -> Question:
    """A new question with the reply's words."""
    new = Question(
        team_id=answer.team_id,
        channel_id=answer.channel_id,
        asker_id=answer.author_id,
        text=answer.text,
        has_files=question.has_files,
        topic_id=topic_id,
        is_asked_by_command=True,
        split_ts=answer.message_ts,
        asked_at=now,
    )
    session.add(new)
    await session.flush()
    session.add(
        QuestionPart(
            team_id=answer.team_id,
            channel_id=answer.channel_id,
            message_ts=answer.message_ts,
            question_id=new.id,
            text=answer.text,
            said_at=answer.said_at,
        )
    )
    return new
