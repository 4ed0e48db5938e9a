"""What a community's health is measured by: pure functions over plain rows.

A period counts the questions that were asked in it, as they stood when it ended: so the last
weeks compare fairly with those before, whose questions had longer to be answered since. Days
end at midnight UTC, which no clock change moves.

Nothing here tells one person from another. What is about fewer than five people is not broken
down: it is None, and is kept nowhere."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import Any

from bot.community.trend import Week
from bot.hours import Shift
from storage.community.health import Asked, Helped, Reused

FEWEST = 5  # people, of whom something is told apart
PERIOD, WEEK, WEEKS = timedelta(days=28), timedelta(weeks=1), 12
YEAR = timedelta(weeks=52)  # so that the same days of the week are compared
SLOW = timedelta(hours=4)  # longer than half a working day, and the asker is stuck
BUSIEST = 0.05  # of those who help


@dataclass(frozen=True)
class Measures:
    """Of one period; times in seconds. None: nothing to measure, or too few people."""

    asked: int = 0
    askers: int = 0
    asked_by_three: float | None = None  # share of what the three who ask most asked
    answered: int = 0
    first_answer: float | None = None  # the median of those answered
    first_answer_90: float | None = None  # nine in ten were answered within that
    solved: int = 0
    solution: float | None = None
    deflected: int = 0
    handed_off: int = 0
    helping: int = 0  # people
    help: int = 0  # people and the questions they replied to, each pair once
    help_by_three: float | None = None
    help_by_busiest: float | None = None  # by the busiest 5 %
    newcomers: int = 0
    newcomers_answered: int | None = None
    newcomers_first_answer: float | None = None
    slow: int = 0  # questions without an answer after some hours
    slow_at_night: int = 0  # of these, asked while no expert was at work
    slow_region: str | None = None  # where most of those askers are


@dataclass(frozen=True)
class History:
    """What happened in some weeks, of a whole workspace or of a topic."""

    asked: Sequence[Asked] = ()  # in the order of time
    helped: Mapping[int, Sequence[Helped]] = field(default_factory=dict)  # by question
    reused: Sequence[Reused] = ()
    at_work: Sequence[Shift] | None = None  # when an expert is; None: nobody knows of any


def measure(history: History, since: datetime, until: datetime) -> Measures:
    first, last = (bisect_left(history.asked, at, key=asked_at) for at in (since, until))
    told = history.asked[first:last]
    helped = {each.question_id: helped_by(history, each.question_id, until) for each in told}
    waits = {each.question_id: wait_of(each, helped[each.question_id], until) for each in told}
    is_solved = [each for each in told if is_by(each.solved_at, until)]
    # Who solved it alone needed no answer any more.
    answered = [each for each in told if waits[each.question_id] is not None]
    done = {each.question_id for each in [*answered, *is_solved]}
    first_waits = known(waits.values())
    return Measures(
        asked=len(told),
        answered=len(done),
        first_answer=middle(first_waits),
        first_answer_90=within_90(first_waits),
        solved=len(is_solved),
        solution=middle([seconds(each.asked_at, each.solved_at) for each in is_solved]),
        deflected=count_deflected(history.reused, since, until),
        handed_off=sum(is_by(each.handed_off_at, until) for each in told),
        **measures_of_askers(told),
        **measures_of_help(helped),
        **measures_of_newcomers(told, done, waits),
        **measures_of_slow(history, [e for e in told if is_slow(e, waits, done, until)]),
    )


def count_weeks(history: History, start: datetime, number: int) -> list[Week]:
    """So many weeks from that moment on, as a place is followed by."""
    return [count_week(history, start + week * WEEK) for week in range(number)]


def count_week(history: History, start: datetime) -> Week:
    """Of the questions asked in that week, and what came of each within seven days of it."""
    first, last = (bisect_left(history.asked, at, key=asked_at) for at in (start, start + WEEK))
    told = history.asked[first:last]
    soon = {each.question_id: each.asked_at + WEEK for each in told}
    helped = {number: helped_by(history, number, until) for number, until in soon.items()}
    waits = [wait_of(each, helped[each.question_id], soon[each.question_id]) for each in told]
    return Week(
        asked=len(told),
        answered=sum(wait is not None for wait in waits),
        askers=len({each.asker_id for each in told}),
        newcomers=sum(each.is_first for each in told),
        helping=len({each.author_id for replies in helped.values() for each in replies}),
    )


def asked_at(question: Asked) -> datetime:
    return question.asked_at


def is_by(at: datetime | None, until: datetime) -> bool:
    return at is not None and at < until


def seconds(start: datetime, end: datetime | None) -> float:
    """An event can come before its question's, by a clock's slip."""
    return max(0.0, (end - start).total_seconds()) if end is not None else 0.0


def known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def within_90(values: Sequence[float]) -> float | None:
    """The smallest of them that nine in ten do not exceed."""
    return sorted(values)[ceil(0.9 * len(values)) - 1] if values else None


def helped_by(history: History, question_id: int, until: datetime) -> list[Helped]:
    helped = history.helped.get(question_id, ())
    return [each for each in helped if each.helped_at < until]


def wait_of(question: Asked, helped: Sequence[Helped], until: datetime) -> float | None:
    """Until the first answer: somebody's, or an earlier one that was found."""
    moments = [each.helped_at for each in helped]
    if question.reused_at is not None and question.reused_at < until:
        moments.append(question.reused_at)
    return seconds(question.asked_at, min(moments)) if moments else None


