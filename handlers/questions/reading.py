"""Reading in Slack what we were not told: a message somebody pointed at, or earlier replies."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NothingToAsk, NoWordsToAsk, UserError
from bot.experts.cards import get_place
from bot.kinds import READ_ANSWER, READ_QUESTION, READ_THREAD, MessageAt
from bot.outbox import Owed
from bot.questions.answers import hear_app
from bot.questions.catch_up import get_thread, take_in_late
from bot.questions.elsewhere import take_chosen, take_marked
from bot.questions.messages import capture_read, hear
from bot.text import Message, plain
from handlers import people
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, message_of
from handlers.questions.forms import is_form, with_asker
from handlers.slack import GONE, Refused, Slack
from storage.database import Sessions

TOMBSTONE = "tombstone"  # what Slack leaves of a message that has replies


async def read_question(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """Read a message that somebody called a question."""
    channel_id, message_ts = owed.subject
    found = await read_message(slack, channel_id, message_ts)
    if found is None or found.get("user") == slack.bot_user_id:
        return None
    if is_form(found):
        found = await signed(found, owed, slack, sessions)
    elif not await is_by_person(found, slack, sessions):
        await explain(NothingToAsk(), found, owed, slack)
        return None
    if found is None:
        return None
    message = message_of(found, team_id=owed.team_id, bot_user_id=slack.bot_user_id)
    if not plain(message.text):
        await explain(NoWordsToAsk(), found, owed, slack)
        return None

    async def note(session: AsyncSession) -> None:
        await capture_read(session, message, now=owed.owed_at)

    return note


async def signed(
    form: Payload, owed: Owed[MessageAt], slack: Slack, sessions: Sessions
) -> Payload | None:
    """A workflow's form with its asker."""
    return await with_asker(
        form,
        slack.client,
        sessions,
        identity=slack.identity,
        pointed_by=owed.payload.get("user_id"),
        now=slack.clock(),
    )


async def explain(why: UserError, found: Payload, owed: Owed[MessageAt], slack: Slack) -> None:
    """Tell who called it a question why it is none. What one person alone sees cannot be looked
    up afterwards, so it is said at most once."""
    user_id = owed.payload.get("user_id")
    if user_id is None or owed.is_uncertain:
        return
    thread = {"thread_ts": found["thread_ts"]} if found.get("thread_ts") else {}
    try:
        await slack.call(
            "chat.postEphemeral",
            channel=found["channel"],
            user=user_id,
            text=str(why),
            **thread,
        )
    except Refused as refusal:
        if refusal.code not in (*GONE, "user_not_in_channel"):
            raise


async def read_answer(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """Read a marked message that we never heard: perhaps an answer, in the thread or beside it."""
    channel_id, message_ts = owed.subject
    found = await read_message(slack, channel_id, message_ts)
    if found is None or found.get("user") == slack.bot_user_id:
        return None
    is_theirs = await is_by_person(found, slack, sessions)
    author_id = found.get("user") or found.get("bot_id")
    if author_id is None:
        return None
    message = message_of(
        {**found, "user": author_id}, team_id=owed.team_id, bot_user_id=slack.bot_user_id
    )
    if not is_theirs:
        return lambda session: hear_app(session, message, now=message.sent_at)
    if message.thread_ts is not None:
        return lambda session: hear_marked(session, message)
    chosen_id = owed.payload.get("question_id")
    if chosen_id is not None:
        return lambda session: take_chosen(session, message, chosen_id, now=owed.owed_at)
    return lambda session: take_marked(session, message, now=owed.owed_at)


async def hear_marked(session: AsyncSession, message: Message) -> None:
    await hear(session, message, now=message.sent_at)


async def read_thread(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Read what was said in a thread, edited and deleted before we knew that it has a question."""
    async with sessions.read() as session:
        found = await get_place(session, owed.team_id, owed.subject)
        if found is None:
            return None
        place = {"team_id": owed.team_id, "channel_id": found.channel_id}
        known = await get_thread(session, **place, thread_ts=found.thread_ts)
    try:
        raw = await slack.read_all(
            "conversations.replies", "messages", channel=found.channel_id, ts=found.thread_ts
        )
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
        raw = []
    said = [
        message_of(
            {**each, "channel": found.channel_id},
            team_id=owed.team_id,
            bot_user_id=slack.bot_user_id,
        )
        for each in raw
        if await is_by_person(each, slack, sessions)
    ]
    there = {each["ts"] for each in raw if each.get("subtype") != TOMBSTONE}

    async def note(session: AsyncSession) -> None:
        await take_in_late(
            session, **place, thread=known, said=said, there=there, now=slack.clock()
        )

    return note


async def is_by_person(message: Payload, slack: Slack, sessions: Sessions) -> bool:
    return await people.is_by_person(
        message, slack.client, sessions, identity=slack.identity, now=slack.clock()
    )


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
