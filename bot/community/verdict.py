"""What the measures mean, in words: a pure function, and one rule for each thing to notice.

Each rule looks at a reading and says nothing, or a reason and what to do about it. The rules
stand in the order in which their advice is given; three pieces of advice are enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

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

ADMINS = "(admins: `/askaround topic` and its name)"
REGIONS = {
    "America": "the Americas",
    "Pacific": "the Pacific",
    "Atlantic": "the Atlantic",
    "Indian": "the Indian Ocean",
}


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
    reason: str
    advice: str
    means: str | None = None  # a verdict that follows from it alone; None: it is only not thriving


@dataclass(frozen=True)
class Verdict:
    kind: str
    sentence: str
    reasons: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


SENTENCES = {
    THRIVING: "Thriving: people ask, and are answered fast.",
    STEADY: "Steady: it holds its own.",
    THINNING: "Thinning: it is losing people, answers or speed.",
    PUSHED: "Pushed, not pulled: the working day does not lead people here.",
    TOO_YOUNG: "Too young to tell: with about 20 questions in four weeks I can say more.",
    TOO_FEW: "Too few people to tell apart: what fewer than five people do is not shown.",
}


def judge(reading: Reading) -> Verdict:
    """How the community does, why, and what to do next."""
    if reading.now is None:
        return Verdict(TOO_FEW, SENTENCES[TOO_FEW])
    found = [finding for rule in RULES if (finding := rule(reading)) is not None]
    found.sort(key=lambda finding: finding.means is None)  # what decides comes first
    kind = kind_of(reading.now, found)
    if kind == TOO_YOUNG:
        asked = f"{reading.now.asked} questions were asked in the last four weeks."
        return Verdict(kind, SENTENCES[kind], (asked,), (WHERE_WORK_HAPPENS,))
    return Verdict(
        kind,
        SENTENCES[kind],
        tuple(each.reason for each in found[:MOST_ADVICE]) or good_reasons(reading.now),
        tuple(dict.fromkeys(each.advice for each in found))[:MOST_ADVICE],
    )


def kind_of(now: Measures, found: list[Finding]) -> str:
    for kind in (PUSHED, THINNING):
        if any(finding.means == kind for finding in found):
            return kind
    if now.asked < ENOUGH:
        return TOO_YOUNG
    is_good = answered_share(now) >= ANSWERED_WELL and (now.first_answer or 0.0) <= FAST
    return THRIVING if is_good and not found else STEADY


def good_reasons(now: Measures) -> tuple[str, ...]:
    answered = f"{percent(answered_share(now))} of the questions were answered"
    if now.first_answer is None:
        return (f"{answered}.",)
    return (f"{answered}, half of these within {in_time(now.first_answer)}.",)


WHERE_WORK_HAPPENS = (
    "Put the help channel where work happens: invite me to the channels in which people get stuck "
    "already, and make them help channels with `/askaround channel on`."
)
ASK_WHO_LEFT = "Ask some who no longer ask where they go instead, and what kept them waiting here."
MORE_EXPERTS = f"Give the topics more experts {ADMINS}."


def nobody_asks(reading: Reading) -> Finding | None:
    last = reading.weeks[-2:]
    if any(week is None or week.asked for week in last) or not was_alive(reading):
        return None
    return Finding("Nobody asked anything for two weeks.", WHERE_WORK_HAPPENS, PUSHED)


def was_alive(reading: Reading) -> bool:
    periods = (reading.now, reading.before, reading.earlier)
    return sum(each.asked for each in periods if each is not None) >= ENOUGH


def few_ask(reading: Reading) -> Finding | None:
    now, members = reading.now, reading.members or 0
    if now is None or members < LARGE or not was_alive(reading):
        return None
    if now.askers >= min(FEW_ASK * members, MANY_ASK):
        return None
    return Finding(
        f"Of {members} people in the help channels, {now.askers} asked something.",
        WHERE_WORK_HAPPENS,
        PUSHED,
    )


def the_same_ask(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or (now.asked_by_three or 0.0) < SAME_ASK:
        return None
    return Finding(
        f"Three people ask {percent(now.asked_by_three)} of the questions.",
        "Let the others see what it is good for: pin a solved question in the channels of the "
        "teams that do not ask yet.",
        PUSHED,
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
    more = f", after {percent(1 - was)} in the months before" if fell else ""
    left = f"{percent(1 - share)} of the questions got no answer{more}."
    return Finding(left, MORE_EXPERTS, THINNING if fell or share < ANSWERED_HALF else None)


def few_carry_it(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or not now.help:
        return None
    advice = "Ask three more to join: `/experts join` and the topic's name does it."
    if now.helping < FEWEST:
        people = "One person gives" if now.helping == 1 else f"Only {now.helping} people give"
        return Finding(f"{people} all the help.", advice)
    if (now.help_by_three or 0.0) < FEW_CARRY:
        return None
    carried = f"Three people carry {percent(now.help_by_three)} of the help."
    return Finding(carried, advice)


def newcomers_left_alone(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or now.newcomers_answered is None or now.newcomers < MANY_NEW:
        return None
    left = now.newcomers - now.newcomers_answered
    if left < NEWCOMERS_LEFT * now.newcomers:
        return None
    return Finding(
        f"{left} of {now.newcomers} newcomers got no answer to their first question.",
        "Look in the weekly digest for the questions that wait, and see to those of newcomers "
        "first: without an answer they do not come back.",
        THINNING if left >= now.newcomers / 2 else None,
    )


def slow_answers(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or now.first_answer is None:
        return None
    was = max([each.first_answer or 0.0 for each in periods_before(reading)], default=0.0)
    is_twice = bool(was) and now.first_answer >= max(TWICE * was, FAST)
    if not is_twice and now.first_answer < SLOW_ALWAYS:
        return None
    more = f", after {in_time(was)} in the months before" if is_twice else ""
    return Finding(
        f"First answers take {in_time(now.first_answer)}{more}.",
        advice_on_slow(now),
        THINNING if is_twice else None,
    )


def advice_on_slow(now: Measures) -> str:
    if now.slow < SLOW_ENOUGH or now.slow_at_night < AT_NIGHT * now.slow:
        return (
            "Let more people be asked sooner: give the topics shorter times to wait, or more "
            f"experts {ADMINS}."
        )
    region = REGIONS.get(now.slow_region or "", now.slow_region)
    asked = f"{now.slow_at_night} of {now.slow} slow questions came while no expert was at work"
    return (
        f"{asked}, most from {region}. An expert there would help."
        if region
        else (f"{asked}. An expert in another time zone would help.")
    )


def fewer_questions(reading: Reading) -> Finding | None:
    now, before = reading.now, periods_before(reading)
    if now is None or len(before) < 2:
        return None
    usual = sum(each.asked for each in before) / len(before)
    halves = [reading.weeks[-4:-2], reading.weeks[-2:]]  # both: two weeks' holidays are no decline
    if not all(asked_in(half) <= FELL * usual / 2 for half in halves):
        return None
    return Finding(
        f"{now.asked} questions, where {round(usual)} were usual in four weeks.",
        ASK_WHO_LEFT,
        THINNING,
    )


def asked_in(weeks: Sequence[Measures | None]) -> float:
    """How much at least; in a week with too few people to tell, nobody knows."""
    return sum(week.asked if week is not None else inf for week in weeks)


def fewer_than_a_year_ago(reading: Reading) -> Finding | None:
    now, year_ago = reading.now, enough(reading.year_ago)
    if now is None or year_ago is None or now.asked > FELL * year_ago.asked:
        return None
    return Finding(
        f"{now.asked} questions, and {year_ago.asked} in the same weeks a year ago.",
        ASK_WHO_LEFT,
        THINNING,
    )


def fewer_help(reading: Reading) -> Finding | None:
    now, before = reading.now, periods_before(reading)
    if now is None or not before:
        return None
    usual = sum(each.helping for each in before) / len(before)
    if usual < 2 * FEWEST or now.helping > FELL * usual:
        return None
    return Finding(
        f"{now.helping} people helped, where {round(usual)} were usual.",
        "Show those who help that it is seen: thank them with `/kudos`, and tell their managers.",
        THINNING,
    )


def many_handed_off(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or now.handed_off < HANDED_OFF * now.asked:
        return None
    handed = f"{now.handed_off} of {now.asked} questions were handed off."
    return Finding(handed, f"See which topics they are about, and who could know {ADMINS}.")


def few_marked(reading: Reading) -> Finding | None:
    now = enough(reading.now)
    if now is None or answered_share(now) < ANSWERED_BADLY:
        return None
    if now.solved >= MARKED_BADLY * now.asked:
        return None
    return Finding(
        f"{now.answered} questions were answered, and {now.solved} marked as solved.",
        "Remind people to put :white_check_mark: on the reply that worked: only what is solved is "
        "found again.",
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


def percent(share: float | None) -> str:
    return f"{round(100 * (share or 0.0))} %"


def in_time(seconds: float) -> str:
    """The seconds as people say them: 25 minutes, 9 hours, 3 days."""
    for size, unit, most in ((60, "minute", 60), (3600, "hour", 48)):
        number = max(1, round(seconds / size))
        if number < most:
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return f"{round(seconds / 86400)} days"
