"""What an archive is, whatever it comes from: people, places, and what was said there.

A reader of a kind of archive (`slack_export` and those beside it) gives this and nothing more. It
reads lazily, a place at a time, and in the same order each time: so what was cut short goes on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

SLACK_EXPORT, SLACK_HISTORY = "slack_export", "slack_history"
CSV_FILE, MARKDOWN, STACK, DISCOURSE, ZULIP = "csv", "markdown", "stack", "discourse", "zulip"
MOST_TROUBLE_TOLD = 200  # rows that cannot be read: all are counted, the first are listed


class Human(NamedTuple):
    """Somebody who wrote, as the archive knows them."""

    user_id: str
    name: str
    email: str = ""
    timezone: str | None = None
    is_bot: bool = False
    is_guest: bool = False
    is_external: bool = False
    is_deactivated: bool = False


class Place(NamedTuple):
    """A channel, or what stands for one."""

    channel_id: str
    name: str
    is_private: bool = False
    is_shared: bool = False  # with another company
    is_foreign: bool = False  # it stands for an archive of another tool


class Post(NamedTuple):
    """A message, in Slack's wire form."""

    ts: str
    author_id: str
    text: str
    marked_by: tuple[str, ...] = ()  # who put ✅ on it
    is_by_app: bool = False
    edited_ts: str = ""
    files: tuple[tuple[str, str, str], ...] = ()  # id, title, and picture or file
    is_accepted: bool = False  # the source itself says that it solved the question


class Conversation(NamedTuple):
    """A message and its thread, oldest first."""

    posts: tuple[Post, ...]
    link: str = ""  # where it is read, if that is not Slack
    is_question: bool = False  # says its source: nobody need find out


class Trouble(NamedTuple):
    """A row that cannot be read."""

    where: str  # a file, and a line where there are lines
    why: str  # see handlers/blocks/archive/imports.py


class Archive(Protocol):
    """`checksum`: the same for the same archive. `trouble`: of what was read so far; how many
    rows of each kind, and the first of them."""

    source: str
    name: str
    checksum: str
    trouble: "Troubles"

    @property
    def places(self) -> Sequence[Place]: ...

    @property
    def people(self) -> Mapping[str, Human]: ...

    def count(self, place: Place) -> int:
        """How many messages are there. All of it is read, so what is damaged raises here."""

    def conversations(self, place: Place) -> Iterator[Conversation]: ...


class Troubles:
    """Rows that cannot be read: none is lost silently."""

    def __init__(self) -> None:
        self.counted: dict[str, int] = {}
        self.told: list[Trouble] = []

    def add(self, where: str, why: str) -> None:
        self.counted[why] = self.counted.get(why, 0) + 1
        if len(self.told) < MOST_TROUBLE_TOLD:
            self.told.append(Trouble(where, why))
