"""What people do and what goes wrong, by the dice of a seed; a history is plain data, so that it
can be kept, and shortened to what makes a run fail."""

import random
from dataclasses import dataclass
from typing import NamedTuple

PEOPLE = {
    "ask": 6,
    "reply": 8,
    "mark": 4,
    "unmark": 1,
    "edit": 2,
    "delete": 1,
    "talk": 2,
    "press": 4,
    "find": 1,
    "home": 1,
    "wait": 2,
}
MISHAPS = {"kill": 4, "drop": 2, "cut": 2, "jump": 2}
LONG = 24  # acts
LARGEST = 1_000_000
ENGINES = ("sqlite", "postgres")
SHARES = (0.0, 0.05, 0.1)
MOST_REPLICAS = 3


class Act(NamedTuple):
    """`which` and `how` choose among what there is when it happens, whatever that is: without
    another act, this one still means something."""

    what: str
    which: int
    how: int


@dataclass(frozen=True)
class History:
    seed: int
    engine: str
    replicas: int
    transport: str
    share: float  # of calls that fail, of events that come twice or late, of acts with a mishap
    acts: tuple[Act, ...]


def history_of(seed: int) -> History:
    dice = random.Random(seed)
    engine, share = ENGINES[seed % 2], SHARES[seed // 2 % len(SHARES)]
    replicas = 1 + seed // 6 % MOST_REPLICAS if engine == "postgres" else 1
    transport = "http" if replicas == 1 and dice.random() < 1 / 4 else "socket"
    acts = [Act("ask", *numbers(dice))]
    for _ in range(LONG):
        acts.append(act_of(dice, PEOPLE))
        if dice.random() < share * 2:
            acts.append(act_of(dice, MISHAPS))
    return History(seed, engine, replicas, transport, share, tuple(acts))


def act_of(dice: random.Random, kinds: dict[str, int]) -> Act:
    return Act(dice.choices(list(kinds), list(kinds.values()))[0], *numbers(dice))


def numbers(dice: random.Random) -> tuple[int, int]:
    return dice.randrange(LARGEST), dice.randrange(LARGEST)
