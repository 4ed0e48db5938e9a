"""What an asker hears, once, when nobody took their question: where it went, or that it waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import QuestionCard, get_card
from bot.experts.nudges import UNTAKEN, is_wanted, note_reminded, was_reminded
from bot.experts.steps import HAND_OFF, REST
from bot.rights import can_see
from storage.experts import offers
from storage.questions import questions


@dataclass(frozen=True)
class UntakenNote:
    card: QuestionCard  # how it stands
    was_anybody_asked: bool


async def get_untaken_note(
    session: AsyncSession, team_id: str, question_id: int
) -> UntakenNote | None:
    """None where it is taken, answered or over by now, where its asker was told before or does not
    want it, and where nobody could be asked: that its card said at once."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.stage not in (HAND_OFF, REST):
        return None
    card = await get_card(session, team_id, question_id)
    if card is None or not card.is_waiting:
        return None
    was_anybody_asked = bool(await offers.list_of(session, question.id))
    if question.stage == REST and not was_anybody_asked:
        return None
    if not await is_wanted(session, team_id, question.asker_id, UNTAKEN):
        return None
    if await was_reminded(session, question, question.asker_id, UNTAKEN):
        return None
    if not await can_see(session, question, question.asker_id):
        return None
    return UntakenNote(card, was_anybody_asked)


async def note_told(
    session: AsyncSession, team_id: str, question_id: int, *, now: datetime
) -> None:
    question = await questions.get(session, team_id, question_id)
    if question is not None:
        await note_reminded(session, question, kind=UNTAKEN, now=now)
