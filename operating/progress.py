"""A bar with speed and time left, for commands that take a while; silent where nobody looks on."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress(unit: str) -> Iterator[Callable[[int, int], None]]:
    """Yields what to tell how much is done, and of how much."""
    tqdm.monitor_interval = 0  # no thread beside us
    with tqdm(unit=f" {unit}", disable=not sys.stderr.isatty(), leave=False) as bar:

        def tell(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield tell
