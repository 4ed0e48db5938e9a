"""Forms: what a workflow posts in its own name for somebody who filled it in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import is_person
from bot.questions.capture import capture
from bot.text import Message, key_of
from storage import channels


async def is_asking_form(
    session: AsyncSession, *, team_id: str, channel_id: str, name: str
) -> bool:
    """Whether an admin chose that what this workflow posts there is a question."""
    key = key_of(name)
    return bool(key) and await channels.has_form(
        session, team_id=team_id, channel_id=channel_id, key=key
    )


async def choose_asker(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    named: Sequence[str],
    pointed_by: str | None,
) -> str | None:
    """Whose question a form is: of the first whom it names and who can read it there, else of
    who pointed at it."""
    for user_id in named:
        reads = {"team_id": team_id, "channel_id": channel_id, "user_id": user_id}
        if await is_person(session, team_id, user_id) and await channels.can_read(session, **reads):
            return user_id
    return pointed_by


async def hear_form(session: AsyncSession, message: Message, *, now: datetime) -> bool:
    return await capture(session, message, now=now)
