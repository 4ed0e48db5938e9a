"""The modal behind /ask."""

from bot.questions.ask import HelpChannel
from handlers.blocks.questions.ask import ask_modal
from handlers.blocks.text import Block
from tests.handlers.blocks.conftest import topics


def asking(text: str) -> Block:
    channels = [HelpChannel(f"C{each}", text[:80], None) for each in range(150)]
    return ask_modal(text=text, channels=channels, channel_id="C3", topics=topics(text or "x", 150))


VIEWS = [asking]
