"""A channel's FAQ that stays true: one message with answers that an admin picked there. It is kept
in place; what becomes doubtful, outdated or is taken back leaves it, and comes back once somebody
confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import NoHelpChannel, TooManyPicked
from bot.finding.find import Result, results_of
from bot.kinds import FAQ_POST
from bot.people import check_is_admin
from bot.rights import get_joined
from storage import channels, outbox
from storage.finding import faq_posts
from storage.tables import Question

MOST = 20  # answers: what is longer is no FAQ
OFFERED = 100  # what a menu takes


@dataclass(frozen=True)
class Place:
    channel_id: str
    name: str


@dataclass(frozen=True)
class Picking:
    """What an admin can pick from, and what is picked already."""

    channel_id: str
    offered: tuple[Result, ...]
    picked: frozenset[int]


@dataclass(frozen=True)
class FaqPage:
    """What the message shows, and where it is; None: it is not posted yet."""

    results: tuple[Result, ...]
    message_ts: str | None
    is_given_up: bool  # an admin wants nothing in it any more


async def list_places(session: AsyncSession, *, team_id: str, user_id: str) -> list[Place]:
    """The help channels that this admin reads; NoHelpChannel where there is none."""
    await check_is_admin(session, team_id, user_id)
    there = await channels.list_help_channels(session, team_id)
    readable = await channels.list_readable(session, team_id, user_id)
    places = [Place(each.channel_id, each.name) for each in there if each.channel_id in readable]
    if not places:
        raise NoHelpChannel()
    return places


async def list_offered(
    session: AsyncSession, *, team_id: str, user_id: str, channel_id: str
) -> Picking:
    """For an admin who reads the channel."""
    await check_is_admin(session, team_id, user_id)
    await get_joined(session, team_id, channel_id, user_id)
    picked = await faq_posts.list_picked(session, team_id, channel_id)
    newest = await faq_posts.list_to_pick(session, team_id, channel_id, limit=OFFERED)
    ids = list(dict.fromkeys([*picked, *newest]))[:OFFERED]
    return Picking(channel_id, await results_of(session, team_id, ids), frozenset(picked))


async def pick(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    channel_id: str,
    question_ids: Sequence[int],
    now: datetime,
) -> None:
    """Exactly these are in the channel's FAQ. What was solved elsewhere is never shown there."""
    await check_is_admin(session, team_id, user_id)
    await get_joined(session, team_id, channel_id, user_id)
    if len(question_ids) > MOST:
        raise TooManyPicked(MOST)
    offered = await faq_posts.list_to_pick(session, team_id, channel_id, limit=OFFERED)
    picked = await faq_posts.list_picked(session, team_id, channel_id)
    chosen = [each for each in question_ids if each in {*picked, *offered}]
    where = {"team_id": team_id, "channel_id": channel_id}
    await faq_posts.pick(session, **where, question_ids=chosen, by=user_id, now=now)
    if set(chosen) != set(picked):
        await audit.note(session, audit.FAQ, **where, by=user_id, now=now)
    await owe_page(session, **where, now=now)


async def owe_page(session: AsyncSession, *, team_id: str, channel_id: str, now: datetime) -> None:
    await outbox.owe(session, FAQ_POST, channel_id, team_id=team_id, lane=channel_id, now=now)


async def owe_page_with(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """This question, or what solved it, changed or is gone: so does the FAQ that shows it."""
    if await faq_posts.is_picked(session, question.team_id, question.id):
        await owe_page(session, team_id=question.team_id, channel_id=question.channel_id, now=now)


async def get_page(session: AsyncSession, team_id: str, channel_id: str) -> FaqPage:
    ids = await faq_posts.list_picked(session, team_id, channel_id)
    post = await faq_posts.get(session, team_id, channel_id)
    results = await results_of(session, team_id, ids[:MOST])
    has_picks = await faq_posts.has_picks(session, team_id, channel_id)
    return FaqPage(results, post.message_ts if post else None, is_given_up=not has_picks)


async def note_page(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> None:
    await faq_posts.save_place(
        session, team_id=team_id, channel_id=channel_id, message_ts=message_ts
    )


async def forget_page(session: AsyncSession, *, team_id: str, channel_id: str) -> None:
    await faq_posts.forget_place(session, team_id=team_id, channel_id=channel_id)
