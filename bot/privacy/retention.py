"""How long things are kept, as an admin chose: for the workspace, and for single channels.

What is past that is erased in small steps, as if its messages were deleted. Without a rule
everything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import NotMonths, OpenItAgain
from bot.people import check_is_admin
from bot.privacy.erasing import erase_question
from bot.questions.messages import erase
from bot.rights import get_joined
from storage import channels
from storage.privacy import retention
from storage.questions import answers
from storage.tables import Question, Retention

EVERYWHERE = retention.EVERYWHERE
UNSOLVED, UNFOUND, CLOSED = retention.UNSOLVED, retention.UNFOUND, retention.CLOSED
ALL, ROWS = retention.ALL, retention.ROWS
KINDS = (UNSOLVED, CLOSED, UNFOUND, ALL, ROWS)
MOST_MONTHS = 240
MONTH = timedelta(days=30.44)
AT_ONCE = 5  # questions in one transaction: short enough to keep nobody waiting


@dataclass(frozen=True)
class Kept:
    """A rule. `channel_id`: "" for all channels without one of their own."""

    channel_id: str
    kind: str
    months: int


async def list_rules(session: AsyncSession, team_id: str) -> Sequence[Kept]:
    found = await retention.list_rules(session, team_id)
    return [Kept(each.channel_id, each.kind, each.months) for each in found]


async def get_rules(session: AsyncSession, *, team_id: str, user_id: str) -> Sequence[Kept]:
    """For admins; of the channels that they can read."""
    await check_is_admin(session, team_id, user_id)
    return await list_readable_rules(session, team_id=team_id, user_id=user_id)


async def list_readable_rules(
    session: AsyncSession, *, team_id: str, user_id: str
) -> Sequence[Kept]:
    return [
        rule
        for rule in await list_rules(session, team_id)
        if rule.channel_id == EVERYWHERE
        or await channels.can_read(
            session, team_id=team_id, channel_id=rule.channel_id, user_id=user_id
        )
    ]


def read_months(written: str) -> int:
    """0 for as long as anybody wants."""
    text = written.strip() or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_MONTHS):
        raise NotMonths(MOST_MONTHS)
    return int(text)


def read_kind(written: str | None) -> str:
    if written not in KINDS:
        raise OpenItAgain()
    return written


async def check_may_rule(
    session: AsyncSession, team_id: str, user_id: str, channel_id: str
) -> None:
    await check_is_admin(session, team_id, user_id)
    if channel_id != EVERYWHERE:
        await get_joined(session, team_id, channel_id, user_id)


async def preview_rule(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_id: str,
    kind: str,
    months: int,
    now: datetime,
) -> int:
    """How much this rule would erase now: questions, or rows."""
    await check_may_rule(session, team_id, user_id, channel_id)
    if not months:
        return 0
    before = now - months * MONTH
    if kind == ROWS:
        return await retention.count_rows(session, team_id, before)
    about = {"team_id": team_id, "channel_id": channel_id, "kind": kind}
    return await retention.count_past(session, **about, before=before)


async def set_rule(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_id: str,
    kind: str,
    months: int,
    now: datetime,
) -> None:
    """`months`: 0 takes the rule away."""
    await check_may_rule(session, team_id, user_id, channel_id)
    about = {"team_id": team_id, "channel_id": channel_id, "kind": kind}
    before = await retention.get(session, **about)
    how = {"before": str(before.months) if before else "", "after": str(months or "")}
    if months:
        await retention.save(session, **about, months=months, now=now)
    else:
        await retention.remove(session, **about)
    where = channel_id or None
    noted: dict[str, Any] = {"team_id": team_id, "by": user_id, "channel_id": where, "named": kind}
    await audit.note(session, audit.RETENTION, **noted, **how, now=now)


async def has_past(session: AsyncSession, *, now: datetime) -> bool:
    """Whether anything is past what a rule says."""
    for rule in await retention.list_every(session):
        before = now - rule.months * MONTH
        if rule.kind == ROWS:
            if await retention.count_rows(session, rule.team_id, before):
                return True
        elif await list_past(session, rule, before, limit=1):
            return True
    return False


async def erase_past(session: AsyncSession, *, now: datetime) -> bool:
    """Erase some of it; True when there is more to do."""
    for rule in await retention.list_every(session):
        before = now - rule.months * MONTH
        if rule.kind == ROWS:
            if await retention.forget_rows(session, rule.team_id, before):
                return True
            continue
        found = await list_past(session, rule, before, limit=AT_ONCE)
        for question in found:
            await erase_whole(session, question, now=now)
        if found:
            return True
    return False


async def list_past(
    session: AsyncSession, rule: Retention, before: datetime, *, limit: int
) -> Sequence[Question]:
    about = {"team_id": rule.team_id, "channel_id": rule.channel_id, "kind": rule.kind}
    return await retention.list_past(session, **about, before=before, limit=limit)


async def erase_whole(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """The question and all that was replied to it. Kudos for help that was given stay."""
    await erase_question(session, question, now=now)
    for answer in await answers.list_of(session, question.id):
        place = {"channel_id": answer.channel_id, "message_ts": answer.message_ts}
        await erase(session, team_id=answer.team_id, **place, now=now)
    await session.flush()
