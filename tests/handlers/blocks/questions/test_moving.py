"""The modal that says what a question is about."""

from bot.questions.moving import OtherTopic
from handlers.blocks.questions.moving import moving_modal

VIEWS = [
    lambda text: moving_modal(7, [OtherTopic(each, text[:60] or "x") for each in range(150)]),
]
