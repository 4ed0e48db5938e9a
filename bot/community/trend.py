"""How a place goes, week by week: its age, its volume and its trend, each by itself.

A place is followed from its first week; at the end of each it stands somewhere. The rules are few,
and each compares a place with its own past: how many people ask in an average week, and of how
many questions somebody answered. A change counts where it is large and more than the place's own
noise (`is_below`), and where the same weeks of a year ago were not as low: so a summer, or weeks
without work, are no decline. Small places are looked at over longer windows.

A warning stays until it is better (`is_better`). The constants in `Limits` were set on the real
histories that `bench/verdict.py` reads; it prints what they come to where each source is left out
of setting them, and docs/HEALTH.md what moved first in the places that died."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from itertools import accumulate, pairwise
from math import exp, inf, log, sqrt
from typing import Any, NamedTuple

QUARTER, HALF, YEAR = 12, 26, 52  # weeks


class Week(NamedTuple):
    """What happened in one week. `posts`: messages to everybody that ask nothing; `hellos`: those
    of them that only greet; `by_one`: those of whoever wrote most."""

    asked: int = 0
    answered: int = 0  # within seven days, by somebody else
    askers: int = 0
    newcomers: int = 0  # askers who never asked before
    helping: int = 0
    posts: int = 0
    hellos: int = 0
    by_one: int = 0


class Standing(StrEnum):
    YOUNG = auto()  # it began lately
    HOLDING = auto()
    STRAINED = auto()  # people ask as they did, and fewer are answered
    THINNING = auto()  # clearly fewer ask than in the year before
    SHRUNK = auto()  # less than half of its best year is left
    SILENT = auto()  # they stopped within weeks
    PUSHED = auto()  # there is much to read, and hardly anybody asks


FALLEN = frozenset({Standing.THINNING, Standing.SILENT})
WARNINGS = FALLEN | {Standing.SHRUNK, Standing.PUSHED}


@dataclass(frozen=True)
class Limits:
    """What counts as a change. Lengths in weeks; shares of what was usual before."""

    young: int = 12
    base: int = 10  # weeks before, at least, to compare with
    windows: tuple[tuple[int, float], ...] = ((QUARTER, 0.45), (HALF, 0.55), (YEAR, 0.6))
    noise: float = 2.3  # how many standard errors a fall must be
    still: float = 0.7  # and the newest six weeks are as low
    season: float = 0.85  # and it is less than in the same weeks a year ago
    least: int = 30  # askers in the time before, week by week
    better: float = 0.8  # of the last year's weeks: then it falls no more
    shrunk: float = 0.42  # of the best year
    shrunk_better: float = 0.52
    sure: float = 3.0  # the best year is the best of many, so that needs more
    silences: tuple[int, ...] = (3, 4, 6, 8)
    silent: float = 0.15
    certain: float = 2.3
    answers: float = 0.1  # fewer answered than in the best year, in shares of all questions
    answers_better: float = 0.05


LIMITS = Limits()
NINE_IN_TEN = 1.645  # standard errors to both sides
SILENCE_NEEDS = 12  # askers in the half year before, week by week
STILL, FORTNIGHT = 6, 2  # weeks
SETTLED = 3  # askers in a quarter
MOST_NOISE, UNKNOWN_NOISE = 8.0, 1.5  # variance of four weeks, over their mean
BLOCK, BLOCKS = 4, 19  # weeks, and how many of them tell a place's noise
ANSWERS_NEED = 20  # questions, to compare shares of them
LOOK, MUCH_POSTED, PUSHED_AFTER = 8, 8, 4  # weeks, posts, weeks
FEW_ASK, FEWEST_HELPED = 10, 5  # askers in so long: who get no answer, and who do
ASKED_OF_POSTS, MOSTLY = 0.25, 0.5


@dataclass(frozen=True)
class Course:
    """Where a place stands after a week. `recent` and `usual`: people who ask in an average week,
    now and before; `low` and `high`: what `recent` is of `usual`, with 90 % certainty."""

    standing: Standing
    since: int  # the week from which it stands there, or is warned of
    age: int = 0  # weeks
    window: int = 0  # weeks that `recent` is of
    recent: float = 0.0
    usual: float = 0.0
    low: float = 0.0
    high: float = 0.0
    answered: float | None = None  # the share, in the last half year, and in the best year
    answered_before: float | None = None
    was_wrong: int | None = None  # the week in which a warning ended, because it got better

    @property
    def warns(self) -> bool:
        return self.standing in WARNINGS


class Sums:
    """Sums over weeks, each by one subtraction."""

    def __init__(self, values: Sequence[int]):
        self.values = values
        self.until = [0, *accumulate(values)]

    def of(self, start: int, end: int) -> int:
        return self.until[max(0, end)] - self.until[max(0, start)]


@dataclass(frozen=True)
class Change:
    """A window against the time before it."""

    window: int
    now: int
    before: int
    weeks_before: int
    noise: float

    @property
    def recent(self) -> float:
        return self.now / self.window

    @property
    def usual(self) -> float:
        return self.before / self.weeks_before

    @property
    def ratio(self) -> float:
        return self.recent / self.usual if self.usual else inf

    @property
    def error(self) -> float:
        """The standard error of the ratio's logarithm: counts vary like a Poisson's, times the
        place's own noise."""
        return sqrt(self.noise * (1 / (self.now + 0.5) + 1 / (self.before + 0.5)))

    @property
    def middle(self) -> float:
        return log((self.now + 0.5) / self.window) - log((self.before + 0.5) / self.weeks_before)

    def is_below(self, share: float, errors: float) -> bool:
        return self.ratio <= share and self.middle <= -errors * self.error


