"""Telling one's manager what one's help did.

A person chooses whom, writes what, sees exactly what will be sent, and agrees to that. What is
kept is what they saw: their words, and which questions with which words. At the moment of
sending, that can only become less."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    CannotTellThem,
    CannotTellYourself,
    NoteIsGone,
    NothingToTell,
    NothingWritten,
    SlackDoesNotSayOfThem,
    ToldEnoughToday,
)
from bot.kinds import MANAGER_NOTE
from bot.people import is_known
from bot.recognition.digests import MANAGER, plan_monthly
from bot.recognition.naming import is_unnamed
from bot.recognition.personal import HelpedQuestion, OwnHelp, Thanked, get_help, start_of_year
from bot.text import clip, plain
from storage import outbox, people
from storage.recognition import managers, personal
from storage.recognition.personal import Span
from storage.tables import ManagerNote, Question
from storage.types import clean

WEEK, TWO_WEEKS, THREE_WEEKS, WEEKS, YEAR = "week", "weeks2", "weeks3", "weeks", "year"
SPANS = {
    WEEK: timedelta(weeks=1),
    TWO_WEEKS: timedelta(weeks=2),
    THREE_WEEKS: timedelta(weeks=3),
    WEEKS: timedelta(weeks=4),
}
MAX_TEXT = 1500  # characters
QUESTIONS_SHOWN, THANKS_SHOWN = 10, 10
TOLD_A_DAY = 3  # to the same manager
DRAFTS_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class ShownThanks:
    kudos_id: int
    giver_id: str | None  # None: they do not want to be named
    reason: str


@dataclass(frozen=True)
class Draft:
    """What there is to tell this manager: only questions that both can read."""

    manager_id: str
    period: str
    help: OwnHelp
    told: tuple[HelpedQuestion, ...]
    thanks: tuple[ShownThanks, ...] = ()  # the newest first


@dataclass(frozen=True)
class Note:
    """What a manager reads, or will."""

    note_id: int
    user_id: str
    manager_id: str
    text: str
    period: str
    told: tuple[HelpedQuestion, ...]
    elsewhere: int  # questions that are only counted
    channel_id: str | None  # where it is posted already
    message_ts: str | None
    thanks: tuple[ShownThanks, ...] = ()


async def get_last_manager(session: AsyncSession, *, team_id: str, user_id: str) -> str | None:
    """Whom this person told last, if that is still possible."""
    manager_id = await managers.get_last_manager(session, team_id, user_id)
    is_possible = manager_id and await can_be_told(session, team_id, manager_id)
    return manager_id if is_possible else None


async def can_be_told(session: AsyncSession, team_id: str, manager_id: str) -> bool:
    """A colleague who is here; who is unknown may be anybody."""
    person = await people.get(session, team_id, manager_id)
    if person is None or person.is_bot or person.is_deactivated:
        return False
    return not (person.is_guest or person.is_external)


async def draft(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    manager_id: str,
    period: str,
    now: datetime,
) -> Draft:
    """What this person's help did, as far as the manager may see it."""
    if manager_id == user_id:
        raise CannotTellYourself()
    if manager_id and not await is_known(session, team_id, manager_id):
        raise SlackDoesNotSayOfThem(manager_id, field="manager")
    if not await can_be_told(session, team_id, manager_id):
        raise CannotTellThem()
    since = await start_of(session, team_id, user_id, period, now=now)
    span = Span(team_id, user_id, since, now)
    told = await get_help(session, span, reader_ids=[user_id, manager_id])
    if not told.is_any:
        raise NothingToTell()
    thanks = await showable(session, team_id, told.thanks)
    return Draft(manager_id, period, told, told.told[:QUESTIONS_SHOWN], thanks[:THANKS_SHOWN])


async def showable(
    session: AsyncSession, team_id: str, thanks: Sequence[Thanked]
) -> tuple[ShownThanks, ...]:
    """Those that have words, the newest first."""
    said = [each for each in reversed(thanks) if each.reason]
    givers = {each.giver_id for each in said}
    unnamed = {each for each in givers if await is_unnamed(session, team_id, each)}
    return tuple(
        ShownThanks(each.kudos_id, None if each.giver_id in unnamed else each.giver_id, each.reason)
        for each in said
    )


async def start_of(
    session: AsyncSession, team_id: str, user_id: str, period: str, *, now: datetime
) -> datetime:
    if period in SPANS:
        return now - SPANS[period]
    return await start_of_year(session, team_id, user_id, now=now)