def count_deflected(reused: Sequence[Reused], since: datetime, until: datetime) -> int:
    """How often an earlier answer helped somebody, so that nobody had to answer again."""
    facts = {(e.giver_id, e.question_id) for e in reused if since <= e.reused_at < until}
    return len(facts)


def measures_of_askers(told: Sequence[Asked]) -> dict[str, Any]:
    askers = Counter(each.asker_id for each in told)
    return {"askers": len(askers), "asked_by_three": share_of_most(askers, 3)}


def measures_of_help(helped: Mapping[int, Sequence[Helped]]) -> dict[str, Any]:
    authors = Counter(each.author_id for replies in helped.values() for each in replies)
    return {
        "helping": len(authors),
        "help": authors.total(),
        "help_by_three": share_of_most(authors, 3),
        "help_by_busiest": share_of_most(authors, ceil(BUSIEST * len(authors))),
    }


def share_of_most(amounts: Counter[str], people: int) -> float | None:
    """The share of those who did most; None where that would tell few people apart."""
    if len(amounts) < FEWEST:
        return None
    return sum(amount for _, amount in amounts.most_common(people)) / amounts.total()


def measures_of_newcomers(
    told: Sequence[Asked], done: set[int], waits: Mapping[int, float | None]
) -> dict[str, Any]:
    first = [each.question_id for each in told if each.is_first]
    if len(first) < FEWEST:
        return {"newcomers": len(first)}
    return {
        "newcomers": len(first),
        "newcomers_answered": sum(each in done for each in first),
        "newcomers_first_answer": middle(known(waits[each] for each in first)),
    }


def is_slow(
    question: Asked, waits: Mapping[int, float | None], done: set[int], until: datetime
) -> bool:
    wait = waits[question.question_id]
    if wait is None:
        is_due = question.asked_at < until - SLOW
        return is_due and question.question_id not in done
    return wait > SLOW.total_seconds()


def measures_of_slow(history: History, slow: Sequence[Asked]) -> dict[str, Any]:
    at_work = history.at_work
    if at_work is None:
        return {"slow": len(slow)}
    at_night = [each for each in slow if not is_covered(at_work, each.asked_at)]
    return {
        "slow": len(slow),
        "slow_at_night": len(at_night),
        "slow_region": region_of_most(at_night),
    }


def is_covered(shifts: Sequence[Shift], at: datetime) -> bool:
    """Whether the moment lies in one of these, which are in order and do not overlap."""
    place = bisect_right(shifts, at, key=lambda shift: shift[0])
    return place > 0 and at < shifts[place - 1][1]


def joined(shifts: Iterable[Shift]) -> list[Shift]:
    """The same times in order, with nothing overlapping."""
    whole: list[Shift] = []
    for start, end in sorted(shifts):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def region_of_most(questions: Sequence[Asked]) -> str | None:
    """The part of the world that most of these questions come from, if enough people do."""
    regions = [(each.timezone or "").partition("/")[0] for each in questions]
    most = Counter(regions).most_common(1)
    if not most or not most[0][0] or most[0][0] == "Etc" or most[0][1] * 2 < len(questions):
        return None
    region = most[0][0]
    askers = {e.asker_id for e, where in zip(questions, regions, strict=True) if where == region}
    return region if len(askers) >= FEWEST else None


def is_tellable(measures: Measures) -> bool:
    """Whether the part of a community can be told apart; of nobody there is nothing to hide."""
    return all(not 0 < people < FEWEST for people in (measures.askers, measures.helping))


def by_topic(history: History) -> dict[int, History]:
    """The part of each topic, without the shifts, which are each topic's own."""
    asked: defaultdict[int, list[Asked]] = defaultdict(list)
    reused: defaultdict[int, list[Reused]] = defaultdict(list)
    for question in history.asked:
        if question.topic_id is not None:
            asked[question.topic_id].append(question)
    for fact in history.reused:
        if fact.topic_id is not None:
            reused[fact.topic_id].append(fact)
    return {
        topic_id: History(asked.get(topic_id, []), history.helped, reused.get(topic_id, []))
        for topic_id in asked.keys() | reused.keys()
    }
