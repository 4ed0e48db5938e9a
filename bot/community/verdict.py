"""What the measures mean: a pure function, and one rule for each thing to notice.

How a community does follows from its course (`bot/community/trend.py`), which sets it against its
own past and decides; the rules about the last four weeks say what to do. Each looks at a reading
and says nothing, or what it noticed and what to do about it, with the figures of both;
`handlers/blocks/community/verdict.py` has the words. The rules stand in the order in which their
advice is given; three pieces of advice are enough."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from bot.community.measures import FEWEST, SLOW, WEEK, Measures
from bot.community.trend import QUARTER, Course, Standing, interval
from bot.recognition.saved import Saved

THRIVING, STEADY, FEW_AND_STEADY, STRAINED = "thriving", "steady", "few and steady", "strained"
THINNING, SHRUNK, SILENT, MOVED, PUSHED = "thinning", "shrunk", "silent", "moved", "pushed"
TOO_YOUNG, TOO_FEW = "too young", "too few"
WARNINGS = frozenset({THINNING, SHRUNK, SILENT, MOVED, PUSHED})
KINDS = {
    Standing.YOUNG: TOO_YOUNG,
    Standing.STRAINED: STRAINED,
    Standing.THINNING: THINNING,
    Standing.SHRUNK: SHRUNK,
    Standing.SILENT: SILENT,
    Standing.PUSHED: PUSHED,
}
ENOUGH = 20  # questions in a period, to say anything of shares and medians
MOST_ADVICE = 3
LARGE, FEW_ASK, MANY_ASK = 50, 0.02, 20  # members, the share of them who ask, and how many
FEW_CARRY, MANY_HELP = 0.6, 10  # of the help, by three people of so many
ANSWERED_WELL, ANSWERED_BADLY = 0.85, 0.7
MANY_NEW, NEWCOMERS_LEFT = 10, 0.4  # newcomers, and the share of them without an answer
FAST, SLOW_ALWAYS, TWICE = SLOW.total_seconds(), 8 * 3600.0, 2.0
AT_NIGHT, SLOW_ENOUGH = 0.5, 10  # share and number of the slow questions
HANDED_OFF, MARKED_BADLY = 0.2, 0.4
ASK_ELSEWHERE = 0.5  # of those who asked here before
SAID_FOR = QUARTER  # weeks in which it is said that a warning is over


class Noticed(StrEnum):
    WELL_ANSWERED = auto()
    BEGAN_LATELY = auto()
    FEWER_ASK = auto()
    LESS_THAN_ITS_BEST = auto()
    HARDLY_ANYBODY_ASKS = auto()
    ASK_ELSEWHERE = auto()
    MUCH_TO_READ = auto()
    FEWER_ANSWERED = auto()
    FEWER_THAN_BEFORE = auto()
    WARNING_IS_OVER = auto()
    FEW_ASK = auto()
    WITHOUT_ANSWERS = auto()
    FEW_HELP = auto()
    FEW_CARRY_IT = auto()
    NEWCOMERS_LEFT_ALONE = auto()
    SLOW_ANSWERS = auto()
    MANY_HANDED_OFF = auto()
    FEW_MARKED = auto()


class Advice(StrEnum):
    BE_WHERE_WORK_HAPPENS = auto()
    ASK_WHO_LEFT = auto()
    FOLLOW_THEM = auto()
    ASK_WHAT_THEY_NEED = auto()
    NAME_MORE_EXPERTS = auto()
    ASK_THREE_TO_JOIN = auto()
    SEE_TO_NEWCOMERS = auto()
    ASK_MORE_SOONER = auto()
    FIND_AN_EXPERT_ELSEWHERE = auto()
    SEE_WHICH_TOPICS = auto()
    REMIND_TO_MARK = auto()


@dataclass(frozen=True)
class Reading:
    """What was counted of a workspace or a topic, up to a midnight. A period is None where too
    few people were in it to be told apart, and so is its course."""

    until: datetime
    now: Measures | None  # the last four weeks
    before: Measures | None
    earlier: Measures | None
    year_ago: Measures | None
    weeks: tuple[Measures | None, ...]  # the latest last
    members: int | None = None  # of the help channels, as they are now
    course: Course | None = None
    stopped: int = 0  # people who asked here in this quarter, and no more
    elsewhere: int = 0  # those of them who ask about something else since
    saved: Saved | None = None  # by the answers, as askers say; of the workspace


@dataclass(frozen=True)
class Finding:
    """What a rule noticed, and what to do about it. `figures`: the numbers of both sentences;
    shares from 0 to 1, times in seconds."""

    noticed: Noticed
    advice: Advice | None
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    kind: str
    reasons: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()
    since: datetime | None = None  # when that began

    @property
    def warns(self) -> bool:
        return self.kind in WARNINGS


def judge(reading: Reading) -> Verdict:
    """How the community does, why, and what to do next."""
    course = reading.course
    if course is None:
        return Verdict(TOO_FEW)
    if reading.now is None:
        lost = (finding_of(Noticed.FEWER_THAN_BEFORE, Advice.ASK_WHO_LEFT),)
        return Verdict(TOO_FEW, lost if course.warns else (), lost if course.warns else ())
    decides = of_course(reading, course)
    found = [*decides, *(each for rule in RULES if (each := rule(reading)) is not None)]
    kind = kind_of(reading, course, found)
    advice = {finding.advice: finding for finding in reversed(found) if finding.advice is not None}
    in_order = sorted(advice.values(), key=found.index)
    reasons = tuple(found[:MOST_ADVICE]) or well_answered(reading.now)
    return Verdict(kind, reasons, tuple(in_order[:MOST_ADVICE]), moment_of(reading, course))


def moment_of(reading: Reading, course: Course) -> datetime:
    """When it began to stand where it stands: a Monday."""
    monday = reading.until - reading.until.weekday() * (WEEK / 7)
    return monday - (course.age - course.since) * WEEK


def kind_of(reading: Reading, course: Course, found: list[Finding]) -> str:
    if has_moved(reading, course):
        return MOVED
    if course.standing in KINDS:
        return KINDS[course.standing]
    now = reading.now or Measures()
    if now.asked < ENOUGH:
        return FEW_AND_STEADY
    is_good = answered_share(now) >= ANSWERED_WELL and (now.first_answer or 0.0) <= FAST
    return THRIVING if is_good and not found else STEADY


def finding_of(noticed: Noticed, advice: Advice | None, **figures: Any) -> Finding:
    return Finding(noticed, advice, figures)


def well_answered(now: Measures | None) -> tuple[Finding, ...]:
    if now is None or not now.asked:
        return ()
    figures = {"share": answered_share(now), "first_answer": now.first_answer}
    return (finding_of(Noticed.WELL_ANSWERED, None, **figures),)


def has_moved(reading: Reading, course: Course) -> bool:
    """Whether those who stopped to ask here ask about something else."""
    is_less = course.standing in (Standing.SILENT, Standing.THINNING)
    many = max(FEWEST, ASK_ELSEWHERE * reading.stopped)
    return is_less and reading.elsewhere >= many


def of_course(reading: Reading, course: Course) -> list[Finding]:
    """Why it stands where it stands."""
    standing, figures = course.standing, figures_of(course)
    if has_moved(reading, course):
        people = {"stopped": reading.stopped, "elsewhere": reading.elsewhere}
        return [finding_of(Noticed.ASK_ELSEWHERE, Advice.FOLLOW_THEM, **people)]
    if standing is Standing.YOUNG:
        return [finding_of(Noticed.BEGAN_LATELY, Advice.BE_WHERE_WORK_HAPPENS)]
    if standing is Standing.PUSHED:
        return [finding_of(Noticed.MUCH_TO_READ, Advice.BE_WHERE_WORK_HAPPENS)]
    if standing is Standing.SILENT:
        return [finding_of(Noticed.HARDLY_ANYBODY_ASKS, Advice.ASK_WHO_LEFT)]
    if standing in (Standing.THINNING, Standing.SHRUNK) and is_about_few(course):
        return [finding_of(Noticed.FEWER_THAN_BEFORE, Advice.ASK_WHO_LEFT)]
    if standing is Standing.THINNING:
        return [finding_of(Noticed.FEWER_ASK, Advice.ASK_WHO_LEFT, **figures)]
    if standing is Standing.SHRUNK:
        return [finding_of(Noticed.LESS_THAN_ITS_BEST, Advice.ASK_WHAT_THEY_NEED, **figures)]
    if standing is Standing.STRAINED:
        shares = {"share": course.answered, "before": course.answered_before}
        return [finding_of(Noticed.FEWER_ANSWERED, Advice.NAME_MORE_EXPERTS, **shares)]
    if course.was_wrong is not None and course.age - course.was_wrong <= SAID_FOR:
        return [finding_of(Noticed.WARNING_IS_OVER, None)]
    return []


def is_about_few(course: Course) -> bool:
    """Whether its figures would tell of fewer than five people."""
    return course.recent * course.window < FEWEST


def figures_of(course: Course) -> dict[str, Any]:
    return {
        "window": course.window,
        "recent": course.recent,
        "usual": course.usual,
        "low": course.low,
        "high": course.high,
    }


def few_ask(reading: Reading) -> Finding | None:
    now, members = reading.now, reading.members or 0
    if now is None or members < LARGE or is_young(reading):
        return None
    if now.askers >= min(FEW_ASK * members, MANY_ASK):
        return None
    return finding_of(
        Noticed.FEW_ASK, Advice.BE_WHERE_WORK_HAPPENS, members=members, askers=now.askers
    )


def is_young(reading: Reading) -> bool:
    return reading.course is None or reading.course.standing is Standing.YOUNG


def without_answers(reading: Reading) -> Finding | None:
    """Surely too few are answered: with the benefit of the doubt that a small number gives."""
    now = reading.now
    if now is None or not now.asked or interval(now.answered, now.asked)[1] >= ANSWERED_BADLY:
        return None
    share = 1 - answered_share(now)
    return finding_of(Noticed.WITHOUT_ANSWERS, Advice.NAME_MORE_EXPERTS, share=share)


def few_carry_it(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or not now.help or is_young(reading):
        return None
    if now.helping < FEWEST:
        return finding_of(Noticed.FEW_HELP, Advice.ASK_THREE_TO_JOIN, people=now.helping)
    if now.helping < MANY_HELP or (now.help_by_three or 0.0) < FEW_CARRY:
        return None
    return finding_of(Noticed.FEW_CARRY_IT, Advice.ASK_THREE_TO_JOIN, share=now.help_by_three)


def newcomers_left_alone(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or now.newcomers_answered is None or now.newcomers < MANY_NEW:
        return None
    left = now.newcomers - now.newcomers_answered
    if left < NEWCOMERS_LEFT * now.newcomers:
        return None
    return finding_of(
        Noticed.NEWCOMERS_LEFT_ALONE, Advice.SEE_TO_NEWCOMERS, left=left, newcomers=now.newcomers
    )


def slow_answers(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or now.first_answer is None:
        return None
    was = max([each.first_answer or 0.0 for each in periods_before(reading)], default=0.0)
    is_twice = bool(was) and now.first_answer >= max(TWICE * was, FAST)
    if not is_twice and now.first_answer < SLOW_ALWAYS:
        return None
    at_night = now.slow >= SLOW_ENOUGH and now.slow_at_night >= AT_NIGHT * now.slow
    return finding_of(
        Noticed.SLOW_ANSWERS,
        Advice.FIND_AN_EXPERT_ELSEWHERE if at_night else Advice.ASK_MORE_SOONER,
        first_answer=now.first_answer,
        before=was if is_twice else None,
        slow=now.slow,
        at_night=now.slow_at_night,
        region=now.slow_region,
    )


def many_handed_off(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or now.handed_off < HANDED_OFF * now.asked:
        return None
    return finding_of(
        Noticed.MANY_HANDED_OFF,
        Advice.SEE_WHICH_TOPICS,
        handed_off=now.handed_off,
        asked=now.asked,
    )


def few_marked(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or answered_share(now) < ANSWERED_BADLY:
        return None
    if now.solved >= MARKED_BADLY * now.asked:
        return None
    return finding_of(
        Noticed.FEW_MARKED, Advice.REMIND_TO_MARK, answered=now.answered, solved=now.solved
    )


RULES: tuple[Callable[[Reading], Finding | None], ...] = (
    few_ask,
    without_answers,
    few_carry_it,
    newcomers_left_alone,
    slow_answers,
    many_handed_off,
    few_marked,
)


def periods_before(reading: Reading) -> list[Measures]:
    return [each for each in (enough(reading.before), enough(reading.earlier)) if each is not None]


def enough(measures: Measures | None) -> Measures | None:
    """The period, if enough was asked in it to say anything of shares and medians."""
    return measures if measures is not None and measures.asked >= ENOUGH else None


def answered_share(measures: Measures) -> float:
    return measures.answered / measures.asked if measures.asked else 0.0
