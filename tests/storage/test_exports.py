"""What leaves the database comes back as it was: whatever is in it, on both kinds."""

import json
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import insert

from storage import exports
from storage.database import Sessions
from storage.imports import ExportProblem, ExportTooNew, bring_in
from storage.migrate import migrate, newest
from storage.tables import Topic, Workspace
from tests.conftest import NOW
from tests.databases import Databases
from tests.examples import some
from tests.storage.random_rows import fill


async def export_of(sessions: Sessions) -> list[str]:
    async with exports.snapshot(sessions) as session:
        return [line async for line in exports.list_lines(session, now=NOW)]


def rows_of(lines: list[str]) -> list[str]:
    """Without the end, whose checksum covers their order, which each database has its own."""
    return sorted(lines[:-1])


@settings(
    max_examples=some(2), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(min_value=0, max_value=2**32))
async def test_whatever_is_in_it_comes_back(databases: Databases, seed: int):
    async with aclosing(databases.engines.at(databases.empty())) as sessions:
        async with sessions.begin() as session:
            await fill(session, seed, most=3)
        lines = await export_of(sessions)

    empty = databases.empty()
    assert await bring_in(empty, lines) == len(lines) - 2

    async with aclosing(databases.engines.at(empty)) as sessions:
        assert rows_of(await export_of(sessions)) == rows_of(lines)
    check = Draft202012Validator(exports.schema())
    assert all(check.is_valid(json.loads(line)) for line in lines)


@pytest.fixture
async def lines(databases: Databases) -> list[str]:
    """An export with some rows in it."""
    async with aclosing(databases.engines.at(databases.empty())) as sessions:
        async with sessions.begin() as session:
            await fill(session, seed=7, most=3)
        return await export_of(sessions)


async def test_it_moves_from_one_kind_of_database_to_the_other(
    lines: list[str], sqlite: Databases, postgres: Databases, databases: Databases
):
    other = postgres if databases is sqlite else sqlite
    empty = other.empty()

    await bring_in(empty, lines)

    async with aclosing(other.engines.at(empty)) as there:
        assert rows_of(await export_of(there)) == rows_of(lines)


async def test_what_is_new_afterwards_gets_a_number_that_is_free(databases: Databases):
    topic = {"team_id": "T1", "keywords": [], "created_by": "U1", "created_at": NOW}
    async with aclosing(databases.engines.at(databases.empty())) as sessions:
        async with sessions.begin() as session:
            old = insert(Topic).values(id=41, name="Customs", key="customs", **topic)
            await session.execute(old)
        lines = await export_of(sessions)

    empty = databases.empty()
    await bring_in(empty, lines)

    async with aclosing(databases.engines.at(empty)) as there, there.begin() as session:
        new = Topic(name="Labels", key="labels", **topic)
        session.add(new)
        await session.flush()
        assert new.id == 42


async def test_an_older_export_comes_into_the_tables_of_today(databases: Databases):
    """Its workspaces had no `catch_up_days` yet."""
    head = {"askaround": "export", "format": 1, "schema": "0001", "made_at": NOW.isoformat()}
    row = {"team_id": "T1", "name": "Acme", "url": "", "bot_user_id": "U1"}
    row["joined_at"] = NOW.isoformat()
    lines = sealed_off([head, {"table": "workspaces", "row": row}])

    blank = databases.blank()
    await bring_in(blank, lines)

    async with aclosing(databases.engines.at(blank)) as there, there.read() as session:
        workspace = await session.get_one(Workspace, "T1")
        assert (workspace.name, workspace.catch_up_days) == ("Acme", 14)


def sealed_off(said: list[dict[str, Any]]) -> list[str]:
    """These lines with an end that fits them."""
    lines = [exports.line_of(each) for each in said]
    digest = exports.sha256("".join(lines[1:]).encode()).hexdigest()
    return [*lines, exports.line_of({"end": {"rows": len(lines) - 1, "sha256": digest}})]


async def test_a_newer_one_is_refused_with_a_sentence(databases: Databases, lines: list[str]):
    newer = json.loads(lines[0]) | {"schema": "9999"}

    with pytest.raises(ExportTooNew) as refused:
        await bring_in(databases.empty(), [exports.line_of(newer), *lines[1:]])

    assert str(refused.value) == (
        "The export was made by a newer Askaround (schema 9999) than this one (schema "
        f"{newest()}): bring it in with that version."
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: lines[:-1], "no last line"),
        (lambda lines: [*lines[:3], *lines[4:]], "was changed or cut"),
        (lambda lines: [lines[0], lines[1].replace('"row"', '"raw"'), *lines[2:]], "Line 2"),
        (lambda lines: ["What is this?\n", *lines], "no export of Askaround"),
        (lambda lines: [], "no export of Askaround"),
    ],
)
async def test_half_an_export_is_none(
    databases: Databases, lines: list[str], change: Any, says: str
):
    empty = databases.empty()

    with pytest.raises(ExportProblem, match=says):
        await bring_in(empty, change(lines))

    assert await bring_in(empty, lines) == len(lines) - 2  # nothing of it was left


async def test_only_an_empty_database_is_filled(databases: Databases, lines: list[str]):
    empty = databases.empty()
    await bring_in(empty, lines)

    with pytest.raises(ExportProblem, match="The database is not empty"):
        await bring_in(empty, lines)


async def test_what_is_written_meanwhile_is_not_in_it(sessions: Sessions):
    async with sessions.begin() as session:
        await fill(session, seed=7, most=3)
    before = rows_of(await export_of(sessions))

    async with exports.snapshot(sessions) as looking:
        lines = exports.list_lines(looking, now=NOW)
        told = [await anext(lines), await anext(lines)]
        async with sessions.begin() as session:
            session.add(
                Workspace(team_id="T9", name="New", url="", bot_user_id="U9", joined_at=NOW)
            )
        told += [line async for line in lines]

    assert rows_of(told) == before
    assert any('"T9"' in line for line in await export_of(sessions))


async def test_an_export_into_a_new_file(databases: Databases, lines: list[str]):
    """Where the bot was never started: the tables are made with what comes in."""
    blank = databases.blank()
    assert await bring_in(blank, lines) == len(lines) - 2
    await migrate(blank)
