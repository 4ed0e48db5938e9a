"""The questions that wait for an expert."""

from bot.experts.offer_notes import OfferItem, OfferNote
from handlers.blocks.experts.offer_notes import offer_note
from handlers.blocks.text import Block
from tests.handlers.blocks.conftest import AT, URL


def offered(text: str, number: int) -> Block:
    items = tuple(
        OfferItem(each, "C1", "1.0", text, text[:60], "U1", AT, each == 0, each, None, False, True)
        for each in range(number)
    )
    return offer_note(OfferNote("U2", items, 3, True, None, None), URL)


MESSAGES = {
    "one offer": lambda text: offered(text, 1),
    "many offers": lambda text: offered(text, 8),
    "no offers": lambda text: offered(text, 0),
}
