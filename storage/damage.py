"""Whether an SQLite file is whole."""

import sqlite3
from contextlib import closing
from pathlib import Path

DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class DatabaseDamaged(RuntimeError):
    """Nothing is taken in any more: what cannot be kept must not be acknowledged."""

    def __init__(self, path: str, damage: str) -> None:
        super().__init__(
            f"The database file {path} is damaged ({damage}): I take nothing in, so that Slack "
            "sends it again. Stop me, put the newest good copy of the file in its place, and "
            "start me."
        )


class NoDatabaseFile(RuntimeError):
    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is no SQLite database: name another file in DATABASE_URL, or move this one "
            "away."
        )


def check_is_whole(path: str) -> None:
    """Reads the whole file, a second or two a gigabyte."""
    damage = find_damage(path)
    if damage is not None:
        raise DatabaseDamaged(path, damage)


def find_damage(path: str) -> str | None:
    """What is wrong with the file; None when it is whole, empty, or cannot be looked at now."""
    if not Path(path).is_file():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB and not begins_as_database(path):
            raise NoDatabaseFile(path) from error
        return str(error) if is_damage(error) else None
    return None if found == "ok" else " ".join(found.split())[:200]


def begins_as_database(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def is_damage(error: BaseException | None) -> bool:
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF in DAMAGE
