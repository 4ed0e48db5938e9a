"""`app.py export`: everything that is remembered, in a file that any Askaround reads; and back by
`app.py restore`, into a database of either kind."""

import codecs
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, aclosing
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot import audit
from bot.settings import BadSetting
from operating.progress import progress
from storage import exports, workspaces
from storage.database import open_sessions
from storage.imports import ExportProblem, bring_in
from storage.migrate import migrate
from storage.sealed import SealedWriter, WrongKey, is_sealed, unsealed

BEGINS = b'{"askaround":"export"'
NO_KEY = (
    "Set EXPORT_KEY, the key that the export is sealed with: `python app.py new-key` prints one."
)


async def export(database_url: str, file: Path, key: str | None, *, now: datetime) -> int:
    """`key`: what it is sealed with; None for an open one."""
    check_is_free(file)
    await migrate(database_url)
    part = file.with_name(file.name + ".part")
    try:
        rows = await write(database_url, part, key, now=now)
        size = keep(part, file)
    except OSError as error:
        raise ExportProblem(f"{file} cannot be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)
    sealed = "Only EXPORT_KEY opens it." if key else "Whoever has it can read it: keep it safe."
    print(f"{file} holds everything ({rows} rows, {size / 1e6:.1f} MB). {sealed}")
    return 0


def check_is_free(file: Path) -> None:
    if file.exists():
        raise ExportProblem(f"{file} is there already: name another file, or move it away.")


def keep(part: Path, file: Path) -> int:
    """Its size in bytes. The file is there once it is whole."""
    part.replace(file)
    return file.stat().st_size


async def write(database_url: str, part: Path, key: str | None, *, now: datetime) -> int:
    """How many rows there are."""
    rows = -2  # the first and the last line are none
    async with aclosing(open_sessions(database_url)) as sessions:
        async with sessions.begin() as session:
            for team_id in await workspaces.list_ids(session):
                await audit.note(session, audit.ALL_TAKEN, team_id=team_id, by=None, now=now)
        with ExitStack() as stack:
            opened = stack.enter_context(private(part))
            out = stack.enter_context(SealedWriter(opened, key)) if key else opened
            tell = stack.enter_context(progress("rows"))
            async with exports.snapshot(sessions) as session:
                total = await exports.count_rows(session)
                async for line in exports.list_lines(session, now=now):
                    out.write(line.encode())
                    rows += 1
                    tell(max(rows, 0), total)
    return rows


def private(path: Path) -> BinaryIO:
    """A new file that nobody else on this machine reads."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    return path.open("wb")


def is_export(file: Path) -> bool:
    """Whether it begins like one, open or sealed."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return is_sealed(opened) or opened.read(len(BEGINS)) == BEGINS


async def take_back(database_url: str, file: Path, key: str) -> int:
    """How many rows came in. `key`: EXPORT_KEY, or nothing; an open one needs none."""
    with file.open("rb") as opened, progress("rows") as tell:
        if not is_sealed(opened):
            return await bring_in(database_url, decoded(opened), lambda done: tell(done, done))
        if not key:
            raise BadSetting(NO_KEY)
        try:
            lines = decoded(lines_of(unsealed(opened, key)))
            return await bring_in(database_url, lines, lambda done: tell(done, done))
        except WrongKey:
            raise ExportProblem(
                f"{file} cannot be opened with EXPORT_KEY: it was sealed with another key, or "
                "changed or cut since."
            ) from None


def lines_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if rest:
        yield rest


def decoded(lines: Iterable[bytes]) -> Iterator[str]:
    decode = codecs.getdecoder("utf-8")
    for line in lines:
        try:
            yield decode(line)[0]
        except UnicodeDecodeError:
            raise ExportProblem(
                "The export was changed after it was made: take it again."
            ) from None


def print_schema() -> int:
    """What the lines of an export may be, as a JSON Schema."""
    print(json.dumps(exports.schema(), indent=2))
    return 0
