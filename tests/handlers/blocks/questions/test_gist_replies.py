"""A reply made from a short answer."""

from bot.finding.gists import Waiting
from bot.questions.gist_replies import ToPost
from handlers.blocks.questions.gist_replies import reply_message, reply_modal
from tests.handlers.blocks.conftest import URL, found

MESSAGES = {
    "reply with a gist": lambda text: reply_message(
        "U1", text, ToPost("C1", "1.0", text[:500], (found(text),) * 5), URL
    ),
    "reply without sources": lambda text: reply_message(
        "U1", text, ToPost("C1", "1.0", "Ken", ()), URL
    ),
}

VIEWS = [lambda text: reply_modal(text, [1, 2], [Waiting(n, "C1", text) for n in range(20)])]
