"""Which reply worked, asked once."""

from dataclasses import replace

from bot.questions.marking import Reply, Unmarked
from handlers.blocks.questions.marking import mark_hint, mark_nudge, marked
from tests.handlers.blocks.conftest import URL


def unmarked(text: str, number: int, **changes) -> list[Unmarked]:
    replies = tuple(Reply(each, text[:80], text) for each in range(3))
    return [
        replace(Unmarked(each, "C1", "1.0", text, replies, None, None), **changes)
        for each in range(number)
    ]


MESSAGES = {
    "which reply worked": lambda text: mark_hint(unmarked(text, 1)[0], URL),
    "no reply to mark": lambda text: mark_hint(unmarked(text, 1, replies=())[0], URL),
    "one unmarked": lambda text: mark_nudge(unmarked(text, 1), URL),
    "many unmarked": lambda text: mark_nudge(unmarked(text, 5), URL),
    "marked": lambda text: marked(unmarked(text, 1, solved_by=text[:80], marked_id=3)[0]),
    "some marked": lambda text: mark_nudge(
        [*unmarked(text, 2), *unmarked(text, 2, solved_by=text[:80], marked_id=3)], URL
    ),
}
