"""What each figure counts is learned in each workspace, from who answered what.

When a question is asked, the figures of those who could be asked are kept (`keep`). Days later it
is looked who answered (`learn_due`), and each weight moves a little towards what would have
foretold it: much where little is known yet, less and less afterwards, and never further than
`REACH` from where every workspace begins. The figures are forgotten then."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import mul

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.routing import FIGURES, STARTS, Figures
from storage.experts import learning
from storage.experts.learning import Told

LEARNED_AFTER = timedelta(days=3)  # by then, who would answer mostly has
AT_ONCE = 50  # questions in one transaction
REACH = 1.5  # how far a weight may move
DOUBT = 0.05  # about each weight, at first: a variance
LEAST_DOUBT = 0.001  # a community changes: what was learned is never quite certain
ASKED = "asked"  # learned beside the figures: being asked makes people answer
SOLVED_COUNTS, PASSED_COUNTS = 2.0, 2.0  # times what an answer counts, and no answer

STARTS_LEARNED = {**STARTS, ASKED: 1.0}
LEARNED = tuple(STARTS_LEARNED)


@dataclass(frozen=True)
class Weight:
    """What a figure counts, and how unsure that is."""

    value: float
    doubt: float = DOUBT


Weights = Mapping[str, Weight]  # of each of `LEARNED`
START: Weights = {name: Weight(value) for name, value in STARTS_LEARNED.items()}


@dataclass(frozen=True)
class Outcome:
    """What became of one person who could be asked."""

    figures: Sequence[float]  # in the order of `LEARNED`
    helped: float = 0.0  # 0 where they did not answer
    passed: bool = False


def values_of(weights: Weights) -> list[float]:
    """In the order of `FIGURES`, as ranking takes them."""
    return [weights[name].value for name in FIGURES]


def learn(weights: Weights, outcomes: Sequence[Outcome]) -> Weights:
    """The weights after one question: moved to where who answered would have been likelier.

    The chance of each is taken to be a softmax of the scores. Each weight is learned by itself,
    with a step as large as its doubt, which each question makes smaller."""
    helped = math.fsum(each.helped for each in outcomes)
    if not helped or len(outcomes) < 2:
        return weights
    chances = chances_of(weights, outcomes)
    wanted = [each.helped / helped for each in outcomes]
    columns = list(zip(*(each.figures for each in outcomes), strict=True))
    return {
        name: moved(name, weights[name], columns[at], wanted, chances)
        for at, name in enumerate(LEARNED)
    }


def chances_of(weights: Weights, outcomes: Sequence[Outcome]) -> list[float]:
    values = [weights[name].value for name in LEARNED]
    scores = [math.fsum(map(mul, values, each.figures)) for each in outcomes]
    best = max(scores)
    chances = [
        math.exp(score - best) * (PASSED_COUNTS if each.passed else 1.0)
        for score, each in zip(scores, outcomes, strict=True)
    ]
    total = math.fsum(chances)
    return [chance / total for chance in chances]


def moved(
    name: str,
    weight: Weight,
    column: Sequence[float],
    wanted: Sequence[float],
    chances: Sequence[float],
) -> Weight:
    expected = math.fsum(map(mul, column, chances))
    slope = math.fsum(map(mul, column, wanted)) - expected
    told = math.fsum(map(mul, (each * each for each in column), chances)) - expected**2
    doubt = 1 / (1 / weight.doubt + max(0.0, told))
    start = STARTS_LEARNED[name]
    value = min(start + REACH, max(start - REACH, weight.value + doubt * slope))
    return Weight(value, max(LEAST_DOUBT, doubt))


async def get_weights(session: AsyncSession, team_id: str) -> Weights:
    """What was learned there; where nothing was, where every workspace begins."""
    rows = await learning.list_weights(session, team_id)
    return {**START, **{row.figure: Weight(row.value, row.doubt) for row in rows}}


async def learn_due(session: AsyncSession, *, now: datetime) -> bool:
    """Learn from the questions that were asked some days ago, each once, whoever ticks; True when
    there may be more."""
    due = await learning.take_due(session, before=now - LEARNED_AFTER, limit=AT_ONCE)
    told = await learning.list_told(session, [each.question_id for each in due])
    for team_id in sorted({each.team_id for each in due}):
        weights = await hold_weights(session, team_id)
        questions = 0
        for each in due:
            outcomes = outcomes_of(each.people, told[each.question_id])
            if each.team_id == team_id and any(outcome.helped for outcome in outcomes):
                weights, questions = learn(weights, outcomes), questions + 1
        await save_weights(session, team_id, weights, questions, now=now)
    return len(due) == AT_ONCE


async def hold_weights(session: AsyncSession, team_id: str) -> Weights:
    """The weights, which nobody else changes before the transaction ends."""
    first = {name: (each.value, each.doubt) for name, each in START.items()}
    rows = await learning.hold_weights(session, team_id, first)
    return {row.figure: Weight(row.value, row.doubt) for row in rows if row.figure in LEARNED}


async def save_weights(
    session: AsyncSession, team_id: str, weights: Weights, questions: int, *, now: datetime
) -> None:
    if questions:
        values = {name: (each.value, each.doubt) for name, each in weights.items()}
        await learning.save_weights(session, team_id, values, questions=questions, now=now)


def outcomes_of(people: Mapping[str, Figures], told: Mapping[str, Told]) -> list[Outcome]:
    """`told`: what is known of what people did; of who is missing, nothing."""
    return [outcome_of(figures, told.get(user_id)) for user_id, figures in people.items()]


def outcome_of(figures: Figures, told: Told | None) -> Outcome:
    if told is None:
        return Outcome((*figures, 0.0))
    helped = SOLVED_COUNTS if told.has_solved else float(told.has_answered)
    return Outcome((*figures, float(told.is_asked)), helped, told.has_passed and not helped)


@dataclass(frozen=True)
class Learned:
    """A line of the table that an operator reads."""

    team_id: str
    figure: str
    began: float
    value: float
    doubt: float
    questions: int
    learned_at: datetime | None


async def list_learned(session: AsyncSession) -> list[Learned]:
    """Of every workspace that learned something, in the order of `LEARNED`."""
    rows = [row for row in await learning.list_all(session) if row.figure in LEARNED]
    return [
        Learned(
            row.team_id,
            row.figure,
            STARTS_LEARNED[row.figure],
            row.value,
            row.doubt,
            row.questions,
            row.learned_at,
        )
        for row in sorted(rows, key=lambda row: (row.team_id, LEARNED.index(row.figure)))
    ]
