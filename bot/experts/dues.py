"""When the bot does the next thing by itself: for who looks ahead."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import VOUCHED_FOR
from bot.experts.invitations import SILENCE
from storage.experts import dues


async def get_next_due(session: AsyncSession, *, team_id: str, after: datetime) -> datetime | None:
    """The next step of a question, digest, review, answer to an invitation, or message that waits;
    None where nothing is due."""
    vouched_at = await dues.get_next_vouched(session, team_id, after=after - VOUCHED_FOR)
    planned_at = await dues.get_next_planned(session, team_id, after=after)
    silent_at = await dues.get_next_silent(session, team_id, after=after - SILENCE)
    found = [
        planned_at,
        vouched_at and vouched_at + VOUCHED_FOR,
        silent_at and silent_at + SILENCE,
    ]
    return min((at for at in found if at is not None), default=None)
