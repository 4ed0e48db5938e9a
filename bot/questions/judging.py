"""Somebody else's ✅ on a reply: its question's asker hears of it, privately and once, and can say
that it is so, or that it was not it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import VOUCHED_FOR
from bot.experts.nudges import JUDGED, is_wanted, note_reminded, was_reminded
from bot.kinds import JUDGED_NOTE
from bot.rights import can_see
from storage import outbox, people
from storage.questions import marks, questions, solutions
from storage.tables import Answer, Mark, Question


@dataclass(frozen=True)
class JudgedNote:
    """What the asker reads of another's ✅."""

    question_id: int
    asker_id: str
    channel_id: str
    thread_ts: str
    text: str
    answer_id: int
    reply: str
    author: str  # a name; empty where we know none
    marked_by: str
    counts_at: datetime | None  # when it solves the question, where it is the author's own


def is_others_word(question: Question, standing: Mapping[int, tuple[Answer, Mark]]) -> bool:
    """Whether somebody else than its asker says what solved it."""
    return any(mark.user_id != question.asker_id for _, mark in standing.values())


async def owe_judged_note(session: AsyncSession, question: Question, *, now: datetime) -> None:
    await outbox.owe(
        session,
        JUDGED_NOTE,
        question.id,
        team_id=question.team_id,
        lane=question.asker_id,
        now=now,
    )


async def get_judged_note(
    session: AsyncSession, team_id: str, question_id: int
) -> JudgedNote | None:
    """None where there is nothing to say: they said so themselves, or were told, or are gone."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        return None
    judged = await get_judged(session, question)
    if judged is None or not await may_be_told(session, question):
        return None
    answer, marked_by = judged
    known = await people.list_known(session, team_id, {answer.author_id, marked_by})
    names = {person.user_id: person.name for person in known}
    waits = question.solved_at is None and question.vouched_at is not None
    return JudgedNote(
        question_id=question.id,
        asker_id=question.asker_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
        answer_id=answer.id,
        reply=answer.text,
        author=names.get(answer.author_id, ""),
        marked_by=names.get(marked_by, ""),
        counts_at=question.vouched_at + VOUCHED_FOR if waits and question.vouched_at else None,
    )


async def may_be_told(session: AsyncSession, question: Question) -> bool:
    asker = await people.get(session, question.team_id, question.asker_id)
    if asker is not None and (asker.is_deactivated or asker.is_bot):
        return False
    if await was_reminded(session, question, question.asker_id, JUDGED):
        return False
    if not await is_wanted(session, question.team_id, question.asker_id, JUDGED):
        return False
    return await can_see(session, question, question.asker_id)


async def get_judged(session: AsyncSession, question: Question) -> tuple[Answer, str] | None:
    """The reply that others say solved it, and who says so; the asker's own word ends that."""
    found = await solutions.list_of(session, question.id)
    if any(row.accepted_by == question.asker_id for row, _ in found):
        return None
    if found:
        return found[0][1], found[0][0].accepted_by
    own = await list_own_marks(session, question) if question.vouched_at is not None else []
    return (own[0], own[0].author_id) if own else None


async def list_own_marks(session: AsyncSession, question: Question) -> list[Answer]:
    """Replies of others than the asker with their own author's ✅, and not refused."""
    return [
        answer
        for answer, mark in (await marks.get_thread(session, question.id)).answers
        if mark is not None
        and mark.user_id == answer.author_id != question.asker_id
        and answer.refused_at is None
    ]


async def note_told(
    session: AsyncSession, *, team_id: str, question_id: int, now: datetime
) -> None:
    question = await questions.get(session, team_id, question_id)
    if question is not None:
        await note_reminded(session, question, kind=JUDGED, now=now)
