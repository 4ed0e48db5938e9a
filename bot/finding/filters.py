"""Reading what somebody typed after /find: words, "phrases in quotes", and filters.

`topic:customs`, `from:@maria`, `in:#logistics`, `solved:2026-03`. What is none of these, or
names nothing that we know, is searched for as words: a search is never refused. A line that was
pasted has quotes in it that quote no phrase of ours: see `without_phrases`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import get_timezone
from bot.rights import list_known_topics
from bot.text import plain
from bot.typed import typed_key, with_straight_quotes
from storage import channels, people
from storage.search import Search
from storage.tables import Topic
from storage.types import clean

FILTER = re.compile(r'(?<!\S)(topic|from|in|solved):("[^"]*"|<[^<>]*>|\S+)', re.IGNORECASE)
PHRASE = re.compile(r'(?<!\w)"([^"]+)"(?!\w)')  # behind a figure it is an inch: a 12" monitor
PERSON = re.compile(r"<@([UW]\w+)(?:\|[^<>]*)?>")
CHANNEL = re.compile(r"<#(\w+)(?:\|[^<>]*)?>")
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


async def read_search(session: AsyncSession, *, team_id: str, user_id: str, text: str) -> Search:
    """What this person searches for."""
    text = with_straight_quotes(clean(text))
    search, words = Search(), text
    for written in FILTER.finditer(text):
        name, value = written.group(1).lower(), written.group(2).strip('"')
        narrowed = await narrow(session, search, name, value, team_id, user_id)
        if narrowed is not None:
            search, words = narrowed, words.replace(written.group(), " ", 1)
    phrases = tuple(plain(phrase) for phrase in PHRASE.findall(words))
    return replace(search, words=plain(words), phrases=phrases)


def without_phrases(search: Search) -> Search | None:
    """What to look for where nothing has the quoted words as they stand: all of them as words.
    None where there is nothing else beside the quotes: a phrase is what was meant."""
    is_pasted = search.phrases and PHRASE.sub("", search.words).strip()
    return replace(search, phrases=()) if is_pasted else None


async def narrow(
    session: AsyncSession, search: Search, name: str, value: str, team_id: str, user_id: str
) -> Search | None:
    """The search with one filter more; None when the value names nothing."""
    if name == "topic":
        topic = named(await list_known_topics(session, team_id, user_id), value)
        return replace(search, topic_id=topic.id) if topic else None
    if name == "from":
        author_id = await person_of(session, team_id, value, user_id)
        return replace(search, author_id=author_id) if author_id else None
    if name == "in":
        channel_id = await channel_of(session, team_id, value, user_id)
        return replace(search, channel_id=channel_id) if channel_id else None
    zone = ZoneInfo(await get_timezone(session, team_id, user_id))
    times = span_of(value, zone)
    return replace(search, solved_from=times[0], solved_until=times[1]) if times else None


def named(known: Sequence[Topic], value: str) -> Topic | None:
    """The topic of that name, or the only one that the name begins or is a word of."""
    key = typed_key(plain(value))
    exact = [topic for topic in known if typed_key(topic.key) == key]
    close = [topic for topic in known if key and (typed_key(topic.key) + " ").startswith(key)]
    return next((found[0] for found in (exact, close) if len(found) == 1), None)


async def person_of(session: AsyncSession, team_id: str, value: str, user_id: str) -> str | None:
    mentioned = PERSON.fullmatch(value)
    if mentioned:
        return mentioned.group(1)
    name = plain(value).removeprefix("@")
    return user_id if name.lower() == "me" else await people.find_named(session, team_id, name)


async def channel_of(session: AsyncSession, team_id: str, value: str, user_id: str) -> str | None:
    mentioned = CHANNEL.fullmatch(value)
    if mentioned:
        return mentioned.group(1)
    name = plain(value).removeprefix("#")
    return await channels.find_named(session, team_id, name, reader_id=user_id)


def span_of(value: str, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """The year, month or day, from its first moment to the next one's, where the person is."""
    written = DAY.fullmatch(value)
    if written is None:
        return None
    year, month, day = (int(part) if part else None for part in written.groups())
    if year is None or not 1970 <= year < 9999:
        return None
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=zone)
        if day:
            end = start + timedelta(days=1)
        elif month:
            end = start.replace(year=start.year + month // 12, month=month % 12 + 1)
        else:
            end = start.replace(year=start.year + 1)
    except ValueError:
        return None
    return start, end
