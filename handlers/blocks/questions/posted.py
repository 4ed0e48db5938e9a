"""The modals with which somebody edits or deletes what the bot posted for them."""

from handlers.blocks.questions.ask import question_input
from handlers.blocks.text import Block, plain_text, quote, section

REWORDED, TAKEN_BACK = "reword_posted", "take_back_posted"
ARE_YOU_SURE = "I delete what I posted for you, and what I know of it. Replies stay in the thread."


def reword_modal(question_id: int, words: str) -> Block:
    return {
        "type": "modal",
        "callback_id": REWORDED,
        "title": plain_text("Edit what you asked"),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "private_metadata": str(question_id),
        "blocks": [question_input(words)],
    }


def take_back_modal(question_id: int, words: str) -> Block:
    return {
        "type": "modal",
        "callback_id": TAKEN_BACK,
        "title": plain_text("Delete your question?"),
        "submit": plain_text("Delete it"),
        "close": plain_text("Keep it"),
        "private_metadata": str(question_id),
        "blocks": [quote(words, most=300), section(ARE_YOU_SURE)],
    }
