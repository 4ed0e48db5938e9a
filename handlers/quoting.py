"""Posting privately what quotes a question, and taking the words back when they are."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import QUOTE_GONE, MessageAt
from bot.outbox import Owed
from bot.quoting import Quoted, forget_quote, note_quoting
from handlers.blocks.quoting import WORDS_ARE_GONE
from handlers.blocks.text import message, section
from handlers.outbox import Note, delivers
from handlers.slack import Slack
from storage.database import Sessions


async def post_quoting(
    owed: Owed[Any],
    slack: Slack,
    user_id: str,
    quoted: Quoted,
    shown: dict[str, Any],
    *,
    note: Note | None = None,
) -> Note:
    """Post this once to a person alone, and say what is to be noted then, beside the caller's
    `note`."""
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=user_id, **shown
    )

    async def note_it(session: AsyncSession) -> None:
        if note is not None:
            await note(session)
        await note_quoting(
            session,
            quoted,
            team_id=owed.team_id,
            channel_id=channel_id,
            message_ts=message_ts,
            user_id=user_id,
            now=slack.clock(),
        )

    return note_it


async def take_words_back(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    channel_id, message_ts = owed.subject
    await slack.touch(
        "chat.update",
        channel=channel_id,
        ts=message_ts,
        **message(WORDS_ARE_GONE, [section(WORDS_ARE_GONE)]),
    )
    place = {"team_id": owed.team_id, "channel_id": channel_id, "message_ts": message_ts}
    return lambda session: forget_quote(session, **place)


KINDS = (delivers(QUOTE_GONE, take_words_back),)
