"""How often a program may ask: so many times at once, and so many a second after that."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

MOST_KNOWN = 10_000  # of whom it is known how much they asked; who asked longest ago is forgotten


@dataclass(frozen=True)
class Standing:
    """How it stands with one of them, in requests and seconds."""

    is_over: bool
    limit: int
    left: int
    reset: int  # until all can be asked at once again
    retry: int  # until one can


class Limits:
    """A bucket each, which fills again as time goes by. In memory: each replica has its own."""

    def __init__(
        self, *, at_once: int, a_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.at_once, self.a_second, self.clock = at_once, a_second, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # left, and when

    def take(self, whose: str) -> Standing:
        left, now = self._left(whose), self.clock()
        is_over = left < 1
        left -= not is_over
        self._buckets[whose] = left, now
        self._buckets.move_to_end(whose)
        if len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)
        return Standing(
            is_over,
            self.at_once,
            int(left),
            ceil((self.at_once - left) / self.a_second),
            ceil(max(0.0, 1 - left) / self.a_second) if is_over else 0,
        )

    def _left(self, whose: str) -> float:
        left, at = self._buckets.get(whose, (float(self.at_once), self.clock()))
        return min(float(self.at_once), left + (self.clock() - at) * self.a_second)
