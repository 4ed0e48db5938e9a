"""A public channel with questions in it, as rows."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage import channels, people, search
from storage.search import Search, Words
from storage.tables import Question
from tests.conftest import NOW

TEAM, CHANNEL, READER = "T1", "C_HELP", "U_READER"


async def add_reader(session: AsyncSession) -> None:
    flags = ("is_admin", "is_bot", "is_guest", "is_external", "is_deactivated")
    await people.save(
        session,
        read_at=NOW,
        team_id=TEAM,
        user_id=READER,
        name="Reader",
        timezone=None,
        **dict.fromkeys(flags, False),
    )
    await channels.save(
        session, team_id=TEAM, channel_id=CHANNEL, name="help", is_private=False, is_shared=False
    )


@pytest.fixture
async def reader(session: AsyncSession) -> str:
    """Somebody who reads the public channel; returns their id."""
    await add_reader(session)
    return READER


async def add_solved(
    session: AsyncSession, question: str, *, solution: str = "", thread: str = ""
) -> int:
    """A solved question in the index."""
    row = Question(
        team_id=TEAM,
        channel_id=CHANNEL,
        asker_id="U_ASKER",
        text=question,
        asked_at=NOW,
        solved_at=NOW,
    )
    session.add(row)
    await session.flush()
    words = Words(question, solution=solution, thread=thread)
    await search.put(session, TEAM, [search.Document(row.id, CHANNEL, words)])
    return row.id


async def find(
    session: AsyncSession, words: str = "", *, by: str = READER, limit: int = 10, **wanted: Any
) -> list[int]:
    hits = await search.find(
        session, team_id=TEAM, user_id=by, search=Search(words, **wanted), limit=limit
    )
    return [hit.question_id for hit in hits]
