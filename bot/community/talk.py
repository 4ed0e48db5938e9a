"""What is said to everybody in help channels and asks nothing: by that, content that is pushed is
told from people who are pulled.

It is read in Slack once a week, when the week is over, and only counted: no words and no names
are kept."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.measures import WEEK
from bot.community.weeks import Talk, monday_of
from bot.detection import is_chatter
from bot.kinds import TALK, WeekOfTalk
from bot.questions.verdicts import Kind, kind_of, words_of
from bot.text import Message
from storage import outbox
from storage.community import health
from storage.tables import ChannelWeek

SHORT = 6  # words: a greeting, thanks, small talk
ASKING = (Kind.REQUEST, Kind.UNSURE, Kind.TO_ASK, Kind.POINTER)


async def owe_talk(session: AsyncSession, *, team_id: str, until: datetime, now: datetime) -> None:
    """Owe reading the last whole week of each help channel, unless it was read."""
    monday = monday_of(until) - WEEK
    for channel_id in await health.list_unread_weeks(session, team_id, monday):
        week = WeekOfTalk(channel_id, monday.date().isoformat())
        lane = f"talk {channel_id}"  # no post waits for it
        await outbox.owe(session, TALK, week, team_id=team_id, lane=lane, now=now)


def span_of(week: WeekOfTalk) -> tuple[datetime, datetime]:
    start = datetime.combine(date.fromisoformat(week.monday), time.min, UTC)
    return start, start + WEEK


def count_talk(messages: Iterable[Message]) -> Talk:
    """How much asks nothing; of it, how much only greets or thanks, and how much one wrote."""
    posts = [message for message in messages if kind_of(message) not in ASKING]
    authors = Counter(message.user_id for message in posts)
    hellos = sum(is_hello(words_of(message)) for message in posts)
    return len(posts), hellos, max(authors.values(), default=0)


def is_hello(words: str) -> bool:
    return len(words.split()) <= SHORT and is_chatter(words)


async def save_talk(session: AsyncSession, *, team_id: str, week: WeekOfTalk, talk: Talk) -> None:
    posts, hellos, by_one = talk
    row = ChannelWeek(
        team_id=team_id,
        channel_id=week.channel_id,
        began_at=span_of(week)[0],
        posts=posts,
        hellos=hellos,
        by_one=by_one,
    )
    await health.save_talk(session, row)
