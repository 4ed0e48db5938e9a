import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.messages import erase, hear, is_just_talk, reword
from storage.database import Sessions
from storage.tables import Answer, Question, QuestionPart
from tests.bot.conftest import (
    ANA,
    ASKED,
    BEN,
    EVA,
    HELP,
    TEAM,
    answer,
    ask,
    at,
    count,
    find,
    learn_help_channel,
    question_of,
    replied,
    said,
    settle_in,
    solve,
    ts,
)
from tests.bot.questions.test_capture import not_a_question


async def say(session: AsyncSession, text: str, *, seconds: float, by: str = ANA) -> bool:
    return await hear(session, said(text, by=by, seconds=seconds), now=at(seconds))


async def delete(session: AsyncSession, seconds: float, *, team_id: str = TEAM) -> bool:
    """The message that was said that many seconds after now is deleted."""
    return await erase(
        session, team_id=team_id, channel_id=HELP, message_ts=ts(seconds), now=at(seconds + 60)
    )


async def edit(session: AsyncSession, text: str, *, seconds: float = 0, after: float = 30) -> bool:
    edited = said(text, seconds=seconds, edited_at=at(seconds + after))
    return await reword(session, edited, now=at(seconds + after))


async def text_now(session: AsyncSession) -> str:
    return (await question_of(session, ts())).text


async def test_what_the_asker_adds_at_once_joins_the_question(session: AsyncSession, help_channel):
    await ask(session)

    assert await say(session, "It is the blue one.", seconds=30)
    assert await text_now(session) == f"{ASKED}\nIt is the blue one."


async def test_a_follow_up_delivered_twice_joins_once(session: AsyncSession, help_channel):
    await ask(session)
    for _ in range(2):
        await say(session, "It is the blue one.", seconds=30)

    assert (await text_now(session)).count("blue") == 1


async def test_follow_ups_are_in_the_order_of_saying(session: AsyncSession, help_channel):
    await ask(session)
    await say(session, "second", seconds=20)
    await say(session, "first", seconds=10)

    assert await text_now(session) == f"{ASKED}\nfirst\nsecond"


@pytest.mark.parametrize("by", ["U_BEN", "U_PIA"])
async def test_after_somebody_else_spoke_nothing_joins(
    session: AsyncSession, help_channel, by: str
):
    await ask(session)
    await say(session, "Hm.", seconds=10, by=by)

    assert not await say(session, "It is the blue one.", seconds=20)


async def test_a_reply_in_the_thread_ends_the_follow_ups_too(session: AsyncSession, help_channel):
    await ask(session)
    await answer(session, seconds=10)

    assert not await say(session, "It is the blue one.", seconds=20)


async def test_what_was_said_before_the_interruption_joins_though_heard_later(
    session: AsyncSession, help_channel
):
    await ask(session)
    await say(session, "Hm.", seconds=20, by=BEN)

    assert await say(session, "It is the blue one.", seconds=10)


async def test_what_others_said_before_the_question_interrupts_nothing(
    session: AsyncSession, help_channel
):
    await ask(session)
    await say(session, "Hm.", seconds=-10, by=BEN)

    assert await say(session, "It is the blue one.", seconds=10)


async def test_after_three_minutes_nothing_joins(session: AsyncSession, help_channel):
    await ask(session)

    assert not await say(session, "It is the blue one.", seconds=181)


async def test_an_edit_changes_the_question(session: AsyncSession, help_channel):
    await ask(session)
    await say(session, "It is the blue one.", seconds=10)

    assert await edit(session, "How do I paint?")
    assert await edit(session, "It is red.", seconds=10)
    assert await text_now(session) == "How do I paint?\nIt is red."


async def test_an_older_wording_that_comes_late_changes_nothing(
    session: AsyncSession, help_channel
):
    await ask(session)
    await edit(session, "newest", after=60)
    await edit(session, "older", after=30)

    assert await text_now(session) == "newest"


async def test_an_older_wording_changes_nothing_when_a_newer_was_heard_first(
    session: AsyncSession, help_channel
):
    await edit(session, "How do I paint it red?", after=60)
    await say(session, "How do I paint?", seconds=0)
    await edit(session, "How do I paint it?", after=30)

    assert await text_now(session) == "How do I paint it red?"


async def test_an_edit_can_make_a_message_a_question(session: AsyncSession, help_channel):
    assert not await say(session, "Good morning", seconds=0)

    assert await edit(session, "Good morning, how do I get in?")


async def test_the_edit_of_an_old_message_asks_nothing(session: AsyncSession, help_channel):
    late = timedelta(minutes=11).total_seconds()

    assert not await edit(session, "How do I get in?", after=late)


async def test_the_edit_of_a_solved_question_changes_how_it_is_found(
    session: AsyncSession, help_channel
):
    await solve(session)

    await edit(session, "How do I repaint a pallet?", after=600)

    assert (await find(session, "pallet")).total == 1
    assert (await find(session, "tariff")).total == 0


async def test_deleting_the_question_withdraws_it_and_erases_its_text(
    session: AsyncSession, help_channel
):
    await solve(session)
    await say(session, "secret detail", seconds=10)

    assert await delete(session, 0)

    question = await question_of(session, ts())
    assert question.withdrawn_at is not None and question.text == ""
    assert await count(session, QuestionPart) == 0
    assert (await find(session, "tariff")).total == 0


async def test_deleting_a_follow_up_erases_its_words(session: AsyncSession, help_channel):
    await ask(session)
    await say(session, "secret detail", seconds=10)

    assert await delete(session, 10)
    assert await text_now(session) == ASKED


