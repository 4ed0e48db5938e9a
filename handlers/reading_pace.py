"""How fast a lot is read from Slack without being in anybody's way: below what Slack allows."""

import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

USUAL = timedelta(seconds=2)  # Slack allows 50 a minute, and others read meanwhile
# Apps that are sold outside Slack's Marketplace get one page a minute, of 15 objects.
LIMITED, LIMITED_PAGE = timedelta(seconds=61), 15
A_MINUTE = timedelta(minutes=1)

logger = logging.getLogger("askaround")


class ReadingPace:
    """When each method may be called next. A place in the row is kept for who waits."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.is_limited = False
        self._next: dict[str, datetime] = {}
        self._booked: dict[tuple[str, str], datetime] = {}
        self._called: dict[str, deque[datetime]] = {}

    def take(self, method: str, key: str) -> float:
        """Take a turn: 0, or the seconds until it has come."""
        now = self.clock()
        turn = self._booked.pop((method, key), None) or self._book(method, now)
        if turn > now:
            self._booked[method, key] = turn
            return (turn - now).total_seconds()
        self._called.setdefault(method, deque(maxlen=10)).append(now)
        return 0.0

    def _book(self, method: str, now: datetime) -> datetime:
        turn = max(now, self._next.get(method, now))
        self._next[method] = turn + (LIMITED if self.is_limited else USUAL)
        return turn

    def refused(self, method: str, seconds: float) -> None:
        """Slack asks to wait, although it was asked less than it allows to most apps: this one is
        limited."""
        now = self.clock()
        lately = [at for at in self._called.get(method, ()) if now - at < A_MINUTE]
        if len(lately) <= 2:
            self._limit()
        self._next[method] = max(self._next.get(method, now), now + timedelta(seconds=seconds))
        self._booked = {key: at for key, at in self._booked.items() if key[0] != method}

    def got(self, method: str, objects: int, *, has_more: bool) -> None:
        """Which page came shows what kind of app this is."""
        if objects > LIMITED_PAGE:
            self.is_limited = False
        elif has_more and not self.is_limited:
            self._limit()

    def _limit(self) -> None:
        if not self.is_limited:
            logger.warning("Slack lets this app read one page a minute: catching up takes longer.")
        self.is_limited = True
        self._booked.clear()
        now = self.clock()
        for method in self._called:
            self._next[method] = max(self._next.get(method, now), now + LIMITED)
