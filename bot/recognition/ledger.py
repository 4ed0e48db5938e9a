"""The ledger of help, and how much of it weighs.

What counts is a fact that follows from what people did: a ✅, *Helped me*, thanks with a reason.

- Nobody helps themselves; bots, and people we know nothing of, say nothing of help; nothing is
  counted outside channels.
- One person says of one question once that somebody helped them. Taken back and said again, it
  is the same help: `given_at` stays that of the first time (`storage/recognition/kudos.give`),
  so no later week, no count and no limit sees anything new. So it is with a second reply to the
  question.
- Thanks need a reason, and are limited a day, and a week to one person.

What is shown are the true counts. Where people are put in an order, facts weigh less the more
they look like favours that come back, between two or round a ring (`weigh`)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import check_is_admin
from storage.recognition import kudos
from storage.recognition.channel_digest import Fact

ENTRIES_SHOWN = 20
ROUNDS = 8  # so often praise is followed on; a ring of more people is a community
FAINT = 0.03  # of one's credit: what comes round as less is nobody's game

Between = tuple[str, str]  # giver, receiver


@dataclass(frozen=True)
class Sums:
    """What facts come to, with nothing counted twice."""

    solved: dict[str, set[int]]  # by each receiver: questions
    helped_too: dict[str, set[str]]  # by each receiver: who says so
    reused: dict[int, set[str]]  # each question: who found it again
    authors: dict[int, set[str]]  # of what was found again
    between: Counter[Between]  # with how many questions

    @property
    def receivers(self) -> set[str]:
        return self.solved.keys() | self.helped_too.keys()


def add_up(facts: Iterable[Fact]) -> Sums:
    helped: set[tuple[str, str, int]] = set()
    solved: defaultdict[str, set[int]] = defaultdict(set)
    helped_too: defaultdict[str, set[str]] = defaultdict(set)
    reused: defaultdict[int, set[str]] = defaultdict(set)
    authors: defaultdict[int, set[str]] = defaultdict(set)
    for kind, giver_id, receiver_id, question_id in facts:
        helped.add((giver_id, receiver_id, question_id))
        if kind == "solved":
            solved[receiver_id].add(question_id)
            continue
        helped_too[receiver_id].add(giver_id)
        if kind == "reused":
            reused[question_id].add(giver_id)
            authors[question_id].add(receiver_id)
    between = Counter((giver_id, receiver_id) for giver_id, receiver_id, _ in helped)
    return Sums(dict(solved), dict(helped_too), dict(reused), dict(authors), between)


def weigh(between: Mapping[Between, int]) -> dict[str, float]:
    """How much each receiver's help weighs in one period.

    Many who say so weigh more than one who says so often: the k-th time between the same two
    counts 1/k. Praise that comes back is damped, at first hand, round a ring or in a circle: by
    the geometric mean of how much of one's own credit comes back and how much of the giver's
    does. Two or five who live off each other alone weigh next to nothing; who also helps others
    keeps nearly all."""
    credit = {pair: harmonic(times) for pair, times in between.items()}
    whole: defaultdict[str, float] = defaultdict(float)
    for (_, receiver_id), amount in credit.items():
        whole[receiver_id] += amount
    given: defaultdict[str, dict[str, float]] = defaultdict(dict)  # by giver, shares of receivers'
    got: defaultdict[str, dict[str, float]] = defaultdict(dict)  # by receiver, of each giver
    for (giver_id, receiver_id), amount in credit.items():
        given[giver_id][receiver_id] = got[receiver_id][giver_id] = amount / whole[receiver_id]
    return {
        receiver_id: whole[receiver_id] * undamped(shares, returning(given, receiver_id))
        for receiver_id, shares in got.items()
    }


def undamped(shares: Mapping[str, float], back: Mapping[str, float]) -> float:
    """Which part of one's credit counts. `shares`: of it, by giver; `back`: how much of each
    giver's comes from oneself."""
    in_all = sum(share * back.get(giver_id, 0.0) for giver_id, share in shares.items())
    return sum(
        share * max(0.0, 1 - sqrt(in_all * back.get(giver_id, 0.0)))
        for giver_id, share in shares.items()
    )


def returning(given: Mapping[str, Mapping[str, float]], user_id: str) -> dict[str, float]:
    """How much of each one's credit comes from this person, at first hand or through others."""
    back: defaultdict[str, float] = defaultdict(float)
    through = {user_id: 1.0}
    for _ in range(ROUNDS):
        nearer: defaultdict[str, float] = defaultdict(float)
        for by_id, part in through.items():
            for receiver_id, share in given.get(by_id, {}).items():
                nearer[receiver_id] += part * share
        through = {each: part for each, part in nearer.items() if part >= FAINT and each != user_id}
        for receiver_id, part in through.items():
            back[receiver_id] += part
    return back


def harmonic(times: int) -> float:
    return sum(1 / each for each in range(1, times + 1))


@dataclass(frozen=True)
class Entry:
    """One fact, as an admin sees it: whose word, when, and where if they can read it."""

    kind: str
    giver_id: str
    given_at: datetime
    is_reversed: bool
    channel_id: str | None = None
    message_ts: str | None = None  # of the answer
    thread_ts: str | None = None


async def list_entries(
    session: AsyncSession, *, team_id: str, receiver_id: str, viewer_id: str
) -> tuple[Entry, ...]:
    """The newest facts about this person, for an admin."""
    await check_is_admin(session, team_id, viewer_id)
    rows = await kudos.list_newest(
        session, team_id=team_id, receiver_id=receiver_id, viewer_id=viewer_id, limit=ENTRIES_SHOWN
    )
    return tuple(
        Entry(fact.kind, fact.giver_id, fact.given_at, is_reversed, *place)
        for fact, is_reversed, *place in rows
    )
