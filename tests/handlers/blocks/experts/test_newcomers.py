"""A first question, shown to the colleague who helps newcomers."""

from bot.experts.newcomers import NewcomerNote
from handlers.blocks.experts.newcomers import newcomer_note
from tests.handlers.blocks.conftest import URL

MESSAGES = {
    "newcomer": lambda text: newcomer_note(NewcomerNote(7, "U2", "U1", "C1", "1.0", text), URL),
}
