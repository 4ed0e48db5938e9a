"""What the course and the measures mean: communities of each kind, and each rule by itself."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.community.measures import Measures
from bot.community.trend import Course, Standing
from bot.community.verdict import (
    FEW_AND_STEADY,
    MOST_ADVICE,
    MOVED,
    PUSHED,
    RULES,
    SHRUNK,
    SILENT,
    STEADY,
    STRAINED,
    THINNING,
    THRIVING,
    TOO_FEW,
    TOO_YOUNG,
    Reading,
    judge,
)
from handlers.blocks.community.verdict import LIGHTS, advice_of, in_time, reasons_of, sentence_of

UNTIL = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = 3600.0
ALIVE = Measures(
    asked=80,
    askers=40,
    asked_by_three=0.2,
    answered=76,
    first_answer=HOUR,
    first_answer_90=20 * HOUR,
    solved=60,
    solution=3 * HOUR,
    helping=20,
    help=120,
    help_by_three=0.3,
    help_by_busiest=0.15,
    newcomers=12,
    newcomers_answered=12,
    newcomers_first_answer=HOUR,
)
WEEK = Measures(asked=20, askers=15, answered=19, helping=10, help=25)
HOLDING = Course(Standing.HOLDING, 50, 120, 12, 15.0, 15.2, 0.9, 1.1, 0.95, 0.93)


def reading(now: dict[str, Any] | None = None, **changes: Any) -> Reading:
    """A thriving community in which the last four weeks were so."""
    known = Reading(
        UNTIL, replace(ALIVE, **(now or {})), ALIVE, ALIVE, None, (WEEK,) * 12, 300, HOLDING
    )
    return replace(known, **changes)


def standing(kind: Standing, **changes: Any) -> Course:
    return replace(HOLDING, standing=kind, since=104, **changes)


def on(kind: Standing, **changes: Any) -> Reading:
    return reading(course=standing(kind), **changes)


FEWER = standing(Standing.THINNING, recent=6.0, usual=14.4, low=0.31, high=0.52)


@pytest.mark.parametrize(
    ("community", "kind"),
    [
        (reading(), THRIVING),
        (reading(members=None), THRIVING),
        (reading({"first_answer": 5 * HOUR}, before=None, earlier=None), STEADY),
        (reading({"answered": 64}), STEADY),
        (reading({"help_by_three": 0.7}), STEADY),
        (reading({"asked": 8, "answered": 7}), FEW_AND_STEADY),
        (reading(vars(Measures())), FEW_AND_STEADY),
        (on(Standing.YOUNG), TOO_YOUNG),
        (on(Standing.STRAINED), STRAINED),
        (on(Standing.THINNING), THINNING),
        (on(Standing.SHRUNK), SHRUNK),
        (on(Standing.SILENT), SILENT),
        (on(Standing.PUSHED), PUSHED),
        (on(Standing.SILENT, stopped=12, elsewhere=6), MOVED),
        (on(Standing.SILENT, stopped=13, elsewhere=6), SILENT),
        (on(Standing.SILENT, stopped=4, elsewhere=4), SILENT),  # too few to tell where they are
        (reading(stopped=12, elsewhere=12), THRIVING),
        (replace(reading(), now=None), TOO_FEW),
        (reading(course=None), TOO_FEW),
    ],
)
def test_a_community_is_judged_by_its_course(community: Reading, kind: str):
    verdict = judge(community)

    assert verdict.kind == kind
    assert verdict.warns == (LIGHTS[kind] == ":red_circle:")


def test_a_verdict_says_since_when_it_is_so():
    verdict = judge(reading(course=FEWER))

    assert verdict.since == datetime(2026, 8, 3, tzinfo=UTC)  # sixteen weeks before
    assert sentence_of(verdict) == (
        "Thinning: since August 2026, clearly fewer people ask than before."
    )


@pytest.mark.parametrize(
    ("community", "reason"),
    [
        (
            reading(course=FEWER),
            "In the last 12 weeks 6.0 people asked in an average week, and 14 in the time before. "
            "That is surely between 31 % and 52 % of what it was.",
        ),
        (
            reading(course=standing(Standing.THINNING, recent=0.3, usual=6.1)),
            "Clearly fewer people ask here than before.",  # four in twelve weeks: not told
        ),
        (
            reading(course=standing(Standing.SHRUNK, recent=2.0, usual=6.1)),
            "In the last year 2.0 people asked in an average week, and 6.1 in its best year.",
        ),
        (
            reading(course=standing(Standing.STRAINED, answered=0.68, answered_before=0.89)),
            "In the last half year 68 % of the questions were answered, and 89 % in its best year.",
        ),
        (
            on(Standing.SILENT),
            "Its people stopped to ask, and I do not see them elsewhere.",
        ),
        (
            on(Standing.THINNING, stopped=12, elsewhere=9),
            "12 people who asked here lately ask here no more; 9 of them ask about other topics.",
        ),
        (
            on(Standing.PUSHED),
            "In eight weeks there was much to read, and hardly anybody asked.",
        ),
        (replace(reading(course=FEWER), now=None), "Clearly fewer people ask here than before."),
        (reading({"askers": 5}), "Of 300 people in the help channels, 5 asked something."),
        (reading({"answered": 45}), "44 % of the questions got no answer."),
        (reading({"help_by_three": 0.61}), "Three people carry 61 % of the help."),
        (
            reading({"helping": 2, "help_by_three": None}),
            "Fewer than five people give all the help.",
        ),
        (
            reading({"newcomers_answered": 6}),
            "6 of 12 newcomers got no answer to their first question.",
        ),
        (
            reading({"first_answer": 9 * HOUR}),
            "First answers take 9 hours, after 1 hour in the months before.",
        ),
        (
            reading({"first_answer": 9 * HOUR}, before=None, earlier=None),
            "First answers take 9 hours.",
        ),
        (reading({"handed_off": 16}), "16 of 80 questions were handed off."),
        (reading({"solved": 31}), "76 questions were answered, and 31 marked as solved."),
    ],
)
def test_each_rule_says_why_and_what_to_do(community: Reading, reason: str):
    verdict = judge(community)

    assert reason in reasons_of(verdict)
    assert verdict.advice
    assert all(each.endswith(".") for each in (*reasons_of(verdict), *advice_of(verdict)))


@pytest.mark.parametrize(
    "community",
    [
        reading({"answered": 56}),  # 70 % is enough
        reading({"asked": 3, "answered": 1}),  # so few say nothing
        reading({"help_by_three": 0.59}),
        reading({"help_by_three": 0.8, "helping": 9}),  # where few help, three give most
        reading({"newcomers_answered": 8}),  # a third is left
        reading({"newcomers": 9, "newcomers_answered": 0}),  # too few to say
        reading({"first_answer": 3.9 * HOUR}),  # fast enough, whatever was before
        reading({"handed_off": 15}),
        reading({"solved": 32}),
        reading({"askers": 20}, members=100_000),  # many ask, in a very large place
        reading({"askers": 3}, members=49),
    ],
)
def test_just_below_a_limit_no_rule_speaks(community: Reading):
    assert [rule.__name__ for rule in RULES if rule(community)] == []


def test_there_are_three_pieces_of_advice_at_most_and_what_decides_comes_first():
    bad = {
        "answered": 30,
        "help_by_three": 0.9,
        "newcomers_answered": 1,
        "first_answer": 9 * HOUR,
        "handed_off": 40,
    }

    verdict = judge(reading(bad, course=FEWER))

    assert (len(verdict.reasons), len(verdict.advice)) == (MOST_ADVICE, MOST_ADVICE)
    assert reasons_of(verdict)[0].startswith("In the last 12 weeks 6.0 people asked")
    assert "First answers take 9 hours." not in reasons_of(verdict)


def test_a_thriving_community_hears_why():
    assert reasons_of(judge(reading())) == [
        "95 % of the questions were answered, half of these within 1 hour."
    ]


@pytest.mark.parametrize(("ago", "is_said"), [(1, True), (12, True), (13, False)])
def test_it_says_for_a_quarter_that_a_warning_is_over(ago: int, is_said: bool):
    said = reasons_of(judge(reading(course=replace(HOLDING, was_wrong=120 - ago))))

    assert (
        "I warned you before. People ask again, so it got better, or the warning was wrong." in said
    ) == is_said


def slow(**changes: Any) -> str:
    known = {"first_answer": 9 * HOUR, "slow": 20, "slow_at_night": 15, "slow_region": "Asia"}
    return advice_of(judge(reading({**known, **changes})))[0]


def test_slow_answers_at_night_ask_for_an_expert_where_it_is_day():
    assert slow() == (
        "15 of 20 slow questions came while no expert was at work, most from Asia. "
        "An expert there would help."
    )
    assert "most from the Americas" in slow(slow_region="America")
    assert "An expert in another time zone would help." in slow(slow_region=None)


@pytest.mark.parametrize("changes", [{"slow_at_night": 9}, {"slow": 9, "slow_at_night": 9}])
def test_slow_answers_by_day_ask_for_shorter_waits(changes: dict[str, Any]):
    assert slow(**changes).startswith("Let more people be asked sooner")


def test_nothing_in_a_verdict_depends_on_weeks_that_are_not_told():
    hidden = replace(reading(), weeks=(None,) * 12, before=None, earlier=None, members=None)

    assert judge(hidden).kind == THRIVING


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "1 minute"),
        (90.0, "2 minutes"),
        (59 * 60.0, "59 minutes"),
        (60 * 60.0, "1 hour"),
        (90 * 60.0, "2 hours"),
        (47 * HOUR, "47 hours"),
        (48 * HOUR, "2 days"),
        (400 * HOUR, "17 days"),
    ],
)
def test_times_are_said_as_people_say_them(seconds: float, said: str):
    assert in_time(seconds) == said
