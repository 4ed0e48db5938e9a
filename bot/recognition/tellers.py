"""Who told a manager what their help did, as the manager sees it: a card for each, and one of them
suggested each month to be thanked in person.

A manager sees what somebody chose to show them, and nothing that came after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.recognition.digests import MANAGER, comes_monthly, switch_monthly
from bot.recognition.managers import Note, note_of
from bot.recognition.personal import HelpedQuestion, gets_digests
from storage.recognition import digests, tellers
from storage.tables import DigestRun, ManagerNote

TOLD_SINCE = timedelta(days=180)
CARDS_SHOWN = 10


@dataclass(frozen=True)
class Teller:
    user_id: str
    told_at: datetime


@dataclass(frozen=True)
class TellerCard:
    """What this person chose to show last."""

    note: Note
    told_at: datetime
    thanked_at: datetime | None  # since they told it


@dataclass(frozen=True)
class TellersPage:
    cards: tuple[TellerCard, ...]  # the last one first
    more: int  # who told something before these
    is_monthly: bool  # one of them is suggested each month


@dataclass(frozen=True)
class Suggestion:
    """Whom to thank in person, for what they chose to show in the month."""

    team_id: str
    manager_id: str
    slot: str
    user_id: str | None  # None: nobody is left
    note_id: int | None = None
    told: tuple[HelpedQuestion, ...] = ()  # what helped most others first
    channel_id: str | None = None  # where it is posted already
    message_ts: str | None = None

    @property
    def people(self) -> int:
        """How many different askers there are in it."""
        return len({each.asker_id for each in self.told})


async def list_tellers(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> tuple[Teller, ...]:
    """For App Home: who told this person of their help lately."""
    since = now - TOLD_SINCE
    told = await tellers.list_told(session, team_id=team_id, manager_id=user_id, since=since)
    return tuple(Teller(*each) for each in told)


async def get_tellers_page(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> TellersPage:
    since = now - TOLD_SINCE
    told = await tellers.list_notes(session, team_id=team_id, manager_id=user_id, since=since)
    notes = newest_of_each(told)
    thanked = await tellers.list_thanked(session, team_id=team_id, giver_id=user_id, since=since)
    about = {"team_id": team_id, "user_id": user_id}
    return TellersPage(
        cards=tuple([await card_of(session, row, thanked) for row in notes[:CARDS_SHOWN]]),
        more=max(0, len(notes) - CARDS_SHOWN),
        is_monthly=await comes_monthly(session, **about, kind=MANAGER),
    )


def newest_of_each(notes: Sequence[ManagerNote]) -> list[ManagerNote]:
    newest: dict[str, ManagerNote] = {}
    for row in notes:
        newest.setdefault(row.user_id, row)
    return list(newest.values())


async def card_of(
    session: AsyncSession, row: ManagerNote, thanked: dict[str, datetime]
) -> TellerCard:
    told_at = row.agreed_at or row.drafted_at
    thanked_at = thanked.get(row.user_id)
    is_since = thanked_at is not None and thanked_at >= told_at
    return TellerCard(await note_of(session, row), told_at, thanked_at if is_since else None)


async def suggest_monthly(
    session: AsyncSession, *, team_id: str, user_id: str, is_wanted: bool, now: datetime
) -> bool:
    about = {"team_id": team_id, "user_id": user_id}
    return await switch_monthly(session, **about, kind=MANAGER, is_wanted=is_wanted, now=now)


async def get_suggestion(
    session: AsyncSession, *, team_id: str, manager_id: str, slot: str
) -> Suggestion | None:
    """Whom to suggest in that month, as it stands now; None where nothing is to be sent."""
    about = {"team_id": team_id, "subject": manager_id}
    run = await digests.get_run(session, kind=MANAGER, slot=slot, **about)
    if run is None or run.skipped_at is not None or run.quiet_at is not None:
        return None
    if run.message_ts is None and not await is_wanted(session, team_id, manager_id):
        return None
    rows = await tellers.list_notes(
        session, team_id=team_id, manager_id=manager_id, since=run.since, until=run.until
    )
    thanked = await tellers.list_thanked(
        session, team_id=team_id, giver_id=manager_id, since=run.since
    )
    cards = [await card_of(session, row, thanked) for row in newest_of_each(rows)]
    return suggestion_of(run, cards)


async def is_wanted(session: AsyncSession, team_id: str, manager_id: str) -> bool:
    about = {"team_id": team_id, "user_id": manager_id}
    if not await comes_monthly(session, **about, kind=MANAGER):
        return False
    return await gets_digests(session, team_id, manager_id)


def suggestion_of(run: DigestRun, cards: Sequence[TellerCard]) -> Suggestion:
    """Who was not thanked since, and of them who showed most; one that is posted stays with whom
    it names."""
    if run.message_ts is None:
        waiting = [card for card in cards if card.thanked_at is None]
    else:
        waiting = [card for card in cards if card.note.user_id in run.named]
    card = max(waiting, key=lambda each: len(each.note.told), default=None)
    where = (run.channel_id, run.message_ts)
    if card is None:
        return Suggestion(run.team_id, run.subject, run.slot, None, None, (), *where)
    note = card.note
    return Suggestion(
        run.team_id, run.subject, run.slot, note.user_id, note.note_id, note.told, *where
    )
