"""The modal that says what a question is about."""

from collections.abc import Sequence

from bot.questions.moving import OtherTopic
from handlers.blocks.text import Block, context, option, plain_text

CALLBACK = "move_question"
MAX_OPTIONS = 100  # what a menu takes
WHAT_HAPPENS = (
    "Those who help there are asked next. Where somebody has taken it or replied, nobody is asked."
)


def moving_modal(question_id: int, others: Sequence[OtherTopic]) -> Block:
    options = [option(each.name, each.topic_id) for each in others[:MAX_OPTIONS]]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Change topic"),
        "submit": plain_text("Change"),
        "close": plain_text("Cancel"),
        "private_metadata": str(question_id),
        "blocks": [
            {
                "type": "input",
                "block_id": "topic",
                "label": plain_text("What is this question about?"),
                "element": {"type": "static_select", "action_id": "value", "options": options},
            },
            context(WHAT_HAPPENS),
        ],
    }
