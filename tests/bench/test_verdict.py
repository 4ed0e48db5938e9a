"""What the benchmark of the verdict counts, on places whose fate is plain."""

import json

import pytest

from bench.__main__ import main
from bench._verdict_before import Counts, letters_before
from bench.verdict import Told, tally_of
from bot.community.trend import Week


def told(asked: list[int], fate: str) -> Told:
    weeks = tuple(Week(each, each, each) for each in asked)
    return Told("a place", "here", fate, weeks, tuple(Counts(each, each, 5, 5) for each in asked))


FADED = told([10] * 60 + [8] * 20 + [6] * 20 + [4] * 30 + [2] * 20 + [0] * 30, "died 2020-01")
CUT = told([10] * 60 + [0] * 40, "moved 2020-01")
ALIVE = told([10] * 104, "alive")


def test_an_end_is_where_nearly_nothing_is_left_for_good():
    assert CUT.end == 60
    assert CUT.is_abrupt
    assert FADED.end == 149  # from there on, twelve weeks have three answered questions at most
    assert not FADED.is_abrupt


@pytest.mark.parametrize(("warned_at", "in_time"), [(100, 1), (140, 0), (None, 0)])
def test_a_place_that_faded_is_warned_in_time_half_a_year_before(warned_at, in_time):
    at = len(FADED.weeks) if warned_at is None else warned_at

    tally = tally_of(FADED, "s" * at + "T" * (len(FADED.weeks) - at))

    assert (tally.faded, tally.in_time) == (1, in_time)
    assert tally.warned_after == tally.months_after == (20 if in_time else 0)


def test_an_abrupt_end_is_told_from_the_week_of_the_warning():
    assert tally_of(CUT, "s" * 62 + "S" * 38).told == (3,)


def test_a_warning_after_which_it_goes_on_is_false():
    tally = tally_of(ALIVE, "s" * 40 + "T" * 8 + "s" * 56)

    assert (tally.false_alarms, tally.false_months, tally.years) == (1, 2, 2.0)


def test_the_rules_before_say_too_young_of_a_small_place():
    assert set(letters_before([Counts(3, 3, 5, 3)] * 60)) == {"y"}


@pytest.mark.parametrize("content", ["{}", "[1]", "not json", ""])
def test_what_is_no_history_is_one_sentence(tmp_path, capsys, content):
    data = tmp_path / "histories.jsonl"
    data.write_text(content)

    assert main(["verdict", "--data", str(data)]) == 2

    assert capsys.readouterr().err.count("\n") == 1


def test_histories_of_a_file_are_judged_place_by_place(tmp_path, capsys):
    names = ("questions", "answered_week", "askers", "new_askers", "helpers")
    rows = [
        {
            "name": name,
            "source": name,
            "fate": fate,
            "weeks": [dict.fromkeys(names, 10 if week < 60 else late) for week in range(100)],
        }
        for name, fate, late in (("one", "alive", 10), ("two", "moved 2020-01", 0))
    ]
    data = tmp_path / "histories.jsonl"
    data.write_text("\n".join(json.dumps(row) for row in rows))

    assert main(["verdict", "--data", str(data)]) == 0

    *printed, last = capsys.readouterr().out.splitlines()
    figures = json.loads(last)
    assert figures["false_alarms_a_year"] == 0
    assert figures["abrupt_told_weeks"] <= 6
    assert "  now    yyysssssssssssssssssssss" + "s" in printed
