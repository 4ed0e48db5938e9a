"""Being installed in many workspaces: the tokens of each, sealed, and what becomes of a workspace
that Askaround is removed from.

A workspace has an installation of its own, or its organisation has one for all of them. Without
one, nothing is said there; what is kept of it is erased when the grace is over, and stays when
Askaround is installed again before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import CHANNELS_READ, WELCOME
from bot.people import owe_people
from bot.settings import CATCH_UP_DAYS
from bot.vault import Vault
from bot.workspaces import join_workspace
from storage import installations, outbox, workspaces
from storage.tables import Installation

GRACE = timedelta(days=30)  # from an uninstallation to the erasing of what is kept
REPLACED_BEFORE = timedelta(hours=2)  # a token expires; Slack's live for twelve hours
REPLACED_WITHIN = 60.0  # seconds; then another replica may try
AT_A_TIME = 20


@dataclass(frozen=True)
class Tokens:
    """What Slack lets us in with. `refresh` and `expires_at`: where tokens are rotated."""

    token: str = field(repr=False)
    refresh: str | None = field(repr=False, default=None)
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Installed:
    """`team_id`: the workspace's, or the organisation's (E…) where it is for all of them."""

    team_id: str
    enterprise_id: str | None
    is_org_wide: bool
    app_id: str
    bot_id: str
    bot_user_id: str
    name: str
    url: str
    tokens: Tokens


class Sealed(Exception):
    """The tokens of a workspace were sealed with a key that is not here."""

    def __init__(self, team_id: str) -> None:
        super().__init__(
            f"The tokens of {team_id} were sealed with a key that INSTALL_KEYS has no more: put "
            "it back behind the new one, or have Askaround installed there again."
        )


async def install(
    session: AsyncSession,
    vault: Vault,
    installed: Installed,
    *,
    installer_id: str | None,
    now: datetime,
) -> None:
    """It was installed, for the first time or again."""
    facts = {name: value for name, value in vars(installed).items() if name != "tokens"}
    await installations.save(session, **facts, **sealed(vault, installed.tokens), installed_at=now)
    if installed.is_org_wide:
        for team_id in await installations.list_teams_of(session, installed.team_id):
            await join(session, installed, team_id, now=now)
    else:
        await join(session, installed, installed.team_id, now=now)
    if installer_id is not None and not installed.is_org_wide:
        await outbox.owe(
            session,
            WELCOME,
            installer_id,
            team_id=installed.team_id,
            lane=installer_id,
            now=now,
        )


async def join(session: AsyncSession, installed: Installed, team_id: str, *, now: datetime) -> None:
    """Be in this workspace: learn who and what is there, and say what waited."""
    await join_workspace(
        session,
        team_id=team_id,
        name=installed.name,
        url=installed.url,
        bot_user_id=installed.bot_user_id,
        catch_up_days=CATCH_UP_DAYS,
        enterprise_id=installed.enterprise_id,
        now=now,
    )
    await outbox.wake(session, waits_for=None, team_id=team_id)
    await owe_people(session, team_id=team_id, now=now)
    await outbox.owe(session, CHANNELS_READ, team_id, team_id=team_id, lane=team_id, now=now)


async def find(
    session: AsyncSession, vault: Vault, team_id: str, enterprise_id: str | None = None
) -> Installed | None:
    """How Slack lets us into this workspace; None where it is not installed. Sealed says that a
    key is missing."""
    row = await installations.get_for(session, team_id, enterprise_id)
    return None if row is None else opened(vault, row)


async def is_joined(session: AsyncSession, team_id: str) -> bool:
    workspace = await workspaces.get(session, team_id)
    return workspace is not None and workspace.gone_at is None


def sealed(vault: Vault, tokens: Tokens) -> dict[str, object]:
    return {
        "sealed_token": vault.seal(tokens.token),
        "sealed_refresh": vault.seal(tokens.refresh) if tokens.refresh else None,
        "expires_at": tokens.expires_at,
    }


def opened(vault: Vault, row: Installation) -> Installed:
    token = vault.open(row.sealed_token)
    if token is None:
        raise Sealed(row.team_id)
    refresh = vault.open(row.sealed_refresh) if row.sealed_refresh else None
    return Installed(
        team_id=row.team_id,
        enterprise_id=row.enterprise_id,
        is_org_wide=row.is_org_wide,
        app_id=row.app_id,
        bot_id=row.bot_id,
        bot_user_id=row.bot_user_id,
        name=row.name,
        url=row.url,
        tokens=Tokens(token, refresh, row.expires_at),
    )


# Gone


async def uninstall(session: AsyncSession, team_id: str, *, now: datetime) -> None:
    """Slack lets us in no more, which was looked at just now: news of an uninstallation may come
    after the next installation. `team_id`: a workspace's, or an organisation's."""
    gone = [*await installations.list_teams_of(session, team_id), team_id]
    await installations.remove(session, team_id)
    await leave(session, gone, now=now)


async def leave(session: AsyncSession, team_ids: Sequence[str], *, now: datetime) -> None:
    """Nothing is said there any more; what is kept of it is erased when the grace is over."""
    await workspaces.set_gone(session, team_ids, now)


# Tokens that expire, and keys that are replaced


@dataclass(frozen=True)
class Expiring:
    team_id: str
    refresh: str = field(repr=False)
    claim: str


async def claim_expiring(session: AsyncSession, vault: Vault, *, now: datetime) -> list[Expiring]:
    """The tokens that this replica is to replace now, and no other meanwhile: Slack takes the word
    for the next one only once."""
    claim = uuid4().hex
    rows = await installations.claim_expiring(
        session,
        before=now + REPLACED_BEFORE,
        claim=claim,
        seconds=REPLACED_WITHIN,
        limit=AT_A_TIME,
    )
    found = [(row.team_id, vault.open(row.sealed_refresh or "")) for row in rows]
    return [Expiring(team_id, refresh, claim) for team_id, refresh in found if refresh]


async def note_replaced(
    session: AsyncSession, vault: Vault, expiring: Expiring, tokens: Tokens
) -> bool:
    """False where it was installed anew meanwhile: what that got counts."""
    return await installations.note_tokens(
        session,
        expiring.team_id,
        claim=expiring.claim,
        turning_until=None,
        **sealed(vault, tokens),
    )


async def seal_anew(session: AsyncSession, vault: Vault) -> int:
    """Seal with the first key what was sealed with an older one; of how many workspaces."""
    done = 0
    for row in await installations.list_all(session):
        if vault.is_newest(row.sealed_token) or vault.open(row.sealed_token) is None:
            continue
        await installations.seal_anew(
            session,
            row.team_id,
            known_as=row.sealed_token,
            token=vault.renew(row.sealed_token),
            refresh=vault.renew(row.sealed_refresh) if row.sealed_refresh else None,
        )
        done += 1
    return done


async def list_installed(session: AsyncSession) -> Sequence[Installation]:
    """Where it is installed; their tokens are sealed."""
    return await installations.list_all(session)
