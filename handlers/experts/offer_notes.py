"""The one message that lists the questions somebody is asked to take."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.offer_notes import get_offer_note, note_posted
from bot.kinds import OFFER_NOTE
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.experts.offer_notes import offer_note
from handlers.outbox import Note, delivers
from handlers.payloads import time_of
from handlers.slack import Slack
from storage.database import Sessions


async def send_offer_note(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """Make the person's message list what waits for them now. Something new comes as a new
    message, which they are told of; the old one goes."""
    async with sessions.read() as session:
        note = await get_offer_note(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None
    shown = offer_note(note, url)
    if note.message_ts is not None and not note.is_new:
        await slack.touch("chat.update", channel=note.channel_id or "", ts=note.message_ts, **shown)
        return None
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=note.user_id, **shown
    )
    if note.message_ts not in (None, message_ts):
        await slack.touch("chat.delete", channel=channel_id, ts=note.message_ts)

    async def note_it(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            user_id=note.user_id,
            question_ids=[item.question_id for item in note.items],
            channel_id=channel_id,
            message_ts=message_ts,
            now=time_of(message_ts),
        )

    return note_it


KINDS = (delivers(OFFER_NOTE, send_offer_note),)
