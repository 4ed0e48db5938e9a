"""A question's card, and the bot's reaction on the asker's message."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import get_card, get_marker, note_card, note_marker, note_shown
from bot.kinds import QUESTION_CARD, QUESTION_MARKER
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.experts.cards import explained, question_card
from handlers.outbox import Note, delivers
from handlers.payloads import Payload
from handlers.slack import GONE, Refused, Slack
from storage.database import Sessions


async def send_card(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Post the card, or make the posted one say how things stand now."""
    async with sessions.read() as session:
        card = await get_card(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if card is None:
        return None
    if card.is_withdrawn:
        return await delete_card(owed, slack, card.channel_id, card.card_ts, card.thread_ts)
    message = explained(question_card(card, url), card)
    if card.card_ts is not None:
        await slack.call("chat.update", channel=card.channel_id, ts=card.card_ts, **message)
        return lambda session: note_shown(session, card, now=slack.clock())
    place = {"channel": card.channel_id, "thread_ts": card.thread_ts}
    try:
        card_ts = await slack.post(key=owed.key, is_uncertain=owed.is_uncertain, **place, **message)
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
        return None  # its asker deleted it; we hear of that next

    async def note(session: AsyncSession) -> None:
        await note_card(session, owed.team_id, card.question_id, card_ts)
        await note_shown(session, card, now=slack.clock())

    return note


async def delete_card(
    owed: Owed[int], slack: Slack, channel_id: str, card_ts: str | None, thread_ts: str
) -> Note | None:
    if card_ts is None and owed.is_uncertain:
        card_ts = await slack.find_posted(channel_id, thread_ts, owed.key)
    if card_ts is None:
        return None
    await slack.touch("chat.delete", channel=channel_id, ts=card_ts)
    return lambda session: note_card(session, owed.team_id, owed.subject, None)


async def send_marker(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Make the bot's reaction on the asker's message say how things stand now."""
    async with sessions.read() as session:
        marker = await get_marker(session, owed.team_id, owed.subject)
    if marker is None or marker.present == marker.wanted:
        return None
    place = {"channel": marker.channel_id, "timestamp": marker.message_ts}
    if marker.present:
        await react(slack, "reactions.remove", place, marker.present, fine="no_reaction")
    if marker.wanted:
        await react(slack, "reactions.add", place, marker.wanted, fine="already_reacted")
    return lambda session: note_marker(session, owed.team_id, owed.subject, marker.wanted)


async def react(slack: Slack, method: str, place: Payload, name: str, *, fine: str) -> None:
    try:
        await slack.call(method, **place, name=name)
    except Refused as refusal:
        if refusal.code not in (fine, *GONE):
            raise


KINDS = (
    delivers(QUESTION_CARD, send_card),
    delivers(QUESTION_MARKER, send_marker),
)
