"""The modal that makes a follow-up a question of its own."""

from bot.questions.parting import FollowUp
from handlers.blocks.questions.parting import parting_modal

VIEWS = [lambda text: parting_modal(7, [FollowUp(f"{each}.0", text) for each in range(30)])]