def follow(weeks: Sequence[Week], limits: Limits = LIMITS) -> list[Course]:
    """Where it stood after each of these weeks, which begin with the first in which it lived."""
    place = Place(weeks, limits)
    course = Course(Standing.YOUNG, 0)
    courses: list[Course] = []
    for end in range(1, len(weeks) + 1):
        course = place.go_on(course, end)
        courses.append(course)
    return courses


class Place:
    """One place's weeks, and what each rule says of them up to a week."""

    def __init__(self, weeks: Sequence[Week], limits: Limits):
        self.limits = limits
        self.askers = Sums([week.askers for week in weeks])
        self.asked = Sums([week.asked for week in weeks])
        self.answered = Sums([week.answered for week in weeks])
        self.posts = Sums([week.posts for week in weeks])
        self.hellos = Sums([week.hellos for week in weeks])
        self.by_one = Sums([week.by_one for week in weeks])
        self.best_year = 0  # askers in the best year that ended a year ago or earlier
        self.best_answered: float | None = None
        self.is_shrunk = self.is_strained = False
        self.against_best: Change | None = None

    def go_on(self, last: Course, end: int) -> Course:
        """Where it stands after one week more."""
        change = self.change(QUARTER if end > 2 * QUARTER else max(1, end // 2), end)
        shrunk, strained = self.has_shrunk(end), self.is_answered_less(end)
        fallen = self.silence(end) or self.decline(end)
        is_low = fallen is not None or (last.standing in FALLEN and not self.is_better(end))
        if self.is_pushed(end):
            standing = Standing.PUSHED
        elif end <= self.limits.young:
            standing = Standing.YOUNG
        elif is_low:
            standing, change = fallen or (last.standing, change)
            if self.askers.of(end - QUARTER, end) < SETTLED or last.standing is Standing.SILENT:
                standing = Standing.SILENT
        elif shrunk:
            standing, change = Standing.SHRUNK, self.against_best or change
        else:
            standing = Standing.STRAINED if strained else Standing.HOLDING
        return self.course_of(standing, change, last, end)

    def course_of(self, standing: Standing, change: Change, last: Course, end: int) -> Course:
        is_same = standing is last.standing or (standing in WARNINGS and last.warns)
        begun = end - (change.window if standing is Standing.SILENT else 1)
        course = Course(
            standing,
            last.since if is_same else begun,
            end,
            answered=share_of(self.answered.of(end - HALF - 1, end - 1), self.asked_lately(end)),
            answered_before=self.best_answered,
            was_wrong=last.was_wrong if not last.warns or standing in WARNINGS else end - 1,
        )
        return replace(course, **figures_of(change)) if change.before else course

    def asked_lately(self, end: int) -> int:
        """In the half year before the newest week, whose questions still find answers."""
        return self.asked.of(end - HALF - 1, end - 1)

    def noise_until(self, end: int) -> float:
        """How much four weeks differ from the next, more than by chance (1)."""
        blocks = [
            self.askers.of(last - BLOCK, last)
            for last in range(end, max(BLOCK - 1, end - BLOCKS * BLOCK), -BLOCK)
        ]
        mean = sum(blocks) / len(blocks) if blocks else 0.0
        if len(blocks) < BLOCK or not mean:
            return UNKNOWN_NOISE
        spread = sum((one - next_one) ** 2 for one, next_one in pairwise(blocks))
        return min(MOST_NOISE, max(1.0, spread / (2 * (len(blocks) - 1)) / mean))

    def change(self, window: int, end: int, before: int = YEAR) -> Change:
        start = end - window
        first = max(0, start - before)
        now, earlier = self.askers.of(start, end), self.askers.of(first, start)
        return Change(window, now, earlier, max(1, start - first), self.noise_until(start))

    def decline(self, end: int) -> tuple[Standing, Change] | None:
        """Clearly fewer people ask, over a quarter, a half year or a year."""
        for window, share in self.limits.windows:
            change = self.change(window, end)
            if (
                end >= window + self.limits.base
                and change.before >= self.limits.least
                and change.is_below(share, self.limits.noise)
                and self.askers.of(end - STILL, end) <= self.limits.still * STILL * change.usual
                and not self.is_season(change, end)
            ):
                return Standing.THINNING, change
        return None

    def is_season(self, change: Change, end: int) -> bool:
        """Whether the same weeks of a year ago were as low."""
        usual = self.a_year_ago(end - change.window, end)
        return usual is not None and change.recent > self.limits.season * usual

    def a_year_ago(self, start: int, end: int) -> float | None:
        """People who asked in an average week of these a year ago; None where it was not there."""
        first, last = max(0, start - YEAR), end - YEAR
        is_known = last - first >= (end - start) / 2
        return self.askers.of(first, last) / (last - first) if is_known else None

    def silence(self, end: int) -> tuple[Standing, Change] | None:
        """Nearly nobody asks any more, from one week to the next."""
        for window in self.limits.silences:
            change = self.change(window, end, before=HALF)
            if (
                end >= window + self.limits.base
                and change.before >= SILENCE_NEEDS
                and change.is_below(self.limits.silent, self.limits.certain)
                and not self.were_weeks_without_work(change, end)
            ):
                return Standing.SILENT, change
        return None

    def were_weeks_without_work(self, change: Change, end: int) -> bool:
        """Whether a year ago it was as silent, a fortnight sooner or later."""
        usual = self.a_year_ago(end - change.window - FORTNIGHT, end + FORTNIGHT)
        weeks = change.window + 2 * FORTNIGHT
        return usual is not None and change.now > MOSTLY * usual * weeks

    def is_better(self, end: int) -> bool:
        """A quarter that is no lower than the year it ends, and goes on: it falls no more."""
        quarter, year = self.askers.of(end - QUARTER, end), self.askers.of(end - YEAR, end)
        usual = year / min(YEAR, end)
        goes_on = self.askers.of(end - BLOCK, end) >= MOSTLY * BLOCK * usual
        return goes_on and quarter >= max(SETTLED, self.limits.better * QUARTER * usual)

    def has_shrunk(self, end: int) -> bool:
        """Whether less than half of its best year is left; it stays so until clearly more is."""
        if end < 2 * YEAR:
            return False
        self.best_year = max(self.best_year, self.askers.of(end - 2 * YEAR, end - YEAR))
        now = self.askers.of(end - YEAR, end)
        change = Change(YEAR, now, self.best_year, YEAR, self.noise_until(end))
        self.against_best = change
        if change.before >= self.limits.least and change.is_below(
            self.limits.shrunk, self.limits.sure
        ):
            self.is_shrunk = True
        elif now >= self.limits.shrunk_better * self.best_year:
            self.is_shrunk = False
        return self.is_shrunk

    def is_answered_less(self, end: int) -> bool:
        """Whether fewer are answered than in the best year before, until it is better."""
        last = end - 1  # of the newest week's questions some will be answered yet
        if last >= YEAR + HALF:
            asked = self.asked.of(last - HALF - YEAR, last - HALF)
            answered = self.answered.of(last - HALF - YEAR, last - HALF)
            if asked >= ANSWERS_NEED:
                # Its lower end: the best of many years looks better than it was.
                best = interval(answered, asked)[0]
                self.best_answered = max(self.best_answered or 0.0, best)
        asked = self.asked_lately(end)
        if self.best_answered is None or asked < ANSWERS_NEED:
            return self.is_strained
        answered = self.answered.of(end - HALF - 1, last)
        if interval(answered, asked)[1] <= self.best_answered - self.limits.answers / 2:
            self.is_strained = answered / asked <= self.best_answered - self.limits.answers
        elif answered / asked >= self.best_answered - self.limits.answers_better:
            self.is_strained = False
        return self.is_strained

    def is_pushed(self, end: int) -> bool:
        """There is much to read and hardly anybody asks: posts of one person, or only hellos, or
        the same few who ask."""
        start = max(0, end - LOOK)
        posts, asked = self.posts.of(start, end), self.asked.of(start, end)
        if end < PUSHED_AFTER or posts < MUCH_POSTED or asked > ASKED_OF_POSTS * posts:
            return False
        are_helped = self.answered.of(start, end) >= MOSTLY * asked > 0
        least = (FEWEST_HELPED if are_helped else FEW_ASK) * (end - start) / LOOK
        few_ask = self.askers.of(start, end) < least
        is_by_one = self.by_one.of(start, end) >= MOSTLY * posts
        is_hellos = self.hellos.of(start, end) >= MOSTLY * posts
        return few_ask or ((is_by_one or is_hellos) and asked < ASKED_OF_POSTS * posts / 2)


def figures_of(change: Change) -> dict[str, Any]:
    """The figures of a course. Its bounds are those of nine times of ten."""
    return {
        "window": change.window,
        "recent": change.recent,
        "usual": change.usual,
        "low": exp(change.middle - NINE_IN_TEN * change.error),
        "high": exp(change.middle + NINE_IN_TEN * change.error),
    }


def share_of(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def interval(part: int, whole: int, errors: float = NINE_IN_TEN) -> tuple[float, float]:
    """Where a share surely lies, nine times of ten (Wilson's interval)."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, errors**2 / whole
    middle = (share + square / 2) / (1 + square)
    half = errors / (1 + square) * sqrt(share * (1 - share) / whole + square / whole / 4)
    return max(0.0, middle - half), min(1.0, middle + half)