async def write_note(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    manager_id: str,
    period: str,
    text: str,
    question_ids: Collection[int],
    thanks_ids: Collection[int] = (),
    now: datetime,
) -> Note:
    """Keep what is to be shown before it is sent; nothing is sent yet."""
    begun = await draft(
        session, team_id=team_id, user_id=user_id, manager_id=manager_id, period=period, now=now
    )
    if not plain(text):
        raise NothingWritten()
    await managers.forget_drafts(
        session, team_id=team_id, user_id=user_id, before=now - DRAFTS_KEPT_FOR
    )
    row = ManagerNote(
        team_id=team_id,
        user_id=user_id,
        manager_id=manager_id,
        text=clip(clean(text), MAX_TEXT),
        period=period if period in SPANS else YEAR,
        since=await start_of(session, team_id, user_id, period, now=now),
        drafted_at=now,
        shown={
            str(each.question_id): mark_of(each.text)
            for each in begun.told
            if each.question_id in question_ids
        },
        thanks={
            str(each.kudos_id): mark_of(each.reason)
            for each in begun.thanks
            if each.kudos_id in thanks_ids
        },
        elsewhere=begun.help.solved_elsewhere,
    )
    session.add(row)
    await session.flush()
    return await note_of(session, row)


def mark_of(words: str) -> str:
    """Tells whether the words are still the same, without keeping them."""
    return sha256(words.encode()).hexdigest()[:16]


async def note_of(session: AsyncSession, row: ManagerNote) -> Note:
    span = Span(row.team_id, row.user_id, row.since, row.drafted_at)
    found = await get_help(session, span, reader_ids=[row.user_id, row.manager_id])
    thanks = await showable(session, row.team_id, found.thanks) if row.thanks else ()
    return Note(
        row.id,
        row.user_id,
        row.manager_id,
        row.text,
        row.period,
        tuple(
            each
            for each in found.told
            if row.shown.get(str(each.question_id)) == mark_of(each.text)
        ),
        row.elsewhere,
        row.channel_id,
        row.message_ts,
        tuple(
            each for each in thanks if row.thanks.get(str(each.kudos_id)) == mark_of(each.reason)
        ),
    )


async def send_note(
    session: AsyncSession, *, team_id: str, user_id: str, note_id: int, now: datetime
) -> str:
    """This person agreed to what they saw: owe it to the manager, once; who that is."""
    await people.lock(session, team_id, user_id)  # what is sent at once counts one by one
    row = await managers.get(session, team_id, note_id)
    if row is None or row.user_id != user_id:
        raise NoteIsGone()
    if row.agreed_at is None:
        await check_may_tell(session, row, now=now)
        row.agreed_at = now
        await owe_note(session, row, now=now)
        about = {"team_id": team_id, "user_id": row.manager_id}
        await plan_monthly(session, **about, kind=MANAGER, now=now)
    return row.manager_id


async def check_may_tell(session: AsyncSession, row: ManagerNote, *, now: datetime) -> None:
    if not await can_be_told(session, row.team_id, row.manager_id):
        raise CannotTellThem()
    told = await managers.count_agreed(
        session,
        team_id=row.team_id,
        user_id=row.user_id,
        manager_id=row.manager_id,
        since=now - timedelta(days=1),
    )
    if told >= TOLD_A_DAY:
        raise ToldEnoughToday(TOLD_A_DAY)


async def owe_note(session: AsyncSession, row: ManagerNote, *, now: datetime) -> None:
    await outbox.owe(
        session, MANAGER_NOTE, row.id, team_id=row.team_id, lane=row.manager_id, now=now
    )


async def get_manager_note(session: AsyncSession, team_id: str, note_id: int) -> Note | None:
    """What the manager is to read, if its writer agreed to it."""
    row = await managers.get(session, team_id, note_id)
    if row is None or row.agreed_at is None:
        return None
    if row.message_ts is None and not await can_be_told(session, team_id, row.manager_id):
        return None
    return await note_of(session, row)


async def note_told(
    session: AsyncSession, *, team_id: str, note_id: int, channel_id: str, message_ts: str
) -> None:
    row = await managers.get(session, team_id, note_id)
    if row is not None:
        row.channel_id, row.message_ts = channel_id, message_ts


async def owe_notes_telling(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Words of this question are no more: owe the notes that tell of it."""
    helped = await personal.list_receivers(session, question.id)
    for row in await managers.list_sent_by(session, question.team_id, helped, question.asked_at):
        if str(question.id) in row.shown:
            await owe_note(session, row, now=now)
