"""Making vectors in the background, where the extra `meaning` is installed: at start those that
are missing, then those of what is indexed, as it comes."""

import asyncio
import logging
from collections.abc import Sequence

from bot.finding.meaning import AT_ONCE, Embedded, count_unembedded, keep, list_unembedded, texts_of
from handlers.finding.reindexing import Progress
from storage.database import Sessions

logger = logging.getLogger("askaround")


class Embedding:
    """Does nothing where nothing understands texts."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self._indexed: asyncio.Queue[int] = asyncio.Queue()
        if sessions.meaning is not None:
            sessions.on_indexed = self._note

    def _note(self, question_ids: Sequence[int]) -> None:
        for question_id in question_ids:
            self._indexed.put_nowait(question_id)

    async def run(self) -> None:
        """Until cancelled. What fails is tried again at the next start."""
        if self.sessions.meaning is None:
            return
        try:
            done = await embed_missing(self.sessions)
            if done:
                logger.info("%d solved questions can be found in other words now.", done)
        except Exception:
            logger.exception("Not every solved question can be found in other words yet.")
        while True:
            question_ids = [await self._indexed.get()]
            while not self._indexed.empty() and len(question_ids) < AT_ONCE:
                question_ids.append(self._indexed.get_nowait())
            try:
                await embed(self.sessions, question_ids)
            except Exception:
                logger.exception("Questions %s cannot be found in other words.", question_ids)


async def embed_missing(
    sessions: Sessions, *, on_progress: Progress = lambda done, total: None
) -> int:
    """Make the vectors that are missing; returns how many questions were looked at."""
    done = 0
    async with sessions.read() as session:
        total = await count_unembedded(session)
    ids: Sequence[int] = [0]
    while ids := await next_unembedded(sessions, ids[-1]):
        await embed(sessions, ids)
        done += len(ids)
        on_progress(done, total)
    return done


async def next_unembedded(sessions: Sessions, after: int) -> Sequence[int]:
    async with sessions.read() as session:
        return await list_unembedded(session, after=after)


async def embed(sessions: Sessions, question_ids: Sequence[int]) -> None:
    """Understanding takes long, so no transaction is open meanwhile."""
    assert sessions.meaning is not None
    async with sessions.read() as session:
        texts = await texts_of(session, question_ids)
    embedded = {
        question_id: Embedded(text, await asyncio.to_thread(sessions.meaning.pack, text))
        for question_id, text in texts.items()
    }
    async with sessions.begin() as session:
        await keep(session, embedded)
