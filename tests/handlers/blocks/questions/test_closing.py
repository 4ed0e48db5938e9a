"""What an asker is offered whose question is over, or is not."""

from bot.questions.closing import Offer
from handlers.blocks.questions.closing import (
    close_offer,
    closed,
    open_offer,
    unanswered_note,
    what_it_was_modal,
)
from tests.conftest import NOW
from tests.handlers.blocks.conftest import URL


def offer(text: str, **changes: object) -> Offer:
    return Offer(7, "U1", "C1", "1.0", text, **changes)


MESSAGES = {
    "is it over": lambda text: close_offer(offer(text)),
    "is it over, or closed tomorrow": lambda text: close_offer(offer(text, closes_at=NOW)),
    "closed by its asker": lambda _: closed(7),
    "closed without an answer": lambda text: unanswered_note(offer(text), URL),
    "solved no more": lambda text: open_offer(offer(text)),
}

VIEWS = [lambda _: what_it_was_modal(7)]
