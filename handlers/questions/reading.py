"""Reading in Slack what we were not told: a message somebody pointed at, or earlier replies."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import get_place
from bot.kinds import READ_ANSWER, READ_QUESTION, READ_THREAD, MessageAt
from bot.outbox import Owed
from bot.questions.capture import capture
from bot.questions.messages import hear
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, is_by_person, message_of
from handlers.slack import GONE, Refused, Slack
from storage.database import Sessions


async def read_question(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """Read a message that somebody called a question."""
    channel_id, message_ts = owed.subject
    found = await read_message(slack, channel_id, message_ts)
    if found is None or not is_by_person(found):
        return None
    message = message_of(found, team_id=owed.team_id, bot_user_id=slack.bot_user_id)

    async def note(session: AsyncSession) -> None:
        await capture(session, message, is_late=True, now=owed.owed_at)

    return note


async def read_answer(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """Read a marked message that we never heard: perhaps an answer."""
    channel_id, message_ts = owed.subject
    found = await read_message(slack, channel_id, message_ts)
    if found is None or not is_by_person(found) or not found.get("thread_ts"):
        return None
    message = message_of(found, team_id=owed.team_id, bot_user_id=slack.bot_user_id)

    async def note(session: AsyncSession) -> None:
        await hear(session, message, now=message.sent_at)

    return note


async def read_thread(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Read the replies that came before we knew that the thread has a question."""
    async with sessions.read() as session:
        place = await get_place(session, owed.team_id, owed.subject)
    if place is None:
        return None
    try:
        replies = await slack.read_all(
            "conversations.replies", "messages", channel=place.channel_id, ts=place.thread_ts
        )
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
        return None
    heard = [
        message_of(
            {**reply, "channel": place.channel_id},
            team_id=owed.team_id,
            bot_user_id=slack.bot_user_id,
        )
        for reply in replies
        if is_by_person(reply) and reply["ts"] != place.thread_ts
    ]

    async def note(session: AsyncSession) -> None:
        for message in heard:
            await hear(session, message, now=message.sent_at)

    return note


async def read_message(slack: Slack, channel_id: str, message_ts: str) -> Payload | None:
    """A message as it is in Slack now; None when it is gone or we may not read it."""
    try:
        page = await slack.read("conversations.replies", channel=channel_id, ts=message_ts, limit=1)
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
        return None
    found = [each for each in page["messages"] if each["ts"] == message_ts]
    return {**found[0], "channel": channel_id} if found else None


KINDS = (
    delivers(READ_QUESTION, read_question),
    delivers(READ_ANSWER, read_answer),
    delivers(READ_THREAD, read_thread),
)
