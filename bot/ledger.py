"""The ledger of help, and how much of it weighs.

What counts is a fact that follows from what people did: a ✅, *Helped me*, thanks with a reason.

- Nobody helps themselves; bots, and people we know nothing of, say nothing of help; nothing is
  counted outside channels.
- One person says of one question once that somebody helped them. Taken back and said again, it
  is the same help: `given_at` stays that of the first time (`first_given`), so no later week, no
  count and no limit sees anything new. So it is with a second reply to the same question.
- Thanks need a reason, and are limited a day, and a week to one person.

What is shown are the true counts. Where people are put in an order, facts weigh less the more
they look like a favour between two (`weigh`)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

Between = tuple[str, str]  # giver, receiver


@dataclass(frozen=True)
class Fact:
    """Somebody was helped by somebody with something."""

    giver_id: str
    receiver_id: str
    question_id: int


def tally(facts: Iterable[Fact]) -> Counter[Between]:
    """With how many questions one helped another."""
    helped = {(fact.giver_id, fact.receiver_id, fact.question_id) for fact in facts}
    return Counter((giver_id, receiver_id) for giver_id, receiver_id, _ in helped)


def weigh(tallied: Mapping[Between, int]) -> dict[str, float]:
    """How much each receiver's help weighs in one period.

    Many who say so weigh more than one who says so often: the k-th time between the same two
    counts 1/k. What two give one another is damped by how much of each one's credit comes from
    the other (the geometric mean of the two shares): two who live off each other alone weigh
    nothing; who also helps others keeps nearly all."""
    credit = {between: harmonic(times) for between, times in tallied.items()}
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
