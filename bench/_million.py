"""A large workspace, made up: words by Zipf's law, in questions in private channels."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import numpy as np

from bench._search_data import NOW, READER, TEAM
from storage.search.documents import ANALYSIS, BORDER, WEIGHTS
from storage.search.meaning import MODEL
from storage.search.words import terms_of

WORDS = 300_000
FIELDS = (10, 20, 30, 40, 0)  # words in headline, question, solution, thread; languages
CHANNELS, READABLE = 1_000, 200
AT_ONCE = 20_000  # documents
DIMENSIONS = 384


@dataclass(frozen=True)
class Made:
    """Documents of words, each a row of numbers: where the words stand in `words`."""

    words: list[str]
    rows: "np.ndarray[Any, np.dtype[np.int32]]"
    channels: "np.ndarray[Any, np.dtype[np.int32]]"

    def text(self, row: int, start: int = 0, end: int = sum(FIELDS)) -> str:
        return " ".join(self.words[number] for number in self.rows[row, start:end])


def make(documents: int, seed: int = 1) -> Made:
    random = np.random.default_rng(seed)
    chances = 1 / (np.arange(WORDS) + 2.7) ** 1.07
    steps = np.cumsum(chances / chances.sum())
    rows = np.searchsorted(steps, random.random((documents, sum(FIELDS)))).astype(np.int32)
    rows = np.minimum(rows, WORDS - 1)
    channels = (random.zipf(1.3, documents) % CHANNELS + 1).astype(np.int32)
    return Made(list(made_up_words()), rows, channels)


def made_up_words() -> Iterator[str]:
    """Pronounceable, and each its own stem."""
    syllables = ["".join(pair) for pair in product("bdfgklmnprtvz", "aou")]
    known: set[str] = set()
    for letters in product(syllables, repeat=4):
        word = "".join(letters)
        if terms_of(word) == [word] and word not in known:
            known.add(word)
            yield word
            if len(known) == WORDS:
                return


def load(path: str, made: Made) -> None:
    """Write the rows that putting each document would have written, all at once."""
    database = sqlite3.connect(path)
    database.isolation_level = None
    for setting in ("journal_mode = off", "synchronous = off", "cache_size = -400000"):
        database.execute(f"PRAGMA {setting}")
    database.execute("BEGIN")
    load_people(database)
    load_questions(database, made)
    frequency = load_documents(database, made)
    many(
        database,
        "search_terms VALUES (?, ?, ?, ?, ?)",
        (
            (at + 1, TEAM, word, word[::-1], int(frequency[at]))
            for at, word in enumerate(made.words)
        ),
    )
    load_vectors(database, len(made.rows))
    many(
        database,
        "search_totals VALUES (?, ?, ?)",
        [(TEAM, len(made.rows), len(made.rows) * sum(FIELDS))],
    )
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode = wal")
    database.close()


def load_vectors(database: sqlite3.Connection, documents: int) -> None:
    """Vectors of no meaning, as many and as long as real ones."""
    random = np.random.default_rng(3)
    for start in range(0, documents, AT_ONCE):
        numbers = range(start + 1, min(start + AT_ONCE, documents) + 1)
        vectors = random.integers(-127, 128, (len(numbers), DIMENSIONS), dtype=np.int8)
        many(
            database,
            "search_vectors VALUES (?, ?, ?)",
            ((at, MODEL, row.tobytes()) for at, row in zip(numbers, vectors, strict=True)),
        )


def many(database: sqlite3.Connection, into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    database.executemany(f"INSERT INTO {into}", rows)


def load_people(database: sqlite3.Connection) -> None:
    flags = "is_admin, is_bot, is_guest, is_external, is_deactivated"
    many(
        database,
        f"people (team_id, user_id, name, {flags}, read_at) VALUES (?, ?, 'R', 0, 0, 0, 0, 0, ?)",
        [(TEAM, READER, str(NOW)[:19])],
    )
    ids = [f"C{number:08}" for number in range(1, CHANNELS + 1)]
    many(
        database,
        "channels (team_id, channel_id, name, is_private, is_shared, is_help, members_read_at) "
        "VALUES (?, ?, ?, 1, 0, 1, ?)",
        ((TEAM, each, each.lower(), str(NOW)[:19]) for each in ids),
    )
    many(
        database,
        "search_channels VALUES (?, ?, ?)",
        ((number, TEAM, each) for number, each in enumerate(ids, 1)),
    )
    many(
        database,
        "channel_members VALUES (?, ?, ?)",
        ((TEAM, each, READER) for each in ids[: READABLE * 5 : 5]),
    )


def load_questions(database: sqlite3.Connection, made: Made) -> None:
    _, question, solution, *_ = np.cumsum(FIELDS)
    for start in range(0, len(made.rows), AT_ONCE):
        rows = range(start, min(start + AT_ONCE, len(made.rows)))
        places = [(at + 1, TEAM, f"C{made.channels[at]:08}", ts_of(at)) for at in rows]
        times = [str(NOW - timedelta(minutes=at))[:19] for at in rows]
        many(
            database,
            "questions (id, team_id, channel_id, message_ts, thread_ts, asker_id, text, "
            "is_asked_by_command, asked_at, solved_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
            (
                (*place, place[3], "U0ASKER", made.text(at, 0, question), time, time)
                for at, place, time in zip(rows, places, times, strict=True)
            ),
        )
        many(
            database,
            "answers (id, team_id, channel_id, message_ts, question_id, author_id, text, "
            "answered_at, said_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *place[:3],
                    f"{place[3]}9",
                    at + 1,
                    "U0BEN",
                    *(made.text(at, question, solution), time, time),
                )
                for at, place, time in zip(rows, places, times, strict=True)
            ),
        )
        many(
            database,
            "solutions (answer_id, question_id, accepted_by, accepted_at) VALUES (?, ?, ?, ?)",
            ((at + 1, at + 1, "U0ASKER", time) for at, time in zip(rows, times, strict=True)),
        )


def ts_of(at: int) -> str:
    return f"{1_700_000_000 - at}.{at % 1_000_000:06}"


def load_documents(
    database: sqlite3.Connection, made: Made
) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """The forward index, then the postings in their order; how often each term occurs."""
    borders = np.cumsum(FIELDS)
    for start in range(0, len(made.rows), AT_ONCE):
        block = made.rows[start : start + AT_ONCE].astype(np.uint32) + 1
        packed = np.insert(block, borders, BORDER, axis=1)
        many(
            database,
            "search_documents VALUES (?, ?, ?, ?, ?)",
            (
                (start + at + 1, TEAM, packed[at].tobytes(), sum(FIELDS), ANALYSIS)
                for at in range(len(block))
            ),
        )
    weights = np.repeat(WEIGHTS, FIELDS)
    terms = made.rows.ravel()
    pairs = terms.astype(np.int64) * len(made.rows) + np.repeat(
        np.arange(len(made.rows)), sum(FIELDS)
    )
    order = np.argsort(pairs, kind="stable")
    pairs, starts = np.unique(pairs[order], return_index=True)
    summed = np.add.reduceat(np.tile(weights, len(made.rows))[order], starts)
    numbers, documents = np.divmod(pairs, len(made.rows))
    for start in range(0, len(pairs), 500_000):
        part = slice(start, start + 500_000)
        many(
            database,
            f"search_postings VALUES (?, ?, ?, ?, {sum(FIELDS)})",
            zip(
                (numbers[part] + 1).tolist(),
                (documents[part] + 1).tolist(),
                made.channels[documents[part]].tolist(),
                summed[part].tolist(),
                strict=True,
            ),
        )
    return np.bincount(numbers, minlength=WORDS)
