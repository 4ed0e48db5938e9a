"""The card of what an assistant drafted."""

from bot.assistants.drafts import ASKED, REFUSED, WAITING, DraftView
from handlers.blocks.assistants.drafts import change_modal, draft_card
from tests.handlers.blocks.conftest import URL


def drafted(text: str, state: str = WAITING, able: int = 9) -> DraftView:
    people = tuple(f"U{each}" for each in range(able))
    name = text[:60] or "Claude"
    return DraftView(1, "U1", name, text, "C1", "customs", state, people, text[:60] or None)


MESSAGES = {
    "a draft": lambda text: draft_card(drafted(text), URL),
    "a draft that reaches nobody": lambda text: draft_card(drafted(text, able=0), URL),
    "a draft that was asked": lambda text: draft_card(drafted(text, ASKED), URL),
    "a draft that was refused": lambda text: draft_card(drafted(text, REFUSED), URL),
}

VIEWS = [lambda text: change_modal(drafted(text), text)]
