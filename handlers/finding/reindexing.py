"""Filling the search index: at start, in the background, after an upgrade that changed it; and
all of it again, when the operator says so."""

import logging
from collections.abc import Callable, Sequence

from bot.index import count_missing, index_all, list_missing
from storage.database import Sessions

logger = logging.getLogger("askaround")

Progress = Callable[[int, int], None]  # takes how many are done, and how many there are


async def reindex(
    sessions: Sessions, *, again: bool = False, on_progress: Progress = lambda done, total: None
) -> int:
    """Index what is missing, or everything `again`, in short transactions; returns how many.
    Searches and events go on meanwhile, and stopping in between loses nothing."""
    done = 0
    ids: Sequence[int] = [0]
    async with sessions.read() as session:
        total = await count_missing(session, again=again)
    while ids := await next_missing(sessions, after=ids[-1], again=again):
        async with sessions.begin() as session:
            await index_all(session, ids, again=again)
        done += len(ids)
        on_progress(done, total)
    return done


async def next_missing(sessions: Sessions, *, after: int, again: bool) -> Sequence[int]:
    async with sessions.read() as session:
        return await list_missing(session, after=after, again=again)


async def index_in_background(sessions: Sessions) -> None:
    try:
        done = await reindex(sessions)
    except Exception:
        logger.exception("The search index is not complete; it is tried again at the next start.")
    else:
        if done:
            logger.info("%d solved questions were added to the search index.", done)
