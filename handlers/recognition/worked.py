"""Telling who helped that it worked."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import WORKED_NOTE
from bot.outbox import Owed
from bot.recognition.worked import get_worked_note, note_told
from bot.workspaces import get_url
from handlers.blocks.recognition.worked import worked_note
from handlers.outbox import Note, delivers
from handlers.quoting import post_quoting
from handlers.slack import Slack
from storage.database import Sessions


async def send_worked_note(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    who = {"team_id": owed.team_id, "user_id": owed.subject}
    async with sessions.read() as session:
        note = await get_worked_note(session, **who, now=slack.clock())
        url = await get_url(session, owed.team_id)
    if note is None:
        return None

    async def note_it(session: AsyncSession) -> None:
        await note_told(session, **who, told=note.listed, now=slack.clock())

    quoted = {each.question_id: (each.text,) for each in note.listed}
    shown = worked_note(note, url)
    return await post_quoting(owed, slack, owed.subject, quoted, shown, note=note_it)


KINDS = (delivers(WORKED_NOTE, send_worked_note),)
