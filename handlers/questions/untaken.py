"""Telling an asker where their question went that nobody took."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import UNTAKEN_NOTE
from bot.outbox import Owed
from bot.questions.untaken import get_untaken_note, note_told
from bot.workspaces import get_url
from handlers.blocks.questions.untaken import untaken_note
from handlers.outbox import Note, delivers
from handlers.quoting import post_quoting
from handlers.slack import Slack
from storage.database import Sessions


async def send_untaken_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        note = await get_untaken_note(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None

    async def note_it(session: AsyncSession) -> None:
        await note_told(session, owed.team_id, owed.subject, now=slack.clock())

    quoted, shown = {owed.subject: (note.card.text,)}, untaken_note(note, url)
    return await post_quoting(owed, slack, note.card.asker_id, quoted, shown, note=note_it)


KINDS = (delivers(UNTAKEN_NOTE, send_untaken_note),)
