from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from storage.database import Sessions
from storage.tables import Base


def differences(connection: Connection) -> list[object]:
    """What the tables in code and in the database differ in."""
    return compare_metadata(MigrationContext.configure(connection), Base.metadata)


async def test_the_migrations_make_the_tables_that_the_code_expects(sessions: Sessions):
    async with sessions.reader.connect() as connection:
        assert await connection.run_sync(differences) == []
