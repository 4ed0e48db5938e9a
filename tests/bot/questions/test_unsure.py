"""What we are unsure of: who is asked, when, and what is learned of it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import MessageIsGone, NotInChannel
from bot.experts.nudges import UNSURE as KIND
from bot.experts.nudges import mute
from bot.kinds import READ_QUESTION, UNSURE_LINE, MessageAt
from bot.questions.capture import call_not_a_question
from bot.questions.messages import capture_pointed_at, erase, forget_erased, hear, is_just_talk
from bot.questions.unsure import (
    ENOUGH,
    KEPT_FOR,
    TOO_LATE,
    WAITS_FOR,
    answer_line,
    boldness_of,
    get_line,
    rest_after,
)
from bot.questions.verdicts import Kind
from storage import channels
from storage.database import Sessions
from storage.questions import questions as question_rows
from storage.tables import File, Question, QuestionPart, UnsureMessage
from tests.bot.conftest import (
    ANA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    at,
    count,
    learn,
    leave_help_channel,
    owed,
    question_of,
    said,
    settle_in,
    ts,
)
from tests.bot.experts.test_hints import PICTURE

UNSURE, PLAIN, TO_ASK = "Printer blank", "The tariff code of form 4711", "Can I ask something?"
DAY = 86_400


async def say(session: AsyncSession, text: str = UNSURE, **changes) -> bool:
    message = said(text, **changes)
    return await hear(session, message, now=message.sent_at)


async def press(
    session: AsyncSession,
    *,
    by: str = ANA,
    seconds: float = 0,
    is_asked: bool = True,
    team_id: str = TEAM,
) -> None:
    await answer_line(
        session,
        team_id=team_id,
        channel_id=HELP,
        message_ts=ts(seconds),
        user_id=by,
        is_asked=is_asked,
        now=at(seconds + 60),
    )


async def is_shown(session: AsyncSession, seconds: float = 0, after: float = 1) -> bool:
    place = MessageAt(HELP, ts(seconds))
    return await get_line(session, TEAM, place, now=at(seconds + after)) is not None


async def judged(session: AsyncSession, says: bool, times: int, *, text: str = UNSURE) -> float:
    """One of several authors is asked each day, and says so; when the next may be."""
    for day in range(times):
        author, seconds = (ANA, BEN, EVA, PIA)[day % 4], 40 * DAY * day
        assert await say(session, text, by=author, seconds=seconds)
        await press(session, by=author, seconds=seconds, is_asked=says)
    return 40 * DAY * times


async def test_its_author_is_asked_once_however_often_it_is_delivered(
    session: AsyncSession, help_channel
):
    assert await say(session)
    assert not await say(session)

    assert UNSURE_LINE.name in {kind for kind, _ in await owed(session)}
    assert await is_shown(session)
    assert await count(session, UnsureMessage) == 1
    assert await count(session, Question) == 0


async def test_delivered_at_the_same_time_it_is_one_line(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)

    async def deliver() -> bool:
        async with sessions.begin() as session:
            return await say(session)

    assert sorted(await asyncio.gather(deliver(), deliver(), deliver())) == [False, False, True]


async def test_two_messages_at_the_same_time_are_one_line_a_day(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)

    async def one(seconds: float) -> bool:
        async with sessions.begin() as session:
            return await say(session, seconds=seconds)

    assert sorted(await asyncio.gather(one(0), one(1))) == [False, True]


async def test_the_next_day_they_are_asked_again(session: AsyncSession, help_channel):
    await say(session)
    await say(session, seconds=60)

    assert not await is_shown(session, 60)
    assert await say(session, seconds=DAY)
    assert await is_shown(session, DAY)


async def test_it_is_not_asked_late_or_of_who_does_not_want_it(session: AsyncSession, help_channel):
    await say(session)
    assert await is_shown(session)

    assert not await is_shown(session, after=TOO_LATE.total_seconds() + 1)
    await mute(session, team_id=TEAM, user_id=ANA, kind=KIND)
    assert not await is_shown(session)
    assert not await say(session, seconds=2 * DAY)


async def test_yes_reads_the_message_anew(session: AsyncSession, help_channel):
    await say(session)

    await press(session)
    await press(session)  # twice

    assert READ_QUESTION.name in {kind for kind, _ in await owed(session)}


@pytest.mark.parametrize("is_asked", [True, False])
async def test_nobody_else_says_so(session: AsyncSession, help_channel, is_asked: bool):
    await say(session)

    with pytest.raises(MessageIsGone):
        await press(session, by=BEN, is_asked=is_asked)
    with pytest.raises(NotInChannel):
        await press(session, team_id=OTHER_TEAM, is_asked=is_asked)
    await learn(session, ANA, is_guest=True)
    await leave_help_channel(session, ANA)
    with pytest.raises(NotInChannel):
        await press(session, is_asked=is_asked)


async def test_a_deleted_one_is_gone(session: AsyncSession, help_channel):
    await say(session)
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(5))

    assert not await is_shown(session)
    with pytest.raises(MessageIsGone):
        await press(session)
    assert not await say(session)  # a late copy


async def test_where_nearly_all_say_yes_more_and_more_is_captured_unasked(
    session: AsyncSession, help_channel
):
    seconds = await judged(session, True, ENOUGH)
    assert await say(session, seconds=seconds)
    assert (await question_of(session, ts(seconds))).text == UNSURE

    for number in range(ENOUGH):  # what asks nothing by itself is asked about now
        author, seconds = (ANA, BEN, EVA, PIA)[number % 4], seconds + 40 * DAY
        assert await say(session, PLAIN, by=author, seconds=seconds)
        await press(session, by=author, seconds=seconds)
    seconds += 40 * DAY
    assert await say(session, PLAIN, seconds=seconds)
    assert (await question_of(session, ts(seconds))).text == PLAIN
    assert not await say(session, "Good morning all", seconds=seconds + 3600)


async def test_what_somebody_else_calls_a_question_teaches_too(session: AsyncSession, help_channel):
    seconds = await judged(session, True, ENOUGH)
    for number in range(ENOUGH):
        pointed_at = said(f"{PLAIN}{number}", by=BEN, seconds=seconds + number)
        await capture_pointed_at(
            session, pointed_at, team_id=TEAM, channel_id=HELP, user_id=PIA, now=at(seconds + 60)
        )

    assert await say(session, PLAIN, seconds=seconds + 3600)
    assert (await question_of(session, ts(seconds + 3600))).text == PLAIN


async def test_not_a_question_takes_that_back(session: AsyncSession, help_channel):
    seconds = await judged(session, True, ENOUGH)
    await say(session, seconds=seconds)
    question = await question_of(session, ts(seconds))

    await call_not_a_question(
        session, team_id=TEAM, question_id=question.id, user_id=ANA, now=at(seconds + 60)
    )

    await say(session, by=BEN, seconds=seconds + DAY)
    assert await is_shown(session, seconds + DAY)


async def test_noes_in_a_row_let_it_rest(session: AsyncSession, help_channel):
    seconds = await judged(session, False, 3) - 40 * DAY

    await say(session, by=BEN, seconds=seconds + DAY)
    assert not await is_shown(session, seconds + DAY)
    await say(session, by=BEN, seconds=seconds + 3 * DAY)
    assert await is_shown(session, seconds + 3 * DAY)


def test_each_no_in_a_row_doubles_the_rest_and_a_yes_ends_it():
    assert rest_after([]) == rest_after([False]) == rest_after([True, False, False]) == timedelta()
    assert rest_after([False] * 2) == timedelta(days=1)
    assert rest_after([False] * 4 + [True]) == timedelta(days=4)
    assert rest_after([False] * 40) == timedelta(days=32)


def test_boldness_is_learned_a_step_at_a_time():
    yes, plain = [(Kind.UNSURE.value, True)] * ENOUGH, [(Kind.PLAIN.value, True)] * ENOUGH

    assert boldness_of(yes[1:]) == 0
    assert boldness_of(yes) == 1
    assert boldness_of(plain) == 0
    assert boldness_of([*yes, *plain]) == 2
    assert boldness_of([*yes, (Kind.UNSURE.value, False)]) == 0


async def test_who_asked_whether_they_may_ask_is_waited_for_for_half_an_hour(
    session: AsyncSession, help_channel
):
    assert await say(session, TO_ASK)
    assert not await say(session, PLAIN, by=BEN, seconds=30)
    assert not await say(session, "Thanks!", seconds=40)

    assert await say(session, PLAIN, seconds=60)

    question = await question_of(session, ts(60))
    assert question.text == PLAIN
    parts = await question_rows.list_parts(session, question.id)
    assert [part.message_ts for part in parts] == [ts(), ts(60)]
    late = WAITS_FOR.total_seconds() + DAY
    await say(session, TO_ASK, seconds=DAY)
    assert not await say(session, PLAIN, seconds=late + 1)


async def test_the_fast_look_lets_nothing_of_it_pass(session: AsyncSession, help_channel):
    async def passes(text: str, **changes) -> bool:
        connection = await session.connection()
        return await is_just_talk(connection, said(text, **changes), mentions_bot=False)

    assert await passes("Good morning all")
    assert not await passes(UNSURE)
    assert not await passes(TO_ASK)
    await say(session, TO_ASK)
    assert not await passes(PLAIN, seconds=60)
    assert await passes(PLAIN, by=BEN, seconds=60)
    assert await passes(PLAIN, seconds=WAITS_FOR.total_seconds() + 1)
    assert not await passes(PLAIN, seconds=60, thread_ts=ts())
    assert await passes(PLAIN, by=BEN, seconds=60, thread_ts=ts())


async def test_only_when_called_nothing_is_asked_or_waited_for(session: AsyncSession, help_channel):
    channel = await channels.get(session, TEAM, HELP)
    assert channel is not None
    channel.mode = "called"

    for text in (UNSURE, TO_ASK, "How do I print a label?"):
        assert not await say(session, text)

    assert await count(session, UnsureMessage) == 0


async def test_a_picture_that_came_to_nothing_is_forgotten(session: AsyncSession, help_channel):
    await say(session, PICTURE.title, files=(PICTURE,), is_wordless=True)
    await say(session, PICTURE.title, files=(PICTURE,), is_wordless=True, by=BEN, seconds=1)
    await say(session, "What does this mean?", by=BEN, seconds=20)
    assert await count(session, File) == 2

    await forget_erased(session, now=at() + KEPT_FOR + timedelta(minutes=1))

    assert await count(session, File) == 1
    assert await count(session, QuestionPart) == 2
