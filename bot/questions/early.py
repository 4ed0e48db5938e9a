"""What is told too early: an edit, a deletion, a ✅ taken off or a reply, while what it is about is
not known yet.

What is known is followed at once. But a message may be taken in by somebody else at that very
moment, or have been read in Slack just before; neither sees the other. So both look again: who
took a message in late looks at its thread (`look_again`), and who was told of an unknown one looks
whether it is known once all that was under way then has ended (`note_early`, `follow_early`)."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import owe_about
from bot.kinds import (
    CATCH_UP,
    CATCH_UP_THREAD,
    EARLY_CHANGE,
    READ_ANSWER,
    READ_QUESTION,
    READ_THREAD,
    MessageAt,
)
from bot.questions.messages import erase
from bot.questions.solutions import settle_answer
from bot.text import Message
from storage import channels, outbox
from storage.questions import answers, erased_messages, questions

UNDER_WAY = timedelta(minutes=10)  # nobody takes in longer what Slack told them of
READINGS = (CATCH_UP, CATCH_UP_THREAD, READ_ANSWER, READ_QUESTION, READ_THREAD)


async def look_again(session: AsyncSession, message: Message, *, now: datetime) -> None:
    """It was taken in so late that it may have been replied to, edited or deleted before: we were
    told of that when it was nothing for us. Its thread is read, where it has a question."""
    question = await questions.get_of_thread(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        thread_ts=message.thread_ts or message.message_ts,
    )
    if question is not None:
        await owe_about(session, READ_THREAD, question, now=now)


async def note_early(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> None:
    """A message that we do not know was edited or deleted, or has one ✅ less."""
    if await channels.is_asked_in(session, team_id=team_id, channel_id=channel_id):
        await outbox.owe(
            session,
            EARLY_CHANGE,
            MessageAt(channel_id, message_ts),
            team_id=team_id,
            lane=channel_id,
            now=now,
            due_at=now + UNDER_WAY,
        )


async def is_reading(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    """Whether something of the channel's that was read in Slack may not be noted yet."""
    return await outbox.is_owed(session, READINGS, team_id=team_id, lane=channel_id)


async def follow_early(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> None:
    """The message may have been taken in after all, as it was before: forget it, or read what it
    says now."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    part = await questions.get_part(session, **place)
    answer = await answers.get_by_message(session, **place) if part is None else None
    held = part or answer
    if held is None:
        return
    if await erased_messages.is_erased(session, **place):
        await erase(session, **place, now=now)
        return
    await settle_answer(session, **place, now=now)
    question = await questions.get(session, team_id, held.question_id)
    if question is not None:
        await owe_about(session, READ_THREAD, question, now=now)
