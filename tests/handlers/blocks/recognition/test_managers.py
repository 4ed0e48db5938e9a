"""The note to a manager, written, looked at and sent."""

from bot.recognition.managers import Draft, Note
from handlers.blocks.recognition.managers import (
    choose_modal,
    manager_message,
    preview_modal,
    write_modal,
)
from tests.handlers.blocks.conftest import URL, own_help


def manager_note(words: str, asked: str, number: int = 10) -> Note:
    return Note(7, "U2", "U1", words, "weeks", own_help(asked, number).told, 3, None, None)


MESSAGES = {
    "manager note": lambda text: manager_message(manager_note("I helped.", text), URL),
}

VIEWS = [
    lambda _: choose_modal("U1", "week"),
    lambda _: choose_modal(None, "made up"),
    lambda text: write_modal(Draft("U1", "year", own_help(text, 9), own_help(text, 9).told)),
    lambda text: preview_modal(manager_note(text or "Good.", text), URL),
]
