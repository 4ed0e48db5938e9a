"""Asking without a name: what the asker and an admin see."""

from bot.questions.nameless import Asked, Reply, Thread
from handlers.blocks.masks import marked, mask_of
from handlers.blocks.questions.nameless import (
    look_modal,
    looked_note,
    posted_note,
    reply_note,
    say_modal,
    word,
)
from tests.handlers.blocks.conftest import URL

MASK = "asker-0123456789abcdef"
THREAD = Thread("C1", "1.0", MASK)


def reply(text: str) -> Reply:
    return Reply(7, 9, "U2", text, "C1", "1.0", "2.0", MASK)


MESSAGES = {
    "nameless posted": lambda text: posted_note(THREAD, 7, URL),
    "nameless reply": lambda text: reply_note(reply(text), URL),
    "nameless word": lambda text: word(text),
    "nameless looked": lambda text: looked_note("U1", text[:300]),
    "nameless marked": lambda text: marked(reply_note(reply(text), URL), MASK),
}
VIEWS = [
    lambda text: say_modal(7),
    lambda text: look_modal([]),
    lambda text: look_modal([Asked(each, text) for each in range(50)]),
]


def test_every_block_names_the_mask():
    message = marked(reply_note(reply("Press Amend."), URL), MASK)

    assert {mask_of(each["block_id"]) for each in message["blocks"]} == {MASK}
    assert mask_of("b") == mask_of(None) == ""
