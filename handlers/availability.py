"""`/experts away`, `back`, `hours`, `limit` and `messages`: when somebody can be asked."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.availability import (
    DAILY_LIMIT,
    come_back,
    get_words,
    go_away,
    set_hours,
    set_limit,
    set_messages,
)
from bot.hours import in_words
from handlers.blocks.text import Block, count, date, sentence
from storage.database import Sessions

Change = Callable[[AsyncSession, str, str, str, datetime], Awaitable[str]]


async def say_when(
    sessions: Sessions, team_id: str, user_id: str, verb: str, rest: str, now: datetime
) -> Block:
    """Note what this person says of when they can be asked; what was understood."""
    async with sessions.begin() as session:
        return sentence(await CHANGES[verb](session, team_id, user_id, rest, now))


async def away(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    until = await go_away(session, team_id=team_id, user_id=user_id, written=written, now=now)
    if until is None:
        return "You are asked nothing until you say `/experts back`."
    day = date(until, "{date_long}")
    return f"You are asked nothing until {day}. `/experts back` ends it sooner."


async def back(session: AsyncSession, team_id: str, user_id: str, _: str, now: datetime) -> str:
    await come_back(session, team_id=team_id, user_id=user_id)
    return "Welcome back. Questions can reach you again."


async def hours(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    if not written:
        return await get_words(session, team_id=team_id, user_id=user_id, now=now)
    chosen = await set_hours(session, team_id=team_id, user_id=user_id, written=written)
    if chosen is None:
        return "Done. You are asked first in the usual hours of your time zone."
    return f"Done. You are asked {in_words(chosen)} only, in your time zone."


async def limit(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    most = await set_limit(session, team_id=team_id, user_id=user_id, written=written)
    if most == 0:
        return "Done. You are asked nothing; `/experts limit` and a number changes that."
    usual = " (the usual)" if most == DAILY_LIMIT else ""
    return f"Done. You are asked about {count(most, 'question')} a day at most{usual}."


async def messages(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    wants = await set_messages(session, team_id=team_id, user_id=user_id, written=written)
    if wants is None:
        return "Done. You get a message when a question's card cannot call you."
    if wants:
        return "Done. You get a message for every question that you are asked to take."
    return "Done. You get no messages; App Home lists what waits for you."


CHANGES: dict[str, Change] = {
    "away": away,
    "back": back,
    "hours": hours,
    "limit": limit,
    "messages": messages,
}
