import re
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from storage.database import Sessions
from storage.migrate import migrate
from storage.tables import Base
from tests.databases import PostgresDatabases


def differences(connection: Connection) -> list[object]:
    """What the tables in code and in the database differ in."""
    return compare_metadata(MigrationContext.configure(connection), Base.metadata)


async def test_the_migrations_make_the_tables_that_the_code_expects(sessions: Sessions):
    async with sessions.reader.connect() as connection:
        assert await connection.run_sync(differences) == []


# Rolling upgrades: the version before runs on while the new one has brought the schema on already.

SINCE = "0035"  # from here on a migration only adds
CONTRACTIONS: dict[str, str] = {}  # what no version in use reads any more, and since which release
TAKES_AWAY = re.compile(
    r"\bDROP (TABLE|COLUMN|CONSTRAINT)\b|\bRENAME\b|\bSET NOT NULL\b|\bALTER COLUMN \w+ TYPE\b"
)
MUST_BE_GIVEN = re.compile(r"\bADD COLUMN (?!.*\bDEFAULT\b).*\bNOT NULL\b")


def contractions(sql: str) -> list[str]:
    """The statements that would break the version before."""
    statements = [" ".join(each.split()) for each in sql.split(";")]
    return [
        each
        for each in statements
        if (TAKES_AWAY.search(each) or MUST_BE_GIVEN.search(each))
        and "alembic_version" not in each
        and each not in CONTRACTIONS
    ]


async def test_a_migration_only_adds_so_that_the_version_before_works_beside_it(
    postgres: PostgresDatabases,
):
    url, asked = postgres.blank(), []
    await migrate(url, SINCE)

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    await migrate(url)
    event.remove(Engine, "before_cursor_execute", note)

    assert any("CREATE TABLE installations" in each for each in asked)
    assert contractions(";".join(asked)) == []


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE people DROP COLUMN name",
        "ALTER TABLE people RENAME name TO called",
        "ALTER TABLE people ADD COLUMN age INTEGER NOT NULL",
        "ALTER TABLE people ALTER COLUMN name SET NOT NULL",
        "DROP TABLE people",
    ],
)
def test_what_takes_away_is_told(sql: str):
    assert contractions(sql) == [sql]


def test_what_adds_is_none():
    assert contractions("ALTER TABLE people ADD COLUMN age INTEGER DEFAULT 0 NOT NULL") == []
