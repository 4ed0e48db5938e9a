"""/kudos export: what one's help did, in a few direct messages.

A file would need a scope of its own (files:write); rich text needs none, is read in Slack, and is
copied into a document with its bullets and links."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import EXPORT, ExportPart
from bot.outbox import Owed
from bot.recognition import exports
from bot.recognition.exports import get_export, owe_page
from bot.workspaces import get_url
from handlers.blocks.recognition.exports import COMES, export_messages
from handlers.blocks.text import Block, sentence
from handlers.outbox import Note, delivers
from handlers.payloads import time_of
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


async def begin_export(pressed: Pressed, sessions: Sessions, written: str) -> Block:
    async with sessions.begin() as session:
        await exports.begin_export(session, **pressed.who, written=written, now=pressed.now)
    return sentence(COMES)


async def send_export(owed: Owed[ExportPart], slack: Slack, sessions: Sessions) -> Note | None:
    """Send one message of it; the next is owed then, so that they are in order."""
    user_id, since, until, number = owed.subject
    async with sessions.read() as session:
        export = await get_export(
            session,
            team_id=owed.team_id,
            user_id=user_id,
            since=datetime.fromtimestamp(since, UTC),
            until=datetime.fromtimestamp(until, UTC),
        )
        url = await get_url(session, owed.team_id)
    messages = export_messages(export, url)
    if number >= len(messages):
        return None
    _, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=user_id, **messages[number]
    )
    if number + 1 == len(messages):
        return None

    async def note(session: AsyncSession) -> None:
        await owe_page(
            session,
            team_id=owed.team_id,
            user_id=user_id,
            since=since,
            until=until,
            number=number + 1,
            now=time_of(message_ts),
        )

    return note


KINDS = (delivers(EXPORT, send_export),)
