"""Topics and channels, by pages and found by their names: to change them, or to join."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OpenItAgain
from bot.people import check_is_admin
from bot.rights import list_own_topics
from bot.text import key_of
from storage.community import lists
from storage.experts import topics

TOPICS, CHANNELS, JOIN = "topics", "channels", "join"
A_PAGE = 10


@dataclass(frozen=True)
class Item:
    """`subject`: a topic's number or a channel's id."""

    subject: str
    name: str
    experts: int = 0
    is_help: bool = False
    is_mine: bool = False  # the reader helps on the topic


@dataclass(frozen=True)
class Page:
    which: str
    items: tuple[Item, ...]
    number: int  # from 0
    count: int  # of all that were found
    query: str = ""

    @property
    def is_last(self) -> bool:
        return (self.number + 1) * A_PAGE >= self.count


async def get_page(
    session: AsyncSession, *, team_id: str, user_id: str, which: str, number: int, query: str
) -> Page:
    if which not in (TOPICS, CHANNELS, JOIN):
        raise OpenItAgain()
    if which == JOIN:
        return await get_joinable(session, team_id, user_id, number, query)
    await check_is_admin(session, team_id, user_id)
    span: dict[str, Any] = {"query": key_of(query), "limit": A_PAGE, "offset": number * A_PAGE}
    if which == CHANNELS:
        rows, count = await lists.list_channels(session, team_id, user_id, **span)
        items = [Item(row.channel_id, row.name, is_help=row.is_help) for row in rows]
    else:
        found, count = await lists.list_topics(session, team_id, **span)
        items = [Item(str(topic.id), topic.name, experts) for topic, experts in found]
    return Page(which, tuple(items), number, count, query)


async def get_joinable(
    session: AsyncSession, team_id: str, user_id: str, number: int, query: str
) -> Page:
    """Topics that this person can choose to be asked about."""
    own = await list_own_topics(session, team_id, user_id)
    found = [topic for topic in own if key_of(query) in topic.key]
    mine = await topics.list_asked_about(session, team_id, user_id)
    shown = found[number * A_PAGE : (number + 1) * A_PAGE]
    items = [Item(str(topic.id), topic.name, is_mine=topic.id in mine) for topic in shown]
    return Page(JOIN, tuple(items), number, len(found), query)
