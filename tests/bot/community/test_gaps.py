"""What people keep asking is told of five and more, to those who may read it, where they read."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.gaps import (
    Gap,
    GapPage,
    Solved,
    Went,
    find_gaps,
    get_gap,
    get_month,
    gets_monthly,
    last_quarter,
    list_readers,
    mark_taught,
    may_read_gaps,
    name_readers,
    of_month,
    read_material,
    set_monthly,
    since_taught,
    topic_of,
)
from bot.community.measures import FEWEST
from bot.community.themes import Asked, Theme, list_themes
from bot.errors import CannotBeTaughtYet, OnlyAdmins, OnlyGapReaders, ThemeIsGone
from bot.recognition.digests import run_due_digests
from storage.tables import Question
from tests.bot.conftest import (
    ADA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    TEAM,
    add_topic,
    learn,
    learn_help_channel,
)
from tests.examples import some

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
QUARTER = last_quarter(NOW)
DAY = timedelta(days=1)
TEXT = "How do I amend the tariff code of a rejected customs form?"


def asked(number: int, by: str, text: str = TEXT, **changes: Any) -> Asked:
    at = QUARTER.since + number * DAY / 10
    return Asked(number, by, text, at, **{"is_solved": True, **changes})


def of_its_own(number: int) -> str:
    """Words that nobody else writes."""
    letters = "".join("bcdfghjklm"[int(digit)] for digit in str(number))
    return f"za{letters} ze{letters} zo{letters}"


def test_quarters_are_whole_and_have_nothing_in_common():
    assert (QUARTER.since, QUARTER.until) == (
        datetime(2026, 7, 1, tzinfo=UTC),
        datetime(2026, 10, 1, tzinfo=UTC),
    )
    assert QUARTER.before.until == QUARTER.since
    assert last_quarter(datetime(2027, 1, 1, tzinfo=UTC)).since.month == 10


def test_what_many_ask_is_a_theme_named_by_their_words():
    told = [asked(number, f"U{number}") for number in range(6)]
    told += [
        asked(10 + n, f"U{n}", f"Where is the holiday calendar of site {n}?") for n in range(5)
    ]
    told += [asked(30 + n, f"U{n}", of_its_own(n)) for n in range(20)]

    themes = list_themes(told)

    assert sorted(len(theme.asked) for theme in themes)[-2:] == [5, 6]
    named = {word for theme in themes for word in theme.words}
    assert named <= {
        "amend",
        "tariff",
        "code",
        "rejected",
        "customs",
        "holiday",
        "calendar",
        "site",
    }


@pytest.mark.parametrize(("people", "is_told"), [(4, False), (5, True)])
def test_what_four_ask_however_often_is_none(people: int, is_told: bool):
    told = [asked(number, f"U{number % people}") for number in range(20)]
    told += [asked(100 + n, f"V{n}", of_its_own(n)) for n in range(400)]

    assert bool(list_themes(told)) == is_told


words = st.sampled_from("tariff customs pallet invoice truck scanner badge printer".split())
histories = st.lists(
    st.builds(
        lambda by, said: (f"U{by}", " ".join(said)),
        st.integers(0, 12),
        st.lists(words, min_size=1, max_size=4),
    ),
    max_size=80,
)


@settings(max_examples=some(60), deadline=None)
@given(histories)
def test_no_theme_tells_of_fewer_than_five_people_nor_do_any_two(told: list[tuple[str, str]]):
    themes = list_themes([asked(n, by, said) for n, (by, said) in enumerate(told)])

    numbers = [each.question_id for theme in themes for each in theme.asked]
    assert len(numbers) == len(set(numbers))  # so one taken off another is the one whole
    for theme in themes:
        assert theme.people >= FEWEST
        for term in theme.terms:
            who = {by for by, said in told if term in " ".join(said.split())}
            assert len(who) >= FEWEST or len(term) > 3


def test_taught_is_followed_by_words_alone_and_only_with_time_on_both_sides():
    day = date(2026, 7, 1)
    before = [asked(-n, f"U{n % 9}") for n in range(1, 60)]
    after = [asked(n, f"U{n % 9}") for n in range(1, 10)]
    material: Any = type("M", (), {"quarter": QUARTER})

    assert since_taught(day, [*before, *after], material) is Went.FEWER
    assert since_taught(date(2026, 9, 25), [*before, *after], material) is Went.UNKNOWN
    assert since_taught(None, before, material) is Went.UNKNOWN


async def ask_often(
    session: AsyncSession, channel_id: str, people: int = 6, **changes: Any
) -> None:
    for number in range(people):
        at = QUARTER.since + (number + 1) * DAY
        ts = f"{at.timestamp():.6f}"
        session.add(
            Question(
                **{
                    "team_id": TEAM,
                    "channel_id": channel_id,
                    "message_ts": ts,
                    "thread_ts": ts,
                    "asker_id": f"U_ASK{number}",
                    "text": TEXT,
                    "asked_at": at,
                    "solved_at": at,
                    **changes,
                }
            )
        )
    await session.flush()


async def gaps_of(session: AsyncSession, user_id: str = ADA) -> tuple[Gap, ...]:
    return find_gaps(await read_material(session, team_id=TEAM, user_id=user_id, now=NOW))


async def test_an_admin_reads_them_and_whom_they_named(session: AsyncSession, help_channel):
    await ask_often(session, HELP)
    who = {"team_id": TEAM, "now": NOW}

    (gap,) = await gaps_of(session)
    assert (gap.questions, gap.people, gap.solved, gap.went) == (6, 6, Solved.NEARLY_ALL, Went.NEW)

    with pytest.raises(OnlyGapReaders):
        await gaps_of(session, EVA)
    with pytest.raises(OnlyAdmins):
        await name_readers(session, **who, user_id=EVA, user_ids=[EVA])
    await name_readers(session, **who, user_id=ADA, user_ids=[EVA, BEN])
    assert await gaps_of(session, EVA) == (gap,)
    assert await list_readers(session, team_id=TEAM, user_id=ADA) == [BEN, EVA]

    await name_readers(session, **who, user_id=ADA, user_ids=[BEN])
    assert not await may_read_gaps(session, team_id=TEAM, user_id=EVA)
    assert not await may_read_gaps(session, team_id=OTHER_TEAM, user_id=BEN)


@pytest.mark.parametrize("flag", ["is_guest", "is_external", "is_deactivated"])
async def test_who_is_no_full_member_reads_nothing_though_named(
    session: AsyncSession, help_channel, flag: str
):
    who = {"team_id": TEAM, "user_id": ADA, "now": NOW}
    await name_readers(session, **who, user_ids=[EVA])
    await learn(session, EVA, **{flag: True})

    assert not await may_read_gaps(session, team_id=TEAM, user_id=EVA)


async def test_nobody_reads_of_channels_that_they_cannot_read(session: AsyncSession, help_channel):
    await learn_help_channel(session, "C_SECRET", is_private=True)
    await ask_often(session, "C_SECRET")

    assert await gaps_of(session) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn_at": NOW},
        {"asked_at": QUARTER.until},  # of this quarter, which is not over
        {"asked_at": QUARTER.before.since - DAY},
    ],
)
async def test_other_questions_are_not_counted(
    session: AsyncSession, help_channel, changes: dict[str, Any]
):
    await ask_often(session, HELP, **changes)

    assert await gaps_of(session) == ()


async def test_a_theme_is_a_topics_where_most_of_it_was_asked(session: AsyncSession, help_channel):
    customs = await add_topic(session)
    await ask_often(session, HELP, people=8, topic_id=customs.topic_id)
    (gap,) = await gaps_of(session)
    assert gap.topic == "Customs"

    await session.execute(
        update(Question)
        .where(Question.asker_id.in_(["U_ASK1", "U_ASK2", "U_ASK3"]))
        .values(topic_id=None)
    )
    (gap,) = await gaps_of(session)
    assert (gap.topic, gap.questions) == (None, 8)  # the counts stay those of the whole


def test_few_people_make_no_theme_a_topics():
    told = [asked(number, f"U{number % 4}", topic_id=1) for number in range(20)]
    others = [asked(number, f"U{number}") for number in range(20, 26)]
    theme = Theme(("a",), ("a",), (*told, *others))

    assert topic_of(theme, {1: "Customs"}) is None
    fifth = replace(told[0], asker_id="U4")
    assert topic_of(replace(theme, asked=(fifth, *theme.asked)), {1: "Customs"}) == "Customs"


async def test_each_month_tells_the_next_few_of_the_quarter_to_who_wished_so(
    session: AsyncSession, help_channel
):
    who = {"team_id": TEAM, "user_id": ADA}
    with pytest.raises(OnlyGapReaders):
        await set_monthly(session, team_id=TEAM, user_id=EVA, is_wanted=True, now=NOW)
    await set_monthly(session, **who, is_wanted=True, now=NOW)
    assert await gets_monthly(session, **who)

    due = datetime(2026, 12, 7, 12, tzinfo=UTC)
    await run_due_digests(session, now=due)
    at = await get_month(session, **who, slot="2026-12")
    assert at is not None and at < due

    gap = Gap("", (), 9, 9, Solved.HALF, Went.MORE, has_faq=False)
    page = GapPage(QUARTER, tuple(replace(gap, key=str(number)) for number in range(10)))
    told = [
        [gap.key for gap in of_month(page, datetime(2026, month, 7, tzinfo=UTC)).gaps]
        for month in (10, 11, 12)
    ]
    assert told == [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9"]]

    await set_monthly(session, **who, is_wanted=False, now=due)
    assert await get_month(session, **who, slot="2026-12") is None


async def test_a_theme_is_marked_as_taught_on_a_day(session: AsyncSession, help_channel):
    await ask_often(session, HELP)
    (gap,) = await gaps_of(session)
    about = {"team_id": TEAM, "gap": gap, "now": NOW}

    for day in (date(2026, 8, 1), date(2026, 8, 3)):
        await mark_taught(session, **about, user_id=ADA, taught_on=day)

    (gap,) = await gaps_of(session)
    assert gap.taught_on == date(2026, 8, 3)
    with pytest.raises(OnlyGapReaders):
        await mark_taught(session, **about, user_id=EVA, taught_on=date(2026, 8, 1))
    page = GapPage(QUARTER, (gap,))
    assert get_gap(page, gap.key) == gap
    with pytest.raises(ThemeIsGone):
        get_gap(page, "made up")
    with pytest.raises(CannotBeTaughtYet):
        await mark_taught(session, **about, user_id=ADA, taught_on=date(2026, 11, 24))


def test_a_random_quarter_of_a_large_place_is_told_in_ten_themes_at_most():
    dice = random.Random(1)
    vocabulary = [f"noun{n}x" for n in range(60)]
    told = [
        asked(n, f"U{dice.randrange(400)}", " ".join(dice.sample(vocabulary, 4)))
        for n in range(2000)
    ]

    assert len(list_themes(told)) <= 10
