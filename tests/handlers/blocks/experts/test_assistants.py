"""What assistants may ask."""

from bot.experts.assistants import Choices
from handlers.blocks.experts.assistants import assistants_modal

VIEWS = [
    lambda _: assistants_modal(Choices(True, False, "approved", 20)),
    lambda _: assistants_modal(Choices(False, True, "never", 0)),
]
