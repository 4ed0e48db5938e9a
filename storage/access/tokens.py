"""Finding and saving tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Erasure, Person, Token


@dataclass(frozen=True)
class Bearer:
    """Whose program shows a token that holds."""

    token_id: int
    team_id: str
    user_id: str
    scopes: frozenset[str]
    ends_at: datetime
    used_at: datetime | None
    known_at: datetime  # when Slack last told who they are


# Whoever left, is being erased, is an app or is unknown has no token that holds. Built once: each
# request runs it.
IS_BEING_ERASED = exists().where(Erasure.team_id == Token.team_id, Erasure.user_id == Token.user_id)
HOLDING = (
    select(Token, Person.read_at)
    .join(Person, and_(Person.team_id == Token.team_id, Person.user_id == Token.user_id))
    .where(
        Token.secret_hash == bindparam("secret_hash"),
        Token.ends_at > bindparam("now"),
        ~Person.is_deactivated,
        ~Person.is_bot,
        ~IS_BEING_ERASED,
    )
)


async def get_bearer(session: AsyncSession, secret_hash: str, *, now: datetime) -> Bearer | None:
    asked = {"secret_hash": secret_hash, "now": now}
    row = (await session.execute(HOLDING, asked)).one_or_none()
    if row is None:
        return None
    token, known_at = row
    return Bearer(
        token.id,
        token.team_id,
        token.user_id,
        frozenset(token.scopes),
        token.ends_at,
        token.used_at,
        known_at,
    )


async def add(session: AsyncSession, **values: Any) -> Token:
    token = Token(**values)
    session.add(token)
    await session.flush()
    return token


async def get_locked(session: AsyncSession, team_id: str, token_id: int) -> Token | None:
    return await session.scalar(
        select(Token).where(Token.team_id == team_id, Token.id == token_id).with_for_update()
    )


async def remove(session: AsyncSession, token: Token) -> None:
    await session.delete(token)
    await session.flush()


async def list_of(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Token]:
    """This person's, the newest first."""
    return (
        await session.scalars(
            select(Token)
            .where(Token.team_id == team_id, Token.user_id == user_id)
            .order_by(Token.made_at.desc(), Token.id.desc())
        )
    ).all()


async def list_all(session: AsyncSession, team_id: str, limit: int) -> Sequence[Token]:
    """Everybody's, those that were used last first."""
    return (
        await session.scalars(
            select(Token)
            .where(Token.team_id == team_id)
            .order_by(func.coalesce(Token.used_at, Token.made_at).desc(), Token.id.desc())
            .limit(limit)
        )
    ).all()


async def remove_of(session: AsyncSession, team_id: str, user_id: str) -> Sequence[str]:
    """All of this person's; the ends of their secrets."""
    theirs = and_(Token.team_id == team_id, Token.user_id == user_id)
    return (await session.scalars(delete(Token).where(theirs).returning(Token.ending))).all()


async def forget_ended(
    session: AsyncSession, team_id: str, user_id: str, *, before: datetime
) -> None:
    await session.execute(
        delete(Token).where(
            Token.team_id == team_id, Token.user_id == user_id, Token.ends_at < before
        )
    )


async def note_used(
    session: AsyncSession, token_id: int, *, now: datetime, unless_since: datetime
) -> None:
    """One of many requests at once writes it."""
    await session.execute(
        update(Token)
        .where(Token.id == token_id)
        .where(or_(Token.used_at.is_(None), Token.used_at < unless_since))
        .values(used_at=now)
    )
