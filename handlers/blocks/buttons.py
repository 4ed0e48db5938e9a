"""Buttons that several wings show: what they say, and the action id that one of them hears."""

from handlers.blocks.text import Block, button

CLAIM, DRAFT_FAQ = "claim_question", "draft_faq"
REFUSE = "that_was_not_it"


def claim_button(question_id: int, *, style: str | None = None) -> Block:
    return button("I'll take it", CLAIM, question_id, style=style)


def draft_faq_button(question_id: int) -> Block:
    return button("Draft an FAQ entry", DRAFT_FAQ, question_id)


def refuse_button(question_id: int) -> Block:
    return button("That was not it", REFUSE, question_id)
