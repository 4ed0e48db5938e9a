"""Others who have what was asked about too: they hear, once and privately, what solved it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.nudges import ME_TOO, is_wanted, note_reminded, was_reminded
from bot.finding.find import Result, results_of
from bot.kinds import SOLVED_NOTE, QuestionAndPerson
from bot.rights import can_see
from storage import outbox
from storage.questions import answers, questions, solutions
from storage.tables import Question


@dataclass(frozen=True)
class SolvedNote:
    user_id: str
    result: Result


async def owe_solved_notes(session: AsyncSession, question: Question, *, now: datetime) -> None:
    for user_id in await answers.list_who_have_it_too(session, question):
        await outbox.owe(
            session,
            SOLVED_NOTE,
            QuestionAndPerson(question.id, user_id),
            team_id=question.team_id,
            lane=user_id,
            now=now,
        )


async def get_solved_note(
    session: AsyncSession, team_id: str, question_id: int, user_id: str
) -> SolvedNote | None:
    """None where it is open again, was theirs to solve, or they may or want not be told."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None or question.solved_at is None:
        return None
    if await was_reminded(session, question, user_id, ME_TOO):
        return None
    if not await is_wanted(session, team_id, user_id, ME_TOO):
        return None
    accepted = await solutions.answering(session, question)
    if accepted is None or accepted[1].author_id == user_id:
        return None
    shown = await results_of(session, team_id, [accepted[0].question_id])
    solved = await questions.get(session, team_id, accepted[0].question_id)
    if not shown or solved is None or not await can_see(session, solved, user_id):
        return None
    return SolvedNote(user_id, shown[0])


async def note_told(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    question = await questions.get(session, team_id, question_id)
    if question is not None:
        await note_reminded(session, question, user_id, ME_TOO, now=now)
