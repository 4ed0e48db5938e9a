"""What the bot posted for somebody who asked by command: Slack lets them neither edit nor delete
it, so they do both here."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NothingAsked, NotPostedForYou, OnlyAskerMaySay
from bot.people import read_out
from bot.questions.follow_ups import erase_part, reword_part
from bot.rights import get_readable
from bot.text import Message, moment_of, plain
from storage.questions.questions import Held
from storage.tables import Question


async def get_words(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> str:
    """What it says now, as it was typed, for its asker."""
    question = await get_theirs(session, team_id, question_id, user_id)
    return await read_out(session, team_id=team_id, text=question.text)


async def reword(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    user_id: str,
    text: str,
    now: datetime,
) -> None:
    """Its asker puts it in other words: as an edit of the message would."""
    if not plain(text):
        raise NothingAsked(field="question")
    question = await get_theirs(session, team_id, question_id, user_id)
    message_ts = question.message_ts or ""
    edited = Message(
        team_id=team_id,
        channel_id=question.channel_id,
        user_id=user_id,
        message_ts=message_ts,
        thread_ts=None,
        text=text,
        sent_at=moment_of(message_ts),
        edited_at=now,
    )
    await reword_part(session, edited, now=now)


async def take_back(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """Its asker deletes it: as deleting the message would."""
    question = await get_theirs(session, team_id, question_id, user_id)
    place = {"channel_id": question.channel_id, "message_ts": question.message_ts or ""}
    await erase_part(session, team_id=team_id, **place, now=now)


def is_posted_for_asker(question: Question) -> bool:
    """A question split off follows the reply it was, which its author can edit themselves."""
    is_posted = question.is_asked_by_command and question.message_ts is not None
    return is_posted and question.split_ts is None


async def get_theirs(session: AsyncSession, team_id: str, question_id: int, user_id: str) -> Held:
    question = await get_readable(session, team_id, question_id, user_id)
    if user_id != question.asker_id:
        raise OnlyAskerMaySay(question.asker_id)
    if not is_posted_for_asker(question):
        raise NotPostedForYou()
    return question
