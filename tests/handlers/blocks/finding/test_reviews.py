"""Answers to look at again."""

from bot.finding.reviews import ReviewItem, ReviewNote
from handlers.blocks.finding.reviews import review_note
from handlers.blocks.text import Block
from tests.handlers.blocks.conftest import URL, found


def reviewed(text: str, number: int) -> Block:
    items = tuple(ReviewItem(found(text), "U1" if at % 2 else None) for at in range(number))
    return review_note(ReviewNote("U2", items, None, None), URL)


MESSAGES = {
    "one review": lambda text: reviewed(text, 1),
    "many reviews": lambda text: reviewed(text, 30),
    "all reviewed": lambda text: reviewed(text, 0),
}
