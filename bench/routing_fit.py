"""Fits the weights with which routing ranks experts, on the year before the one measured.

Input: a file of threads, as `routing`. What is fitted: the chance, by softmax over all
candidates, of those who answered; each question counts twice, once with everybody and once
without the three most active, so that the many who help now and then count too. The weight of
`load` is not fitted but chosen: it trades the first place's share for a little accuracy.
Figures: the weights, as they stand in `bot/experts/routing.py`.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from bench._helped import Asked, last, read_threads, replay
from bench._search_data import database
from bench.routing import MOST_ACTIVE, YEAR
from bot.experts.routing import FIGURES, figures_of, helps_by_person

FITTED = FIGURES
STEPS, RATE, SMALL = 300, 0.1, 1e-3
Case = tuple[Any, Any]  # figures of each candidate; whether they answered


async def run(data: Path | None) -> dict[str, Any]:
    if data is None:
        raise ValueError("routing-fit needs DATA: a file of threads")
    threads = read_threads(data)
    start, until = last(threads, 2 * YEAR)
    async with database("sqlite") as sessions:
        asked = [each async for each in replay(sessions, threads, start=start, until=until - YEAR)]
    answers = Counter(user_id for each in asked for user_id in each.targets)
    busiest = {user_id for user_id, _ in answers.most_common(MOST_ACTIVE)}
    cases = [case_of(each, set()) for each in asked] + [case_of(each, busiest) for each in asked]
    weights = fit([case for case in cases if case[1].any()])
    figures = dict(zip(FITTED, (round(float(each), 3) for each in weights), strict=True))
    print(figures)
    return figures


def case_of(asked: Asked, without: set[str]) -> Case:
    candidates = [user_id for user_id in asked.candidates if user_id not in without]
    helps = helps_by_person(candidates, asked.helps)
    figures = figures_of(candidates, helps, asked.rhythms, asked.helped_asker, asked.at)
    rows = [figures[user_id] for user_id in candidates]
    return np.array(rows, dtype=np.float32), np.array([u in asked.targets for u in candidates])


def fit(cases: list[Case]) -> Any:
    """The weights under which those who answered are likeliest (Adam, on scaled figures)."""
    figures = np.concatenate([rows for rows, _ in cases])
    middle, spread = figures.mean(0), figures.std(0)
    scaled = (figures - middle) / spread
    sizes = [len(rows) for rows, _ in cases]
    group, starts = np.repeat(np.arange(len(cases)), sizes), np.cumsum([0, *sizes])[:-1]
    right = np.concatenate([answered for _, answered in cases]).astype(np.float32)
    right /= np.add.reduceat(right, starts)[group]
    weights, speed, size = (np.zeros(len(FITTED)) for _ in range(3))
    for step in range(1, STEPS + 1):
        score = scaled @ weights
        score = np.exp(score - np.maximum.reduceat(score, starts)[group])
        chance = score / np.add.reduceat(score, starts)[group]
        slope = (right - chance) @ scaled / len(cases) - SMALL * weights
        speed, size = 0.9 * speed + 0.1 * slope, 0.99 * size + 0.01 * slope**2
        ahead = speed / (1 - 0.9**step) / (np.sqrt(size / (1 - 0.99**step)) + 1e-8)
        weights = weights + RATE * (1 - step / STEPS) * ahead
    return weights / spread
