"""Messages that are read in Slack, because we did not hear them as questions."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import READ_QUESTION, MessageAt
from storage import outbox


async def owe_reading(
    session: AsyncSession,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str | None,
    *,
    now: datetime,
) -> None:
    """Owe a look in Slack at a message that is a question because this person said so."""
    await outbox.owe(
        session,
        READ_QUESTION,
        MessageAt(channel_id, message_ts),
        team_id=team_id,
        lane=channel_id,
        payload={"user_id": user_id},
        now=now,
    )
