"""What the author of a message wishes: that nothing of theirs is kept; and what they have to be
told, the first time that something is."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StaysOut
from bot.experts.cards import owe_about
from bot.kinds import KEPT_NOTICE, STAYED_OUT_NOTE, MessageAndPerson
from bot.text import Message
from storage import outbox
from storage.experts import nudges
from storage.privacy import staying_out
from storage.questions import questions
from storage.tables import Question

STAYED_OUT = "stays_out"  # the kind of nudge: the asker was told that a reply is not kept


async def stays_out(session: AsyncSession, message: Message) -> bool:
    """Whether nothing that the author of this message says in its channel is kept."""
    return await stays_out_of(session, message.team_id, message.user_id, message.channel_id)


async def stays_out_of(session: AsyncSession, team_id: str, user_id: str, channel_id: str) -> bool:
    who = {"team_id": team_id, "user_id": user_id, "channel_id": channel_id}
    return (await staying_out.get_wish(session, **who)).stays_out


async def check_is_heard(
    session: AsyncSession, team_id: str, user_id: str, channel_id: str
) -> None:
    """For those who ask on purpose, where they stay out."""
    if await stays_out_of(session, team_id, user_id, channel_id):
        raise StaysOut()


async def note_kept(session: AsyncSession, message: Message, *, now: datetime) -> None:
    """Something of its author is kept now; the first time, they are told so."""
    who = {"team_id": message.team_id, "user_id": message.user_id}
    wish = await staying_out.get_wish(session, **who, channel_id=message.channel_id)
    if not wish.was_told:
        await tell_kept(session, message, now=now)


async def tell_kept(session: AsyncSession, message: Message, *, now: datetime) -> None:
    """Owe the author of this message, once, a line of what is kept."""
    who = {"team_id": message.team_id, "user_id": message.user_id}
    if not await staying_out.note_told(session, **who, now=now):
        return
    about = MessageAndPerson(message.channel_id, message.message_ts, message.user_id)
    place = message.channel_id
    await outbox.owe(session, KEPT_NOTICE, about, team_id=message.team_id, lane=place, now=now)


async def tell_asker(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Somebody who stays out replied to the question: its asker hears once that it is not kept."""
    about: dict[str, Any] = {"question_id": question.id, "user_id": question.asker_id}
    if await nudges.add_if_first_time(session, **about, kind=STAYED_OUT, now=now):
        await owe_about(session, STAYED_OUT_NOTE, question, now=now)


async def get_asker(
    session: AsyncSession, team_id: str, question_id: int
) -> tuple[str, str, str] | None:
    """The channel and thread of the question, and who asked it; None where it is gone."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None or question.thread_ts is None:
        return None
    return question.channel_id, question.thread_ts, question.asker_id
