"""Private messages that quote questions and replies: when the words change, they do not stay."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import QUOTE_GONE, MessageAt
from bot.text import is_mask
from storage import outbox, quoting

Quoted = Mapping[int, Sequence[str]]  # by question: its words, and those of its replies


async def note_quoting(
    session: AsyncSession,
    quoted: Quoted,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    now: datetime,
) -> None:
    """The message is posted. What it quotes may have changed while it was on its way. To who asked
    without a name it leaves no trace: where it is tells who they are."""
    if is_mask(user_id):
        return
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    for question_id, words in sorted(quoted.items()):
        said = await quoting.list_words(session, team_id, question_id)
        await quoting.add(session, question_id=question_id, user_id=user_id, **place)
        if not {*words} <= {*said}:
            await owe_gone(session, **place, now=now)


async def owe_quotes_of(
    session: AsyncSession, team_id: str, question_id: int, *, now: datetime
) -> None:
    """Words of this question or of its replies are no more."""
    for row in await quoting.list_of(session, team_id, question_id):
        place = {"channel_id": row.channel_id, "message_ts": row.message_ts}
        await owe_gone(session, team_id=team_id, **place, now=now)


async def owe_gone(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> None:
    await outbox.owe(
        session,
        QUOTE_GONE,
        MessageAt(channel_id, message_ts),
        team_id=team_id,
        lane=channel_id,
        now=now,
    )


async def forget_quote(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> None:
    await quoting.forget(session, team_id=team_id, channel_id=channel_id, message_ts=message_ts)
