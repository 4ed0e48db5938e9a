"""What is searched and not found: kept without who searched, told from five different people on.

To count people without keeping them, each search leaves a mark on each theme that it could be
about: a hash of who searched, of the theme, and of a salt. The theme is in it, so no two marks of
a person are alike and nothing joins what they looked for. The salt is thrown away with all marks
after a month, and a theme's marks as soon as there are five: then nobody can tell whose they were,
not even who has the whole database. docs/PRIVACY.md tells why it is done so."""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import combinations
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.topics import count_hits
from bot.finding.find import rank
from bot.kinds import GAP_NEWS
from bot.people import is_admin, is_member
from bot.recognition.sponsors import list_sponsored
from bot.vault import Vault
from storage import channels, outbox
from storage.experts import topics
from storage.finding import misses
from storage.privacy import staying_out
from storage.questions import questions
from storage.search import Search
from storage.search.likeness import words_of_title
from storage.tables import Missing

FEWEST = 5  # people, before anybody is told of a theme
SEASON = timedelta(days=30)
MOST_TERMS, LONGEST = 6, 60  # of a search; characters of a term
LOOKED_AT = 5_000  # searches of a season, to name a theme by
MUCH = 0.8  # of a theme's searches: another one that shares so many tells the same
SHOWN = 5  # themes
CHECKED = 50  # themes in one check: short enough to keep nobody waiting
FELL_BY = 0.1


@dataclass(frozen=True)
class Gap:
    """`words`: as most wrote them."""

    theme: str
    words: tuple[str, ...]
    searches: int


@dataclass(frozen=True)
class Check:
    """How well is found what was missing before: 1 is always first. `before`: the best of the
    last checks, where there were any."""

    queries: int
    rank: float
    before: float | None

    @property
    def fell(self) -> bool:
        return self.before is not None and self.before - self.rank >= FELL_BY


@dataclass(frozen=True)
class NotFound:
    gaps: tuple[Gap, ...]
    check: Check | None  # for admins


async def note_miss(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    wanted: Search,
    vault: Vault | None,
    now: datetime,
) -> None:
    """This colleague's search found nothing. What filters left out, or a guest may not read, says
    nothing of what is missing; of who stays out, nothing is kept."""
    words = words_of_search(wanted)
    if not words or wanted.filters or not await is_member(session, team_id, user_id):
        return
    wish = await staying_out.get_wish(session, team_id=team_id, user_id=user_id, channel_id="")
    if wish.stays_out:
        return
    await misses.add(session, team_id, words=words, day=now.date())
    themes = themes_of(words)
    known = await misses.count_known(session, team_id, list(themes))
    new = [theme for theme in themes if theme not in known]
    if not new:
        return
    salt = await misses.get_salt(session, team_id, new=secrets.token_hex(32), now=now)
    who = vault.tag(team_id, user_id) if vault else f"{team_id}:{user_id}"
    marks = {theme: mark_of(salt, theme, who) for theme in new}
    for theme, people in (await misses.add_marks(session, team_id, marks)).items():
        if people >= FEWEST:
            await open_gap(session, team_id, theme, themes[theme], now=now)


def words_of_search(wanted: Search) -> dict[str, Any]:
    """Its first few terms, each as it was written."""
    words = words_of_title(" ".join([*wanted.words.split(), *wanted.phrases]))
    fitting = [(term, word) for term, word in words.items() if len(term) <= LONGEST]
    return dict(fitting[:MOST_TERMS])


