"""Who helped most in a topic this month or last, where an admin wants that to be seen. Never of
all time: who begins today can be in it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import LeaderboardIsOff, LeaderboardNeedsTopic, UnknownTopic
from bot.people import check_is_admin, get_timezone
from bot.recognition.ledger import Sums, add_up, weigh
from bot.rights import list_known_topics
from bot.text import key_of
from storage.recognition import leaderboard, naming

WRITTEN = re.compile(r"(?P<name>.*?)(?:(?:^| )(?P<month>(?:this|last) month))?", re.IGNORECASE)
NAMES_AT_MOST = 10
HELPERS_AT_LEAST = 5  # fewer, and it would be about somebody
SAME_WEIGHT = 6  # decimals; what differs less is a tie


@dataclass(frozen=True)
class Place:
    number: int  # ties share it
    user_id: str
    solved: int  # questions
    helped_too: int  # how many others said that it helped them too


@dataclass(frozen=True)
class Leaderboard:
    topic: str
    month: datetime  # its first day, where the viewer is
    places: tuple[Place, ...]
    has_enough: bool  # people who helped


async def switch_leaderboard(
    session: AsyncSession, *, team_id: str, user_id: str, is_on: bool, now: datetime
) -> None:
    await check_is_admin(session, team_id, user_id)
    before = audit.on_off(await leaderboard.is_on(session, team_id))
    await leaderboard.save_choice(session, team_id, now if is_on else None)
    after = audit.on_off(is_on)
    how = {"before": before, "after": after}
    await audit.note(session, audit.LEADERBOARD, team_id=team_id, by=user_id, **how, now=now)


async def get_leaderboard(
    session: AsyncSession, *, team_id: str, viewer_id: str, written: str, now: datetime
) -> Leaderboard:
    """`written`: a topic's name, and perhaps "last month"."""
    if not await leaderboard.is_on(session, team_id):
        raise LeaderboardIsOff()
    name, is_last = read_written(written)
    if not name:
        raise LeaderboardNeedsTopic()
    known = await list_known_topics(session, team_id, viewer_id)
    topic = next((each for each in known if each.key == key_of(name)), None)
    if topic is None:
        raise UnknownTopic(name)
    zone = ZoneInfo(await get_timezone(session, team_id, viewer_id))
    since, until = month_of(now.astimezone(zone), is_last=is_last)
    facts = await leaderboard.list_facts(
        session,
        team_id=team_id,
        topic_id=topic.id,
        viewer_id=viewer_id,
        since=since,
        until=until,
    )
    sums = add_up(facts)
    has_enough = len(sums.receivers) >= HELPERS_AT_LEAST
    unnamed = await naming.list_unnamed(session, team_id)
    places = list_places(sums, unnamed) if has_enough else ()
    return Leaderboard(topic.name, since, places, has_enough)


def read_written(written: str) -> tuple[str, bool]:
    read = WRITTEN.fullmatch(" ".join(written.split()))
    assert read is not None  # it takes anything
    return read["name"], (read["month"] or "").casefold().startswith("last")


def month_of(local: datetime, *, is_last: bool) -> tuple[datetime, datetime]:
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if not is_last:
        return first, local
    return (first - timedelta(days=1)).replace(day=1), first


def list_places(sums: Sums, unnamed: set[str]) -> tuple[Place, ...]:
    weights = {
        user_id: round(weight, SAME_WEIGHT) for user_id, weight in weigh(sums.between).items()
    }
    named = [each for each, weight in weights.items() if weight > 0 and each not in unnamed]
    in_order = sorted(named, key=lambda user_id: (-weights[user_id], user_id))
    return tuple(
        Place(
            1 + sum(weights[other] > weights[user_id] for other in named),
            user_id,
            len(sums.solved.get(user_id, ())),
            len(sums.helped_too.get(user_id, ())),
        )
        for user_id in in_order[:NAMES_AT_MOST]
    )
