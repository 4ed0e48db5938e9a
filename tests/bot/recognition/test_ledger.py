"""What counts, and how much it weighs: nobody gains by themselves, in pairs, or by undoing."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyAdmins
from bot.finding.reuse import note_helped, take_back_helped
from bot.people import Profile
from bot.questions.messages import erase, hear
from bot.questions.solutions import hear_stranger
from bot.recognition.ledger import ENTRIES_SHOWN, add_up, list_entries, weigh
from storage.questions import marks
from storage.questions import questions as question_rows
from storage.recognition import channel_digest
from storage.recognition.channel_digest import Fact, Period
from storage.recognition.kudos import standing
from storage.tables import Kudos
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    count,
    learn,
    learn_help_channel,
    owed,
    profile,
    replied,
    said,
    solve,
    tick,
    ts,
)

WEEK = timedelta(weeks=1)
PEOPLE = st.sampled_from("ABCDE")
FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from(["solved", "helped", "reused"]),
        PEOPLE,
        PEOPLE,
        st.integers(1, 6),
    ).filter(lambda fact: fact.giver_id != fact.receiver_id)
)


def weights(facts: list[Fact]) -> dict[str, float]:
    return weigh(add_up(facts).between)


def swapped(times: int) -> list[Fact]:
    """So many favours each way between A and B."""
    there = [Fact("solved", "B", "A", 100 + each) for each in range(times)]
    return [*there, *(Fact("solved", "A", "B", 1000 + each) for each in range(times))]


def helped(people: int, times: int = 1) -> list[Fact]:
    """So many different people whom A helped, so many times each."""
    pairs = [(giver, each) for giver in range(people) for each in range(times)]
    return [Fact("solved", f"U{giver}", "A", 10 * giver + each) for giver, each in pairs]


@pytest.mark.parametrize(
    ("facts", "counted", "weighed"),
    [
        (helped(5), 5, 5.0),
        (helped(1, times=5), 5, 2.28),
        (swapped(1), 1, 0.0),
        (swapped(100), 100, 0.0),
        ([*helped(5), *swapped(1)], 6, 5.59),
        ([*helped(5), *swapped(100)], 105, 6.48),
        (helped(1) * 100, 100, 1.0),  # the same help, a hundred times
    ],
)
def test_many_people_weigh_more_than_many_favours(facts: list[Fact], counted: int, weighed: float):
    assert sum(fact.receiver_id == "A" for fact in facts) == counted
    assert weights(facts)["A"] == pytest.approx(weighed, abs=0.01)


@given(FACTS)
def test_sums_are_what_a_recount_says(facts: list[Fact]):
    sums = add_up(facts)

    for person in "ABCDE":
        theirs = [fact for fact in facts if fact.receiver_id == person]
        solved = {fact.question_id for fact in theirs if fact.kind == "solved"}
        others = {fact.giver_id for fact in theirs if fact.kind != "solved"}
        assert sums.solved.get(person, set()) == solved
        assert sums.helped_too.get(person, set()) == others
    told = {(fact.giver_id, fact.receiver_id, fact.question_id) for fact in facts}
    assert sums.between == Counter(each[:2] for each in told)


@given(FACTS, st.randoms())
def test_order_and_repetition_change_no_weight(facts: list[Fact], dice: random.Random):
    again = [*facts, *dice.choices(facts, k=len(facts))] if facts else []
    dice.shuffle(again)

    assert weights(again) == pytest.approx(weights(facts))


@given(FACTS)
def test_nothing_weighs_more_than_it_counts_nor_less_than_nothing(facts: list[Fact]):
    questions = Counter(
        receiver for _, receiver, _ in {(f.giver_id, f.receiver_id, f.question_id) for f in facts}
    )

    for person, weight in weights(facts).items():
        assert 0 <= weight <= questions[person] + 1e-9


@given(FACTS, st.integers(1, 200))
def test_two_who_swap_favours_gain_less_than_one_who_is_thanked_by_as_many_people(
    facts: list[Fact], times: int
):
    gained = weights([*facts, *swapped(times)])["A"] - weights(facts).get("A", 0.0)

    strangers = [Fact("solved", f"S{each}", "A", 5000 + each) for each in range(times)]
    honest = weights([*facts, *strangers])["A"] - weights(facts).get("A", 0.0)
    assert gained < honest or times == 1
    assert gained <= 6  # whatever they do: the 200th favour counts 1/200


def ring(size: int, times: int = 1) -> list[Fact]:
    """Each praises the next, and the last the first, who is A."""
    names = ["A", *(f"R{each}" for each in range(1, size))]
    return [
        Fact("solved", names[each - 1], name, 7000 + 100 * each + time)
        for each, name in enumerate(names)
        for time in range(times)
    ]


def circle(size: int) -> list[Fact]:
    """Each praises each other once."""
    names = ["A", *(f"R{each}" for each in range(1, size))]
    pairs = [(one, other) for one in names for other in names if one != other]
    return [Fact("solved", *pair, 8000 + number) for number, pair in enumerate(pairs)]


@pytest.mark.parametrize("facts", [ring(3), ring(4), ring(5), ring(3, times=50)])
def test_a_ring_that_lives_off_itself_weighs_nothing(facts: list[Fact]):
    assert max(weights(facts).values()) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("size", [3, 4, 5])
def test_a_circle_that_praises_itself_weighs_less_than_half_of_one_question(size: int):
    assert weights(circle(size))["A"] < 0.5


@pytest.mark.parametrize("facts", [ring(3), ring(5, times=50), circle(4)])
def test_who_also_helps_others_keeps_nearly_all_of_it(facts: list[Fact]):
    honest = weights(helped(12))["A"]

    assert weights([*helped(12), *facts])["A"] >= 0.95 * honest


def test_in_a_community_that_helps_each_other_hardly_anything_is_damped():
    dice = random.Random(1)
    people = [f"U{each}" for each in range(60)]
    facts = [Fact("solved", *dice.sample(people, 2), number) for number in range(600)]
    plain = Counter(fact.receiver_id for fact in facts)

    weighed = weights(facts)

    assert all(weighed[person] >= 0.8 * plain[person] for person in plain)


@given(FACTS, st.integers(3, 5), st.integers(1, 50))
def test_a_ring_gains_less_than_one_who_is_thanked_by_as_many_people(
    facts: list[Fact], size: int, times: int
):
    gained = weights([*facts, *ring(size, times)])["A"] - weights(facts).get("A", 0.0)

    assert gained <= 1 + sum(1 / each for each in range(2, times + 1))
    assert gained <= times


def in_week(number: int = 0) -> Period:
    return Period(TEAM, HELP, NOW + number * WEEK, NOW + (number + 1) * WEEK)


async def standing_facts(session: AsyncSession) -> list[tuple[str, str, str]]:
    rows = await session.scalars(select(Kudos).where(standing()).order_by(Kudos.id))
    return [(fact.kind, fact.giver_id, fact.receiver_id) for fact in rows]


async def test_what_is_taken_back_and_said_again_is_help_of_the_first_week(
    session: AsyncSession, help_channel
):
    await solve(session)
    later = WEEK.total_seconds() + 500
    await tick(session, ts(60), on=False, seconds=later)
    await tick(session, ts(60), seconds=later + 10)

    assert await standing_facts(session) == [("solved", ANA, BEN)]
    assert len(await channel_digest.list_facts(session, in_week(0))) == 1
    assert await channel_digest.list_facts(session, in_week(1)) == []


async def test_a_second_reply_or_another_word_on_the_same_question_is_no_new_help(
    session: AsyncSession, help_channel
):
    await ask(session)
    await tick(session, await answer(session), by=ADA)  # an admin says that it is right
    later = WEEK.total_seconds()
    await tick(session, ts(60), seconds=later)  # and the asker, a week after
    second = replied("Press Amend!", seconds=later + 1)
    await hear(session, second, now=second.sent_at)
    await tick(session, second.message_ts, seconds=later + 2)

    assert {each.receiver_id for each in await channel_digest.list_facts(session, in_week(0))} == {
        BEN
    }
    assert await channel_digest.list_facts(session, in_week(1)) == []


async def test_a_deleted_reply_that_is_posted_again_is_no_new_help(
    session: AsyncSession, help_channel
):
    await solve(session)
    later = WEEK.total_seconds()
    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": ts(60)}
    await erase(session, **place, now=at(later))
    again = replied("Press Amend.", seconds=later + 1)
    await hear(session, again, now=again.sent_at)
    await tick(session, again.message_ts, seconds=later + 2)

    assert await standing_facts(session) == [("solved", ANA, BEN)]
    assert await channel_digest.list_facts(session, in_week(1)) == []


async def test_what_helped_is_found_helpful_once_however_it_is_said(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await tick(session, ts(60), by=PIA, seconds=200)
    later = at(WEEK.total_seconds())
    await tick(session, ts(60), by=PIA, on=False, seconds=300)
    who = {"question_id": question_id, "user_id": PIA}
    for _ in range(3):
        await note_helped(session, team_id=TEAM, **who, now=later)
        await take_back_helped(session, **who, now=later)
    await note_helped(session, team_id=TEAM, **who, now=later)

    assert await standing_facts(session) == [("solved", ANA, BEN), ("reused", PIA, BEN)]
    assert await channel_digest.list_facts(session, in_week(1)) == []


async def test_the_database_keeps_two_facts_of_the_same_help_from_standing(
    session: AsyncSession, help_channel
):
    await solve(session)
    fact = (await session.scalars(select(Kudos))).one()
    values = {
        name: getattr(fact, name)
        for name in ("team_id", "kind", "giver_id", "receiver_id", "question_id", "answer_id")
    }

    with pytest.raises(IntegrityError):
        async with session.begin_nested():
            session.add(Kudos(**values, given_at=NOW))


async def test_bots_tell_of_no_help_and_strangers_only_once_we_know_them(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await learn(session, "U_BOT", is_bot=True)
    for user_id in ("U_BOT", "U_NEW", "U_ROBOT"):
        await tick(session, ts(60), by=user_id, seconds=200)

    assert await standing_facts(session) == [("solved", ANA, BEN)]
    asked = {subject for kind, subject in await owed(session) if kind == "read_stranger"}
    assert asked == {f"{question_id}:U_NEW", f"{question_id}:U_ROBOT"}
    known: list[Profile] = [profile("U_NEW", is_guest=True), profile("U_ROBOT", is_bot=True)]
    for each in known:
        about = {"team_id": TEAM, "question_id": question_id}
        await hear_stranger(session, **about, profile=each, now=at(300))
    assert await standing_facts(session) == [("solved", ANA, BEN), ("helped", "U_NEW", BEN)]


async def test_nothing_counts_in_a_direct_message(session: AsyncSession, help_channel):
    question = said("How do I paint?", channel_id="D_ANA")
    reply = said("So.", by=BEN, seconds=60, thread_ts=ts(), channel_id="D_ANA")

    for message in (question, reply):
        assert not await hear(session, message, now=message.sent_at)
    await marks.save_if_newer(session, **reply.place, user_id=ANA, is_on=True, now=at(61))

    assert await count(session, Kudos) == 0


@pytest.mark.parametrize("seed", range(4))
async def test_in_random_lives_the_ledger_is_what_the_marks_say_and_undoing_all_leaves_nothing(
    session: AsyncSession, help_channel, seed: int
):
    dice = random.Random(seed)
    replies = await questions_with_replies(session)
    now = 1000.0
    for _ in range(60):
        now += dice.choice([1, 3600, 3 * 86_400])
        who, reply = dice.choice([ANA, PIA, ADA, BEN, EVA]), dice.choice(replies)
        await tick(session, reply, by=who, on=dice.random() < 0.6, seconds=now)
    await check_recount(session)

    for reply in replies:
        for who in (ANA, PIA, ADA, BEN, EVA):
            await tick(session, reply, by=who, on=False, seconds=now + 10)
    assert await standing_facts(session) == []


async def questions_with_replies(session: AsyncSession) -> list[str]:
    replies = []
    for number, asker in enumerate((ANA, PIA, BEN)):
        start = 100.0 * number
        await ask(session, f"How do I paint pallet {number}?", by=asker, seconds=start)
        for after, author in enumerate((BEN, EVA, BEN, ANA), 1):
            message = said("So.", by=author, seconds=start + after, thread_ts=ts(start))
            await hear(session, message, now=message.sent_at)
            replies.append(message.message_ts)
    return replies


async def check_recount(session: AsyncSession) -> None:
    """Each fact that stands has its mark, stands once, and is no favour to oneself."""
    rows = (await session.scalars(select(Kudos).where(standing()))).all()
    keys = [(each.kind, each.answer_id, each.giver_id, each.receiver_id) for each in rows]
    expected = set()
    for question_id in {each.question_id for each in (await session.scalars(select(Kudos))).all()}:
        assert question_id is not None
        question = await question_rows.get(session, TEAM, question_id)
        assert question is not None
        given_marks = await marks.list_on_answers(session, question_id)
        by_asker = [each for each in given_marks if each[1].user_id == question.asker_id]
        judged = by_asker or [each for each in given_marks if each[1].user_id == ADA]
        first: dict[int, str] = {}
        for each_answer, mark in judged:
            first.setdefault(each_answer.id, mark.user_id)
        for each_answer, mark in given_marks:
            if each_answer.author_id in (mark.user_id, question.asker_id):
                continue
            is_solved = first.get(each_answer.id) == mark.user_id
            if is_solved or mark.user_id != ADA:
                kind = "solved" if is_solved else "helped"
                expected.add((kind, each_answer.id, mark.user_id, each_answer.author_id))
    assert len(keys) == len(set(keys))
    assert set(keys) == expected
    assert all(giver_id != receiver_id for _, _, giver_id, receiver_id in keys)


async def test_an_admin_sees_why_anything_counted(session: AsyncSession, help_channel):
    await solve(session)
    await tick(session, ts(60), by=PIA, seconds=200)
    await tick(session, ts(60), by=PIA, on=False, seconds=201)

    entries = await list_entries(session, team_id=TEAM, receiver_id=BEN, viewer_id=ADA)

    told = [(e.kind, e.giver_id, e.is_reversed, e.channel_id, e.message_ts) for e in entries]
    assert told == [
        ("helped", PIA, True, HELP, ts(60)),
        ("solved", ANA, False, HELP, ts(60)),
    ]


async def test_an_admin_sees_no_place_in_a_channel_they_cannot_read(
    session: AsyncSession, help_channel
):
    await solve(session)
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])

    [entry] = await list_entries(session, team_id=TEAM, receiver_id=BEN, viewer_id=ADA)

    assert (entry.kind, entry.giver_id) == ("solved", ANA)
    assert (entry.channel_id, entry.message_ts, entry.thread_ts) == (None, None, None)


async def test_only_admins_see_the_ledger_and_only_of_their_workspace(
    session: AsyncSession, help_channel
):
    await solve(session)
    await learn(session, ADA, team_id=OTHER_TEAM, is_admin=True)

    for viewer_id in (BEN, "U_UNKNOWN"):
        with pytest.raises(OnlyAdmins):
            await list_entries(session, team_id=TEAM, receiver_id=BEN, viewer_id=viewer_id)
    assert await list_entries(session, team_id=OTHER_TEAM, receiver_id=BEN, viewer_id=ADA) == ()


async def test_the_newest_of_many_facts_are_shown(session: AsyncSession, help_channel):
    for number in range(ENTRIES_SHOWN + 2):
        session.add(
            Kudos(team_id=TEAM, kind="thanked", giver_id=ANA, receiver_id=BEN, given_at=at(number))
        )
    await session.flush()

    entries = await list_entries(session, team_id=TEAM, receiver_id=BEN, viewer_id=ADA)

    assert len(entries) == ENTRIES_SHOWN
    assert entries[0].given_at == at(ENTRIES_SHOWN + 1)
