"""The line to who may have asked something."""

from bot.questions.unsure import UnsureLine
from handlers.blocks.questions.unsure import unsure_line

MESSAGES = {"unsure": lambda _: unsure_line(UnsureLine("C1", "1.0", "U1"))}
