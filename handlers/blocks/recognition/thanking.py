"""The modal in which a manager thanks somebody for their help."""

from bot.recognition.kudos import MAX_REASON
from handlers.blocks.text import Block, mention, plain_text, section

THANK, CALLBACK = "thank_for_help", "thank"


def thank_modal(user_id: str, note_id: int) -> Block:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Say thanks"),
        "submit": plain_text("Say thanks"),
        "close": plain_text("Cancel"),
        "private_metadata": str(note_id),
        "blocks": [
            section(f"I pass your words on to {mention(user_id)}, as a message to them alone."),
            {
                "type": "input",
                "block_id": "reason",
                "label": plain_text("What for"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "value",
                    "multiline": True,
                    "max_length": MAX_REASON,
                    "focus_on_load": True,
                },
            },
        ],
    }


def thanked(user_id: str) -> str:
    return f"I told {mention(user_id)}, and it counts among their kudos."
