"""A channel's FAQ: what an admin picks from, and the message."""

from bot.finding.faq_posts import FaqPage, Picking, Place
from handlers.blocks.finding.faq_posts import channel_modal, faq_page, pick_modal
from tests.handlers.blocks.conftest import URL, found

MESSAGES = {
    "FAQ of a channel": lambda text: faq_page(
        FaqPage((found(text),) * 20, None, is_given_up=False), URL
    ),
    "empty FAQ of a channel": lambda text: faq_page(FaqPage((), None, is_given_up=False), URL),
}

VIEWS = [
    lambda text: pick_modal(Picking("C1", (found(text),), frozenset({7}))),
    lambda text: pick_modal(Picking("C1", (), frozenset())),
    lambda text: channel_modal([Place(f"C{each}", text[:80] or "help") for each in range(100)]),
]
