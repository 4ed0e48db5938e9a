"""What somebody's help did, and thanking them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    CannotThankBots,
    CannotThankYourself,
    EnoughThanksForThem,
    EnoughThanksForToday,
    GroupIsTooLarge,
    GroupIsUnknown,
    SlackDoesNotSayOfThem,
    ThanksNeedReason,
)
from bot.kinds import THANKS
from bot.people import get_timezone, list_group_members
from bot.recognition.naming import is_unnamed
from bot.recognition.personal import OwnHelp, get_help, plan_personal_digest, start_of_year
from bot.text import plain, shorten
from storage import outbox, people
from storage.recognition import kudos
from storage.recognition import thanking as posts
from storage.recognition.personal import Span
from storage.recognition.thanking import Posted
from storage.saving import insert
from storage.tables import Kudos

THANKS_A_DAY, THANKS_A_WEEK_TO_ONE = 5, 2
MAX_REASON = 500  # characters
EVIDENCE_SHOWN = 5
WEEK = timedelta(weeks=1)
WEEKS_CHARTED, TIMES_CHARTED = 8, 500


@dataclass(frozen=True)
class Evidence:
    question: str
    asker_id: str
    channel_id: str
    message_ts: str
    solved_at: datetime


@dataclass(frozen=True)
class Effect:
    """What one person's help did, as far as the viewer may see the evidence."""

    user_id: str
    solved: int
    people: int
    helped_too: int
    reused: int  # how many people found a solution of theirs later, and said so
    thanked: int
    evidence: tuple[Evidence, ...]
    is_private: bool = False  # they do not want others to be told


@dataclass(frozen=True)
class Page:
    """What /kudos shows: in all, and what of it is of this year."""

    effect: Effect
    year: OwnHelp | None = None  # None: they do not want others to be told


@dataclass(frozen=True)
class Thanks:
    giver_id: str
    receiver_id: str
    reason: str  # empty where its words are no more
    post: Posted | None = None  # where it was said already


async def get_effect(
    session: AsyncSession, *, team_id: str, user_id: str, viewer_id: str
) -> Effect:
    if user_id != viewer_id and await is_unnamed(session, team_id, user_id):
        return Effect(user_id, 0, 0, 0, 0, 0, (), is_private=True)
    counts = await kudos.count_by_kind(session, team_id=team_id, receiver_id=user_id)
    solved, askers = await kudos.count_solved(session, team_id=team_id, receiver_id=user_id)
    shown = await kudos.list_solved(
        session, team_id=team_id, receiver_id=user_id, viewer_id=viewer_id, limit=EVIDENCE_SHOWN
    )
    return Effect(
        user_id=user_id,
        solved=solved,
        people=askers,
        helped_too=counts.get("helped", 0),
        reused=counts.get("reused", 0),
        thanked=counts.get("thanked", 0),
        evidence=tuple(
            Evidence(
                question.text,
                question.asker_id,
                question.channel_id,
                question.message_ts or "",
                solved_at,
            )
            for question, solved_at in shown
        ),
    )


