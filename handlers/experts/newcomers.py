"""Telling who runs a topic that a newcomer's first question has no reply."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.newcomers import get_newcomer_note, note_told
from bot.kinds import NEWCOMER_NOTE, QuestionAndPerson
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.experts.newcomers import newcomer_note
from handlers.outbox import Note, delivers
from handlers.quoting import post_quoting
from handlers.slack import Slack
from storage.database import Sessions


async def send_newcomer_note(
    owed: Owed[QuestionAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    question_id, user_id = owed.subject
    async with sessions.read() as session:
        waiting = await get_newcomer_note(session, owed.team_id, question_id, user_id)
        url = await get_url(session, owed.team_id)
    if waiting is None:
        return None

    async def note(session: AsyncSession) -> None:
        await note_told(
            session,
            team_id=owed.team_id,
            question_id=waiting.question_id,
            user_id=user_id,
            now=slack.clock(),
        )

    quoted, shown = {question_id: (waiting.text,)}, newcomer_note(waiting, url)
    return await post_quoting(owed, slack, user_id, quoted, shown, note=note)


KINDS = (delivers(NEWCOMER_NOTE, send_newcomer_note),)
