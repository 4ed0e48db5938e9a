"""Who helped hears that it worked: privately, soon, and of what came together in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import WORKED_NOTE
from bot.recognition.saved import ask_saved
from storage import channels, outbox, people
from storage.experts import nudges
from storage.recognition import worked
from storage.tables import Kudos, Question

WORKED = "worked"  # the kind of nudge
TOGETHER_WITHIN = timedelta(minutes=5)  # and a ✅ put on by mistake is off again
TOLD_WITHIN = timedelta(days=2)  # what is older is no news
MOST_LISTED = 10


@dataclass(frozen=True)
class Worked:
    """One question that this person's answer helped with, and who says so."""

    question_id: int
    giver_id: str
    channel_id: str
    thread_ts: str
    text: str
    asker: str  # a name; empty where we know none
    said_by: str | None  # a name; None where it is the asker's own word
    helped: str | None  # the name of somebody who found it later; None where it solved the question
    is_askers: bool = False  # it is the asker's own word that it is solved


@dataclass(frozen=True)
class WorkedNote:
    user_id: str
    listed: tuple[Worked, ...]
    more: int = 0  # that are not listed


async def owe_worked_note(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> None:
    due_at = now + TOGETHER_WITHIN
    await outbox.owe(
        session, WORKED_NOTE, user_id, team_id=team_id, lane=user_id, now=now, due_at=due_at
    )


async def get_worked_note(
    session: AsyncSession, team_id: str, user_id: str, *, now: datetime
) -> WorkedNote | None:
    """What was not told yet, of channels that they can read; None where there is nothing, or they
    want none of it."""
    if await nudges.is_muted(session, team_id=team_id, user_id=user_id, kind=WORKED):
        return None
    person = await people.get(session, team_id, user_id)
    if person is None or person.is_bot or person.is_deactivated:
        return None
    found = await worked.list_untold(session, team_id, user_id, since=now - TOLD_WITHIN)
    told = [each for each in found if await can_read(session, each[1], user_id)]
    if not told:
        return None
    listed = [await worked_of(session, fact, question) for fact, question in told[:MOST_LISTED]]
    return WorkedNote(user_id, tuple(listed), len(told) - len(listed))


async def can_read(session: AsyncSession, question: Question, user_id: str) -> bool:
    place = {"team_id": question.team_id, "channel_id": question.channel_id}
    return await channels.can_read(session, **place, user_id=user_id)


async def worked_of(session: AsyncSession, fact: Kudos, question: Question) -> Worked:
    known = await people.list_known(session, question.team_id, [question.asker_id, fact.giver_id])
    names = {person.user_id: person.name for person in known}
    giver = names.get(fact.giver_id, "")
    is_reused = fact.kind == "reused"
    is_askers = fact.giver_id == question.asker_id
    return Worked(
        question_id=question.id,
        giver_id=fact.giver_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
        asker=names.get(question.asker_id, ""),
        said_by=None if is_reused or is_askers else giver,
        helped=giver if is_reused else None,
        is_askers=is_askers and not is_reused,
    )


async def note_told(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    told: Sequence[Worked],
    now: datetime,
) -> None:
    """They know of these; the same help is told once, also where it is taken back and said
    again."""
    for each in told:
        await worked.note_told(
            session,
            team_id=team_id,
            receiver_id=user_id,
            giver_id=each.giver_id,
            question_id=each.question_id,
            told_at=now,
        )
        if each.is_askers:
            await ask_saved(
                session,
                team_id=team_id,
                question_id=each.question_id,
                user_id=each.giver_id,
                now=now,
            )
