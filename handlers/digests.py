"""Posting the weekly digests."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.digests import get_weekly_digest, note_posted, note_quiet
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.digests import weekly_digest
from handlers.outbox import Deliver, Note
from handlers.payloads import time_of
from handlers.slack import Slack
from storage.database import Sessions


async def send_weekly_digest(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Post what the week has to say; a week with nothing to say stays quiet."""
    channel_id, slot = owed.subject.split(":")
    where = {"team_id": owed.team_id, "channel_id": channel_id, "slot": slot}
    async with sessions.read() as session:
        digest = await get_weekly_digest(session, **where)
        url = await get_url(session, owed.team_id)
    if digest is None or digest.message_ts is not None:
        return None
    if not digest.has_news:
        return lambda session: note_quiet(session, **where, now=owed.owed_at)
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=channel_id,
        **weekly_digest(digest, url),
    )

    async def note(session: AsyncSession) -> None:
        await note_posted(session, **where, message_ts=message_ts, now=time_of(message_ts))

    return note


KINDS: dict[str, Deliver] = {"weekly_digest": send_weekly_digest}
