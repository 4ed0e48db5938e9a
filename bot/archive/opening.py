"""Which kind of archive a file or folder is, and its reader."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from bot.archive.archives import SLACK_EXPORT, Archive
from bot.archive.slack_export import SlackExport
from bot.errors import UnknownArchive

KINDS = (SLACK_EXPORT,)


@dataclass(frozen=True)
class Wanted:
    """How to read it. `kind`: "" to find out; `workspace`: of several in it, by its folder."""

    kind: str = ""
    workspace: Collection[str] = ()
    marking: Collection[str] = ()  # emoji that mark a solution


def open_archive(path: Path, wanted: Wanted) -> Archive:
    kind = wanted.kind or SLACK_EXPORT
    if kind == SLACK_EXPORT:
        return SlackExport(path, marking=wanted.marking, workspace=wanted.workspace)
    raise UnknownArchive(kind)
