"""Choosing whom to ask: a pure function over plain data."""

from collections.abc import Collection, Iterable, Sequence

EXPERTS_ASKED_AT_ONCE = 2


def choose_experts(
    expert_ids: Sequence[str],
    *,
    asker_id: str,
    already_asked: Collection[str] = (),
    passed: Collection[str] = (),
    unavailable: Iterable[str] = (),
    most: int = EXPERTS_ASKED_AT_ONCE,
) -> list[str]:
    """The experts to ask next, so that `most` at a time are asked and have not passed.

    `expert_ids` is in order of preference. Never the asker, nobody twice, and nobody
    `unavailable` (deactivated, a bot, or unable to read the channel)."""
    excluded = {asker_id, *already_asked, *passed, *unavailable}
    still_asked = [user_id for user_id in already_asked if user_id not in passed]
    free = [user_id for user_id in expert_ids if user_id not in excluded]
    return free[: max(0, most - len(still_asked))]
