"""What the measures mean: communities of each kind, and each rule by itself."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.community.measures import Measures
from bot.community.verdict import (
    MOST_ADVICE,
    PUSHED,
    RULES,
    STEADY,
    THINNING,
    THRIVING,
    TOO_FEW,
    TOO_YOUNG,
    Reading,
    judge,
)
from handlers.blocks.community.verdict import advice_of, in_time, reasons_of

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
QUIET = Measures()


def reading(now: dict[str, Any] | None = None, **changes: Any) -> Reading:
    """A thriving community in which the last four weeks were so."""
    known = Reading(UNTIL, replace(ALIVE, **(now or {})), ALIVE, ALIVE, None, (WEEK,) * 12, 300)
    return replace(known, **changes)


def with_weeks(*asked: int) -> tuple[Measures, ...]:
    """Twelve weeks that end in these."""
    return (*[WEEK] * (12 - len(asked)), *(replace(WEEK, asked=each) for each in asked))


YOUNG = Reading(UNTIL, replace(QUIET, asked=7, askers=5), QUIET, QUIET, None, (QUIET,) * 12, 30)
DEAD = reading(vars(QUIET), before=replace(ALIVE, asked=25), weeks=with_weeks(0, 0, 0, 0))
FADING = reading({"asked": 40, "answered": 38}, weeks=with_weeks(10, 10, 10, 10))


@pytest.mark.parametrize(
    ("community", "kind"),
    [
        (reading(), THRIVING),
        (reading(members=None), THRIVING),
        (reading({"first_answer": 5 * HOUR}, before=None, earlier=None), STEADY),
        (reading({"answered": 64}, before=None, earlier=None), STEADY),
        (reading({"help_by_three": 0.7}), STEADY),
        (FADING, THINNING),
        (reading({"answered": 30}), THINNING),
        (reading({"helping": 8}), THINNING),
        (DEAD, PUSHED),
        (reading({"asked": 30, "answered": 30, "askers": 5}), PUSHED),
        (reading({"asked_by_three": 0.65}), PUSHED),
        (YOUNG, TOO_YOUNG),
        (Reading(UNTIL, QUIET, QUIET, QUIET, None, (QUIET,) * 12, 30), TOO_YOUNG),
        (reading({"asked": 19, "answered": 3}, before=None, earlier=None), TOO_YOUNG),
        (replace(reading(), now=None), TOO_FEW),
    ],
)
def test_a_community_is_judged_by_its_measures(community: Reading, kind: str):
    assert judge(community).kind == kind


@pytest.mark.parametrize(
    ("community", "reason"),
    [
        (DEAD, "Nobody asked anything for two weeks."),
        (reading({"askers": 5}), "Of 300 people in the help channels, 5 asked something."),
        (reading({"asked_by_three": 0.65}), "Three people ask 65 % of the questions."),
        (
            reading({"answered": 52}),
            "35 % of the questions got no answer, after 5 % in the months before.",
        ),
        (
            reading({"answered": 52}, before=None, earlier=None),
            "35 % of the questions got no answer.",
        ),
        (reading({"help_by_three": 0.61}), "Three people carry 61 % of the help."),
        (reading({"helping": 2, "help_by_three": None}), "Only 2 people give all the help."),
        (reading({"helping": 1, "help_by_three": None}), "One person gives all the help."),
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
        (FADING, "40 questions, where 80 were usual in four weeks."),
        (
            reading(year_ago=replace(ALIVE, asked=200)),
            "80 questions, and 200 in the same weeks a year ago.",
        ),
        (reading({"helping": 12}), "12 people helped, where 20 were usual."),
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
        reading({"answered": 56}, before=None, earlier=None),  # 70 % is enough
        reading({"help_by_three": 0.59}),
        reading({"newcomers_answered": 8}),  # a third is left
        reading({"newcomers": 9, "newcomers_answered": 0}),  # too few to say
        reading({"first_answer": 3.9 * HOUR}),  # fast enough, whatever was before
        reading({"asked": 48, "answered": 46}, weeks=with_weeks(0, 0, 24, 25)),  # a holiday
        reading({"asked": 48, "answered": 46}, weeks=(*[WEEK] * 11, None)),  # nobody knows
        reading({"helping": 13}),
        reading({"handed_off": 15}),
        reading({"solved": 32}),
        reading({"askers": 20}, members=100_000),  # many ask, in a very large place
        reading({"askers": 3}, members=49),
        reading(year_ago=replace(ALIVE, asked=19)),
        reading(year_ago=replace(ALIVE, asked=133)),
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

    verdict = judge(reading(bad))

    assert (len(verdict.reasons), len(verdict.advice)) == (MOST_ADVICE, MOST_ADVICE)
    assert reasons_of(verdict)[0].startswith("62 % of the questions got no answer")
    assert "Three people carry 90 % of the help." not in reasons_of(verdict)


def test_a_thriving_community_hears_why():
    assert reasons_of(judge(reading())) == [
        "95 % of the questions were answered, half of these within 1 hour."
    ]


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
