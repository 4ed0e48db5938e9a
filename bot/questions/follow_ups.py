"""The messages that a question is made of: the first one, and what its asker said right after.

They can be edited and deleted, and arrive late or twice."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.detection import takes_back
from bot.experts.cards import owe_about
from bot.experts.hints import note_hinted
from bot.experts.lateness import is_unopened
from bot.experts.stuck import ask_on
from bot.kinds import QUESTION_CARD, QUESTION_POST
from bot.questions.capture import (
    forget_in_digests,
    look_for_topic,
    owe_posts_about,
    withdraw,
)
from bot.questions.closing import offer_to_close
from bot.questions.files import forget_of, keep, keep_anew
from bot.text import MAX_TEXT, Message, cut, moment_of
from storage.questions import erased_messages, files, questions
from storage.saving import add_if_first
from storage.tables import Question, QuestionPart


async def join_follow_up(
    session: AsyncSession, message: Message, question: Question, *, now: datetime
) -> bool:
    """Add the message to the question that its author asked just before, if nobody else
    spoke since."""
    await questions.get_locked(session, question.team_id, question.id)
    if question.interrupted_ts is not None and question.interrupted_ts < message.message_ts:
        return False
    if await erased_messages.is_erased(session, **message.place):
        return False
    part = QuestionPart(
        **message.place,
        question_id=question.id,
        text=cut(message.text, MAX_TEXT),
        said_at=message.worded_at,
        client_msg_id=message.client_msg_id,
    )
    if await add_if_first(session, part):
        await keep(session, message, question, now=now)
        await refresh_text(session, question)
        if message.has_files:
            await note_hinted(session, team_id=question.team_id, question_id=question.id, now=now)
        if not is_unopened(question):
            await look_for_topic(session, question, now=now)
    return True


async def join_earlier(session: AsyncSession, message: Message, earlier_ts: str) -> None:
    """Make what its author had said or shown before a part of the question that the message is.
    What comes with its files is what they are called."""
    question = await questions.get_by_thread(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        thread_ts=message.thread_ts or message.message_ts,
    )
    if question is None:
        return
    place = {**message.place, "message_ts": earlier_ts}
    shown = await files.list_of(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        message_tss=[earlier_ts],
    )
    part = QuestionPart(
        **place,
        question_id=question.id,
        text="\n".join(each.title for each in shown),
        said_at=moment_of(earlier_ts),
    )
    if await add_if_first(session, part) and shown:
        question.has_files = True
        await refresh_text(session, question)


async def get_asked_before(
    session: AsyncSession, message: Message, *, within: timedelta
) -> Question | None:
    """The question that was the newest in the channel when this message was written."""
    question = await questions.get_latest_in_channel(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        since=message.sent_at - within,
        until=message.sent_at,
    )
    if question is None or message.message_ts <= (question.message_ts or ""):
        return None
    return question


async def interrupt(session: AsyncSession, question: Question, message_ts: str) -> None:
    """Somebody else spoke: what the asker says later is no follow-up."""
    if is_earlier(message_ts, question.interrupted_ts):
        await questions.get_locked(session, question.team_id, question.id)
        if is_earlier(message_ts, question.interrupted_ts):
            question.interrupted_ts = message_ts


def is_earlier(message_ts: str, interrupted_ts: str | None) -> bool:
    return interrupted_ts is None or message_ts < interrupted_ts


async def part_later(session: AsyncSession, question: Question) -> list[Message]:
    """Take out of the question what was said after somebody else had spoken, of whom we heard
    only now; the messages, to be heard anew. The caller must have interrupted it."""
    if "\n" not in question.text:
        return []  # it has the words of one message
    parts = [
        part
        for part in await questions.list_parts(session, question.id)
        if part.message_ts != question.message_ts
        and part.message_ts > (question.interrupted_ts or "")
    ]
    for part in parts:
        await session.delete(part)
    if parts:
        await refresh_text(session, question)
    return [message_of(question, part) for part in parts]


def message_of(question: Question, part: QuestionPart) -> Message:
    """The message in the channel that the part was."""
    return Message(
        team_id=part.team_id,
        channel_id=part.channel_id,
        user_id=question.asker_id,
        message_ts=part.message_ts,
        thread_ts=None,
        text=part.text,
        sent_at=moment_of(part.message_ts),
        client_msg_id=part.client_msg_id,
    )


async def refresh_text(session: AsyncSession, question: Question) -> None:
    """Make the question's text what its parts say now."""
    await questions.get_locked(session, question.team_id, question.id)
    await session.flush()
    parts = await questions.list_parts(session, question.id)
    question.text = cut("\n".join(part.text for part in parts if part.text), MAX_TEXT)
    await index.refresh(session, question)


async def reword_part(session: AsyncSession, message: Message, *, now: datetime) -> bool:
    """Follow an edit of a question or follow-up; False when the message is neither."""
    part = await questions.get_part(session, **message.place)
    if part is None:
        return False
    question = await questions.get_locked(session, message.team_id, part.question_id)
    if question is None or question.withdrawn_at is not None or part.said_at >= now:
        return True
    words, part.said_at = cut(message.text, MAX_TEXT), now
    is_first = part.message_ts in (question.message_ts, question.split_ts)
    if is_first and is_waiting(question) and takes_back(words, part.text):
        await keep_words(session, question, part, words, now=now)
        return True
    was_taken_back = part.edited_to is not None
    part.text, part.edited_to = words, None
    if was_taken_back:
        await ask_on(session, question, now=now)
    await keep_anew(session, message, question, now=now)
    await refresh_text(session, question)
    await show_words(session, question, now=now)
    await owe_posts_about(session, question, now=now)
    return True


def is_waiting(question: Question) -> bool:
    return question.solved_at is None and question.closed_at is None


async def keep_words(
    session: AsyncSession, question: Question, part: QuestionPart, words: str, *, now: datetime
) -> None:
    """The edit takes the question back. What it asked stays until its asker has said whether it
    is over, or is closed."""
    if part.edited_to != words:
        part.edited_to = words
        await offer_to_close(session, question, now=now)


async def show_words(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """The card begins with the words, and what the bot posted for the asker has them."""
    if not is_unopened(question):
        await owe_about(session, QUESTION_CARD, question, now=now)
    if question.is_asked_by_command:
        await owe_about(session, QUESTION_POST, question, now=now)


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
    if part.message_ts in (question.message_ts, question.split_ts):
        await withdraw(session, question, now=now)
        parts = await questions.list_parts(session, question.id)
        await forget_of(session, team_id, channel_id, [each.message_ts for each in parts])
        for each in parts:
            await session.delete(each)
        question.text = ""
        await show_words(session, question, now=now)
    else:
        await session.delete(part)
        await refresh_text(session, question)
        await show_words(session, question, now=now)
        await forget_in_digests(session, question, now=now)
    return True
