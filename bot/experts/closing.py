"""Ends of questions that nothing solved: their askers need no answer any more or have left,
nobody could answer them, or nobody said whether what was answered worked."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import owe_card_and_marker
from bot.kinds import UNANSWERED_NOTE
from bot.text import MAX_TEXT, cut
from storage import outbox
from storage.questions import answers, merging, questions
from storage.tables import Question

# Why it is closed: its asker says so, or is gone; nobody could answer it; nobody said whether
# what was answered worked.
OVER, LEFT, NO_ANSWER, UNMARKED = "over", "left", "no_answer", "unmarked"
CLOSE_AFTER = timedelta(days=1)  # an asker who said that it is over can say otherwise


async def close(session: AsyncSession, question: Question, why: str, *, now: datetime) -> None:
    """End it; who calls holds it, and plans its next step."""
    question.closed_at, question.closed_why, question.over_at = now, why, None
    await follow_edits(session, question)
    await owe_card_and_marker(session, question, now=now)


async def follow_edits(session: AsyncSession, question: Question) -> None:
    """Words that an edit took back were kept until it was sure that nobody needs them."""
    parts = await questions.list_parts(session, question.id)
    if all(part.edited_to is None for part in parts):
        return
    for part in parts:
        if part.edited_to is not None:
            part.text, part.edited_to = part.edited_to, None
    question.text = cut("\n".join(part.text for part in parts if part.text), MAX_TEXT)


async def is_waited_for(session: AsyncSession, question: Question) -> bool:
    """Whether somebody else than its asker needs the answer too."""
    if await answers.list_who_have_it_too(session, question):
        return True
    return bool(await merging.list_merged(session, question.id))


async def give_up(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Nobody could answer it, though it was told again for weeks: end it quietly. Its asker hears,
    and can open it again. Who calls holds it, and plans its next step."""
    await close(session, question, NO_ANSWER, now=now)
    await outbox.owe(
        session,
        UNANSWERED_NOTE,
        question.id,
        team_id=question.team_id,
        lane=question.asker_id,
        now=now,
    )