def themes_of(words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Each term, and each two, in their order; by what stands for them."""
    terms = sorted(words)
    every = [*((term,) for term in terms), *combinations(terms, 2)]
    return {" ".join(each): each for each in every}


def mark_of(salt: str, theme: str, who: str) -> str:
    return sha256("\0".join([salt, theme, who]).encode()).hexdigest()[:16]


async def open_gap(
    session: AsyncSession, team_id: str, theme: str, terms: Sequence[str], *, now: datetime
) -> None:
    since = (now - SEASON).date()
    searched = await misses.list_words(session, team_id, since=since, limit=LOOKED_AT)
    of_it = [words for words in searched if all(term in words for term in terms)]
    named = names_of(terms, of_it)
    said = " ".join(named)
    hits = {each.id: count_hits(said, each) for each in await topics.list_all(session, team_id)}
    best = max(hits, key=lambda topic_id: hits[topic_id], default=None)
    await misses.open_missing(
        session,
        Missing(
            team_id=team_id,
            theme=theme,
            words=list(named),
            searches=len(of_it),
            opened_at=now,
            topic_id=best if best is not None and hits[best] else None,
        ),
    )
    if outbox.tells_of_questions(session):
        await outbox.owe(session, GAP_NEWS, team_id, team_id=team_id, lane=team_id, now=now)


def names_of(terms: Sequence[str], searched: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Each term as most wrote it, in the order in which most did."""
    written = {term: Counter(words[term] for words in searched) for term in terms}
    places = {term: sum(list(words).index(term) for words in searched) for term in terms}
    in_order = sorted(terms, key=lambda term: (places[term], term))
    return tuple(written[term].most_common(1)[0][0] for term in in_order)


# Who is told


async def get_not_found(session: AsyncSession, *, team_id: str, user_id: str) -> NotFound | None:
    """What this person is told of it: all, as an admin; what is about their topics, as a
    sponsor. None where there is nothing to tell."""
    told = await list_told(session, team_id, user_id)
    first = [group[0] for group in apart(told)[:SHOWN]]
    gaps = tuple(Gap(each.theme, tuple(each.words), each.searches) for each in first)
    may_all = await is_admin(session, team_id, user_id)
    check = await get_check(session, team_id) if may_all else None
    return NotFound(gaps, check) if gaps or check else None


async def list_told(session: AsyncSession, team_id: str, user_id: str) -> list[Missing]:
    if await is_admin(session, team_id, user_id):
        return list(await misses.list_missing(session, team_id))
    topic_ids = {topic.id for topic in await list_sponsored(session, team_id, user_id)}
    if not topic_ids:
        return []
    missing = await misses.list_missing(session, team_id)
    return [each for each in missing if each.topic_id in topic_ids]


async def get_missing(
    session: AsyncSession, *, team_id: str, user_id: str, theme: str
) -> Missing | None:
    """If this person is told of it, and it is still missing."""
    told = await list_told(session, team_id, user_id)
    return next((each for each in told if each.theme == theme), None)


def apart(missing: Sequence[Missing]) -> list[list[Missing]]:
    """What tells the same together, the one of the most words first: what shares a word with
    another one of them, and most of its searches."""
    groups: list[list[Missing]] = []
    by_words = sorted(missing, key=lambda each: (-len(each.words), -each.searches, each.theme))
    for each in by_words:
        same = [group for group in groups if any(tells_of(other, each) for other in group)]
        if same:
            same[0].append(each)
        else:
            groups.append([each])
    return sorted(groups, key=lambda group: (-group[0].searches, group[0].theme))


def tells_of(other: Missing, each: Missing) -> bool:
    share = set(each.theme.split(" ")) & set(other.theme.split(" "))
    return bool(share) and other.searches >= MUCH * each.searches


async def get_check(session: AsyncSession, team_id: str) -> Check | None:
    checks = await misses.list_checks(session, team_id, limit=8)
    if not checks:
        return None
    before = [each.rank for each in checks[1:]]
    return Check(checks[0].queries, checks[0].rank, max(before) if before else None)


# What becomes of it


async def check_finding(session: AsyncSession, *, now: datetime) -> bool:
    """Look whether what was missing is found now, and how well what was found before still is;
    once a day, a workspace at a time. True: there may be another one."""
    await misses.end_seasons(session, began_before=now - SEASON)
    await misses.forget(session, before=(now - SEASON).date())
    team_id = await misses.get_unchecked(session, now.date())
    if team_id is None:
        return False
    searcher_id = await misses.get_searcher(session, team_id)
    ranks: list[float] = []
    if searcher_id is not None:
        await close_found(session, team_id, searcher_id, now=now)
        ranks = await rank_found(session, team_id, searcher_id, now=now)
    mean = sum(ranks) / len(ranks) if ranks else 0.0
    await misses.save_check(session, team_id, day=now.date(), queries=len(ranks), rank=mean)
    return True


async def close_found(
    session: AsyncSession, team_id: str, searcher_id: str, *, now: datetime
) -> None:
    """From now on what it finds is what it is to find."""
    groups = apart(await misses.list_missing(session, team_id))
    for first, *_ in groups[:CHECKED]:
        found = await look_for(session, team_id, searcher_id, first, now=now)
        if found:
            await close(session, team_id, first.theme, found[0], now=now)


async def close(
    session: AsyncSession, team_id: str, theme: str, question_id: int, *, now: datetime
) -> None:
    """This question is what is found for it, and for all that told the same."""
    for group in apart(await misses.list_missing(session, team_id)):
        if any(each.theme == theme for each in group):
            for each in group:
                if each.theme == theme:
                    each.question_id, each.closed_at = question_id, now
                else:
                    await session.delete(each)
    await session.flush()


async def rank_found(
    session: AsyncSession, team_id: str, searcher_id: str, *, now: datetime
) -> list[float]:
    """Of each, one over the place at which it stands; 0 where it is not among them. What the
    searcher cannot read is not looked for, and what was taken back is missing again."""
    ranks = []
    for missing in await misses.list_found(session, team_id, limit=CHECKED):
        question = await questions.get(session, team_id, missing.question_id or 0)
        if question is None or question.withdrawn_at is not None:
            missing.question_id = missing.closed_at = None  # it is missing again
            continue
        if not await channels.can_read(
            session, team_id=team_id, channel_id=question.channel_id, user_id=searcher_id
        ):
            continue
        found = await look_for(session, team_id, searcher_id, missing, now=now)
        ranks.append(1 / (found.index(question.id) + 1) if question.id in found else 0.0)
    return ranks


async def look_for(
    session: AsyncSession, team_id: str, user_id: str, missing: Missing, *, now: datetime
) -> list[int]:
    wanted = Search(words=" ".join(missing.words))
    hits = await rank(session, team_id=team_id, user_id=user_id, wanted=wanted, now=now)
    return [hit.question_id for hit in hits]
