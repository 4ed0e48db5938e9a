"""The modal that makes a follow-up a question of its own."""

from collections.abc import Sequence

from bot.questions.parting import FollowUp
from bot.text import plain
from handlers.blocks.text import Block, context, option, plain_text

CALLBACK = "part_off"


def parting_modal(question_id: int, follow_ups: Sequence[FollowUp]) -> Block:
    options = [option(plain(each.text), each.message_ts) for each in follow_ups]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("A question of its own"),
        "submit": plain_text("Ask"),
        "close": plain_text("Cancel"),
        "private_metadata": str(question_id),
        "blocks": [
            {
                "type": "input",
                "block_id": "follow_up",
                "label": plain_text("Which message is another question?"),
                "element": {
                    "type": "static_select",
                    "action_id": "value",
                    "options": options,
                    "initial_option": options[0],
                },
            },
            context("What its asker said after it goes with it."),
        ],
    }
