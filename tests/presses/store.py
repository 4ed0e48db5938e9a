"""Looking at all that is stored, and putting it back as it was."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text

from storage.tables import Base
from tests.presses.scene import OTHER_TEAM

Rows = dict[str, list[tuple[Any, ...]]]
TABLES = {
    table.name: [column.name for column in table.columns] for table in Base.metadata.sorted_tables
}
KEPT_UP = {"people": ("read_at",)}  # what Slack said of somebody may be read again at any press


class Store:
    """The database by another door: plainly, and without foreign keys in the way."""

    def __init__(self, database_url: str) -> None:
        driver = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
        backend, _, rest = database_url.partition(":")
        self.engine: Engine = create_engine(f"{driver[backend]}:{rest}")
        if backend == "postgresql":
            event.listen(self.engine, "begin", replicate)

        self._seen: int | None = None  # SQLite's count of what others committed
        self._rows: Rows = {}
        self._watch = self.engine.connect() if backend == "sqlite" else None

    def read(self) -> Rows:
        """All of it. Where nobody committed anything, SQLite knows that without a look."""
        seen = self._watch.exec_driver_sql("PRAGMA data_version").scalar() if self._watch else None
        if seen is None or seen != self._seen:
            with self.engine.begin() as connection:
                self._rows = {name: read_table(connection, name) for name in TABLES}
        self._seen = seen
        return self._rows

    def put_back(self, before: Rows, now: Rows) -> None:
        with self.engine.begin() as connection:
            for name in TABLES:
                if before[name] != now[name]:
                    write_table(connection, name, before[name])

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()
        self.engine.dispose()


def replicate(connection: Connection) -> None:
    """A replica checks no foreign keys."""
    connection.exec_driver_sql("SET session_replication_role = replica")


def read_table(connection: Connection, name: str) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{column}"' for column in TABLES[name])
    rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{name}"')
    return sorted((tuple(row) for row in rows), key=repr)


def write_table(connection: Connection, name: str, rows: list[tuple[Any, ...]]) -> None:
    connection.execute(text(f'DELETE FROM "{name}"'))
    columns = TABLES[name]
    marks = ", ".join(f":{column}" for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    if rows:
        connection.execute(
            text(f'INSERT INTO "{name}" ({names}) VALUES ({marks})'),
            [dict(zip(columns, row, strict=True)) for row in rows],
        )


def changed(before: Rows, now: Rows) -> set[str]:
    """Tables in which something changed of this workspace."""
    return {name for name in TABLES if ours(name, before[name]) != ours(name, now[name])}


def ours(name: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    columns = TABLES[name]
    kept = [at for at, column in enumerate(columns) if column not in KEPT_UP.get(name, ())]
    team = columns.index("team_id") if "team_id" in columns else None
    return [
        tuple(row[at] for at in kept) for row in rows if team is None or row[team] != OTHER_TEAM
    ]