async def test_a_deletion_in_another_workspace_deletes_nothing(session: AsyncSession, help_channel):
    await ask(session)

    assert not await delete(session, 0, team_id="T2")
    assert await text_now(session) == ASKED


async def test_a_question_deleted_before_it_was_heard_is_not_captured(
    session: AsyncSession, help_channel
):
    await delete(session, 0)

    assert not await say(session, ASKED, seconds=0)


async def test_a_follow_up_deleted_before_it_was_heard_does_not_join(
    session: AsyncSession, help_channel
):
    await ask(session)
    await delete(session, 10)
    await say(session, "secret detail", seconds=10)

    assert await text_now(session) == ASKED


@pytest.mark.parametrize("late", [say, edit], ids=["delivered again", "edited before"])
async def test_a_deleted_follow_up_does_not_come_back(session: AsyncSession, help_channel, late):
    await ask(session)
    await say(session, "secret detail", seconds=10)
    await delete(session, 10)
    await late(session, "secret detail", seconds=10)

    assert await text_now(session) == ASKED


async def test_a_deleted_question_does_not_come_back(session: AsyncSession, help_channel):
    await ask(session)
    await delete(session, 0)

    assert not await say(session, ASKED, seconds=0)
    assert (await question_of(session, ts())).text == ""


async def test_a_follow_up_of_a_withdrawn_question_delivered_again_asks_nothing(
    session: AsyncSession, help_channel
):
    question_id = await ask(session)
    await say(session, "How does the blue form work?", seconds=10)
    await not_a_question(session, question_id, ANA)
    await say(session, "How does the blue form work?", seconds=10)

    assert await count(session, Question) == 1


async def test_two_follow_ups_at_the_same_time_both_join(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await ask(session)

    async def add(text: str, seconds: float) -> None:
        async with sessions.begin() as session:
            await say(session, text, seconds=seconds)

    for n in range(0, 10, 2):
        await asyncio.gather(add(f"part {n}", n + 1), add(f"part {n + 1}", n + 2))

    async with sessions.read() as session:
        assert await text_now(session) == "\n".join([ASKED, *(f"part {n}" for n in range(10))])


async def test_one_question_delivered_twice_at_the_same_time_is_captured_once(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)

    async def deliver() -> bool:
        async with sessions.begin() as session:
            return await say(session, ASKED, seconds=0)

    assert sorted(await asyncio.gather(deliver(), deliver(), deliver())) == [False, False, True]


OWN = "Which printer do I use for T1 forms?"


async def texts(session: AsyncSession) -> list[str]:
    found = await session.scalars(select(Question.text).order_by(Question.asked_at))
    return list(found.all())


@pytest.mark.parametrize("interruption", ["Hm.", "Where is the key to gate 4?"])
async def test_what_somebody_said_between_is_heard_late_and_parts_what_followed(
    session: AsyncSession, help_channel, interruption: str
):
    await ask(session)
    await say(session, "It is the blue one.", seconds=10)
    await say(session, OWN, seconds=30)

    await say(session, interruption, seconds=20, by=BEN)

    asked = [text for text in await texts(session) if text != interruption]
    assert asked == [f"{ASKED}\nIt is the blue one.", OWN]


async def test_a_late_reply_between_parts_what_followed(session: AsyncSession, help_channel):
    await ask(session)
    await say(session, OWN, seconds=30)

    await answer(session, seconds=20)

    assert await texts(session) == [ASKED, OWN]


async def test_a_late_word_is_seen_past_a_newer_question(session: AsyncSession, help_channel):
    await ask(session)
    await say(session, OWN, seconds=30)
    await say(session, "Where is the key to gate 4?", seconds=40, by=EVA)

    message = said("Hm.", seconds=20, by=BEN)
    assert not await is_just_talk(session, message, mentions_bot=False)
    await hear(session, message, now=at(20))

    assert (await texts(session))[:2] == [ASKED, OWN]


async def test_what_is_parted_and_asks_nothing_is_no_question(session: AsyncSession, help_channel):
    await ask(session)
    await say(session, "It is the blue one.", seconds=30)

    await say(session, "Hm.", seconds=20, by=BEN)

    assert await texts(session) == [ASKED]


async def test_a_follow_up_and_a_word_between_at_the_same_time_are_kept_apart(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await ask(session)

    async def hear_it(text: str, by: str, seconds: float) -> None:
        async with sessions.begin() as session:
            await say(session, text, seconds=seconds, by=by)
            await asyncio.sleep(0.3)  # longer than a connection takes

    await asyncio.gather(hear_it("Hm.", BEN, 20), hear_it(OWN, ANA, 30))

    async with sessions.read() as session:
        assert await texts(session) == [ASKED, OWN]


@pytest.mark.parametrize("seconds", [20, 600])
async def test_one_act_that_comes_as_two_messages_is_one(
    session: AsyncSession, help_channel, seconds: float
):
    for each in (0, seconds):
        message = said(ASKED, seconds=each, client_msg_id="m1")
        await hear(session, message, now=message.sent_at)

    assert await texts(session) == [ASKED]


async def test_one_act_of_replying_that_comes_as_two_messages_is_one_answer(
    session: AsyncSession, help_channel
):
    await ask(session)
    for each in (60, 80):
        message = replace(replied(seconds=each), client_msg_id="m1")
        await hear(session, message, now=message.sent_at)

    assert await count(session, Answer) == 1


async def test_the_same_act_in_another_channel_is_another(session: AsyncSession, help_channel):
    await learn_help_channel(session, "C_OTHER", user_ids=[ANA])
    for channel_id in (HELP, "C_OTHER"):
        message = said(ASKED, channel_id=channel_id, client_msg_id="m1")
        await hear(session, message, now=message.sent_at)

    assert await texts(session) == [ASKED, ASKED]
