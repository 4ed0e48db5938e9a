"""Tokens: what a program of somebody's shows, to see and do what they could in Slack, no more.

A token is one person's, for some scopes and some time. Its secret is shown once; a hash of it is
kept. With their account, their data or their word it ends at once."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import (
    TokenIsGone,
    TokenNeedsEnd,
    TokenNeedsName,
    TokenNeedsScope,
    TooManyTokens,
)
from bot.people import check_is_admin, is_admin
from bot.rights import check_may_act
from storage.access import tokens
from storage.access.tokens import Bearer as Bearer
from storage.tables import Token

# What a token is for. Whatever it says, its bearer sees and does no more than its person could.
FIND, EXPERTS, KUDOS, HEALTH, ACT = "find", "experts", "kudos", "health", "act"
SCOPES = (FIND, EXPERTS, KUDOS, HEALTH, ACT)
DAYS = (7, 30, 90, 365)  # how long one holds; none holds for ever
USUAL_DAYS = 90
MOST_TOKENS = 20  # of a person
MOST_SHOWN = 50  # of a workspace, to its admins
MAX_NAME = 60  # characters
# Programs that look for secrets in code know it by its beginning.
SECRET_START, SECRET_BYTES = "askaround_", 32
SECRET = re.compile(rf"{SECRET_START}[A-Za-z0-9_-]{{43}}")
USE_IS_NOTED_EVERY = timedelta(minutes=1)
ENDED_STAYS = timedelta(days=14)  # in the list, so that its person sees why a program fails


@dataclass(frozen=True)
class TokenView:
    token_id: int
    user_id: str
    name: str
    scopes: tuple[str, ...]
    ending: str  # of the secret, to know it by
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    has_ended: bool


@dataclass(frozen=True)
class NewToken:
    token: TokenView
    secret: str = field(repr=False)  # told once


async def make_token(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    name: str,
    scopes: Sequence[str],
    days: int,
    now: datetime,
) -> NewToken:
    """A new token of this person's."""
    await check_may_act(session, team_id, user_id)
    name = " ".join(name.split())[:MAX_NAME]
    chosen = [each for each in SCOPES if each in scopes]
    check_token(name, chosen, days)
    who = {"team_id": team_id, "user_id": user_id}
    await tokens.forget_ended(session, **who, before=now)
    if len(await tokens.list_of(session, **who)) >= MOST_TOKENS:
        raise TooManyTokens(MOST_TOKENS)
    secret = SECRET_START + secrets.token_urlsafe(SECRET_BYTES)
    token = await tokens.add(
        session,
        **who,
        name=name,
        scopes=chosen,
        secret_hash=hash_of(secret),
        ending=secret[-4:],
        made_at=now,
        ends_at=now + timedelta(days=days),
    )
    about = {"team_id": team_id, "by": user_id, "named": known_by(token)}
    await audit.note(session, audit.TOKEN, **about, after=", ".join(chosen), now=now)
    return NewToken(view_of(token, now), secret)


def check_token(name: str, scopes: Sequence[str], days: int) -> None:
    if not name:
        raise TokenNeedsName()
    if not scopes:
        raise TokenNeedsScope()
    if days not in DAYS:
        raise TokenNeedsEnd()


async def list_tokens(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> tuple[TokenView, ...]:
    """This person's own, the newest first; one that ended is shown for some time."""
    found = await tokens.list_of(session, team_id, user_id)
    return tuple(view_of(each, now) for each in found if each.ends_at > now - ENDED_STAYS)


async def list_all_tokens(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> tuple[TokenView, ...]:
    """Everybody's, for an admin: those that were used last first."""
    await check_is_admin(session, team_id, user_id)
    found = await tokens.list_all(session, team_id, MOST_SHOWN)
    return tuple(view_of(each, now) for each in found if each.ends_at > now)


async def end_token(
    session: AsyncSession, *, team_id: str, user_id: str, token_id: int, now: datetime
) -> None:
    """It holds no more, at once: by its person's word, or an admin's."""
    token = await tokens.get_locked(session, team_id, token_id)
    if token is None or not (token.user_id == user_id or await is_admin(session, team_id, user_id)):
        raise TokenIsGone()
    await tokens.remove(session, token)
    await audit.note(
        session,
        audit.TOKEN_ENDED,
        team_id=team_id,
        by=user_id,
        person=token.user_id,
        named=known_by(token),
        now=now,
    )


async def get_bearer(session: AsyncSession, secret: str, *, now: datetime) -> Bearer | None:
    """Whose program shows this secret; None where it holds no more, or never did."""
    if not SECRET.fullmatch(secret):
        return None
    return await tokens.get_bearer(session, hash_of(secret), now=now)


def is_use_news(bearer: Bearer, now: datetime) -> bool:
    """Whether it is worth a write that it was used."""
    return bearer.used_at is None or now - bearer.used_at >= USE_IS_NOTED_EVERY


async def note_used(session: AsyncSession, bearer: Bearer, *, now: datetime) -> None:
    await tokens.note_used(session, bearer.token_id, now=now, unless_since=now - USE_IS_NOTED_EVERY)


async def name_of(session: AsyncSession, bearer: Bearer) -> str:
    """What its person calls the program that shows it."""
    token = await tokens.get_locked(session, bearer.team_id, bearer.token_id)
    if token is None:
        raise TokenIsGone()
    return token.name


def known_by(token: Token) -> str:
    """Its last characters: the audit has nothing that people wrote."""
    return f"…{token.ending}"


def hash_of(secret: str) -> str:
    """Of 32 random bytes, which nobody finds by trying: a slow hash would only slow requests."""
    return sha256(secret.encode()).hexdigest()


def view_of(token: Token, now: datetime) -> TokenView:
    return TokenView(
        token.id,
        token.user_id,
        token.name,
        tuple(token.scopes),
        token.ending,
        token.made_at,
        token.ends_at,
        token.used_at,
        has_ended=token.ends_at <= now,
    )
