"""/kudos export: what one's help did, in a direct message to read and as a document to keep."""

from datetime import UTC, datetime

from bot.kinds import EXPORT, ExportSpan
from bot.outbox import Owed
from bot.recognition import exports
from bot.recognition.exports import get_export
from bot.workspaces import get_url
from handlers.blocks.recognition.exports import (
    COMES,
    FILE_TITLE,
    export_message,
    file_name,
    lines_of,
)
from handlers.blocks.text import Block, sentence
from handlers.documents import to_docx
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.slack import File, Slack
from storage.database import Sessions


async def begin_export(pressed: Pressed, sessions: Sessions, written: str) -> Block:
    async with sessions.begin() as session:
        await exports.begin_export(session, **pressed.who, written=written, now=pressed.now)
    return sentence(COMES)


async def send_export(owed: Owed[ExportSpan], slack: Slack, sessions: Sessions) -> Note | None:
    user_id, since, until = owed.subject
    async with sessions.read() as session:
        export = await get_export(
            session,
            team_id=owed.team_id,
            user_id=user_id,
            since=datetime.fromtimestamp(since, UTC),
            until=datetime.fromtimestamp(until, UTC),
        )
        url = await get_url(session, owed.team_id)
    await slack.send_files(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=user_id,
        files=[File(file_name(export), FILE_TITLE, to_docx(lines_of(export, url)))],
        **export_message(export, url),
    )
    return None


KINDS = (delivers(EXPORT, send_export),)
