"""With how many examples a property is tried: with some at once, with more where nobody waits."""

import os

TIMES = 5 if os.environ.get("CI") else 1


def some(number: int) -> int:
    return number * TIMES
