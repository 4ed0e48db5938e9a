"""A manager thanks whose help they were told of."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NoteIsGone
from bot.recognition import kudos
from storage.recognition import managers


async def get_teller(session: AsyncSession, *, team_id: str, manager_id: str, note_id: int) -> str:
    """Whose help this manager was told of."""
    row = await managers.get(session, team_id, note_id)
    if row is None or row.manager_id != manager_id or row.agreed_at is None:
        raise NoteIsGone()
    return row.user_id


async def thank_teller(
    session: AsyncSession,
    *,
    team_id: str,
    manager_id: str,
    note_id: int,
    reason: str,
    now: datetime,
) -> str:
    """The manager thanks whose help they were told of; who that is."""
    user_id = await get_teller(session, team_id=team_id, manager_id=manager_id, note_id=note_id)
    await kudos.thank(
        session,
        team_id=team_id,
        giver_id=manager_id,
        receiver_id=user_id,
        reason=reason,
        now=now,
    )
    return user_id
