import pytest
from sqlalchemy import delete, update

from bot.index import AT_ONCE
from handlers.finding.reindexing import index_in_background, reindex
from storage.database import Sessions
from storage.search.documents import ANALYSIS
from storage.search.tables import SearchDocument, SearchPosting, SearchTerm, SearchTotal
from tests.bot.conftest import ANA, BEN, PIA, find, said, settle_in, ts
from tests.bot.recognition.test_kudos import hear_and_mark


async def solve_many(sessions: Sessions, number: int) -> None:
    async with sessions.begin() as session:
        await settle_in(session)
        for n in range(number):
            question = said(f"How do I paint pallet {n}?", seconds=1000 * n)
            await hear_and_mark(session, question, by=ANA)
            reply = said("So.", by=BEN, seconds=1000 * n + 60, thread_ts=ts(1000 * n))
            await hear_and_mark(session, reply, by=ANA)


async def lose_index(sessions: Sessions) -> None:
    """As an upgrade leaves it that changes the index."""
    async with sessions.begin() as session:
        for table in (SearchPosting, SearchDocument, SearchTerm, SearchTotal):
            await session.execute(delete(table))


async def total(sessions: Sessions, words: str = "pallet") -> int:
    async with sessions.read() as session:
        return (await find(session, words, by=PIA)).total


async def test_what_is_missing_is_indexed_in_the_background(sessions: Sessions, caplog):
    await solve_many(sessions, 3)
    await lose_index(sessions)
    assert await total(sessions) == 0

    with caplog.at_level("INFO"):
        await index_in_background(sessions)

    assert await total(sessions) == 3
    assert "3 solved questions were added" in caplog.text


async def test_what_an_older_program_indexed_is_indexed_again(sessions: Sessions):
    await solve_many(sessions, 3)
    async with sessions.begin() as session:
        await session.execute(update(SearchDocument).values(analysis=ANALYSIS - 1))

    assert await reindex(sessions) == 3

    assert await reindex(sessions) == 0
    assert await total(sessions) == 3


async def test_progress_is_told_and_nothing_is_done_twice(sessions: Sessions):
    number = AT_ONCE + 3
    await solve_many(sessions, number)
    await lose_index(sessions)
    told: list[tuple[int, int]] = []

    assert await reindex(sessions, on_progress=lambda *step: told.append(step)) == number

    assert told == [(AT_ONCE, number), (number, number)]
    assert await reindex(sessions) == 0


async def test_all_of_it_can_be_made_anew(sessions: Sessions):
    await solve_many(sessions, 3)
    async with sessions.begin() as session:  # a part of it is lost, who knows how
        await session.execute(delete(SearchPosting).where(SearchPosting.question_id == 2))
    assert await total(sessions) == 2

    assert await reindex(sessions, again=True) == 3

    assert await total(sessions) == 3


@pytest.mark.parametrize("again", [False, True])
async def test_an_index_that_is_whole_stays_as_it_is(sessions: Sessions, again: bool):
    await solve_many(sessions, 2)

    await reindex(sessions, again=again)

    assert await total(sessions, '"pallet 1"') == 1
