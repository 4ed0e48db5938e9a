"""Telling an asker of somebody else's ✅, and *That was not it*."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import JUDGED_NOTE
from bot.outbox import Owed
from bot.questions.judging import get_judged_note, note_told
from bot.questions.refusals import refuse
from bot.workspaces import get_url
from handlers.blocks.buttons import REFUSE
from handlers.blocks.questions.judging import judged_note, refused
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.quoting import post_quoting
from handlers.replying import IN_PLACE
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(REFUSE)(on_refuse)


async def on_refuse(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        is_refused = await refuse(session, **pressed.question)
    await respond(**IN_PLACE, text=refused(is_refused))
    await ack()


async def send_judged_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        note = await get_judged_note(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None

    async def note_it(session: AsyncSession) -> None:
        await note_told(session, team_id=owed.team_id, question_id=owed.subject, now=slack.clock())

    quoted, shown = {owed.subject: (note.text, note.reply)}, judged_note(note, url)
    return await post_quoting(owed, slack, note.asker_id, quoted, shown, note=note_it)


KINDS = (delivers(JUDGED_NOTE, send_judged_note),)
