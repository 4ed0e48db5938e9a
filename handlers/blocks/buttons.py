"""Buttons that several wings show: what they say, and the action id that one of them hears."""

from handlers.blocks.text import Block, button

CLAIM, DRAFT_FAQ = "claim_question", "draft_faq"
REFUSE, MUTE, UNDO = "that_was_not_it", "mute_nudge", "undo_change"


def claim_button(question_id: int, *, style: str | None = None) -> Block:
    return button("I'll take it", CLAIM, question_id, style=style)


def draft_faq_button(question_id: int) -> Block:
    return button("Draft an FAQ entry", DRAFT_FAQ, question_id)


def refuse_button(question_id: int) -> Block:
    return button("That was not it", REFUSE, question_id)


def mute_button(label: str, kind: str) -> Block:
    """`kind`: of the reminders that they want no more of; see `bot/experts/nudges`."""
    return button(label, MUTE, kind)


def undo_button(change_id: int) -> Block:
    """Takes back what was set; see `bot/changes.py`."""
    return button("Undo", UNDO, change_id)
