"""A copy of the whole database while the bot works, and back into an empty one.

SQLite's own online backup; PostgreSQL's own tools, which stand beside its server or client."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from storage.damage import begins_as_database, find_damage
from storage.database import database_address

PAGES_AT_A_TIME = 1_000  # and then whoever writes has their turn
PAUSE = 0.01  # seconds
POSTGRES_MARK = b"PGDMP"
Progress = Callable[[int, int], None]


class BackupProblem(RuntimeError):
    """One sentence that says what to do."""


def back_up(
    database_url: str, file: Path, environ: Mapping[str, str], on_progress: Progress
) -> int:
    """Its size in bytes. The file is there once it is whole. `on_progress`: pages done and all;
    SQLite's alone."""
    url = database_address(database_url)
    if file.exists():
        raise BackupProblem(f"{file} is there already: name another file, or move it away.")
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    try:
        if url.get_backend_name() == "sqlite":
            copy_sqlite(Path(url.database or ""), part, on_progress)
        else:
            run_tool(url, environ, "pg_dump", "--format=custom", "--no-owner", f"--file={part}")
        part.replace(file)
        return file.stat().st_size
    except OSError as error:
        raise BackupProblem(f"{file} cannot be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)


def copy_sqlite(source: Path, target: Path, on_progress: Progress) -> None:
    if not source.exists():
        raise BackupProblem(f"There is no database {source} yet: start the bot once.")

    def tell(_status: int, remaining: int, total: int) -> None:
        on_progress(total - remaining, total)

    try:
        with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
            from_.backup(to, pages=PAGES_AT_A_TIME, progress=tell, sleep=PAUSE)
            to.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself
    except sqlite3.Error as error:
        raise BackupProblem(f"The copy broke off ({error}): see that there is room.") from error
    damage = find_damage(str(target))
    if damage is not None:
        raise BackupProblem(f"The copy is damaged ({damage}), so the database is: do not stop it.")


def restore(database_url: str, file: Path, environ: Mapping[str, str]) -> None:
    url = database_address(database_url)
    if not file.is_file():
        raise BackupProblem(f"There is no file {file}.")
    if url.get_backend_name() == "sqlite":
        restore_sqlite(file, Path(url.database or ""))
        return
    with file.open("rb") as opened:
        if opened.read(len(POSTGRES_MARK)) != POSTGRES_MARK:
            raise BackupProblem(f"{file} is no backup of PostgreSQL's: DATABASE_URL names one.")
    check_empty(url, environ)
    how = ("--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={url.database}")
    run_tool(url, environ, "pg_restore", *how, str(file))


def restore_sqlite(file: Path, target: Path) -> None:
    if target.exists() and target.stat().st_size:
        raise BackupProblem(
            f"{target} is not empty: stop the bot, and move that file away with its -wal and -shm."
        )
    if not begins_as_database(str(file)):
        raise BackupProblem(f"{file} is no backup of an SQLite database: DATABASE_URL names one.")
    damage = find_damage(str(file))
    if damage is not None:
        raise BackupProblem(f"{file} is damaged ({damage}): take another backup.")
    part = target.with_name(target.name + ".part")
    try:
        shutil.copyfile(file, part)
        part.replace(target)
    except OSError as error:
        raise BackupProblem(f"{target} cannot be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)


def check_empty(url: URL, environ: Mapping[str, str]) -> None:
    query = "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
    found = run_tool(url, environ, "psql", "--no-psqlrc", "--tuples-only", "--command", query)
    if found.strip() != "0":
        raise BackupProblem("The database is not empty: make a new one, and name it.")


def run_tool(url: URL, environ: Mapping[str, str], tool: str, *arguments: str) -> str:
    """What it printed. Its password goes by the environment: others see a command's words."""
    if shutil.which(tool) is None:
        raise BackupProblem(f"{tool} is not on this machine: install PostgreSQL's client tools.")
    done = subprocess.run(
        [tool, *arguments],
        env={**environ, **environment_for(url)},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[:1] or ["without a word"]
        raise BackupProblem(f"{tool} failed ({reason[0]}).")
    return done.stdout


def environment_for(url: URL) -> dict[str, str]:
    """As libpq reads it; what stands behind the address's ? is its options by other names."""
    hosts = url.query.get("host", url.host)
    ports: object = url.port
    if isinstance(hosts, tuple):  # each with its port
        parts = [each.partition(":") for each in hosts]
        hosts = ",".join(host for host, _, _ in parts)
        ports = ",".join(port for _, _, port in parts)
    said = {
        "PGHOST": hosts,
        "PGPORT": ports,
        "PGTARGETSESSIONATTRS": url.query.get("target_session_attrs"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("sslmode"),
        "PGSSLROOTCERT": url.query.get("sslrootcert"),
    }
    return {name: str(value) for name, value in said.items() if value}
