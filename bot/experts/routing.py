"""Who is likely to know, and who of them is asked: pure functions over plain data.

The weights are fitted by `bench routing-fit` on one community and measured by `bench routing` on
others. A person's score is the sum of a few figures that can be said in words: how much of the
help in similar questions was theirs, how similar the nearest of these are, how much they help
these days, how long ago they last did, and how much of the asking fell on them lately."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EXPERTS_ASKED_AT_ONCE = 2

AGE_HALVES = timedelta(days=60)  # help in a similar question that long ago counts half
RHYTHM_HALVES = timedelta(days=30)  # an answer that long ago counts half in a rhythm
NEAREST = 3  # of a person's similar questions, the likest count once more
FAINT = 0.003  # share of the help that anybody is believed to have given
IDLE_COSTS = math.log(2)  # who is idle is asked first only if twice as likely to know
NEVER = timedelta(days=365)  # since who has not answered is taken to have last done so


@dataclass(frozen=True)
class Weights:
    """What each figure counts. Fitted: see `bench/RESULTS.md`."""

    evidence: float = 0.373  # log of the share of the help in similar questions
    nearest: float = 1.485  # likenesses of the nearest, each 0 to 1, added up
    rhythm: float = 0.171  # log of the share of all help these days
    silence: float = -0.238  # log of the hours since they last answered
    load: float = -2.5  # share of the week's offers; chosen, so that the first place goes round


FITTED = Weights()


@dataclass(frozen=True)
class PastHelp:
    """That somebody answered in a question like the one asked."""

    user_id: str
    likeness: float  # of the question, 0 to 1; the likest has 1
    answers: int  # theirs in it
    helped_at: datetime
    is_solution: bool = True


@dataclass(frozen=True)
class Rhythm:
    """How much a person helps these days: answers, each counting half a month later."""

    amount: float
    last_at: datetime


@dataclass(frozen=True)
class Ranked:
    user_id: str
    score: float
    solved_like: int  # similar questions that they solved
    has_helped: bool  # anybody, in anything


def rank_experts(
    candidates: Sequence[str],
    helps: Iterable[PastHelp],
    *,
    rhythms: Mapping[str, Rhythm],
    offers: Mapping[str, int],
    idle: Collection[str] = (),
    now: datetime,
    weights: Weights = FITTED,
) -> list[Ranked]:
    """The candidates, likeliest to know first; those of whom nothing is known keep their order.

    `offers`: how many each person got lately, so that the asking goes round among equals.
    `idle`: who is not at their screen, and comes after others as likely to know."""
    by_person = helps_by_person(candidates, helps)
    figures = figures_of(candidates, by_person, rhythms, offers, now)
    ranked = [
        Ranked(
            user_id,
            sum(value * getattr(weights, name) for name, value in figures[user_id].items())
            - (IDLE_COSTS if user_id in idle else 0),
            sum(each.is_solution for each in by_person.get(user_id, ())),
            user_id in rhythms,
        )
        for user_id in candidates
    ]
    return sorted(ranked, key=lambda each: -each.score)


def helps_by_person(
    candidates: Collection[str], helps: Iterable[PastHelp]
) -> dict[str, list[PastHelp]]:
    wanted = set(candidates)
    by_person: dict[str, list[PastHelp]] = defaultdict(list)
    for each in helps:
        if each.user_id in wanted:
            by_person[each.user_id].append(each)
    return by_person


def figures_of(
    candidates: Sequence[str],
    helps: Mapping[str, Sequence[PastHelp]],
    rhythms: Mapping[str, Rhythm],
    offers: Mapping[str, int],
    now: datetime,
) -> dict[str, dict[str, float]]:
    """What a person's score is made of, by the names of the weights."""
    evidence = {user_id: weigh(helps.get(user_id, ()), now) for user_id in candidates}
    rhythm = {user_id: strength(rhythms.get(user_id), now) for user_id in candidates}
    all_evidence, all_rhythm = math.fsum(evidence.values()), math.fsum(rhythm.values())
    all_offers = sum(offers.values()) + 1
    return {
        user_id: {
            "evidence": log_share(evidence[user_id], all_evidence),
            "nearest": nearest(helps.get(user_id, ())),
            "rhythm": log_share(rhythm[user_id], all_rhythm),
            "silence": math.log1p(hours_since_answer(rhythms.get(user_id), now)),
            "load": offers.get(user_id, 0) / all_offers,
        }
        for user_id in candidates
    }


def weigh(helps: Sequence[PastHelp], now: datetime) -> float:
    """A person's help in similar questions: the likest and the newest count most."""
    return math.fsum(
        each.likeness**2 * fading(now - each.helped_at, AGE_HALVES) * math.log1p(each.answers)
        for each in helps
    )


def nearest(helps: Sequence[PastHelp]) -> float:
    return math.fsum(sorted((each.likeness for each in helps), reverse=True)[:NEAREST])


def log_share(amount: float, total: float) -> float:
    return math.log(FAINT + (amount / total if total else 0))


def fading(age: timedelta, half: timedelta) -> float:
    left: float = 0.5 ** (max(timedelta(), age) / half)
    return left


def strength(rhythm: Rhythm | None, now: datetime) -> float:
    return rhythm.amount * fading(now - rhythm.last_at, RHYTHM_HALVES) if rhythm else 0.0


def hours_since_answer(rhythm: Rhythm | None, now: datetime) -> float:
    silent = min(now - rhythm.last_at, NEVER) if rhythm else NEVER
    return max(0.0, silent / timedelta(hours=1))


def with_answer(rhythm: Rhythm | None, at: datetime) -> Rhythm:
    """The rhythm with one answer more, which may have been heard of late."""
    if rhythm is None:
        return Rhythm(1.0, at)
    latest = max(rhythm.last_at, at)
    return Rhythm(strength(rhythm, latest) + fading(latest - at, RHYTHM_HALVES), latest)


def choose_experts(
    expert_ids: Sequence[str],
    *,
    asker_id: str,
    already_asked: Collection[str] = (),
    passed: Collection[str] = (),
    unavailable: Iterable[str] = (),
    most: int = EXPERTS_ASKED_AT_ONCE,
) -> list[str]:
    """The experts to ask next, so that `most` at a time are asked and have not passed.

    `expert_ids` is in order of preference. Never the asker, nobody twice, and nobody
    `unavailable` (deactivated, a bot, or unable to read the channel)."""
    excluded = {asker_id, *already_asked, *passed, *unavailable}
    still_asked = [user_id for user_id in already_asked if user_id not in passed]
    free = [user_id for user_id in expert_ids if user_id not in excluded]
    return free[: max(0, most - len(still_asked))]
