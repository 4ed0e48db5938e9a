"""A table: a row a question, or a row a message.

Columns `question` and `answer`, and if there are `asked_by`, `asked_at`, `answered_by`,
`answered_at`, `link`, and addresses as `asked_by_email`, `answered_by_email`. A row that lacks one
of the first two, or has a time that is none, is listed with its line."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from bot.archive.archives import CSV_FILE
from bot.archive.foreign import Entry, ForeignArchive, short
from bot.archive.packed import text_of
from bot.errors import ArchiveNotThere, NoColumns

NEEDED = ("question", "answer")
LONG_AGO = 0


def read_csv(path: Path, emails: Mapping[str, str]) -> ForeignArchive:
    if not path.is_file():
        raise ArchiveNotThere(str(path))
    text = text_of(path.read_bytes())
    archive = ForeignArchive(CSV_FILE, path.name, short(text) * 4, emails)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    names = {(each or "").strip().casefold(): each for each in rows.fieldnames or ()}
    if not all(each in names for each in NEEDED):
        raise NoColumns(path.name)
    for row in rows:
        given = {name: (row.get(column) or "").strip() for name, column in names.items()}
        where = f"{path.name}: line {rows.line_num}"
        if not all(given[each] for each in NEEDED):
            archive.trouble.add(where, "no_words")
            continue
        archive.add(where, given.get("link", ""), entries_of(given))
    return archive


def entries_of(given: Mapping[str, str]) -> list[Entry]:
    asked_at = given.get("asked_at") or given.get("answered_at") or LONG_AGO
    return [
        Entry(
            given.get("asked_by") or "somebody",
            given["question"],
            asked_at,
            given.get("asked_by_email", ""),
        ),
        Entry(
            given.get("answered_by") or "a colleague",
            given["answer"],
            given.get("answered_at") or asked_at,
            given.get("answered_by_email", ""),
            is_accepted=True,
        ),
    ]
