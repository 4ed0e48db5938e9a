"""How right the verdict on a community is, over the real histories of places that live or died.

Input: `histories.jsonl`, or the folder with it: a place a line, with `name`, `source`, `fate`
(alive …, died, moved, shrank …) and `weeks` (`week`, `questions`, `answered_week`, `askers`,
`new_askers`, `helpers`, `median_first_answer_min`). Beside it `threads_*.jsonl.gz`, the threads of
some of them, which are counted as the product counts them. Without data, four invented places.

Printed: for each place the verdict at the end of every fourth week as a letter, by the rules
before and by those of now: y young, s steady, t thriving, a answered less, and as warnings
T thinning, K shrunk, S silent, P pushed. Then what moved first in those that died.

Figures, for both: of the places that faded (more than 8 weeks from the last twelve weeks at
their best year's rate to the last at half of it), `faded_warned`, the share warned within their
last two years and 26 weeks or more before the end, and `months_warned`, the share of months
warned from then on; of the others that ended, `abrupt_told_weeks`, the weeks until told since they
lost half (median); of those alive, `false_alarms_a_year` and `months_false`: warnings after which
the next 26 weeks have 0.7 of the rate of the year before, or more; `without_verdict`, the share of
all months. The end: from which on every twelve weeks have under a tenth of the best year's rate
and three answered questions at most; of a place that shrank, where its record ends. `left_out`:
the same where each source is judged with limits that were chosen on all others.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from bench._verdict_before import Counts, letters_before
from bot.community.measures import History, count_weeks
from bot.community.trend import LIMITS, QUARTER, YEAR, Limits, Standing, Week, follow
from storage.community.health import Asked, Helped

MONTH, HALF, YOUNG = 4, 26, 12  # weeks
ABRUPT, TWO_YEARS = 8, 2 * YEAR
STILL_ALIVE, ENDED, FEW = 0.7, 0.1, 3
LETTERS = {
    Standing.YOUNG: "y",
    Standing.HOLDING: "s",
    Standing.STRAINED: "a",
    Standing.THINNING: "T",
    Standing.SHRUNK: "K",
    Standing.SILENT: "S",
    Standing.PUSHED: "P",
}
GRID = [
    replace(LIMITS, noise=noise, windows=windows, shrunk=shrunk, shrunk_better=shrunk + 0.1)
    for noise, windows, shrunk in product(
        (2.0, 2.3, 2.6),
        [tuple((w, s + by) for w, s in LIMITS.windows) for by in (-0.05, 0.0, 0.05)],
        (0.38, 0.42, 0.46),
    )
]
WANTED = {"faded_warned": 0.85, "months_warned": 0.8}
AT_MOST = {"false_alarms_a_year": 0.15, "months_false": 0.03}


@dataclass(frozen=True)
class Told:
    """One place: its weeks, and what became of it."""

    name: str
    source: str
    fate: str
    weeks: tuple[Week, ...]
    counts: tuple[Counts, ...]

    @cached_property
    def asked(self) -> list[int]:
        return [week.asked for week in self.weeks]

    @cached_property
    def has_ended(self) -> bool:
        return not self.fate.startswith("alive") or "shrunk" in self.fate

    @cached_property
    def best(self) -> float:
        """Questions a week in its best year."""
        width = min(YEAR, len(self.weeks))
        starts = range(len(self.weeks) - width + 1)
        return max(sum(self.asked[start : start + width]) for start in starts) / width

    @cached_property
    def end(self) -> int:
        """The week from which it is no more."""
        if not self.fate.startswith(("died", "moved")):
            return len(self.weeks)
        answered = [week.answered for week in self.weeks]
        end = len(self.weeks)
        for start in range(len(self.weeks) - QUARTER, -1, -1):
            few = sum(self.asked[start : start + QUARTER]) < ENDED * QUARTER * self.best
            if not few or sum(answered[start : start + QUARTER]) > FEW:
                break
            end = start
        return end

    @cached_property
    def half_lost(self) -> int:
        return self.last_at(0.5)

    def last_at(self, share: float) -> int:
        """The last week that ended a quarter at this share of its best year's rate."""
        ends = range(min(QUARTER, len(self.weeks)), len(self.weeks) + 1)
        least = share * self.best * QUARTER
        return max((e for e in ends if sum(self.asked[e - QUARTER : e]) >= least), default=ends[0])

    @cached_property
    def is_abrupt(self) -> bool:
        return self.half_lost - self.last_at(1) <= ABRUPT


