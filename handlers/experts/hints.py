"""The private hint to the asker of a question that says too little."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.hints import get_hint, note_hinted
from bot.kinds import THIN_HINT
from bot.outbox import Owed
from handlers.blocks.experts.hints import thin_hint
from handlers.outbox import Note, delivers
from handlers.slack import Slack
from storage.database import Sessions


async def send_thin_hint(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Say what experts will ask. Private, so it cannot be looked up: at most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        hint = await get_hint(session, owed.team_id, owed.subject)
    if hint is None:
        return None
    await slack.call(
        "chat.postEphemeral", channel=hint.channel_id, user=hint.asker_id, **thin_hint(hint)
    )

    async def note(session: AsyncSession) -> None:
        await note_hinted(
            session, team_id=owed.team_id, question_id=hint.question_id, now=slack.clock()
        )

    return note


KINDS = (delivers(THIN_HINT, send_thin_hint),)
