"""What somebody's help did."""

from dataclasses import replace

from bot.recognition.kudos import Page
from handlers.blocks.recognition.kudos import kudos_page, thanks_note
from tests.handlers.blocks.conftest import URL, effect, own_help

MESSAGES = {
    "kudos": lambda text: kudos_page(Page(effect(text, 5), own_help(text, 2)), "U1", URL),
    "my kudos": lambda text: kudos_page(Page(effect(text, 5), own_help(text, 9)), "U2", URL),
    "kudos of who is not named": lambda text: kudos_page(
        Page(replace(effect(text, 0), is_private=True)), "U1", URL
    ),
    "thanks": lambda text: thanks_note("U1", text[:500]),
}
