"""What was solved before, shown to who asks."""

from bot.questions.suggestions import Suggestions
from handlers.blocks.questions.suggestions import accepted, suggestions_message
from handlers.blocks.text import Block
from tests.handlers.blocks.conftest import URL, found


def suggested(text: str, number: int) -> Block:
    return suggestions_message(Suggestions(7, "U1", "C1", "1.0", (found(text),) * number), URL)


MESSAGES = {
    "one suggestion": lambda text: suggested(text, 1),
    "suggestions": lambda text: suggested(text, 3),
    "accepted suggestion": lambda _: accepted(["U1"], 7),
}
