"""What programs may ask over HTTP: a feature lists its `ROUTES`, and the API answers them.

What is described is what is checked: the parameters that the description names are those that are
read, and no others are let in."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Sessions

Json = dict[str, Any]
MOST_DIGITS = 16  # a whole number that every language reads as it is written
LARGEST = 2**53 - 1
LONGEST = 1_000  # characters of a value
NUMBER = re.compile(rf"[1-9][0-9]{{0,{MOST_DIGITS - 1}}}")
NO_CONTENT = 204


@dataclass(frozen=True)
class Param:
    """One that a query, or the path, may have. Its schema says what is let in: `type`, and
    `enum`, `pattern`, `minLength`, `maxLength` of a string, `maximum` of a number from 1 on."""

    name: str
    about: str
    schema: Json
    default: Any = None
    is_required: bool = False

    def read(self, written: str) -> Any:
        """ValueError for what the schema does not let in."""
        return self.number(written) if self.schema["type"] == "integer" else self.text(written)

    def number(self, written: str) -> int:
        number = int(written) if NUMBER.fullmatch(written) else 0
        if not 1 <= number <= self.schema.get("maximum", LARGEST):
            raise ValueError(written)
        return number

    def text(self, written: str) -> str:
        shortest, longest = self.schema.get("minLength", 0), self.schema.get("maxLength", LONGEST)
        pattern, one_of = self.schema.get("pattern"), self.schema.get("enum")
        if not shortest <= len(written) <= longest:
            raise ValueError(written)
        if pattern and not re.fullmatch(pattern.strip("^$"), written):
            raise ValueError(written)
        if one_of and written not in one_of:
            raise ValueError(written)
        return written


@dataclass(frozen=True)
class Asked:
    """A request that is let in: whose program asks, for what, and when."""

    team_id: str
    user_id: str
    values: Mapping[str, Any]  # by the parameters' names; those left out have their default
    now: datetime
    sessions: Sessions
    token: Json  # what its bearer may know of it

    @property
    def who(self) -> dict[str, str]:
        return {"team_id": self.team_id, "user_id": self.user_id}

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class Route:
    """`returns`: the name and the schema of what it answers, None for nothing. `refuses`: the
    statuses that it may answer beside those that every route may."""

    method: str
    path: str  # what stands in {braces} is a parameter
    name: str  # what programs that are generated call it
    about: str
    scope: str | None  # None: every token may
    answer: Callable[[Asked], Awaitable[Json]]
    returns: tuple[str, Json] | None
    params: Sequence[Param] = ()
    refuses: Sequence[int] = ()

    @property
    def in_path(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path))
