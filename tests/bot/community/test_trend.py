"""A place followed week by week: first and second communities, small ones, summers, and ends."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.community.trend import FALLEN, Course, Standing, Week, follow
from tests.examples import some

SEEDS = range(8)
YEAR, SHOWN_WITHIN = 52, 8


def counted(dice: random.Random, rate: float) -> int:
    """A number around this one, as chance has it."""
    return sum(dice.random() < rate / 50 for _ in range(50))


def asking(dice: random.Random, rate: float, *, answered: float = 0.9, posts: int = 0) -> Week:
    asked = counted(dice, rate)
    helped = sum(dice.random() < answered for _ in range(asked))
    return Week(
        asked, helped, round(asked * 0.8), asked // 3, helped, posts, posts // 20, posts // 5
    )


# The first community: people get stuck, ask, and are answered.
def busy(dice: random.Random, week: int) -> Week:
    return asking(dice, 20)


def small(dice: random.Random, week: int) -> Week:
    return asking(dice, 1.5)


def small_and_talkative(dice: random.Random, week: int) -> Week:
    return asking(dice, 2, posts=40)


def growing(dice: random.Random, week: int) -> Week:
    return asking(dice, min(20, 2 + week / 4))


def with_summers(dice: random.Random, week: int) -> Week:
    """Little happens in eleven weeks of the summer; its first is over when it begins."""
    return asking(dice, 3 if week % YEAR < 11 else 9)


def talkative(dice: random.Random, week: int) -> Week:
    """There is much chatter too, by many."""
    return asking(dice, 8, posts=100)


# The second community: content is pushed, and nobody is pulled.
def by_one_author(dice: random.Random, week: int) -> Week:
    """Articles of one person, three a week, and a question now and then."""
    return Week(asked=week % 4 == 3, askers=week % 4 == 3, posts=4, by_one=3)


def of_hellos(dice: random.Random, week: int) -> Week:
    """Everybody says hello in the first weeks, and little else is said."""
    hellos = max(1, 12 - 2 * week)
    return Week(asked=week % 6 == 5, askers=week % 6 == 5, posts=hellos + 1, hellos=hellos)


def of_success_stories(dice: random.Random, week: int) -> Week:
    """Several post stories, which are congratulated on."""
    return Week(posts=3 + counted(dice, 4), by_one=1)


def of_three_askers(dice: random.Random, week: int) -> Week:
    """The same few ask for advice, below many posts."""
    return Week(asked=1, answered=0, askers=1, helping=0, posts=6, by_one=2)


def after_a_launch(dice: random.Random, week: int) -> Week:
    """At the launch some try it; from then on a manager posts alone."""
    if week < 2:
        return Week(asked=2, answered=2, askers=2, newcomers=2, helping=1, posts=10, by_one=6)
    return Week(posts=2, by_one=2)


Community = Callable[[random.Random, int], Week]


def courses(community: Community, *, seed: int = 1, weeks: int = 3 * YEAR) -> list[Course]:
    dice = random.Random(seed)
    return follow([community(dice, week) for week in range(weeks)])


@pytest.mark.parametrize(
    "community", [busy, small, small_and_talkative, growing, with_summers, talkative]
)
def test_a_first_community_is_never_pushed_and_hardly_ever_warned(community: Community):
    followed = [course for seed in SEEDS for course in courses(community, seed=seed)]

    assert not any(course.standing is Standing.PUSHED for course in followed)
    assert sum(course.warns for course in followed) <= 0.03 * len(followed)


@pytest.mark.parametrize(
    "community", [by_one_author, of_hellos, of_success_stories, of_three_askers, after_a_launch]
)
def test_a_second_community_is_told_as_pushed_within_eight_weeks(community: Community):
    for seed in SEEDS:
        followed = courses(community, seed=seed, weeks=26)

        assert any(course.standing is Standing.PUSHED for course in followed[:SHOWN_WITHIN])
        assert followed[-1].standing is Standing.PUSHED


def test_a_place_is_young_for_twelve_weeks_however_much_is_asked():
    for community in (busy, small):
        standings = [course.standing for course in courses(community)]

        assert set(standings[:12]) == {Standing.YOUNG}
        assert Standing.YOUNG not in standings[12:]


@pytest.mark.parametrize("rate", [1, 3, 12])
def test_what_fades_is_warned_of_before_half_is_gone_for_good_and_stays_warned(rate: float):
    def fading(dice: random.Random, week: int) -> Week:
        return asking(dice, rate * 0.965 ** max(0, week - 2 * YEAR))

    for seed in SEEDS:
        followed = courses(fading, seed=seed, weeks=5 * YEAR)
        warned = [w for w in range(2 * YEAR, len(followed)) if followed[w].warns]

        assert warned[0] < 2 * YEAR + 70
        assert len(warned) >= 0.8 * (len(followed) - warned[0])
        assert followed[-1].warns


@pytest.mark.parametrize("stop", [30, 90, 150])
def test_an_end_within_weeks_is_told_in_six_and_for_as_long_as_it_is_so(stop: int):
    def stopping(dice: random.Random, week: int) -> Week:
        return asking(dice, 8 if week < stop else 0)

    for seed in SEEDS:
        followed = courses(stopping, seed=seed, weeks=stop + 2 * YEAR)

        assert not followed[stop - 1].warns
        assert {course.standing for course in followed[stop + 5 :]} == {Standing.SILENT}


def test_weeks_without_work_are_no_end_from_the_second_year_on():
    def with_holidays(dice: random.Random, week: int) -> Week:
        return asking(dice, 0 if week % YEAR in (50, 51) else 8)

    followed = courses(with_holidays, weeks=4 * YEAR)

    assert not any(course.warns for course in followed[YEAR + 4 :])


def test_a_warning_ends_when_people_come_back_and_says_so():
    def coming_back(dice: random.Random, week: int) -> Week:
        return asking(dice, 3 if 60 <= week < 100 else 12)

    followed = courses(coming_back)

    assert followed[80].standing in FALLEN
    assert followed[80].since < 80
    assert followed[-1].standing is Standing.HOLDING
    assert followed[-1].was_wrong is not None
    assert 100 <= followed[-1].was_wrong < 130


def test_fewer_answers_are_told_while_as_many_ask():
    def unanswered(dice: random.Random, week: int) -> Week:
        return asking(dice, 6, answered=0.92 - 0.25 * min(1, week / 150))

    course = courses(unanswered, weeks=4 * YEAR)[-1]

    assert course.standing is Standing.STRAINED
    assert course.answered is not None
    assert course.answered_before is not None
    assert course.answered < course.answered_before - 0.05


def test_it_says_how_much_less_it_is_and_how_sure_that_is():
    def halved(dice: random.Random, week: int) -> Week:
        return asking(dice, 10 if week < 100 else 3)

    course = courses(halved, weeks=120)[-1]

    assert course.standing is Standing.THINNING
    assert course.low < course.recent / course.usual < course.high < 0.6


weeks = st.lists(
    st.builds(
        lambda asked, share, posts: Week(asked, asked // 2, asked // share, 0, asked // 2, posts),
        st.integers(0, 30),
        st.integers(1, 5),
        st.integers(0, 40),
    ),
    max_size=150,
)


@settings(max_examples=some(20), deadline=None)
@given(weeks)
def test_what_was_said_of_a_week_does_not_depend_on_what_came_after(told: list[Week]):
    whole = follow(told)

    assert len(whole) == len(told)
    for end in (len(told) // 3, len(told) // 2):
        assert follow(told[:end]) == whole[:end]
