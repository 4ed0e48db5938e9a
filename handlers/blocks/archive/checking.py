"""Which reply was the answer, where it was not the one that the archive seems to tell."""

from collections.abc import Sequence

from bot.text import plain
from handlers.blocks.text import Block, option, plain_text, section

CALLBACK = "choose_other_answer"
MOST_OPTIONS = 100


def other_replies_modal(question_id: int, replies: Sequence[tuple[int, str]]) -> Block:
    """`replies`: the numbers and words of those that may have been it."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": str(question_id),
        "title": plain_text("What was the answer?"),
        "close": plain_text("Cancel"),
        "submit": plain_text("This was it"),
        "blocks": [
            section("From now on people find the reply that you choose."),
            {
                "type": "input",
                "block_id": "reply",
                "label": plain_text("Reply"),
                "element": {
                    "type": "static_select",
                    "action_id": "value",
                    "options": [
                        option(plain(text), answer_id) for answer_id, text in replies[:MOST_OPTIONS]
                    ],
                },
            },
        ],
    }
