"""What Slack lets an app read: how often, how much at a time, and how far back."""

import math
from collections import deque
from datetime import datetime, timedelta

READING = ("conversations.history", "conversations.replies")
A_MINUTE = timedelta(minutes=1)
USUAL_A_MINUTE, LIMITED_A_MINUTE = 50, 1
LIMITED_PAGE = 15


class Limits:
    def __init__(self) -> None:
        self.is_limited = False  # an app sold outside the Marketplace
        self.hidden_after: timedelta | None = None  # a free plan shows nothing older
        self._granted: dict[str, deque[datetime]] = {}

    def wait(self, method: str, now: datetime) -> int:
        """Seconds until this method may be called again; 0, and it counts, when it may now."""
        if method not in READING:
            return 0
        granted = self._granted.setdefault(method, deque())
        while granted and not timedelta(0) <= now - granted[0] < A_MINUTE:
            granted.popleft()
        if len(granted) < (LIMITED_A_MINUTE if self.is_limited else USUAL_A_MINUTE):
            granted.append(now)
            return 0
        return max(1, math.ceil((granted[0] + A_MINUTE - now).total_seconds()))

    def page(self, asked: int) -> int:
        """How many objects a page has at most."""
        return min(asked, LIMITED_PAGE) if self.is_limited else asked

    def oldest_shown(self, now: datetime) -> str:
        """The ts before which nothing is shown."""
        if self.hidden_after is None:
            return ""
        return f"{(now - self.hidden_after).timestamp():017.6f}"
