import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.finding.meaning import Embedded, keep, texts_of
from handlers.finding.embedding import Embedding, embed_missing
from handlers.finding.reindexing import reindex
from storage.database import Sessions, open_sessions
from storage.search import count_unembedded
from storage.search.meaning import open_meaning
from tests.bot.conftest import PIA, answer, find, settle_in, solve, tick

ASKED = "Where did our shipment to Hamburg get lost?"


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    opened = open_sessions(database_url, open_meaning())
    yield opened
    await opened.aclose()


async def solve_one(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await settle_in(session)
        await solve(session, ASKED, "Call the depot.")


async def finds(sessions: Sessions, words: str = "parcel vanished") -> bool:
    async with sessions.read() as session:
        return (await find(session, words, by=PIA)).total > 0


async def test_what_is_missing_is_made_and_counted(sessions: Sessions):
    await solve_one(sessions)
    assert not await finds(sessions)
    told: list[tuple[int, int]] = []

    assert await embed_missing(sessions, on_progress=lambda *step: told.append(step)) == 1

    assert await finds(sessions)
    assert told == [(1, 1)]
    assert await embed_missing(sessions) == 0


async def test_what_is_indexed_is_embedded_by_itself(sessions: Sessions):
    task = asyncio.create_task(Embedding(sessions).run())
    await asyncio.sleep(0)
    await solve_one(sessions)

    async with asyncio.timeout(10):
        while not await finds(sessions):  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_vector_of_words_that_changed_meanwhile_is_not_kept(sessions: Sessions):
    await solve_one(sessions)
    async with sessions.read() as session:
        [(question_id, text)] = (await texts_of(session, [1])).items()
    async with sessions.begin() as session:
        await tick(session, await answer(session, "Or the agent.", seconds=70), seconds=200)
        await keep(session, {question_id: Embedded(text, b"old")})

        assert await count_unembedded(session) == 1


async def test_reindexing_again_leaves_everything_found(sessions: Sessions):
    await solve_one(sessions)

    assert await reindex(sessions) == 0
    assert await reindex(sessions, again=True) == 1

    assert await finds(sessions, "shipment")
