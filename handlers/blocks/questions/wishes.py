"""Told once: that something of somebody is kept now; and to an asker, that a reply is not."""

from handlers.blocks.text import Block, actions, button, message, section, sentence

MY_DATA, STAY_OUT = "my_data", "stay_out"
KEPT = (
    "I keep this message and what is replied, so that it is found again and the people who know "
    "can be asked. Only who can read it here can find it. Other messages I do not keep."
)
NOT_KEPT = (
    "Somebody who replied to your question chose that nothing of theirs is kept. Their reply is "
    "here in the thread, but I do not count it, and nobody finds it later. If it solves your "
    "question, say so with “It is solved” on the card."
)


def kept_notice() -> Block:
    buttons = (button("What is kept", MY_DATA, "notice"), button("Stay out", STAY_OUT, "notice"))
    return message(KEPT, [section(KEPT), actions(*buttons)])


def not_kept_note() -> Block:
    return sentence(NOT_KEPT)
