"""`app.py import`: taking in an archive from the terminal.

It is looked at whole before anything is written, so a damaged one leaves nothing behind. Two
processes find out what the conversations are, while this one writes: that is what two cores do in
the same time. What is written is noted in the same transaction, so it can be cut off anywhere."""

import asyncio
import os
import time
from argparse import ArgumentParser, Namespace
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from bot.archive import imports
from bot.archive.archives import Archive, Conversation, Place
from bot.archive.judging import NO_PERSON, NO_REPLY, Judged
from bot.archive.opening import KINDS, Wanted, open_archive
from bot.archive.preparing import Prepared, Who, prepare_all
from bot.archive.taking_in import Tally, choose, get_oldest, take_in, tally_of, who_counts
from bot.errors import UserError
from bot.questions.emoji import USUAL
from handlers.blocks.archive.imports import (
    lines_of_examples,
    lines_of_places,
    lines_of_tally,
    lines_of_trouble,
)
from operating.progress import progress
from storage import workspaces
from storage.database import Sessions, open_sessions
from storage.migrate import migrate
from storage.tables import Workspace

WHICH_TEAM = "There are several workspaces here: say which one with --team T…"
NO_TEAM = "No workspace is known yet: start the bot once, and import then."
AT_ONCE = 250  # conversations in one transaction: a second at most
AHEAD = 4  # batches that are being prepared
EXAMPLES = 10  # of each kind

Progress = Callable[[int, int], None]


@dataclass
class Batch:
    """Conversations of a place, one after the other; `upto`: how many of it that makes."""

    place: Place
    number: int  # of the place
    upto: int
    conversations: list[Conversation]
    alone: Tally  # of those that nobody replied to, which need no looking at
    is_last: bool = False


@dataclass
class Found:
    """What a dry run tells."""

    tally: Tally = field(default_factory=Tally)
    by_place: dict[str, Tally] = field(default_factory=dict)
    examples: dict[str, list[Judged]] = field(default_factory=dict)
    seconds: float = 0.0


