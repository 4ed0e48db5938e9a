"""Deletes are deletes: on SQLite, deleted words are not in the file's bytes either."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.messages import erase, hear
from storage.database import Sessions, open_sessions
from tests.bot.conftest import HELP, PIA, TEAM, answer, at, said, settle_in, solve, ts
from tests.databases import SqliteFiles

SECRET = "xylophonist"


@pytest.fixture
def path(sqlite: SqliteFiles) -> Path:
    return Path(sqlite.empty().removeprefix("sqlite:///"))


@pytest.fixture
async def sqlite_sessions(path: Path) -> AsyncIterator[Sessions]:
    opened = open_sessions(f"sqlite:///{path}")
    yield opened
    await opened.aclose()


def bytes_on_disk(path: Path) -> bytes:
    """The database's files, after all that was committed is written to the main one."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*")).lower()


async def delete(session: AsyncSession, message_ts: str) -> None:
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=message_ts, now=at(900))


async def question(session: AsyncSession) -> None:
    await solve(session, asked=f"Where does the {SECRET} sit?")


async def solution(session: AsyncSession) -> None:
    await solve(session, solved=f"Ask the {SECRET}.")


async def other_reply(session: AsyncSession) -> None:
    await solve(session)
    await answer(session, f"Or ask the {SECRET}.", by=PIA, seconds=90)


async def follow_up(session: AsyncSession) -> None:
    await solve(session)
    await hear(session, said(f"It is about the {SECRET}.", seconds=30), now=at(30))


async def delete_question(session: AsyncSession) -> None:
    await delete(session, ts())


async def delete_solution(session: AsyncSession) -> None:
    await delete(session, ts(60))


async def delete_other_reply(session: AsyncSession) -> None:
    await delete(session, ts(90))


async def delete_follow_up(session: AsyncSession) -> None:
    await delete(session, ts(30))


Step = Callable[[AsyncSession], Awaitable[None]]


@pytest.mark.parametrize(
    ("say", "take_back"),
    [
        (question, delete_question),
        (solution, delete_solution),
        (other_reply, delete_other_reply),
        (follow_up, delete_follow_up),
    ],
)
async def test_what_is_taken_back_is_gone_from_the_disk(
    sqlite_sessions: Sessions, path: Path, say: Step, take_back: Step
):
    async with sqlite_sessions.begin() as session:
        await settle_in(session)
        await say(session)
    assert SECRET.encode() in bytes_on_disk(path)

    async with sqlite_sessions.begin() as session:
        await take_back(session)

    assert SECRET.encode() not in bytes_on_disk(path)