@dataclass
class Tally:
    """What is added up over places."""

    faded: int = 0
    in_time: int = 0
    months_after: int = 0
    warned_after: int = 0
    told: tuple[int, ...] = ()
    false_alarms: int = 0
    years: float = 0.0
    false_months: int = 0
    months_alive: int = 0
    without: int = 0
    months: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{name: value + vars(other)[name] for name, value in vars(self).items()})

    def figures(self) -> dict[str, Any]:
        return {
            "faded_warned": share_of(self.in_time, self.faded),
            "months_warned": share_of(self.warned_after, self.months_after),
            "abrupt_told_weeks": median(self.told) if self.told else None,
            "abrupt_told_each": sorted(self.told),
            "false_alarms_a_year": share_of(self.false_alarms, self.years),
            "months_false": share_of(self.false_months, self.months_alive),
            "without_verdict": share_of(self.without, self.months),
        }


def run(data: Path | None) -> dict[str, Any]:
    places = read_places(data) if data else [invented(number) for number in range(4)]
    before = {place.name: letters_before(place.counts) for place in places}
    now = {place.name: letters(place.weeks) for place in places}
    for place in places:
        print_place(place, before[place.name], now[place.name])
    if data is not None and data.is_dir():
        print_threads(data, now)
    print_first_signs(places)
    figures = {
        **added_up(places, now).figures(),
        "before": added_up(places, before).figures(),
        "left_out": left_out(places).figures(),
        "places": len(places),
    }
    print_figures(figures)
    return figures


def read_places(data: Path) -> list[Told]:
    lines = (data / "histories.jsonl" if data.is_dir() else data).read_text().splitlines()
    places = [place_of(json.loads(line)) for line in lines if line.strip()]
    if not places:
        raise ValueError("there is no history in it")
    return places


def place_of(row: Mapping[str, Any]) -> Told:
    weeks, counts = [], []
    for week in row["weeks"]:
        asked, answered, askers, newcomers, helping = (
            int(week[name] or 0)
            for name in ("questions", "answered_week", "askers", "new_askers", "helpers")
        )
        weeks.append(Week(asked, answered, askers, newcomers, helping))
        counts.append(Counts(asked, answered, week.get("median_first_answer_min"), helping))
    source = row.get("source", row["name"])
    return Told(row["name"], source, row["fate"], tuple(weeks), tuple(counts))