async def count_weeks(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> tuple[int, ...]:
    """How often their help counted in each of the last weeks, the latest last."""
    since = now - WEEKS_CHARTED * WEEK
    counts = [0] * WEEKS_CHARTED
    for given_at in await kudos.list_times(
        session, team_id=team_id, receiver_id=user_id, since=since, limit=TIMES_CHARTED
    ):
        counts[min((given_at - since) // WEEK, WEEKS_CHARTED - 1)] += 1
    return tuple(counts)


async def get_page(
    session: AsyncSession, *, team_id: str, user_id: str, viewer_id: str, now: datetime
) -> Page:
    effect = await get_effect(session, team_id=team_id, user_id=user_id, viewer_id=viewer_id)
    if effect.is_private:
        return Page(effect)
    since = await start_of_year(session, team_id, user_id, now=now)
    span = Span(team_id, user_id, since, now)
    return Page(effect, await get_help(session, span, reader_ids=[viewer_id]))


async def thank_all(
    session: AsyncSession,
    *,
    team_id: str,
    giver_id: str,
    receiver_ids: Sequence[str],
    group_ids: Sequence[str] = (),
    reason: str,
    now: datetime,
) -> Sequence[str]:
    """Thank each of them, and each member of the user groups but oneself, in the same words, or
    nobody; returns whom."""
    members = await list_members(session, team_id, group_ids)
    told = list(dict.fromkeys([*receiver_ids, *(each for each in members if each != giver_id)]))
    if members and not told:
        raise CannotThankYourself()
    if members and len(told) > THANKS_A_DAY:
        raise GroupIsTooLarge(THANKS_A_DAY)
    for receiver_id in told:
        await thank(
            session,
            team_id=team_id,
            giver_id=giver_id,
            receiver_id=receiver_id,
            reason=reason,
            now=now,
        )
    return told


async def list_members(
    session: AsyncSession, team_id: str, group_ids: Sequence[str]
) -> Sequence[str]:
    members: list[str] = []
    for group_id in group_ids:
        known = await list_group_members(session, team_id, group_id)
        if not known:
            raise GroupIsUnknown()
        members += known
    return members


async def thank(
    session: AsyncSession,
    *,
    team_id: str,
    giver_id: str,
    receiver_id: str,
    reason: str,
    now: datetime,
) -> None:
    """Record thanks in the giver's words, and owe the receiver a private note of them."""
    fact_id = await record_thanks(
        session, team_id=team_id, giver_id=giver_id, receiver_id=receiver_id, reason=reason, now=now
    )
    await outbox.owe(session, THANKS, fact_id, team_id=team_id, lane=receiver_id, now=now)


async def record_thanks(
    session: AsyncSession,
    *,
    team_id: str,
    giver_id: str,
    receiver_id: str,
    reason: str,
    channel_id: str | None = None,
    now: datetime,
) -> int:
    """Record thanks, said in that channel or in none; the id of the fact."""
    if giver_id == receiver_id:
        raise CannotThankYourself()
    await people.lock(session, team_id, giver_id)  # thanks given at once count one by one
    receiver = await people.get(session, team_id, receiver_id)
    if receiver is None:
        raise SlackDoesNotSayOfThem(receiver_id)
    if receiver.is_bot or receiver.is_deactivated:
        raise CannotThankBots()
    if not plain(reason):
        raise ThanksNeedReason()
    await check_thanks_left(session, team_id, giver_id, receiver_id, now=now)
    fact_id: int = await session.scalar(
        insert(session, Kudos)
        .values(
            team_id=team_id,
            kind="thanked",
            giver_id=giver_id,
            receiver_id=receiver_id,
            reason=shorten(plain(reason), MAX_REASON),
            channel_id=channel_id,
            given_at=now,
        )
        .returning(Kudos.id)
    )
    await plan_personal_digest(session, team_id=team_id, user_id=receiver_id, now=now)
    return fact_id


async def check_thanks_left(
    session: AsyncSession, team_id: str, giver_id: str, receiver_id: str, *, now: datetime
) -> None:
    """Thanks that cost nothing are worth nothing: a few a day, and fewer a week to one person,
    by the giver's own midnight."""
    local = now.astimezone(ZoneInfo(await get_timezone(session, team_id, giver_id)))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    given = {"team_id": team_id, "giver_id": giver_id}
    if await kudos.count_thanks_since(session, **given, since=midnight) >= THANKS_A_DAY:
        raise EnoughThanksForToday(THANKS_A_DAY)
    monday = midnight - timedelta(days=midnight.weekday())
    to_them = await kudos.count_thanks_since(
        session, **given, receiver_id=receiver_id, since=monday
    )
    if to_them >= THANKS_A_WEEK_TO_ONE:
        raise EnoughThanksForThem()


async def get_thanks(session: AsyncSession, team_id: str, kudos_id: int) -> Thanks | None:
    fact = await kudos.get(session, team_id, kudos_id)
    if fact is None:
        return None
    post = await posts.get(session, kudos_id)
    return Thanks(fact.giver_id, fact.receiver_id, fact.reason or "", post)


async def note_thanks_said(
    session: AsyncSession, *, team_id: str, kudos_id: int, channel_id: str, message_ts: str
) -> None:
    where = Posted(channel_id, message_ts)
    await posts.note_said(session, team_id=team_id, kudos_id=kudos_id, post=where)
