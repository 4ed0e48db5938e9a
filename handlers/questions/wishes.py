"""What people are told of what is kept: once each, and privately."""

from bot.kinds import KEPT_NOTICE, STAYED_OUT_NOTE, MessageAndPerson
from bot.outbox import Owed
from bot.questions.wishes import get_asker
from handlers.blocks.questions.wishes import kept_notice, not_kept_note
from handlers.blocks.text import Block
from handlers.outbox import Note, delivers
from handlers.slack import Refused, Slack
from storage.database import Sessions


async def send_kept_notice(
    owed: Owed[MessageAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    channel_id, _, user_id = owed.subject
    await whisper(slack, channel_id, user_id, kept_notice(), is_uncertain=owed.is_uncertain)
    return None


async def send_not_kept_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        asker = await get_asker(session, owed.team_id, owed.subject)
    if asker is not None:
        channel_id, thread_ts, user_id = asker
        note = {**not_kept_note(), "thread_ts": thread_ts}
        await whisper(slack, channel_id, user_id, note, is_uncertain=owed.is_uncertain)
    return None


async def whisper(
    slack: Slack, channel_id: str, user_id: str, message: Block, *, is_uncertain: bool
) -> None:
    """Private, so it cannot be looked up: at most once. Who is out of the channel hears nothing."""
    if is_uncertain:
        return
    try:
        await slack.call("chat.postEphemeral", channel=channel_id, user=user_id, **message)
    except Refused as refusal:
        if refusal.about not in ("thing", "place"):
            raise


KINDS = (
    delivers(KEPT_NOTICE, send_kept_notice),
    delivers(STAYED_OUT_NOTE, send_not_kept_note),
)