def invented(number: int) -> Told:
    """A place that lives or fades, from a seed."""
    dice, fades = random.Random(number), number % 2 == 1
    weeks = []
    for week in range(200):
        rate = 8.0 * (0.97 ** max(0, week - 80) if fades else 1.0)
        asked = sum(dice.random() < rate / 40 for _ in range(40))
        weeks.append(Week(asked, asked - asked // 8, asked, asked // 3, asked))
    counts = tuple(Counts(week.asked, week.answered, 60.0, week.helping) for week in weeks)
    fate = "shrank" if fades else "alive"
    return Told(f"invented {number}", f"seed {number}", fate, tuple(weeks), counts)


def letters(weeks: Sequence[Week], limits: Limits = LIMITS) -> str:
    return "".join(LETTERS[course.standing] for course in follow(weeks, limits))


def monthly(line: str) -> str:
    return line[MONTH - 1 :: MONTH]


def is_warning(letter: str) -> bool:
    return letter.isupper()


def added_up(places: Iterable[Told], lines: Mapping[str, str]) -> Tally:
    return sum((tally_of(place, lines[place.name]) for place in places), Tally())


def tally_of(place: Told, line: str) -> Tally:
    every = range(MONTH - 1, len(line), MONTH)
    tally = Tally(months=len(every), without=sum(line[week] == "y" for week in every))
    if not place.has_ended:
        return tally + falsely_warned(place, line)
    if place.is_abrupt:
        return tally + Tally(told=(weeks_until_told(place, line),))
    end = place.end
    warned = [week for week in every if end - TWO_YEARS <= week < end and is_warning(line[week])]
    tally.faded = 1
    if warned and warned[0] <= end - HALF:
        after = [week for week in every if week >= warned[0]]
        tally.in_time, tally.months_after = 1, len(after)
        tally.warned_after = sum(is_warning(line[week]) for week in after)
    return tally


def weeks_until_told(place: Told, line: str) -> int:
    """Since it lost half: a quarter at half its rate ends about six weeks later."""
    fell = place.half_lost - QUARTER // 2
    told = [week for week in range(fell, len(line)) if is_warning(line[week])]
    return told[0] - fell + 1 if told else len(line) - fell


def falsely_warned(place: Told, line: str) -> Tally:
    """What can be judged: weeks with half a year after them."""
    tally = Tally(years=len(line) / YEAR)
    for week in range(len(line) - HALF):
        last_year = place.asked[max(0, week + 1 - YEAR) : week + 1]
        after = sum(place.asked[week + 1 : week + 1 + HALF]) / HALF
        is_false = after >= STILL_ALIVE * sum(last_year) / len(last_year)
        is_warned = is_warning(line[week])
        if is_warned and is_false and not (week and is_warning(line[week - 1])):
            tally.false_alarms += 1
        if week % MONTH == MONTH - 1:
            tally.months_alive += 1
            tally.false_months += is_warned and is_false
    return tally


def left_out(places: Sequence[Told]) -> Tally:
    """Each source judged with the limits that were best on all others."""
    tallies = [
        {place.name: tally_of(place, letters(place.weeks, limits)) for place in places}
        for limits in GRID
    ]
    whole = Tally()
    for source in {place.source for place in places}:
        others = [place.name for place in places if place.source != source]
        best = min(tallies, key=lambda each: missed(sum((each[n] for n in others), Tally())))
        whole += sum((best[p.name] for p in places if p.source == source), Tally())
    return whole


def missed(tally: Tally) -> float:
    """How far it is from what is wanted, in shares of it, and a little for the rest of the way; an
    end that nobody was told of counts more than a false alarm."""
    figures = tally.figures()
    short = [(1 - figures[name] / wanted, 1.0) for name, wanted in WANTED.items()]
    over = [(figures[name] / most - 1, 0.2) for name, most in AT_MOST.items()]
    return float(sum((max(0.0, far) + 0.1 * far) * weight for far, weight in [*short, *over]))


def share_of(part: float, whole: float) -> float:
    return round(part / whole, 3) if whole else 0.0


def print_place(place: Told, before: str, now: str) -> None:
    print(f"{place.name} ({place.fate})\n  before {monthly(before)}\n  now    {monthly(now)}")


def print_threads(data: Path, now: Mapping[str, str]) -> None:
    """The places whose threads are known, counted as the product counts them."""
    for file in sorted(data.glob("threads_*.jsonl.gz")):
        line = letters(count_threads(file))
        print(f"{file.name}\n  threads {monthly(line)}")


def count_threads(file: Path) -> list[Week]:
    with gzip.open(file, "rt") as lines:
        rows = sorted((json.loads(line) for line in lines), key=lambda row: row["asked_at"])
    asked: list[Asked] = []
    helped: dict[int, list[Helped]] = {}
    seen: set[Any] = set()
    for number, row in enumerate(rows):
        asker, at = row["asker"], moment(row["asked_at"])
        asked.append(Asked(number, None, str(asker), None, at, None, None, None, asker not in seen))
        seen.add(asker)
        helped[number] = [
            Helped(number, str(author), moment(answered_at))
            for author, answered_at in zip(row["answerers"], row["answered_at"], strict=True)
        ]
    history, last = History(asked, helped), asked[-1].asked_at
    start = monday_of(asked[0].asked_at)
    return count_weeks(history, start, 1 + (last - start) // timedelta(weeks=1))


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def monday_of(at: datetime) -> datetime:
    day = date.fromordinal(at.toordinal() - at.weekday())
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


SIGNS: dict[str, Callable[[Week], tuple[int, int]]] = {
    "people who ask": lambda week: (week.askers, 1),
    "people who ask for the first time": lambda week: (week.newcomers, 1),
    "questions": lambda week: (week.asked, 1),
    "people who help": lambda week: (week.helping, 1),
    "share answered": lambda week: (week.answered, week.asked),
}


def print_first_signs(places: Sequence[Told]) -> None:
    """How well each measure tells, half a year to a year before, what ends from what lives:
    the chance that it fell more in one that ended than in one that lives (0.5: no better than a
    coin)."""
    print("\nwhat moved first: half a year against the year before, 26 to 52 weeks before the end")
    for name, sign in SIGNS.items():
        ended = [f for place in places if place.has_ended for f in falls(place, sign)]
        alive = [f for place in places if not place.has_ended for f in falls(place, sign)]
        pairs = [(e < a) + (e == a) / 2 for e in ended for a in alive]
        if pairs:
            print(f"  {name}: {sum(pairs) / len(pairs):.2f} ({len(ended)} and {len(alive)} times)")


def falls(place: Told, sign: Callable[[Week], tuple[int, int]]) -> list[float]:
    """Ratios; of a place that lives at every half year, of one that ended in that time alone."""
    if place.has_ended:
        ends = [place.end - HALF]
    else:
        ends = list(range(YEAR + HALF, len(place.weeks) - HALF, HALF))
    found = []
    for end in ends:
        if end < YEAR + HALF:
            continue
        now = rate(place, sign, end - HALF, end)
        before = rate(place, sign, end - HALF - YEAR, end - HALF)
        if now is not None and before:
            found.append(now / before)
    return found


def rate(
    place: Told, sign: Callable[[Week], tuple[int, int]], start: int, end: int
) -> float | None:
    counted = [sign(week) for week in place.weeks[start:end]]
    parts, wholes = sum(part for part, _ in counted), sum(whole for _, whole in counted)
    return parts / wholes if wholes else None


def print_figures(figures: Mapping[str, Any]) -> None:
    print()
    for name in Tally().figures():
        before, out = figures["before"][name], figures["left_out"][name]
        print(f"{name}: {figures[name]} (before: {before}; each source left out: {out})")
