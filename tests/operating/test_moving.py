"""An operator takes everything along, open or sealed, and brings it in somewhere else."""

from contextlib import aclosing
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.settings import BadSetting
from bot.vault import new_key
from operating.commands import restore
from operating.moving import export
from storage.database import open_sessions
from storage.imports import ExportProblem
from storage.tables import AuditEntry, Workspace
from tests.conftest import NOW
from tests.databases import Databases

KEY = new_key()
NAME = "Ümläut\u2028Acme\n"


@pytest.fixture
async def here(databases: Databases) -> str:
    """The address of a database with a workspace in it."""
    url = databases.empty()
    async with aclosing(open_sessions(url)) as sessions, sessions.begin() as session:
        session.add(Workspace(team_id="T1", name=NAME, url="", bot_user_id="U1", joined_at=NOW))
    return url


async def names_in(url: str) -> list[str]:
    async with aclosing(open_sessions(url)) as sessions, sessions.read() as session:
        return list((await session.scalars(select(Workspace.name))).all())


async def audited_in(url: str) -> list[str]:
    async with aclosing(open_sessions(url)) as sessions, sessions.read() as session:
        return list((await session.scalars(select(AuditEntry.what))).all())


@pytest.mark.parametrize("key", [None, KEY], ids=["open", "sealed"])
async def test_all_of_it_comes_back(
    here: str, databases: Databases, tmp_path: Path, key: str | None
):
    file, there = tmp_path / "all.jsonl", databases.blank()

    assert await export(here, file, key, now=NOW) == 0
    assert await restore(there, file, {}, key or "") == 0

    assert await names_in(there) == [NAME]
    assert await audited_in(there) == ["all_taken"]
    assert ("Acme" in file.read_bytes().decode(errors="ignore")) is (key is None)
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.with_name("all.jsonl.part").exists()


async def test_nothing_is_written_over(here: str, tmp_path: Path):
    file = tmp_path / "all.jsonl"
    file.write_text("mine")

    with pytest.raises(ExportProblem, match="is there already"):
        await export(here, file, None, now=NOW)

    assert file.read_text() == "mine"


async def test_a_sealed_one_wants_its_key(here: str, databases: Databases, tmp_path: Path):
    file, there = tmp_path / "all.jsonl", databases.blank()
    await export(here, file, KEY, now=NOW)

    with pytest.raises(BadSetting, match="Set EXPORT_KEY"):
        await restore(there, file, {}, "")
    with pytest.raises(ExportProblem, match="cannot be opened with EXPORT_KEY"):
        await restore(there, file, {}, new_key())
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(ExportProblem, match="cannot be opened with EXPORT_KEY"):
        await restore(there, file, {}, KEY)
