"""What archives of other tools have in common: they have no channels of ours, and their people are
known here by e-mail at best.

A place stands for the whole archive, which every colleague can read; who cannot be mapped keeps
their name, and an id that is nobody's in Slack. Times and ids make each message's ts, the same each
time: so the same archive is taken in once."""

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.archive.archives import (
    CSV_FILE,
    MARKDOWN,
    STACK,
    Conversation,
    Human,
    Place,
    Post,
    Troubles,
)
from bot.text import ERASED, FOREIGN_PLACE, clean

OUTSIDE = f"{ERASED}by-import-"  # how the id begins of who is nobody in Slack
ALL_QUESTIONS = (CSV_FILE, MARKDOWN, STACK)  # others have talk beside them
ADDRESS = re.compile(r"https?://[^\s<>|\"]{1,500}")
TAG, BREAK = re.compile(r"<[^<>]{1,500}>"), re.compile(r"(?i)<(?:br|/p|/li|/div|/h\d)\s*/?>")


@dataclass(frozen=True)
class Entry:
    """A message of another tool. `text`: as people read it; `at`: ISO or seconds since 1970."""

    author: str
    text: str
    at: str | float
    email: str = ""
    is_accepted: bool = False


@dataclass
class ForeignArchive:
    """`emails`: who has which address in Slack, where that is known."""

    source: str
    name: str
    checksum: str
    emails: Mapping[str, str] = field(default_factory=dict)
    people: dict[str, Human] = field(default_factory=dict)
    trouble: Troubles = field(default_factory=Troubles)
    threads: list[tuple[str, str, Sequence[Entry]]] = field(default_factory=list)

    @property
    def places(self) -> Sequence[Place]:
        channel_id = f"{FOREIGN_PLACE}{short(self.source + self.name)}".upper()
        return [Place(channel_id, self.name[:80], is_foreign=True)]

    def add(self, where: str, link: str, entries: Sequence[Entry]) -> None:
        """A question and what was replied, oldest first."""
        self.threads.append((where, link, entries))

    def count(self, place: Place) -> int:
        return sum(len(entries) for _, _, entries in self.threads)

    def conversations(self, place: Place) -> Iterator[Conversation]:
        for number, (where, link, entries) in enumerate(self.threads):
            try:
                posts = tuple(self._posts(number, entries))
                address = link if ADDRESS.fullmatch(link) else ""
                yield Conversation(posts, address, is_question=self.source in ALL_QUESTIONS)
            except (ValueError, OverflowError):
                self.trouble.add(where, "no_time")

    def _posts(self, number: int, entries: Iterable[Entry]) -> Iterator[Post]:
        for at, entry in enumerate(entries):
            yield Post(
                ts=f"{seconds_of(entry.at)}.{(number * 1_000 + at) % 1_000_000:06}",
                author_id=self._id_of(entry),
                text=html.escape(clean(entry.text).strip(), quote=False),
                is_accepted=entry.is_accepted,
            )

    def _id_of(self, entry: Entry) -> str:
        known = self.emails.get(entry.email.casefold())
        if known is not None:
            return known
        user_id = f"{OUTSIDE}{short(entry.email or entry.author)}"
        self.people.setdefault(user_id, Human(user_id, entry.author[:100], is_deactivated=True))
        return user_id


def short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def seconds_of(at: str | float) -> int:
    """ValueError where it is no time."""
    if isinstance(at, int | float):
        return int(at)
    if at.strip().isdigit():
        return int(at)
    moment = datetime.fromisoformat(at.strip())
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def without_tags(text: Any) -> str:
    """The words of HTML."""
    broken = BREAK.sub("\n", str(text or ""))
    return html.unescape(TAG.sub("", broken)).strip()
