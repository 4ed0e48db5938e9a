"""A made-up office: one question each working morning, answered by three people in turn."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.__main__ import main
from bench._community import Assumptions, Community, Crowd, at_share, read_community
from bench._helped import Post, Thread
from bench.community import (
    Outcome,
    filled,
    measure,
    with_askaround,
    with_everybody,
    with_likely,
    with_nobody,
)

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
ANSWERERS = ("ben", "eva", "kim")
WEEKS = 11


def thread(day: int) -> Thread:
    asked_at = MONDAY + timedelta(days=day)
    answerer = ANSWERERS[day % len(ANSWERERS)]
    asked = Post(f"asker{day}", asked_at, f"How do I reset the {answerer} scanner {day}?")
    answer = Post(answerer, asked_at + timedelta(minutes=40), "Hold both keys.")
    return Thread("", [asked, answer])


def threads() -> list[Thread]:
    return [thread(7 * week + day) for week in range(WEEKS) for day in range(5)]


@pytest.fixture(scope="module")
def community() -> Community:
    return read_community(threads())


@pytest.fixture
async def start(community: Community) -> AsyncIterator[Path]:
    async with filled(community) as path:
        yield path


def without_record(community: Community) -> Community:
    """Nobody really answered."""
    return replace(community, asks=[replace(ask, found_at={}) for ask in community.asks])


def test_four_weeks_are_asked_again_and_who_answered_before_are_the_experts(community):
    assert len(community.asks) == 20
    assert sorted(community.experts) == ["Uben", "Ueva", "Ukim"]
    assert all(thread.asked_at < community.start for thread in community.history)


def test_people_are_there_around_what_they_wrote_and_in_the_hours_in_which_they_write(community):
    crowd = Crowd(community, Assumptions(), seed=1)
    morning = community.asks[0].at

    assert crowd.there_at("Uben", morning) == morning
    evening = crowd.there_at("Uben", morning + timedelta(hours=9))
    assert evening is not None and 9 <= evening.hour <= 11
    assert crowd.there_at("Uben", threads()[-1].asked_at + timedelta(days=30)) is None


def test_slack_keeps_people_quiet_from_ten_to_eight_of_their_time(community):
    crowd = Crowd(replace(community, offsets={"Uben": 2}), Assumptions(), seed=1)

    night = crowd.quiet("Uben", datetime(2026, 3, 3, 1, tzinfo=UTC))
    day = crowd.quiet("Uben", datetime(2026, 3, 3, 12, tzinfo=UTC))

    assert [at.day * 24 + at.hour for at in night] == [2 * 24 + 20, 3 * 24 + 6]
    assert [at.day * 24 + at.hour for at in day] == [3 * 24 + 20, 4 * 24 + 6]


def test_many_offers_a_day_wear_people_out():
    crowd = Crowd(None, Assumptions(attention=0.5, unwearied=2, wearing=0.5), seed=1)

    assert [crowd.attention(lately) for lately in (0, 2, 3, 4)] == [0.5, 0.5, 0.25, 0.125]


def test_a_share_lies_between_its_deciles():
    assert at_share((0.0, 10.0, 30.0), 0.25) == 5
    assert at_share((0.0, 10.0, 30.0), 0.75) == 20


async def test_where_nobody_looks_only_what_was_really_answered_is(community, start):
    crowd = Crowd(community, Assumptions(attention=0.0), seed=1)
    real = with_nobody(crowd).answered_after

    outcome = await with_askaround(start, crowd)

    assert len(real) == 20
    assert outcome.answered_after.keys() == real.keys()
    assert all(
        abs(after - real[number]) < timedelta(seconds=1)
        for number, after in outcome.answered_after.items()
    )
    assert with_everybody(crowd).answered_after == real


async def test_where_nobody_looks_and_nobody_really_answered_nothing_is(community, start):
    crowd = Crowd(without_record(community), Assumptions(attention=0.0), seed=1)

    outcome = await with_askaround(start, crowd)

    assert outcome.answered_after == with_everybody(crowd).answered_after == {}
    assert outcome.offers.total() > 0


async def test_the_bot_brings_who_knows_sooner_than_they_came_by(community, start):
    crowd = Crowd(community, Assumptions(attention=1.0), seed=1)

    outcome = await with_askaround(start, crowd)

    figures = measure([outcome], community)
    assert figures["answered"] == 1
    assert figures["median_minutes"] < 40
    assert outcome.offers.total() <= with_everybody(crowd).offers.total()


async def test_the_same_seed_gives_the_same_figures(community, start):
    likely = await with_likely(start, community)
    crowd = Crowd(likely, Assumptions(), seed=3)

    assert await with_askaround(start, crowd) == await with_askaround(start, crowd)


async def test_who_answered_like_questions_is_likely_to_know(community, start):
    ask = (await with_likely(start, community)).asks[0]

    assert 0 < ask.likely["Uben"] < 1


def test_figures_tell_of_all_questions_and_of_the_busiest(community):
    after = {0: timedelta(minutes=10), 1: timedelta(minutes=20), 2: timedelta(hours=3)}
    outcome = Outcome(after, Counter(Uben=6, Ueva=2, Ukim=1), right=3)

    figures = measure([outcome], community)

    assert figures == {
        "answered": 0.15,
        "within_an_hour": 0.1,
        "median_minutes": 20,
        "p90_minutes": 180,
        "half_of_all_by": None,
        "offers_per_answer": 3,
        "busiest": 0.667,
        "right": 0.333,
    }
    assert measure([Outcome()], community)["median_minutes"] is None


def test_a_record_that_is_too_short_is_one_sentence(tmp_path, capsys):
    data = tmp_path / "short_threads.jsonl"
    posts = [{"u": "ana", "t": "2026-03-02T10:00:00", "x": "How do I book a room?"}]
    data.write_text(json.dumps({"posts": posts}))

    assert main(["community", "--data", str(data)]) == 2
    assert "more than five weeks" in capsys.readouterr().err
