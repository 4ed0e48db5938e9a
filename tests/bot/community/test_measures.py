"""The measures, against a plain recount of random histories, and at the edges of periods."""

import math
import random
import statistics
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.health import count_up, read_community, shifts_until
from bot.community.measures import (
    FEWEST,
    PERIOD,
    SLOW,
    WEEK,
    History,
    is_covered,
    is_tellable,
    joined,
    measure,
)
from bot.hours import Hours
from storage.community.health import Asked, Helped
from storage.recognition import kudos
from storage.tables import Answer, Kudos, Question
from tests.bot.conftest import (
    ADA,
    HELP,
    OTHER_TEAM,
    TEAM,
    add_topic,
    learn,
    learn_help_channel,
    settle_in,
)

UNTIL = datetime(2026, 11, 23, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MIDDAY = UNTIL - timedelta(days=3, hours=12)  # a Thursday


def asked(number: int, at: datetime, **changes: Any) -> Asked:
    known = Asked(number, None, f"U{number}", "Europe/Rome", at, None, None, None, False)
    return known._replace(**changes)


def helped(number: int, *replies: tuple[str, datetime]) -> dict[int, list[Helped]]:
    return {number: [Helped(number, author, at) for author, at in replies]}


# Against a recount


async def invent(session: AsyncSession, dice: random.Random) -> list[dict[str, Any]]:
    """A random history in the tables; the questions that count, as plain dicts."""
    await settle_in(session)
    await learn(session, ADA, team_id=OTHER_TEAM, is_admin=True)
    await learn_help_channel(session, "C_OTHER", team_id=OTHER_TEAM)
    topic_ids = [(await add_topic(session, name)).topic_id for name in ("Customs", "Pallets")]
    people = [f"U{number}" for number in range(dice.choice((4, 9, 20)))]
    told, known_askers = [], set()
    moments = sorted(random_moment(dice) for _ in range(dice.randrange(150)))
    for number, at in enumerate(moments, 1):
        question = random_question(dice, number, at, people, topic_ids)
        session.add(Question(**question))
        await session.flush()
        replies = random_replies(dice, question, people)
        session.add_all(Answer(**reply) for reply in replies)
        facts = await give_random_facts(session, dice, question, people)
        if question["team_id"] != TEAM:
            continue
        is_first = question["asker_id"] not in known_askers
        known_askers.add(question["asker_id"])
        plain = {**question, "replies": replies, "facts": facts, "is_first": is_first}
        is_gone = question["withdrawn_at"] or question["merged_into_id"]
        plain["counts"] = not is_gone and bool(question["message_ts"])
        told.append(plain)
    await session.flush()
    return told


def random_moment(dice: random.Random) -> datetime:
    edge = UNTIL - dice.randrange(14) * WEEK
    return dice.choice([edge, edge - MINUTE, UNTIL - 18 * WEEK * dice.random(), UNTIL + HOUR])


def later(dice: random.Random, at: datetime) -> datetime:
    return at + dice.choice((MINUTE, 5 * HOUR, 30 * HOUR, 40 * WEEK)) * dice.random()


def maybe(dice: random.Random, at: datetime, chance: float) -> datetime | None:
    return later(dice, at) if dice.random() < chance else None


def random_question(
    dice: random.Random, number: int, at: datetime, people: list[str], topic_ids: list[int]
) -> dict[str, Any]:
    is_ours = dice.random() < 0.9
    reused_at = maybe(dice, at, 0.15)
    ts = f"{number}.000001" if dice.random() < 0.95 else None
    return {
        "id": number,
        "team_id": TEAM if is_ours else OTHER_TEAM,
        "channel_id": HELP if is_ours else "C_OTHER",
        "message_ts": ts,
        "thread_ts": ts,
        "asker_id": dice.choice(people),
        "text": "How?",
        "topic_id": dice.choice([None, *topic_ids]) if is_ours else None,
        "asked_at": at,
        "solved_at": reused_at or maybe(dice, at, 0.5),
        "reused_at": reused_at,
        "handed_off_at": maybe(dice, at, 0.2),
        "withdrawn_at": maybe(dice, at, 0.1),
        "merged_into_id": 1 if number > 1 and dice.random() < 0.1 else None,
    }


def random_replies(
    dice: random.Random, question: dict[str, Any], people: list[str]
) -> list[dict[str, Any]]:
    replies = []
    for reply in range(dice.choice((0, 0, 1, 2, 4))):
        at = later(dice, question["asked_at"])
        replies.append(
            {
                "team_id": question["team_id"],
                "channel_id": question["channel_id"],
                "question_id": question["id"],
                "message_ts": f"{question['id']}.1{reply}",
                "author_id": dice.choice(people),
                "text": "So.",
                "answered_at": at,
                "said_at": at,
                "erased_at": maybe(dice, at, 0.1),
            }
        )
    return replies


async def give_random_facts(
    session: AsyncSession, dice: random.Random, question: dict[str, Any], people: list[str]
) -> list[dict[str, Any]]:
    """Somebody says that it helped; those that were not taken back."""
    facts = [
        {
            "team_id": question["team_id"],
            "channel_id": question["channel_id"],
            "question_id": question["id"],
            "kind": dice.choice(("reused", "helped", "solved")),
            "giver_id": dice.choice(people),
            "receiver_id": dice.choice(people),
            "given_at": later(dice, question["asked_at"]),
        }
        for _ in range(dice.choice((0, 0, 1)))
    ]
    rows = [Kudos(**fact) for fact in facts]
    session.add_all(rows)
    await session.flush()
    taken_back = [row for row in rows if dice.random() < 0.3]
    for row in taken_back:
        await kudos.reverse(session, row, now=later(dice, row.given_at))
    return [fact for fact, row in zip(facts, rows, strict=True) if row not in taken_back]


def recount(told: list[dict[str, Any]], since: datetime, until: datetime) -> dict[str, Any]:
    """The same figures, by the words of their definitions alone."""
    inside = [q for q in told if q["counts"] and since <= q["asked_at"] < until]
    by_end = lambda at: at is not None and at < until  # noqa: E731
    waits: dict[int, float] = {}
    pairs: set[tuple[str, int]] = set()
    for q in inside:
        moments = [q["reused_at"]] if by_end(q["reused_at"]) else []
        for reply in q["replies"]:
            is_help = reply["author_id"] != q["asker_id"] and reply["erased_at"] is None
            if is_help and by_end(reply["answered_at"]):
                moments.append(reply["answered_at"])
                pairs.add((reply["author_id"], q["id"]))
        if moments:
            waits[q["id"]] = (min(moments) - q["asked_at"]).total_seconds()
    solved = [q for q in inside if by_end(q["solved_at"])]
    done = waits.keys() | {q["id"] for q in solved}
    first = [q["id"] for q in inside if q["is_first"]]
    authors = [author for author, _ in pairs]
    spans = [(q["solved_at"] - q["asked_at"]).total_seconds() for q in solved]
    in_order = sorted(waits.values())
    facts = {
        (fact["giver_id"], q["id"])
        for q in told
        for fact in q["facts"]
        if fact["kind"] == "reused" and since <= fact["given_at"] < until
    }
    is_shown = len(first) >= FEWEST
    news = [waits[each] for each in first if each in waits]
    return {
        "asked": len(inside),
        "askers": len({q["asker_id"] for q in inside}),
        "answered": len(done),
        "first_answer": statistics.median(in_order) if in_order else None,
        "first_answer_90": in_order[math.ceil(len(in_order) * 9 / 10) - 1] if in_order else None,
        "solved": len(solved),
        "solution": statistics.median(spans) if spans else None,
        "deflected": len(facts),
        "handed_off": sum(by_end(q["handed_off_at"]) for q in inside),
        "helping": len(set(authors)),
        "help": len(pairs),
        "help_by_three": top_share(authors, 3),
        "help_by_busiest": top_share(authors, math.ceil(len(set(authors)) / 20)),
        "asked_by_three": top_share([q["asker_id"] for q in inside], 3),
        "newcomers": len(first),
        "newcomers_answered": len(done & set(first)) if is_shown else None,
        "newcomers_first_answer": statistics.median(news) if is_shown and news else None,
        "slow": sum(
            waits[q["id"]] > SLOW.total_seconds()
            if q["id"] in waits
            else q["id"] not in done and until - q["asked_at"] > SLOW
            for q in inside
        ),
    }


def top_share(names: list[str], number: int) -> float | None:
    most = sorted((names.count(name) for name in set(names)), reverse=True)
    return sum(most[:number]) / len(names) if len(most) >= FEWEST else None


@pytest.mark.parametrize("seed", range(8))
async def test_the_measures_equal_a_recount_of_random_histories(session: AsyncSession, seed: int):
    told = await invent(session, random.Random(seed))

    community = await read_community(session, team_id=TEAM, until=UNTIL)
    figures = count_up(community)

    for name, end in (("now", UNTIL), ("before", UNTIL - PERIOD), ("earlier", UNTIL - 2 * PERIOD)):
        expected = recount(told, end - PERIOD, end)
        assert {key: figures[""][name][key] for key in expected} == expected, name
    for number, week in enumerate(reversed(figures[""]["weeks"])):
        end = UNTIL - number * WEEK
        expected = recount(told, end - WEEK, end)
        assert {key: week[key] for key in expected} == expected
    check_topics(told, figures)


def check_topics(told: list[dict[str, Any]], figures: dict[str, Any]) -> None:
    for subject in set(figures) - {""}:
        about = [question for question in told if str(question["topic_id"]) == subject]
        expected = recount(about, UNTIL - PERIOD, UNTIL)
        few = any(0 < expected[name] < FEWEST for name in ("askers", "helping"))
        shown = figures[subject]["now"]
        assert (shown is None) == few
        if shown is not None:
            assert {key: shown[key] for key in expected} == expected


# The edges of a period


def test_a_period_takes_in_its_first_moment_and_not_its_last():
    history = History([asked(1, UNTIL - PERIOD), asked(2, UNTIL - MINUTE), asked(3, UNTIL)])

    assert measure(history, UNTIL - PERIOD, UNTIL).asked == 2
    assert measure(history, UNTIL - 2 * PERIOD, UNTIL - PERIOD).asked == 0


def test_what_happened_after_the_end_does_not_count_yet():
    late = {"solved_at": UNTIL + HOUR, "handed_off_at": UNTIL}
    replies = helped(1, ("U9", UNTIL))
    history = History([asked(1, UNTIL - HOUR, **late)], replies)

    then = measure(history, UNTIL - PERIOD, UNTIL)

    assert (then.answered, then.solved, then.handed_off, then.helping) == (0, 0, 0, 0)


def test_an_earlier_answer_that_was_found_is_an_answer():
    found = {"reused_at": MIDDAY + MINUTE, "solved_at": MIDDAY + MINUTE}

    counted = measure(History([asked(1, MIDDAY, **found)]), UNTIL - PERIOD, UNTIL)

    assert (counted.answered, counted.first_answer, counted.solution) == (1, 60.0, 60.0)


def test_who_solved_it_alone_needs_no_answer_and_waited_for_nobody():
    alone = asked(1, MIDDAY, solved_at=MIDDAY + 9 * HOUR)

    counted = measure(History([alone]), UNTIL - PERIOD, UNTIL)

    assert (counted.answered, counted.solved, counted.first_answer) == (1, 1, None)
    assert (counted.helping, counted.slow) == (0, 0)


def test_of_nothing_there_is_nothing_to_say():
    counted = measure(History(), UNTIL - PERIOD, UNTIL)

    assert set(asdict(counted).values()) == {0, None}


# Who could have answered


@pytest.mark.parametrize(
    ("zone", "at", "is_at_work"),
    [
        ("Europe/Berlin", datetime(2026, 10, 23, 7, 30, tzinfo=UTC), True),  # 9:30 in summer
        ("Europe/Berlin", datetime(2026, 10, 26, 7, 30, tzinfo=UTC), False),  # 8:30 in winter
        ("Europe/Berlin", datetime(2026, 10, 26, 16, 30, tzinfo=UTC), True),
        ("Asia/Kolkata", datetime(2026, 10, 26, 3, 30, tzinfo=UTC), True),  # 9:00, to the minute
        ("Asia/Kolkata", datetime(2026, 10, 26, 3, 29, tzinfo=UTC), False),
        ("Africa/Cairo", datetime(2026, 10, 29, 6, 30, tzinfo=UTC), True),  # 9:30 in summer
        ("Africa/Cairo", datetime(2026, 10, 30, 6, 30, tzinfo=UTC), False),  # 8:30 in winter
        ("Pacific/Kiritimati", datetime(2026, 11, 1, 19, 0, tzinfo=UTC), True),  # Monday there
        ("Pacific/Kiritimati", datetime(2026, 11, 6, 19, 0, tzinfo=UTC), False),  # Saturday
    ],
)
def test_night_is_when_no_expert_is_at_work_across_clock_changes(
    zone: str, at: datetime, is_at_work: bool
):
    assert at.astimezone(ZoneInfo(zone))
    shifts = shifts_until(UNTIL, frozenset([Hours(zone)]))

    assert shifts is not None
    assert is_covered(shifts, at) == is_at_work


def test_shifts_cover_the_first_and_the_last_moment_of_twelve_weeks():
    always = Hours("UTC", frozenset(range(7)), 0, 24 * 60)

    shifts = shifts_until(UNTIL, frozenset([always]))

    assert shifts is not None
    assert is_covered(shifts, UNTIL - 12 * WEEK)
    assert is_covered(shifts, UNTIL - MINUTE)


def test_overlapping_shifts_are_one():
    at = MIDDAY
    assert joined([(at + HOUR, at + 3 * HOUR), (at, at + 2 * HOUR), (at, at + MINUTE)]) == [
        (at, at + 3 * HOUR)
    ]


def night_questions(people: int, zone: str = "Asia/Tokyo", each: int = 2) -> History:
    """Asked on a Sunday night by so many people, and answered by nobody."""
    at = UNTIL - timedelta(days=1, hours=2)
    questions = [
        asked(number, at, asker_id=f"U{number % people}", timezone=zone)
        for number in range(people * each)
    ]
    return History(questions, at_work=shifts_until(UNTIL, frozenset([Hours("Europe/Rome")])))


def test_slow_questions_at_night_tell_where_their_askers_are():
    counted = measure(night_questions(5), UNTIL - PERIOD, UNTIL)

    assert (counted.slow, counted.slow_at_night, counted.slow_region) == (10, 10, "Asia")


@pytest.mark.parametrize(("people", "zone"), [(4, "Asia/Tokyo"), (5, "Etc/UTC"), (5, None)])
def test_a_region_of_few_people_or_of_none_is_not_named(people: int, zone: Any):
    assert measure(night_questions(people, zone), UNTIL - PERIOD, UNTIL).slow_region is None


def test_without_known_hours_of_experts_there_is_no_night():
    history = History(night_questions(5).asked)

    assert measure(history, UNTIL - PERIOD, UNTIL).slow_at_night == 0


# Few people


@pytest.mark.parametrize(
    ("askers", "authors", "is_told"),
    [(5, 5, True), (4, 5, False), (5, 4, False), (5, 0, True), (0, 0, True), (1, 0, False)],
)
def test_a_part_with_few_people_is_not_told_apart(askers: int, authors: int, is_told: bool):
    questions = [asked(number, MIDDAY) for number in range(askers)]
    replies = helped(0, *[(f"U9{each}", MIDDAY) for each in range(authors)])

    assert is_tellable(measure(History(questions, replies), UNTIL - PERIOD, UNTIL)) == is_told


@pytest.mark.parametrize(("people", "share"), [(4, None), (5, 0.6)])
def test_shares_of_few_people_are_not_counted(people: int, share: float | None):
    questions = [asked(number, MIDDAY, is_first=True) for number in range(people)]
    replies = helped(0, *[(f"U9{each}", MIDDAY) for each in range(people)])

    counted = measure(History(questions, replies), UNTIL - PERIOD, UNTIL)

    assert counted.help_by_three == share
    assert counted.asked_by_three == share
    assert (counted.newcomers_answered is None) == (share is None)


async def test_what_a_reading_keeps_names_nobody(session: AsyncSession):
    await invent(session, random.Random(3))

    figures = str(count_up(await read_community(session, team_id=TEAM, until=UNTIL)))

    assert "U1" not in figures
    assert ADA not in figures
