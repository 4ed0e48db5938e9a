from collections.abc import Awaitable, Callable

import pytest
from slack_bolt import BoltResponse

from handlers.dispatching import persistently


def answering(*statuses: int) -> tuple[Callable[[], Awaitable[BoltResponse]], list[int]]:
    left = list(statuses)

    async def dispatch() -> BoltResponse:
        return BoltResponse(status=left.pop(0))

    return dispatch, left


@pytest.mark.parametrize(
    ("statuses", "status", "not_asked"),
    [
        ((200, 200), 200, 1),
        ((404, 200), 404, 1),
        ((500, 200, 200), 200, 1),
        ((500, 500, 200), 200, 0),
        ((500, 500, 500, 200), 500, 1),
    ],
)
async def test_what_was_cut_short_is_tried_twice_more(
    statuses: tuple[int, ...], status: int, not_asked: int
):
    dispatch, left = answering(*statuses)

    assert (await persistently(dispatch)).status == status
    assert len(left) == not_asked
