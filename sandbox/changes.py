"""What changed in the workspace, in order: who looks again looks only at what is new."""

from collections import deque
from dataclasses import dataclass
from itertools import islice

from sandbox.bell import Bell

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Change:
    """A message that came, changed or went; without one, who and what is in the workspace."""

    channel_id: str = ""
    ts: str = ""
    user_id: str = ""  # the only reader of an ephemeral message


class Changes:
    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._kept: deque[Change] = deque(maxlen=KEPT)
        self.latest = 0

    def note(self, channel_id: str = "", ts: str = "", user_id: str = "") -> None:
        self._kept.append(Change(channel_id, ts, user_id))
        self.latest += 1
        self._bell.ring()

    def since(self, number: int) -> list[Change] | None:
        """Those after that number, each once; None when some of them are not kept any more."""
        new = self.latest - number
        if new > len(self._kept):
            return None
        return list(dict.fromkeys(islice(reversed(self._kept), new)))[::-1]
