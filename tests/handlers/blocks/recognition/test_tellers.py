"""A manager's card: who told them of their help."""

from bot.recognition.tellers import Suggestion, Teller, TellerCard, TellersPage
from handlers.blocks.recognition.tellers import (
    suggestion_message,
    teller_sections,
    tellers_modal,
)
from tests.handlers.blocks.conftest import AT, URL, own_help
from tests.handlers.blocks.recognition.test_managers import manager_note


def page(text: str, number: int) -> TellersPage:
    note = manager_note(text or "Good.", text)
    cards = [TellerCard(note, AT, AT if each % 2 else None) for each in range(number)]
    return TellersPage(tuple(cards), number, is_monthly=bool(number))


def suggestion(text: str, number: int) -> Suggestion:
    return Suggestion("T1", "U1", "2026-12", "U2", 7, own_help(text, number).told)


MESSAGES = {
    "suggested thanks": lambda text: suggestion_message(suggestion(text, 9), URL),
    "suggested thanks without questions": lambda text: suggestion_message(suggestion(text, 0), URL),
}

VIEWS = [
    lambda text: tellers_modal(page(text, 10), URL),
    lambda text: tellers_modal(page(text, 0), URL),
]


def test_home_names_three_and_counts_the_rest():
    sections = teller_sections(tuple(Teller(f"U{each}", AT) for each in range(5)))

    assert "<@U0>" in str(sections) and "<@U2>" in str(sections)
    assert "2 other colleagues" in str(sections)
    assert teller_sections(()) == []
