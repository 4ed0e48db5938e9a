"""Whether those who are asked are those who know: routing against what really happened.

Input: a file or folder of threads, `NAME.jsonl[.gz]`, `{"title"?, "posts": [{"u", "t", "x"}]}`.
The last year's (or last half's) answered questions are routed in time order by what was posted
before; candidates are all who had answered in three threads; right is everybody who answered.
What each figure counts is learned meanwhile, from the same weights everywhere: days after each
question, from who had answered it by then; `askaround` began as long before the time measured as
that is long.
Figures, for each community and way to rank: hit1, hit3, hit5, mrr; hit5_fewer, without the three
most active people; top1_share, how often the same person came first; n; p99_ms to rank. And the
weights, before and afterwards.
"""

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench._helped import Asked, last, read_threads, replay
from bench._search_data import database
from bot.experts.learning import LEARNED_AFTER, START, Outcome, Weights, learn, values_of
from bot.experts.rhythms import strength
from bot.experts.routing import FIGURES, know_experts, rank_experts

YEAR, WEEK = timedelta(days=365), timedelta(days=7)
DEPTH, MOST_ACTIVE = 5, 3
OFFERS = 2  # a question

Rank = Callable[[Asked, list[str], dict[str, int]], list[str]]


async def run(data: Path | None) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for path in paths_of(data):
        threads = read_threads(path)
        async with database("sqlite") as sessions:
            period = min(YEAR, span(threads) / 4)
            start, until = last(threads, 2 * period)
            asked = [each async for each in replay(sessions, threads, start=start, until=until)]
        name = path.name.partition(".")[0]
        since = until - period
        figures[name] = {way: measure(asked, way, since) for way in WAYS}
        for way, figure in figures[name].items():
            print(f"{name}, {way}: {figure}", flush=True)
        show_weights(name, asked)
    return figures


def show_weights(name: str, asked: list[Asked]) -> None:
    learner = Learner()
    for each in asked:
        learner.rank(each, each.candidates, {})
    for figure in FIGURES:
        before, after = START[figure], learner.weights[figure]
        print(f"{name}, {figure}: {before.value:+.2f}, learned {after.value:+.2f}", flush=True)


def paths_of(data: Path | None) -> list[Path]:
    if data is None:
        raise ValueError("routing needs DATA: a file of threads")
    found = sorted(data.glob("*.jsonl*")) if data.is_dir() else [data]
    return [path for path in found if is_threads(path)]


def is_threads(path: Path) -> bool:
    return "threads" in path.name


def span(threads: list[Any]) -> timedelta:
    whole: timedelta = threads[-1].asked_at - threads[0].asked_at
    return whole


def by_activity(asked: Asked, candidates: list[str], offers: dict[str, int]) -> list[str]:
    return sorted(candidates, key=lambda user_id: -asked.answered[user_id])


def by_activity_lately(asked: Asked, candidates: list[str], offers: dict[str, int]) -> list[str]:
    lately = {user_id: strength(asked.rhythms[user_id], asked.at) for user_id in candidates}
    return sorted(candidates, key=lambda user_id: -lately[user_id])


def by_text(asked: Asked, candidates: list[str], offers: dict[str, int]) -> list[str]:
    votes: dict[str, float] = defaultdict(float)
    for each in asked.helps:
        votes[each.user_id] += each.likeness
    return sorted(candidates, key=lambda user_id: -votes[user_id])


def unlearned(asked: Asked, candidates: list[str], offers: dict[str, int]) -> list[str]:
    return by_us(asked, candidates, offers, START)


def by_us(
    asked: Asked, candidates: list[str], offers: dict[str, int], weights: Weights
) -> list[str]:
    known = know_experts(
        candidates,
        asked.helps,
        rhythms=asked.rhythms,
        helped_asker=asked.helped_asker,
        now=asked.at,
    )
    ranked = rank_experts(known, values_of(weights), offers=offers, helpers=candidates)
    return [each.user_id for each in ranked]


class Learner:
    """Ranks as the bot does, and learns as it does: from what is some days old."""

    def __init__(self) -> None:
        self.weights: Weights = START
        self.kept: list[tuple[Asked, list[str]]] = []

    def rank(self, asked: Asked, candidates: list[str], offers: dict[str, int]) -> list[str]:
        while self.kept and self.kept[0][0].at < asked.at - LEARNED_AFTER:
            self.weights = learn(self.weights, outcomes_of(*self.kept.pop(0)))
        self.kept.append((asked, candidates))
        return by_us(asked, candidates, offers, self.weights)


def outcomes_of(asked: Asked, candidates: list[str]) -> list[Outcome]:
    known = know_experts(
        candidates,
        asked.helps,
        rhythms=asked.rhythms,
        helped_asker=asked.helped_asker,
        now=asked.at,
    )
    until = asked.at + LEARNED_AFTER
    helped = {user_id for user_id, at in asked.answered_at.items() if at < until}
    return [
        Outcome((*each.figures, 0.0), float(user_id in helped)) for user_id, each in known.items()
    ]


WAYS: dict[str, Callable[[], Rank]] = {
    "most active": lambda: by_activity,
    "most active lately": lambda: by_activity_lately,
    "text only": lambda: by_text,
    "before it learned": lambda: unlearned,
    "learning from then on": lambda: Learner().rank,
    "askaround": lambda: Learner().rank,
}
LEARN_BEFORE = ("askaround",)  # from what was asked before that time too


def measure(asked: list[Asked], way: str, since: datetime) -> dict[str, float]:
    measured = [each for each in asked if each.at >= since]
    everybody = Counter(user_id for each in measured for user_id in each.targets)
    busiest = {user_id for user_id, _ in everybody.most_common(MOST_ACTIVE)}
    seen = asked if way in LEARN_BEFORE else measured
    fewer = ranks_of(seen, WAYS[way](), since=since, without=busiest)
    return {**ranks_of(seen, WAYS[way](), since=since), "hit5_fewer": fewer["hit5"]}


def ranks_of(
    asked: list[Asked], rank: Rank, *, since: datetime, without: Collection[str] = ()
) -> dict[str, float]:
    places, firsts, times = list[int | None](), Counter[str](), list[float]()
    offers: list[tuple[datetime, str]] = []
    for each in asked:
        targets = each.targets - set(without)
        if not targets:
            continue
        candidates = [user_id for user_id in each.candidates if user_id not in without]
        offers = [given for given in offers if given[0] > each.at - WEEK]
        started = time.perf_counter()
        order = rank(each, candidates, Counter(user_id for _, user_id in offers))
        spent = 1000 * (time.perf_counter() - started)
        offers += [(each.at, user_id) for user_id in order[:OFFERS]]
        if each.at < since or not order:
            continue
        times.append(spent)
        firsts[order[0]] += 1
        found = (at for at, user_id in enumerate(order) if user_id in targets)
        places.append(next(found, None))
    return {
        **{f"hit{most}": share(places, most) for most in (1, 3, 5)},
        "mrr": round(statistics.fmean(0 if at is None else 1 / (at + 1) for at in places), 3),
        "top1_share": round(firsts.most_common(1)[0][1] / len(places), 3),
        "n": len(places),
        "p99_ms": round(sorted(times)[int(len(times) * 0.99)], 1),
    }


def share(places: list[int | None], most: int) -> float:
    return round(sum(at is not None and at < most for at in places) / len(places), 3)
