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
they look like a favour between two (`weigh`)."""

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
    counts 1/k. What two give one another is damped by how much of each one's credit comes from
    the other (the geometric mean of the two shares): two who live off each other alone weigh
    nothing; who also helps others keeps nearly all."""
    credit = {pair: harmonic(times) for pair, times in between.items()}
    whole: defaultdict[str, float] = defaultdict(float)
    for (_, receiver_id), amount in credit.items():
        whole[receiver_id] += amount
    weights: defaultdict[str, float] = defaultdict(float)
    for (giver_id, receiver_id), amount in credit.items():
        share = amount / whole[receiver_id]
        back = credit.get((receiver_id, giver_id), 0.0)
        share_back = back / whole[giver_id] if back else 0.0
        weights[receiver_id] += amount * (1 - sqrt(share * share_back))
    return dict(weights)


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