class Judges:
    """Processes that prepare batches, in order; a thread, where there are to be none."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = min(4, os.cpu_count() or 1) if workers is None else workers
        self.pool: Executor = ThreadPoolExecutor(1)
        if self.workers:
            self.pool = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))

    async def prepared(
        self, batches: Iterator[Batch], who_of: Callable[[Place], Awaitable[Who]]
    ) -> AsyncIterator[tuple[Batch, list[Prepared]]]:
        loop = asyncio.get_running_loop()
        waiting: deque[tuple[Batch, asyncio.Future[list[Prepared]]]] = deque()
        for batch in batches:
            who = await who_of(batch.place)
            waiting.append(
                (batch, loop.run_in_executor(self.pool, prepare_all, batch.conversations, who))
            )
            if len(waiting) >= self.workers + AHEAD:
                first, future = waiting.popleft()
                yield first, await future
        while waiting:
            first, future = waiting.popleft()
            yield first, await future

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)


def batches_of(archive: Archive, *, places_done: int = 0, threads_done: int = 0) -> Iterator[Batch]:
    """From where it stopped."""
    for number, place in enumerate(archive.places):
        if number < places_done:
            continue
        skipped = threads_done if number == places_done else 0
        conversations = islice(archive.conversations(place), skipped, None)
        upto = skipped
        while some := list(islice(conversations, AT_ONCE)):
            upto += len(some)
            yield batch_of(place, number, upto, some)
        yield Batch(place, number, upto, [], Tally(), is_last=True)


def batch_of(place: Place, number: int, upto: int, some: Sequence[Conversation]) -> Batch:
    alone, kept = Tally(), []
    for each in some:
        alone.messages += len(each.posts)
        if len(each.posts) > 1:
            kept.append(each)
            continue
        alone.conversations += 1
        alone.left[NO_PERSON if each.posts[0].is_by_app else NO_REPLY] += 1
    return Batch(place, number, upto, kept, alone)


def count_messages(archive: Archive) -> int:
    """Read all of it once: raises where it is damaged, before anything is written."""
    return sum(archive.count(place) for place in archive.places)


async def look_at(
    sessions: Sessions, archive: Archive, judges: Judges, *, team_id: str, now: datetime
) -> Found:
    """What it would bring, without writing anything."""
    found, started = Found(), time.monotonic()
    who_of = who_reader(sessions, archive, team_id)
    async for batch, prepared in judges.prepared(batches_of(archive), who_of):
        async with sessions.read() as session:
            oldest = await get_oldest(session, team_id, batch.place.channel_id, now=now)
            chosen, tally = await choose(session, team_id, batch.place, prepared, oldest=oldest)
        tally.add(batch.alone)
        found.tally.add(tally)
        found.by_place.setdefault(batch.place.channel_id, Tally()).add(tally)
        for each in chosen:
            shown = found.examples.setdefault(each.judged.how_sure, [])
            if len(shown) < EXAMPLES:
                shown.append(each.judged)
    found.seconds = time.monotonic() - started
    return found


def who_reader(
    sessions: Sessions, archive: Archive, team_id: str
) -> Callable[[Place], Awaitable[Who]]:
    async def who_of(place: Place) -> Who:
        async with sessions.read() as session:
            return await who_counts(session, team_id, archive, place)

    return who_of


async def import_archive(
    sessions: Sessions,
    archive: Archive,
    judges: Judges,
    *,
    team_id: str,
    by: str | None = None,
    clock: Callable[[], datetime],
    on_progress: Progress = lambda done, total: None,
) -> Tally:
    """Take it in, from where it stopped; returns what came of all of it."""
    in_all = count_messages(archive)
    async with sessions.begin() as session:
        row = await imports.begin(session, archive, team_id=team_id, by=by, now=clock())
        row.figures = {**row.figures, "in_all": in_all, "trouble": archive.trouble.counted}
        import_id, done = row.id, tally_of(row.figures).messages
        batches = batches_of(archive, places_done=row.places_done, threads_done=row.threads_done)
    who_of = who_reader(sessions, archive, team_id)
    async for batch, prepared in judges.prepared(batches, who_of):
        async with sessions.begin() as session:
            row = await imports.get(session, team_id, import_id)
            if row.stopped_at is not None:
                break
            tally = await take_in(session, row, archive.people, batch.place, prepared, now=clock())
            tally.add(batch.alone)
            imports.note_progress(
                row,
                tally,
                places_done=batch.number + batch.is_last,
                threads_done=0 if batch.is_last else batch.upto,
            )
        done += batch.alone.messages
        on_progress(done, in_all)
    async with sessions.begin() as session:
        row = await imports.get(session, team_id, import_id)
        if row.stopped_at is None:
            await imports.end(session, row, now=clock())
        return tally_of(row.figures)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", help="the file or folder; without it, list the imports")
    parser.add_argument("--dry-run", action="store_true", help="show what it would bring")
    parser.add_argument("--undo", type=int, metavar="NUMBER", help="take that import out again")
    parser.add_argument("--kind", choices=KINDS, help="of archive, where it is no Slack export")
    parser.add_argument("--folder", help="of a Grid export: which workspace's folder")
    parser.add_argument("--team", help="the workspace, where the bot is in several: T…")


async def run_import(
    database_url: str,
    asked: Namespace,
    clock: Callable[[], datetime],
    *,
    judges: Judges | None = None,
) -> int:
    """`asked`: path, dry_run, undo, kind, folder, team, as the command has them."""
    await migrate(database_url)
    async with aclosing(open_sessions(database_url)) as sessions:
        try:
            return await do_import(sessions, asked, clock, judges)
        except UserError as error:
            print(error)
            return 2


async def do_import(
    sessions: Sessions,
    asked: Namespace,
    clock: Callable[[], datetime],
    judges: Judges | None,
) -> int:
    async with sessions.read() as session:
        team_ids = await workspaces.list_ids(session)
    if asked.team is None and len(team_ids) != 1:
        print(WHICH_TEAM if team_ids else NO_TEAM)
        return 2
    team_id = asked.team or team_ids[0]
    if asked.undo:
        return await undo_import(sessions, team_id, asked.undo, clock)
    if asked.path is None:
        return await list_imports(sessions, team_id)
    async with sessions.read() as session:
        workspace = await workspaces.get(session, team_id)
    folder = [asked.folder] if asked.folder else names_of(workspace)
    marks = workspace.marks if workspace else []
    wanted = Wanted(kind=asked.kind or "", workspace=folder, marking=(*USUAL, *marks))
    archive = open_archive(Path(asked.path), wanted)
    judges = judges or Judges()
    try:
        if asked.dry_run:
            return await show_dry_run(sessions, archive, judges, team_id=team_id, now=clock())
        with progress("messages") as on_progress:
            tally = await import_archive(
                sessions, archive, judges, team_id=team_id, clock=clock, on_progress=on_progress
            )
    finally:
        judges.close()
    print("\n".join(lines_of_tally(tally)))
    print("\n".join(lines_of_trouble(archive.trouble.counted, archive.trouble.told)))
    return 0


def names_of(workspace: Workspace | None) -> list[str]:
    """What a Grid export may call its folder."""
    if workspace is None:
        return []
    domain = workspace.url.removeprefix("https://").partition(".")[0]
    return [workspace.name, domain, workspace.team_id]


async def show_dry_run(
    sessions: Sessions, archive: Archive, judges: Judges, *, team_id: str, now: datetime
) -> int:
    found = await look_at(sessions, archive, judges, team_id=team_id, now=now)
    print("Nothing is written yet. This would be taken in:")
    print("\n".join(lines_of_tally(found.tally)))
    print("\n".join(lines_of_places(archive.places, found.by_place)))
    print("\n".join(lines_of_examples(found.examples)))
    print("\n".join(lines_of_trouble(archive.trouble.counted, archive.trouble.told)))
    return 0


async def list_imports(sessions: Sessions, team_id: str) -> int:
    async with sessions.read() as session:
        reports = await imports.list_all_reports(session, team_id)
    for each in reports:
        how = "taken in" if each.ended_at else "not whole yet"
        print(f"{each.import_id}: {each.name}, begun {each.started_at:%Y-%m-%d %H:%M}, {how}")
    if not reports:
        print("Nothing was imported. Say which archive: app.py import export.zip --dry-run")
    return 0


async def undo_import(
    sessions: Sessions, team_id: str, import_id: int, clock: Callable[[], datetime]
) -> int:
    async with sessions.begin() as session:
        await imports.undo(session, team_id=team_id, user_id=None, import_id=import_id, now=clock())
    more = True
    while more:
        async with sessions.begin() as session:
            more = await imports.take_out_some(session, now=clock())
    print("All of it is out again.")
    return 0
