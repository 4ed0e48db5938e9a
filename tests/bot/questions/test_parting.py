"""A follow-up that is a question of its own: by itself, or because somebody says so."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyAQuestion, NothingToPart, OnlyThoseMaySplit, QuestionIsGone
from bot.questions.messages import ask_about, capture_pointed_at, hear
from bot.questions.parting import list_follow_ups, part_by_choice
from storage.database import Sessions
from storage.questions import questions as question_rows
from storage.tables import Answer, Question, QuestionPart
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    count,
    find,
    question_of,
    said,
    settle_in,
    tick,
    ts,
)

KEY = "Where is the spare key for gate 4?"
LIKE_IT = "Who has the key for gate 5?"
ANOTHER = "How do I claim mileage for last month?"


async def say(session: AsyncSession, text: str, *, seconds: float, **changes) -> bool:
    message = said(text, seconds=seconds, **changes)
    return await hear(session, message, now=message.sent_at)


async def point(session: AsyncSession, seconds: float, team_id: str = TEAM) -> bool:
    return await ask_about(
        session,
        team_id=team_id,
        channel_id=HELP,
        message_ts=ts(seconds),
        user_id=PIA,
        now=at(seconds + 60),
    )


async def part(
    session: AsyncSession, question_id: int, *, by: str = ANA, seconds: float = 30, team: str = TEAM
) -> None:
    await part_by_choice(
        session,
        team_id=team,
        question_id=question_id,
        message_ts=ts(seconds),
        user_id=by,
        now=at(300),
    )


@pytest.fixture
async def joined(session: AsyncSession, help_channel) -> int:
    """A question with two follow-ups, of which the first is another question."""
    question_id = await ask(session, KEY)
    await say(session, LIKE_IT, seconds=30)
    await say(session, "It is not in the office", seconds=50)
    assert await count(session, Question) == 1
    return question_id


async def test_another_full_question_right_after_is_captured(session: AsyncSession, help_channel):
    await ask(session, KEY)

    assert await say(session, ANOTHER, seconds=120)
    await say(session, "I drove twice", seconds=130)

    assert (await question_of(session, ts())).text == KEY
    assert (await question_of(session, ts(120))).text == f"{ANOTHER}\nI drove twice"


async def test_what_was_said_after_it_belongs_to_it_in_any_order(
    session: AsyncSession, help_channel
):
    await ask(session, KEY)
    await say(session, "I drove twice", seconds=130)

    await say(session, ANOTHER, seconds=120)

    assert (await question_of(session, ts())).text == KEY
    assert (await question_of(session, ts(120))).text == f"{ANOTHER}\nI drove twice"


async def test_delivered_at_the_same_time_both_are_one_question_each(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await ask(session, KEY)

    async def deliver() -> bool:
        async with sessions.begin() as session:
            return await say(session, ANOTHER, seconds=120)

    assert sorted(await asyncio.gather(deliver(), deliver(), deliver())) == [False, False, True]


async def test_after_the_first_is_solved_whatever_asks_is_another(
    session: AsyncSession, help_channel
):
    await ask(session, KEY)
    await tick(session, await answer(session, "With the porter."))

    await say(session, LIKE_IT, seconds=150)

    assert (await question_of(session, ts(150))).text == LIKE_IT


async def test_pointing_at_a_follow_up_parts_it_with_what_came_after(
    session: AsyncSession, joined: int
):
    assert await point(session, 30)
    assert not await point(session, 30)  # it is one now

    assert (await question_of(session, ts())).text == KEY
    assert (await question_of(session, ts(30))).text == f"{LIKE_IT}\nIt is not in the office"
    assert await count(session, QuestionPart) == 3


async def test_pointing_from_another_workspace_parts_nothing(session: AsyncSession, joined: int):
    await point(session, 30, team_id=OTHER_TEAM)

    assert await count(session, Question) == 1


async def test_the_shortcut_parts_it_and_says_so_when_it_is_one(session: AsyncSession, joined: int):
    about = {"team_id": TEAM, "channel_id": HELP, "user_id": BEN, "now": at(300)}

    await capture_pointed_at(session, said(LIKE_IT, seconds=30), **about)
    with pytest.raises(AlreadyAQuestion):
        await capture_pointed_at(session, said(LIKE_IT, seconds=30), **about)

    assert (await question_of(session, ts(30))).asker_id == ANA


async def test_its_asker_or_who_decides_chooses_which(session: AsyncSession, joined: int):
    shown = await list_follow_ups(
        session, team_id=TEAM, question_id=joined, user_id=ANA, now=at(300)
    )
    assert [each.message_ts for each in shown] == [ts(50), ts(30)]

    with pytest.raises(OnlyThoseMaySplit):
        await part(session, joined, by=PIA)
    with pytest.raises(QuestionIsGone):
        await part(session, joined, team=OTHER_TEAM)
    with pytest.raises(NothingToPart):
        await part(session, joined, seconds=0)  # the question itself
    await part(session, joined, by=ADA)

    assert (await question_of(session, ts(30))).text.startswith(LIKE_IT)


async def test_parted_twice_at_the_same_time_it_is_one(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        question_id = await ask(session, KEY)
        await say(session, LIKE_IT, seconds=30)

    async def press() -> str:
        try:
            async with sessions.begin() as session:
                await part(session, question_id)
        except NothingToPart:
            return "nothing"
        return "parted"

    assert sorted(await asyncio.gather(press(), press())) == ["nothing", "parted"]


async def test_replies_below_it_and_their_marks_go_with_it(session: AsyncSession, joined: int):
    reply = Answer(
        team_id=TEAM,
        channel_id=HELP,
        message_ts=ts(100),
        question_id=joined,
        author_id=BEN,
        text="In the blue box.",
        thread_ts=ts(30),
        answered_at=at(100),
        said_at=at(100),
    )
    session.add(reply)
    await session.flush()
    await tick(session, ts(100))
    assert (await question_of(session, ts())).solved_at is not None

    await part(session, joined)

    assert (await question_of(session, ts())).solved_at is None
    assert (await question_of(session, ts(30))).solved_at is not None
    assert (await session.scalar(select(Answer.thread_ts).where(Answer.id == reply.id))) is None
    found = await find(session, "blue box")
    assert [each.thread_ts for each in found.results] == [ts(30)]
    assert await question_rows.count_answers(session, await question_of(session, ts())) == 0
