"""What a person chose about being told of: whether digests name them, and whether they get any.

Both hold at once, also in the digests of the last weeks."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.recognition.digests import owe_digests_naming
from storage.recognition import naming


async def choose_to_be_named(
    session: AsyncSession, *, team_id: str, user_id: str, is_named: bool, now: datetime
) -> None:
    """Unnamed, their help counts as that of a colleague."""
    unnamed_at = None if is_named else now
    await naming.save(session, team_id=team_id, user_id=user_id, unnamed_at=unnamed_at)
    if not is_named:
        await owe_digests_naming(session, team_id=team_id, user_id=user_id, now=now)


async def choose_digests(
    session: AsyncSession, *, team_id: str, user_id: str, wants_digests: bool, now: datetime
) -> None:
    undigested_at = None if wants_digests else now
    await naming.save(session, team_id=team_id, user_id=user_id, undigested_at=undigested_at)


async def is_unnamed(session: AsyncSession, team_id: str, user_id: str) -> bool:
    chosen = await naming.get(session, team_id, user_id)
    return chosen is not None and chosen.unnamed_at is not None


async def wants_digests(session: AsyncSession, team_id: str, user_id: str) -> bool:
    chosen = await naming.get(session, team_id, user_id)
    return chosen is None or chosen.undigested_at is None
