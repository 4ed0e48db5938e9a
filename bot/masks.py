"""Who is behind the mask of a question that was asked without a name."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import is_mask
from bot.vault import Vault
from storage.questions import nameless


async def whose(
    session: AsyncSession, vault: Vault | None, *, team_id: str, mask: str
) -> str | None:
    """Who is behind the mask, to send them something; None where that is forgotten."""
    found = await nameless.get(session, team_id, mask)
    return None if found is None or vault is None else vault.open(found.sealed)


async def acts_as(
    session: AsyncSession, vault: Vault | None, *, team_id: str, mask: str, user_id: str
) -> bool:
    """Whether this person is behind the mask that a button of theirs names."""
    return is_mask(mask) and user_id == await whose(session, vault, team_id=team_id, mask=mask)
