"""Which kind of archive a file or folder is, and its reader."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.archive.archives import (
    CSV_FILE,
    DISCOURSE,
    MARKDOWN,
    SLACK_EXPORT,
    STACK,
    ZULIP,
    Archive,
)
from bot.archive.csv_file import read_csv
from bot.archive.discourse import read_discourse
from bot.archive.foreign import ForeignArchive
from bot.archive.markdown_folder import read_markdown
from bot.archive.slack_export import SlackExport
from bot.archive.stack import read_stack
from bot.archive.zulip import read_zulip
from bot.errors import UnknownArchive

FOREIGN: Mapping[str, Callable[[Path, Mapping[str, str]], ForeignArchive]] = {
    CSV_FILE: read_csv,
    MARKDOWN: read_markdown,
    STACK: read_stack,
    DISCOURSE: read_discourse,
    ZULIP: read_zulip,
}
KINDS = (SLACK_EXPORT, *FOREIGN)


@dataclass(frozen=True)
class Wanted:
    """How to read it. `kind`: "" to find out; `workspace`: of several in it, by its folder."""

    kind: str = ""
    workspace: Collection[str] = ()
    marking: Collection[str] = ()  # emoji that mark a solution
    emails: Mapping[str, str] = field(default_factory=dict)  # who has which address


def open_archive(path: Path, wanted: Wanted) -> Archive:
    kind = wanted.kind or (CSV_FILE if path.suffix.lower() == ".csv" else SLACK_EXPORT)
    if kind == SLACK_EXPORT:
        return SlackExport(path, marking=wanted.marking, workspace=wanted.workspace)
    if kind not in FOREIGN:
        raise UnknownArchive(kind)
    return FOREIGN[kind](path, wanted.emails)
