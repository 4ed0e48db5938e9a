"""Making a later reply a question of its own."""

from bot.questions.splitting import LaterReply, Splittable
from handlers.blocks.questions.splitting import split_modal
from tests.handlers.blocks.conftest import topics


def split_of(text: str, number: int) -> Splittable:
    later = tuple(LaterReply(each, text[:80], text) for each in range(number))
    return Splittable(7, "U1", text, later)


VIEWS = [
    lambda text: split_modal(split_of(text, 30), topics(text or "x", 150)),
    lambda text: split_modal(split_of(text, 0), []),
]
