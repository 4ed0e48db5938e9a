"""The databases of the tests: real ones of both kinds, empty for each test, made once a worker.

SQLAlchemy keeps with an engine what it has compiled, and compiling is most of what a small
transaction costs. So the engines are made once, and connect to where the test is."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import psycopg
from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Sessions, open_sessions
from storage.migrate import migrate
from storage.search.meaning import Meaning
from storage.tables import Base

TEMPLATE_LOCK = 1  # any number, the same in every worker
UNSAFE = ("fsync", "synchronous_commit", "full_page_writes")  # no test pulls the plug
MADE = "SELECT FROM pg_database WHERE datname = 'template'"
COUNTED = """
    SELECT coalesce(jsonb_object_agg(sequencename, last_value), '{}')::text FROM pg_sequences
    WHERE last_value IS NOT NULL"""
COUNT_ON_FROM = """
    SELECT setval(format('%%I.%%I', schemaname, sequencename),
                  coalesce((kept ->> sequencename)::bigint, 1), kept ? sequencename)
    FROM pg_sequences, (SELECT %s::jsonb AS kept) AS counted
    WHERE last_value IS DISTINCT FROM (kept ->> sequencename)::bigint"""

Scene = Callable[[AsyncSession], Awaitable[None]]


class Engines:
    """A writer and a reader, made once, that connect to wherever they are pointed."""

    def __init__(self, url: str) -> None:
        opened = open_sessions(url)
        self.writer, self.reader, self.url = opened.writer, opened.reader, make_url(url)
        for engine in {self.writer.sync_engine, self.reader.sync_engine}:
            event.listen(engine, "do_connect", self._lead)

    def _lead(self, _dialect: Any, _record: Any, args: list[Any], named: dict[str, Any]) -> None:
        if self.url.get_backend_name() == "sqlite":
            args[0] = self.url.database
        else:
            named["dbname"] = self.url.database

    def at(self, url: str) -> Sessions:
        """Close what was opened before; it would follow."""
        return self.open(url)

    def open(self, url: str, meaning: Meaning | None = None) -> Sessions:
        """As `open_sessions` does, for one at a time."""
        self.url = make_url(url)
        return Sessions(self.writer, self.reader, meaning)


async def play(scene: Scene | None, url: str) -> None:
    async with aclosing(open_sessions(url)) as opened, opened.begin() as session:
        if scene is not None:
            await scene(session)


class Databases(Protocol):
    """Of one kind; each database is for one test at a time."""

    engines: Engines

    async def untouched(self, scene: Scene | None = None) -> str:
        """A migrated database for what is rolled back: with nothing in it, or as this scene left
        it, which is played once."""

    def empty(self) -> str:
        """A migrated database with nothing in it, to be written into."""

    def blank(self) -> str:
        """A database without a single table."""


class SqliteFiles:
    """Copies of one migrated file."""

    def __init__(self, template: Path) -> None:
        self.template = template
        self.kept: dict[Scene | None, str] = {None: self.empty()}
        self.engines = Engines(self.kept[None])

    async def untouched(self, scene: Scene | None = None) -> str:
        if scene not in self.kept:
            self.kept[scene] = self.empty()
            await play(scene, self.kept[scene])
        return self.kept[scene]

    def empty(self) -> str:
        url = self.blank()
        shutil.copy(self.template, url.removeprefix("sqlite:///"))
        return url

    def blank(self) -> str:
        return f"sqlite:///{self.template.parent}/{uuid4().hex}.db"


class Kept:
    """A database that only what is rolled back is written into. A rollback takes no number back,
    so its sequences are."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)
        found = self.connection.execute(COUNTED).fetchone()
        assert found is not None
        self.counted: str = found[0]

    def count_on(self) -> None:
        self.connection.execute(COUNT_ON_FROM, [self.counted])


class PostgresDatabases:
    """Copies of a migrated database: what is written into one of them is deleted again, which
    takes a tenth of a copy's time."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        with self._connect() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            if not connection.execute(MADE).rowcount:
                self._make_template(connection)
        self.kept: dict[Scene | None, Kept] = {None: Kept(self._create("template"))}
        self.used = self._create("template")
        self.engines = Engines(self.kept[None].url)

    def close(self) -> None:
        for kept in self.kept.values():
            kept.connection.close()

    def _make_template(self, connection: psycopg.Connection) -> None:
        for setting in UNSAFE:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template")
        asyncio.run(migrate(self._address("template")))

    async def untouched(self, scene: Scene | None = None) -> str:
        if scene not in self.kept:
            url = self._create("template")
            await play(scene, url)
            self.kept[scene] = Kept(url)
        self.kept[scene].count_on()
        return self.kept[scene].url

    def empty(self) -> str:
        with psycopg.connect(self.used) as connection:
            connection.execute("SET lock_timeout = '10s'")
            connection.execute("SET session_replication_role = replica")  # tables in any order
            connection.execute(";".join(f"DELETE FROM {name}" for name in Base.metadata.tables))
            connection.execute(COUNT_ON_FROM, ["{}"])
        return self.used

    def blank(self) -> str:
        return self._create("template1")

    def _create(self, template: str) -> str:
        name = f"test_{uuid4().hex}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._address(name)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.uri, autocommit=True)

    def _address(self, name: str) -> str:
        return self.uri.replace("/postgres?", f"/{name}?")
