"""The topics, and the modal in which one is set up."""

from handlers.blocks.experts.topics import secret_modal, topic_list, topic_note
from tests.handlers.blocks.conftest import topics

MESSAGES = {
    "topics": lambda text: topic_list(topics(text or "x", 100)),
    "no topics": lambda _: topic_list([]),
    "topic is a part of another": lambda text: topic_note(text[:60], text[:60] or "x", "U1"),
    "topic is gone": lambda text: topic_note(text[:60], "", "U1"),
}

VIEWS = [lambda _: secret_modal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
