"""The workspace's time: real time plus an offset that can be moved."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta


class Clock:
    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._latest = 0
        self._issued: set[int] = set()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    @property
    def offset(self) -> timedelta:
        return self._offset

    def advance(self, by: timedelta) -> None:
        self._offset += by

    def set(self, moment: datetime) -> None:
        self._offset = moment - datetime.now(UTC)

    def reset(self) -> None:
        """Back to real time."""
        self._offset = timedelta(0)

    def keep(self, issued: Iterable[str]) -> None:
        """These identifiers are given out already."""
        self._issued |= {int(ts.replace(".", "")) for ts in issued}
        self._latest = max(self._issued, default=0)

    def ts(self, at: datetime | None = None) -> str:
        """A new message identifier, never given out before.

        Without `at` it is later than every one before it, even after the clock went back.
        """
        number = _microseconds(at) if at else max(_microseconds(self.now()), self._latest + 1)
        while number in self._issued:
            number += 1
        self._issued.add(number)
        if at is None:
            self._latest = number
        return f"{number // 1_000_000}.{number % 1_000_000:06d}"


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
