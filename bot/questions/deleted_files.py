"""Files that were deleted in Slack: their names and words are forgotten."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.experts.cards import owe_card
from bot.questions.answers import erase, get_held
from bot.questions.capture import owe_posts_about
from bot.questions.follow_ups import erase_part, refresh_text
from storage.questions import files, questions


async def forget_file(session: AsyncSession, *, team_id: str, file_id: str, now: datetime) -> None:
    """What was nothing but this file is as if its message were deleted."""
    for held in await files.list_places(session, team_id, file_id):
        place = {
            "team_id": team_id,
            "channel_id": held.channel_id,
            "message_ts": held.message_ts,
        }
        of_message = await files.list_of(
            session,
            team_id=team_id,
            channel_id=held.channel_id,
            message_tss=[held.message_ts],
        )
        named = {each.title for each in of_message}
        await session.delete(held)
        left = "\n".join(each.title for each in of_message if each.file_id != file_id)
        await forget_in_part(session, place, named, left, now=now)
        await forget_in_answer(session, place, named, left, now=now)


async def forget_in_part(
    session: AsyncSession, place: dict[str, str], named: set[str], left: str, *, now: datetime
) -> None:
    part = await questions.get_part(session, **place)
    if part is None:
        return
    if is_named(part.text, named) and not left:
        await erase_part(session, **place, now=now)
        return
    question = await questions.get_locked(session, part.team_id, part.question_id)
    if question is None:
        return
    if is_named(part.text, named):
        part.text = left
    await refresh_text(session, question)
    await owe_posts_about(session, question, now=now)


async def forget_in_answer(
    session: AsyncSession, place: dict[str, str], named: set[str], left: str, *, now: datetime
) -> None:
    answer = await get_held(session, **place)
    if answer is None:
        return
    if is_named(answer.text, named) and not left:
        await erase(session, **place, now=now)
        return
    if is_named(answer.text, named):
        answer.text = left
    await session.flush()
    question = await questions.get_locked(session, answer.team_id, answer.question_id)
    if question is not None:
        await index.refresh(session, question)
        await owe_card(session, question, now=now)
        await owe_posts_about(session, question, now=now)


def is_named(text: str, titles: set[str]) -> bool:
    """Whether the message had no words: its text is what its files are called."""
    return set(text.split("\n")) == titles
