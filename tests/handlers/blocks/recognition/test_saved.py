"""How long it would have taken without the answer."""

from bot.recognition.saved import SavedQuestion
from handlers.blocks.recognition.saved import saved_question

MESSAGES = {"saved time": lambda _: saved_question(SavedQuestion(7, "U1", "C1", "1.0"))}
