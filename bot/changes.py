"""What is set in windows: two who change it at once are noticed, and a change can be taken back.

A setting's value is a plain dict of what JSON holds; what it was before is kept."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import CannotBeUndone, ChangedMeanwhile
from storage import changes
from storage.tables import Change

Value = Mapping[str, Any]


def mark_of(value: Value) -> str:
    """What tells whether it is still the same: 16 characters, for a window to carry."""
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


async def check_unchanged(
    session: AsyncSession, *, team_id: str, setting: str, subject: str, value: Value, seen: str
) -> None:
    """`seen`: the mark of the value that the window showed; "" where it showed none."""
    if not seen or mark_of(value) == seen:
        return
    last = await changes.get_last(session, team_id=team_id, setting=setting, subject=subject)
    raise ChangedMeanwhile(last.changed_by if last else "")


async def note_change(
    session: AsyncSession,
    *,
    team_id: str,
    setting: str,
    subject: str,
    before: Value,
    after: Value,
    by: str,
    now: datetime,
) -> int | None:
    """Keep it; its number, or None where nothing changed."""
    if before == after:
        return None
    change = await changes.add(
        session,
        team_id=team_id,
        setting=setting,
        subject=subject,
        before=dict(before),
        after=dict(after),
        changed_by=by,
        changed_at=now,
    )
    return change.id


async def get_undoable(session: AsyncSession, team_id: str, change_id: int) -> Change:
    """The change, held, if it was not taken back yet."""
    change = await changes.get_locked(session, team_id, change_id)
    if change is None or change.undone_at is not None:
        raise CannotBeUndone()
    return change


def check_stands(change: Change, value: Value) -> None:
    """Nobody changed it since."""
    if mark_of(value) != mark_of(change.after):
        raise CannotBeUndone()
