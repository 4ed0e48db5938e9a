"""The pane: asking the bot in plain words, in one's own conversation with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import PANE_ANSWER, MessageAt
from bot.people import read_out
from bot.text import headline
from storage import outbox
from storage.finding import pane

HELPED_WITHIN = timedelta(days=90)
MOST_PROMPTS = 3


async def owe_answer(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_id: str,
    message_ts: str,
    thread_ts: str | None,
    words: str,
    is_reply_to_us: bool = False,
    now: datetime,
) -> None:
    """Owe an answer to what somebody wrote to the bot. It is kept until it is answered, and no
    longer. `is_reply_to_us`: below something that the bot told them."""
    asked = {"user_id": user_id, "words": words, "thread_ts": thread_ts}
    subject = MessageAt(channel_id, message_ts)
    await outbox.owe(
        session,
        PANE_ANSWER,
        subject,
        team_id=team_id,
        lane=f"pane:{channel_id}",  # what the bot has to tell them besides does not wait for it
        payload={**asked, "is_reply_to_us": is_reply_to_us},
        now=now,
    )


async def list_prompts(
    session: AsyncSession, *, team_id: str, user_id: str, now: datetime
) -> Sequence[str]:
    """Questions to begin with: whose answers helped most people lately, of those that this person
    may read, each as it was asked, in a line."""
    since = now - HELPED_WITHIN
    asked = await pane.list_most_helpful(session, team_id, user_id, since, MOST_PROMPTS)
    return [headline(await read_out(session, team_id=team_id, text=text)) for text in asked]
