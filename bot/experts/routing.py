"""Who is likely to know, and who of them is asked: pure functions over plain data.

A person's score is a sum of a few figures that can be said in words, each times a weight. The
weights that every workspace begins with are fitted by `bench routing-fit`, and measured by
`bench routing`; each workspace learns its own (`bot/experts/learning`). How much was asked of
somebody lately is no part of it: among those who are about as likely to know, the asking goes
round (`spread`)."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import mul, sub

from bot.experts.rhythms import HOURS, MONTH, WEEK, YEAR, Rhythm, around, fading, strength

EXPERTS_ASKED_AT_ONCE = 2

AGE_HALVES = timedelta(days=60)  # help in a similar question that long ago counts half
LASTING_HALVES = timedelta(days=730)
LITTLE = 0.1  # help in similar questions that tells little: one answer in a hardly similar one
NEAREST = 3  # of a person's similar questions, the likest count once more
FAINT = 0.003  # share of the help that anybody is believed to have given
IDLE_COSTS = math.log(2)  # who is idle is asked first only if twice as likely to know
CLOSE = math.log(2)  # who is twice as likely to know is asked first, whatever they did lately
LOAD = 1.5  # times the share of the week's offers: so much does somebody fall behind
NEVER = timedelta(days=365)  # since who has not answered is taken to have last done so
FEW_ANSWERS = 5.0  # so many tell little of somebody's hours

# What is looked at, each as far as the ones before do not say it: so each weight can be learned
# by itself. And what each counts before a workspace has learned. Fitted, see
# `bench/RESULTS.md`.
STARTS: dict[str, float] = {
    "evidence": 0.6,  # log of the share of the help in similar questions, these months
    "lasting": 0.45,  # how much more that is over the years: log of the shares' ratio
    "nearest": 0.6,  # likenesses of the nearest, each 0 to 1, added up
    "month": 0.2,  # log of the share of all help, this month
    "week": 0.0,  # how much more that is this week
    "year": -0.9,  # how much more it was over the year
    "silence": -0.25,  # log of the hours since they last answered
    "unseen": -0.3,  # how many fewer since they last wrote
    "hour": 0.15,  # log of how much more they answer at this hour of the day than others do
    "asker": 0.05,  # log of the questions of this asker that they answered
    "first": 0.7,  # share of their answers that were the first
}
FIGURES = tuple(STARTS)
Figures = tuple[float, ...]  # of one person, in that order
NO_FIGURES: Figures = (0.0,) * len(FIGURES)


@dataclass(frozen=True)
class PastHelp:
    """That somebody answered in a question like the one asked."""

    user_id: str
    likeness: float  # of the question, 0 to 1; the likest has 1
    answers: int  # theirs in it
    helped_at: datetime
    is_evidence: bool = False  # they solved it, and it is alike enough to say so


@dataclass(frozen=True)
class Known:
    """What is known of how likely a person knows."""

    figures: Figures
    solved_like: int = 0  # questions so alike that it can be said, which they solved


@dataclass(frozen=True)
class Ranked:
    user_id: str
    score: float
    solved_like: int
    has_helped: bool  # anybody, in anything


def know_experts(
    candidates: Sequence[str],
    helps: Iterable[PastHelp],
    *,
    rhythms: Mapping[str, Rhythm],
    helped_asker: Mapping[str, int],
    now: datetime,
) -> dict[str, Known]:
    """What is known of the candidates. `helped_asker`: in how many of the asker's questions
    each person answered."""
    by_person = helps_by_person(candidates, helps)
    figures = figures_of(candidates, by_person, rhythms, helped_asker, now)
    return {
        user_id: Known(
            figures[user_id], sum(each.is_evidence for each in by_person.get(user_id, ()))
        )
        for user_id in candidates
    }


def rank_experts(
    known: Mapping[str, Known],
    weights: Sequence[float],
    *,
    offers: Mapping[str, int],
    helpers: Collection[str],
    idle: Collection[str] = (),
) -> list[Ranked]:
    """These people, likeliest to know first; those of whom nothing is known keep their order.

    `weights`: in the order of `FIGURES`. `offers`: how many each got lately, so that the asking
    goes round. `helpers`: who has helped somebody. `idle`: who is not at their screen, and comes
    after others as likely to know."""
    ranked = [
        Ranked(
            user_id,
            math.fsum(map(mul, each.figures, weights)) - (IDLE_COSTS if user_id in idle else 0),
            each.solved_like,
            user_id in helpers,
        )
        for user_id, each in known.items()
    ]
    return spread(ranked, offers)


def spread(ranked: Iterable[Ranked], offers: Mapping[str, int]) -> list[Ranked]:
    """In their order, but that among those about as likely to know, who was asked less lately
    goes first: nobody falls behind by more than `CLOSE`."""
    total = sum(offers.values()) + 1
    behind = {user_id: min(CLOSE, LOAD * number / total) for user_id, number in offers.items()}
    return sorted(ranked, key=lambda each: behind.get(each.user_id, 0.0) - each.score)


def most_helpful(helps: Iterable[PastHelp]) -> list[str]:
    amounts: dict[str, float] = defaultdict(float)
    for each in helps:
        amounts[each.user_id] += each.likeness**2 * each.answers
    return sorted(amounts, key=lambda user_id: (-amounts[user_id], user_id))


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
    helped_asker: Mapping[str, int],
    now: datetime,
) -> dict[str, Figures]:
    """What each person's score is made of."""
    each_helps = [helps.get(user_id, ()) for user_id in candidates]
    each_rhythm = [rhythms.get(user_id) for user_id in candidates]
    lately, lasting = (
        log_shares([weigh(each, half, now) for each in each_helps], LITTLE)
        for half in (AGE_HALVES, LASTING_HALVES)
    )
    week, month, year = (
        log_shares([strength(each, now, half) for each in each_rhythm])
        for half in (WEEK, MONTH, YEAR)
    )
    silence = [log_hours_since(each.last_at if each else None, now) for each in each_rhythm]
    unseen = [log_hours_since(each.last_seen_at if each else None, now) for each in each_rhythm]
    columns = (
        lately,
        map(sub, lasting, lately),
        [nearest(each) for each in each_helps],
        month,
        map(sub, week, month),
        map(sub, year, month),
        silence,
        map(sub, unseen, silence),
        hourly(each_rhythm, now),
        [math.log1p(helped_asker.get(user_id, 0)) for user_id in candidates],
        [each.first / max(1, each.answered) if each else 0.0 for each in each_rhythm],
    )
    return dict(zip(candidates, zip(*columns, strict=True), strict=True))


