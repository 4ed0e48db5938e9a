"""What the measures mean: a pure function, and one rule for each thing to notice.

Each rule looks at a reading and says nothing, or what it noticed and what to do about it, with
the figures of both; `handlers/blocks/community/verdict.py` has the words. The rules stand in the
order in which their advice is given; three pieces of advice are enough."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from math import inf
from typing import Any

from bot.community.measures import FEWEST, SLOW, Measures

THRIVING, STEADY, THINNING, PUSHED = "thriving", "steady", "thinning", "pushed"
TOO_YOUNG, TOO_FEW = "too young", "too few"
ENOUGH = 20  # questions in a period, to say anything of shares and medians
MOST_ADVICE = 3
LARGE, FEW_ASK, MANY_ASK = 50, 0.02, 20  # members, the share of them who ask, and how many
FEW_CARRY, SAME_ASK = 0.6, 0.6  # of the help, of the questions: by three people
ANSWERED_WELL, ANSWERED_BADLY, ANSWERED_HALF, DROP = 0.85, 0.7, 0.5, 0.15
MANY_NEW, NEWCOMERS_LEFT = 10, 0.4  # newcomers, and the share of them without an answer
FAST, SLOW_ALWAYS, TWICE = SLOW.total_seconds(), 8 * 3600.0, 2.0
AT_NIGHT, SLOW_ENOUGH = 0.5, 10  # share and number of the slow questions
FELL = 0.6  # of what was usual, or less
HANDED_OFF, MARKED_BADLY = 0.2, 0.4


class Noticed(StrEnum):
    WELL_ANSWERED = auto()
    FEW_QUESTIONS = auto()
    NOBODY_ASKS = auto()
    FEW_ASK = auto()
    THE_SAME_ASK = auto()
    WITHOUT_ANSWERS = auto()
    FEW_HELP = auto()
    FEW_CARRY_IT = auto()
    NEWCOMERS_LEFT_ALONE = auto()
    SLOW_ANSWERS = auto()
    FEWER_QUESTIONS = auto()
    FEWER_THAN_A_YEAR_AGO = auto()
    FEWER_HELP = auto()
    MANY_HANDED_OFF = auto()
    FEW_MARKED = auto()


class Advice(StrEnum):
    BE_WHERE_WORK_HAPPENS = auto()
    ASK_WHO_LEFT = auto()
    SHOW_THE_OTHERS = auto()
    NAME_MORE_EXPERTS = auto()
    ASK_THREE_TO_JOIN = auto()
    SEE_TO_NEWCOMERS = auto()
    ASK_MORE_SOONER = auto()
    FIND_AN_EXPERT_ELSEWHERE = auto()
    THANK_WHO_HELPS = auto()
    SEE_WHICH_TOPICS = auto()
    REMIND_TO_MARK = auto()


@dataclass(frozen=True)
class Reading:
    """What was counted of a workspace or a topic, up to a midnight. A period is None where too
    few people were in it to be told apart."""

    until: datetime
    now: Measures | None  # the last four weeks
    before: Measures | None
    earlier: Measures | None
    year_ago: Measures | None
    weeks: tuple[Measures | None, ...]  # the latest last
    members: int | None = None  # of the help channels, as they are now


@dataclass(frozen=True)
class Finding:
    """What a rule noticed, and what to do about it. `figures`: the numbers of both sentences;
    shares from 0 to 1, times in seconds."""

    noticed: Noticed
    advice: Advice | None
    figures: Mapping[str, Any] = field(default_factory=dict)
    means: str | None = None  # a verdict that follows from it alone; None: it is only not thriving


@dataclass(frozen=True)
class Verdict:
    kind: str
    reasons: tuple[Finding, ...] = ()
    advice: tuple[Finding, ...] = ()


def judge(reading: Reading) -> Verdict:
    """How the community does, why, and what to do next."""
    now = reading.now
    if now is None:
        return Verdict(TOO_FEW)
    found = [finding for rule in RULES if (finding := rule(reading)) is not None]
    found.sort(key=lambda finding: finding.means is None)  # what decides comes first
    kind = kind_of(now, found)
    if kind == TOO_YOUNG:
        few = (finding_of(Noticed.FEW_QUESTIONS, Advice.BE_WHERE_WORK_HAPPENS, asked=now.asked),)
        return Verdict(kind, few, few)
    advice = {finding.advice: finding for finding in reversed(found)}
    in_order = sorted(advice.values(), key=found.index)
    return Verdict(
        kind, tuple(found[:MOST_ADVICE]) or (well_answered(now),), tuple(in_order[:MOST_ADVICE])
    )


def finding_of(
    noticed: Noticed, advice: Advice | None, means: str | None = None, **figures: Any
) -> Finding:
    return Finding(noticed, advice, figures, means)


def kind_of(now: Measures, found: list[Finding]) -> str:
    for kind in (PUSHED, THINNING):
        if any(finding.means == kind for finding in found):
            return kind
    if now.asked < ENOUGH:
        return TOO_YOUNG
    is_good = answered_share(now) >= ANSWERED_WELL and (now.first_answer or 0.0) <= FAST
    return THRIVING if is_good and not found else STEADY


def well_answered(now: Measures) -> Finding:
    return finding_of(
        Noticed.WELL_ANSWERED, None, share=answered_share(now), first_answer=now.first_answer
    )


def nobody_asks(reading: Reading) -> Finding | None:
    last = reading.weeks[-2:]
    if any(week is None or week.asked for week in last) or not was_alive(reading):
        return None
    return finding_of(Noticed.NOBODY_ASKS, Advice.BE_WHERE_WORK_HAPPENS, PUSHED)


def was_alive(reading: Reading) -> bool:
    periods = (reading.now, reading.before, reading.earlier)
    return sum(each.asked for each in periods if each is not None) >= ENOUGH


def few_ask(reading: Reading) -> Finding | None:
    now, members = reading.now, reading.members or 0
    if now is None or members < LARGE or not was_alive(reading):
        return None
    if now.askers >= min(FEW_ASK * members, MANY_ASK):
        return None
    return finding_of(
        Noticed.FEW_ASK,
        Advice.BE_WHERE_WORK_HAPPENS,
        PUSHED,
        members=members,
        askers=now.askers,
    )


def the_same_ask(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or (now.asked_by_three or 0.0) < SAME_ASK:
        return None
    return finding_of(
        Noticed.THE_SAME_ASK, Advice.SHOW_THE_OTHERS, PUSHED, share=now.asked_by_three
    )


def without_answers(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None:
        return None
    share = answered_share(now)
    was = min([answered_share(each) for each in periods_before(reading)], default=share)
    fell = share <= was - DROP
    if share >= ANSWERED_BADLY and not fell:
        return None
    return finding_of(
        Noticed.WITHOUT_ANSWERS,
        Advice.NAME_MORE_EXPERTS,
        THINNING if fell or share < ANSWERED_HALF else None,
        share=1 - share,
        before=1 - was if fell else None,
    )


def few_carry_it(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or not now.help:
        return None
    if now.helping < FEWEST:
        return finding_of(Noticed.FEW_HELP, Advice.ASK_THREE_TO_JOIN, people=now.helping)
    if (now.help_by_three or 0.0) < FEW_CARRY:
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
        Noticed.NEWCOMERS_LEFT_ALONE,
        Advice.SEE_TO_NEWCOMERS,
        THINNING if left >= now.newcomers / 2 else None,
        left=left,
        newcomers=now.newcomers,
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
        THINNING if is_twice else None,
        first_answer=now.first_answer,
        before=was if is_twice else None,
        slow=now.slow,
        at_night=now.slow_at_night,
        region=now.slow_region,
    )


def fewer_questions(reading: Reading) -> Finding | None:
    now, before = reading.now, periods_before(reading)
    if now is None or len(before) < 2:
        return None
    usual = sum(each.asked for each in before) / len(before)
    halves = [reading.weeks[-4:-2], reading.weeks[-2:]]  # both: two weeks' holidays are no decline
    if not all(asked_in(half) <= FELL * usual / 2 for half in halves):
        return None
    return finding_of(
        Noticed.FEWER_QUESTIONS,
        Advice.ASK_WHO_LEFT,
        THINNING,
        asked=now.asked,
        usual=round(usual),
    )


def asked_in(weeks: Sequence[Measures | None]) -> float:
    """How much at least; in a week with too few people to tell, nobody knows."""
    return sum(week.asked if week is not None else inf for week in weeks)


def fewer_than_a_year_ago(reading: Reading) -> Finding | None:
    now, year_ago = reading.now, enough(reading.year_ago)
    if now is None or year_ago is None or now.asked > FELL * year_ago.asked:
        return None
    return finding_of(
        Noticed.FEWER_THAN_A_YEAR_AGO,
        Advice.ASK_WHO_LEFT,
        THINNING,
        asked=now.asked,
        year_ago=year_ago.asked,
    )


def fewer_help(reading: Reading) -> Finding | None:
    now, before = reading.now, periods_before(reading)
    if now is None or not before:
        return None
    usual = sum(each.helping for each in before) / len(before)
    if usual < 2 * FEWEST or now.helping > FELL * usual:
        return None
    return finding_of(
        Noticed.FEWER_HELP,
        Advice.THANK_WHO_HELPS,
        THINNING,
        helping=now.helping,
        usual=round(usual),
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
    nobody_asks,
    few_ask,
    the_same_ask,
    without_answers,
    few_carry_it,
    newcomers_left_alone,
    slow_answers,
    fewer_questions,
    fewer_than_a_year_ago,
    fewer_help,
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
