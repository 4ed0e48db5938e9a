"""All that is in the database is in the backup, and comes back into an empty one only."""

import os
import shutil
import sqlite3
from contextlib import aclosing, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import backups
from storage.backups import BackupProblem
from storage.database import Sessions, open_sessions
from storage.tables import Workspace
from tests.databases import Databases

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WITH_TOOLS = {
    **os.environ,
    "PATH": os.pathsep.join(
        [*map(str, Path("/usr/lib/postgresql").glob("*/bin")), os.environ["PATH"]]
    ),
}


async def write(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        session.add(Workspace(team_id="T1", name="Ümläut", url="", bot_user_id="U1", joined_at=NOW))


async def names_in(url: str) -> list[str]:
    async with aclosing(open_sessions(url)) as sessions, sessions.read() as session:
        return list((await session.scalars(select(Workspace.name))).all())


def ignore(_done: int, _all: int) -> None:
    pass


async def test_it_comes_back_into_an_empty_database(
    databases: Databases, database_url: str, sessions: Sessions, tmp_path: Path
):
    await write(sessions)
    file, empty = tmp_path / "all.backup", databases.blank()

    try:
        size = backups.back_up(database_url, file, WITH_TOOLS, ignore)
        backups.restore(empty, file, WITH_TOOLS)
    except BackupProblem as problem:
        if "server version mismatch" in str(problem) or "not on this machine" in str(problem):
            pytest.skip(str(problem))
        raise

    assert size == file.stat().st_size > 0
    assert await names_in(empty) == ["Ümläut"]


async def test_what_is_written_meanwhile_does_not_disturb_it(tmp_path: Path, sqlite):
    url = sqlite.empty()
    async with aclosing(open_sessions(url)) as sessions:
        await write(sessions)
        path = Path(url.removeprefix("sqlite:///"))

        def write_too(done: int, total: int) -> None:
            with closing(sqlite3.connect(path)) as other:
                other.execute("UPDATE workspaces SET name = 'later'")
                other.commit()

        backups.PAGES_AT_A_TIME, before = 20, backups.PAGES_AT_A_TIME
        try:
            backups.back_up(url, tmp_path / "copy", WITH_TOOLS, write_too)
        finally:
            backups.PAGES_AT_A_TIME = before

    assert await names_in(f"sqlite:///{tmp_path / 'copy'}") == ["later"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PGDMP and more", "no backup of an SQLite database"),
        (b"", "no backup of an SQLite database"),
        (b"SQLite format 3\0" + b"\1" * 5000, "is damaged"),
    ],
)
def test_what_is_no_backup_is_not_restored(tmp_path: Path, content: bytes, says: str):
    file, target = tmp_path / "file", tmp_path / "target.db"
    file.write_bytes(content)

    with pytest.raises(BackupProblem, match=says):
        backups.restore(f"sqlite:///{target}", file, WITH_TOOLS)

    assert not target.exists()


async def test_nothing_is_written_over(tmp_path: Path, sqlite):
    url = sqlite.empty()
    backups.back_up(url, tmp_path / "one", WITH_TOOLS, ignore)

    with pytest.raises(BackupProblem, match="is there already"):
        backups.back_up(url, tmp_path / "one", WITH_TOOLS, ignore)
    with pytest.raises(BackupProblem, match="is not empty"):
        backups.restore(url, tmp_path / "one", WITH_TOOLS)


def test_a_database_that_is_not_there_is_not_backed_up(tmp_path: Path):
    with pytest.raises(BackupProblem, match="There is no database"):
        backups.back_up(f"sqlite:///{tmp_path / 'no.db'}", tmp_path / "x", WITH_TOOLS, ignore)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="no client tools here")
def test_no_password_is_told(tmp_path: Path):
    with pytest.raises(BackupProblem) as told:
        backups.back_up("postgresql://u:hunter2@127.0.0.1:9/x", tmp_path / "x", WITH_TOOLS, ignore)
    assert "hunter2" not in str(told.value)
