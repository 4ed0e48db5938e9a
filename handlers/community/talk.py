"""Reading what is said in a help channel beside questions, once a week: it is only counted."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.talk import count_talk, save_talk, span_of
from bot.kinds import TALK, WeekOfTalk
from bot.outbox import Owed
from bot.text import Message
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, message_of
from handlers.questions.messages import POSTED
from handlers.slack import GONE, Refused, Slack
from storage.database import Sessions

HISTORY = "conversations.history"
PAGE = 200  # messages: where more is said in a week, the newest are enough to tell


async def read_talk(owed: Owed[WeekOfTalk], slack: Slack, sessions: Sessions) -> Note | None:
    week = owed.subject
    start, end = span_of(week)
    place = {
        "channel": week.channel_id,
        "oldest": f"{start.timestamp():.6f}",
        "latest": f"{end.timestamp():.6f}",
    }
    try:
        page = await slack.read_gently(HISTORY, key=owed.key, limit=PAGE, **place)
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
        return None
    slack.reading.got(HISTORY, len(page["messages"]), has_more=False)
    said = [each for each in page["messages"] if is_said(each)]
    talk = count_talk(posted(owed.team_id, week.channel_id, each) for each in said)

    async def note(session: AsyncSession) -> None:
        await save_talk(session, team_id=owed.team_id, week=week, talk=talk)

    return note


def is_said(message: Payload) -> bool:
    """Whether a person said it to everybody."""
    is_posted = message.get("subtype") in POSTED and "user" in message
    is_top = message.get("thread_ts") in (None, message["ts"])
    return is_posted and is_top and "bot_id" not in message


def posted(team_id: str, channel_id: str, message: Payload) -> Message:
    return message_of({**message, "channel": channel_id}, team_id=team_id, bot_user_id=None)


KINDS = (delivers(TALK, read_talk),)
