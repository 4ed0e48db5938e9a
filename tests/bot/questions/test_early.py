"""What is told before what it is about is known."""

import asyncio
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.early import follow_early, is_reading, look_again, note_early
from bot.questions.messages import erase, hear, reword
from storage.database import Sessions
from storage.questions import marks
from storage.tables import Answer, Solution
from tests.bot.conftest import (
    ANA,
    ASKED,
    HELP,
    TEAM,
    answer,
    ask,
    at,
    count,
    owed,
    replied,
    said,
    settle_in,
    tick,
    ts,
)

REPLY = {"team_id": TEAM, "channel_id": HELP, "message_ts": ts(60)}
READ = ("read_thread", "1")
EARLY = ("early_change", f"{HELP}:{ts(60)}")


async def test_what_is_taken_in_late_has_its_thread_read(session: AsyncSession):
    await settle_in(session)
    await ask(session)

    await look_again(session, said(ASKED), now=at(5))

    assert READ in await owed(session)


async def test_talk_that_is_taken_in_late_is_nothing(session: AsyncSession):
    await settle_in(session)

    await look_again(session, said("Good morning"), now=at(5))

    assert not await owed(session)


async def test_a_deletion_while_its_reply_is_taken_in_is_followed(sessions: Sessions):
    """Neither of two transactions at once sees what the other writes."""
    async with sessions.begin() as session:
        await settle_in(session)
        await ask(session)

    is_heard, is_told = asyncio.Event(), asyncio.Event()

    async def take_in() -> None:
        async with sessions.begin() as session:
            await hear(session, replied(), now=at(60))
            is_heard.set()
            with suppress(TimeoutError):  # one that writes alone is not waited for
                await asyncio.wait_for(is_told.wait(), 0.5)

    async def tell() -> None:
        await is_heard.wait()
        async with sessions.begin() as session:
            if not await erase(session, **REPLY, now=at(70)):
                await note_early(session, **REPLY, now=at(70))
        is_told.set()

    await asyncio.gather(take_in(), tell())

    async with sessions.begin() as session:
        if EARLY in await owed(session, now=at(700)):
            await follow_early(session, **REPLY, now=at(700))
    async with sessions.read() as session:
        assert not any(await session.scalars(select(Answer.text)))


async def test_an_edit_before_its_reply_is_read_later(session: AsyncSession):
    await settle_in(session)
    await ask(session)
    await follow_early(session, **REPLY, now=at(700))  # it has not come
    assert READ not in await owed(session)

    await answer(session)
    await follow_early(session, **REPLY, now=at(700))

    assert READ in await owed(session)


async def test_an_edit_of_talk_elsewhere_is_nothing(session: AsyncSession):
    await settle_in(session)
    lunch = said("Pizza", channel_id="C_LUNCH", edited_at=at(9))

    assert not await reword(session, lunch, now=at(9))
    await note_early(session, **lunch.place, now=at(9))

    assert not await owed(session)


async def test_what_is_being_read_is_waited_for(session: AsyncSession):
    await settle_in(session)
    await tick(session, ts(60))  # nobody knows this reply: it is read
    assert await is_reading(session, team_id=TEAM, channel_id=HELP)
    assert not await is_reading(session, team_id=TEAM, channel_id="C_LUNCH")


async def test_a_mark_taken_off_before_its_reply_is_known(session: AsyncSession):
    """As a transaction sees it that took the reply in while the ✅ still stood."""
    await settle_in(session)
    await ask(session)
    await answer(session)
    await tick(session, ts(60))
    await marks.save_if_newer(
        session, **REPLY, user_id=ANA, is_on=False, is_pressed=False, now=at(130)
    )

    await follow_early(session, **REPLY, now=at(700))

    assert await count(session, Solution) == 0
