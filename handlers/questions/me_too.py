"""Telling those who have it too what solved a question."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import SOLVED_NOTE, QuestionAndPerson
from bot.outbox import Owed
from bot.questions.me_too import get_solved_note, note_told
from bot.workspaces import get_url
from handlers.blocks.questions.me_too import solved_note
from handlers.outbox import Note, delivers
from handlers.quoting import post_quoting
from handlers.slack import Slack
from storage.database import Sessions


async def send_solved_note(
    owed: Owed[QuestionAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    question_id, user_id = owed.subject
    async with sessions.read() as session:
        note = await get_solved_note(session, owed.team_id, question_id, user_id)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None

    async def note_it(session: AsyncSession) -> None:
        await note_told(
            session,
            team_id=owed.team_id,
            question_id=question_id,
            user_id=user_id,
            now=slack.clock(),
        )

    quoted = {question_id: (note.result.question, note.result.solution)}
    shown = solved_note(note, url)
    return await post_quoting(owed, slack, user_id, quoted, shown, note=note_it)


KINDS = (delivers(SOLVED_NOTE, send_solved_note),)
