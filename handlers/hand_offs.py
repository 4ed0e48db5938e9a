"""Handing a question off to the helpdesk's channel."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.hand_offs import get_hand_off, note_posted
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.hand_offs import hand_off_message
from handlers.outbox import Deliver, Note
from handlers.slack import Slack
from storage.database import Sessions


async def send_hand_off(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the helpdesk's channel, or make its message say how things stand now."""
    async with sessions.read() as session:
        hand_off = await get_hand_off(session, owed.team_id, int(owed.subject))
        url = await get_url(session, owed.team_id)
    if hand_off is None:
        return None
    shown = hand_off_message(hand_off, url)
    if hand_off.message_ts is not None:
        await slack.touch(
            "chat.update",
            channel=hand_off.hand_off_channel_id,
            ts=hand_off.message_ts,
            **shown,
        )
        return None
    if hand_off.is_solved or hand_off.is_withdrawn or hand_off.is_merged:
        return None
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=hand_off.hand_off_channel_id,
        **shown,
    )

    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            question_id=hand_off.question_id,
            message_ts=message_ts,
        )

    return note


KINDS: dict[str, Deliver] = {"hand_off": send_hand_off}
