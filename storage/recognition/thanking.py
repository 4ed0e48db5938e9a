"""Where thanks were said."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.recognition.kudos import THANKED
from storage.saving import upsert
from storage.tables import Kudos, ManagerNote, SponsorThanks, ThanksPost


class Posted(NamedTuple):
    channel_id: str
    message_ts: str


async def get(session: AsyncSession, kudos_id: int) -> Posted | None:
    row = await session.get(ThanksPost, kudos_id)
    return None if row is None else Posted(row.channel_id, row.message_ts)


async def note_said(session: AsyncSession, *, team_id: str, kudos_id: int, post: Posted) -> None:
    await upsert(session, ThanksPost, team_id=team_id, kudos_id=kudos_id, **post._asdict())


async def list_of(
    session: AsyncSession, team_id: str, user_id: str, limit: int
) -> Sequence[tuple[Kudos, Posted | None, bool]]:
    """Thanks that one person gave or got, where each was said, and whether from a digest."""
    from_digest = exists().where(SponsorThanks.kudos_id == Kudos.id)
    rows = await session.execute(
        select(Kudos, ThanksPost.channel_id, ThanksPost.message_ts, from_digest)
        .outerjoin(ThanksPost, ThanksPost.kudos_id == Kudos.id)
        .where(Kudos.team_id == team_id, Kudos.kind == THANKED)
        .where(or_(Kudos.giver_id == user_id, Kudos.receiver_id == user_id))
        .order_by(Kudos.id)
        .limit(limit)
    )
    return [
        (fact, Posted(channel_id, ts) if channel_id else None, is_from_digest)
        for fact, channel_id, ts, is_from_digest in rows
    ]


async def forget(session: AsyncSession, kudos_id: int) -> None:
    await session.execute(delete(ThanksPost).where(ThanksPost.kudos_id == kudos_id))


async def list_notes_showing(session: AsyncSession, fact: Kudos) -> Sequence[ManagerNote]:
    """What was sent to managers with these thanks in it."""
    sent = await session.scalars(
        select(ManagerNote).where(
            ManagerNote.team_id == fact.team_id,
            ManagerNote.user_id == fact.receiver_id,
            ManagerNote.agreed_at.is_not(None),
        )
    )
    return [note for note in sent if str(fact.id) in note.thanks]