def weigh(helps: Sequence[PastHelp], half: timedelta, now: datetime) -> float:
    """A person's help in similar questions: the likest and the newest count most."""
    return math.fsum(
        each.likeness**2 * fading(now - each.helped_at, half) * math.log1p(each.answers)
        for each in helps
    )


def nearest(helps: Sequence[PastHelp]) -> float:
    return math.fsum(sorted((each.likeness for each in helps), reverse=True)[:NEAREST])


def log_shares(amounts: Sequence[float], little: float = 0.0) -> list[float]:
    """Of each amount its share; where all are `little` together, nobody's is large."""
    total = math.fsum(amounts) + little or 1.0
    return [math.log(FAINT + amount / total) for amount in amounts]


def log_hours_since(at: datetime | None, now: datetime) -> float:
    silent = min(now - at, NEVER) if at else NEVER
    return math.log1p(max(0.0, silent / timedelta(hours=1)))


def hourly(rhythms: Sequence[Rhythm | None], now: datetime) -> list[float]:
    """How much more of each one's answers than of all answers came around this hour; of who has
    answered little, nothing is made of it."""
    known = [each.hours for each in rhythms if each]
    if not known:
        return [0.0] * len(rhythms)
    everybody = [sum(each) for each in zip(*known, strict=True)]
    usual = (around(everybody, now) + 1 / HOURS) / (sum(everybody) + 1)
    return [0.0 if each is None else more_than_usual(each.hours, usual, now) for each in rhythms]


def more_than_usual(hours: Sequence[int], usual: float, now: datetime) -> float:
    share = (around(hours, now) + FEW_ANSWERS * usual) / (sum(hours) + FEW_ANSWERS)
    return math.log(share / usual)


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
