"""Each test once: half of those that are there for both databases run on either of them."""

from collections.abc import Sequence
from zlib import crc32

import pytest

SQLITE, POSTGRES = KINDS = ("sqlite", "postgres")


def choose(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Which half is on which is the same in every worker and on every machine. What was asked for
    on one of them alone stays."""
    names = {item.nodeid for item in items}
    return [item for item in items if is_its_turn(item, names)]


def is_its_turn(item: pytest.Item, names: set[str]) -> bool:
    kind = kind_of(item)
    if kind is None:
        return True
    twin = twin_of(item.nodeid, kind)
    first = twin if kind == POSTGRES else item.nodeid
    return twin not in names or kind == KINDS[crc32(first.encode()) % 2]


def kind_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("databases") if callspec is not None else None


def twin_of(name: str, kind: str) -> str:
    """The same test on the other database. The kind is one of the words in its brackets."""
    other = POSTGRES if kind == SQLITE else SQLITE
    test, _, parameters = name.removesuffix("]").rpartition("[")
    words = [other if word == kind else word for word in parameters.split("-")]
    return f"{test}[{'-'.join(words)}]"
