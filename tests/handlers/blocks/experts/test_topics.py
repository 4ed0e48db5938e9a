"""The topics, and the modal in which one is set up."""

from bot.experts.topics import TopicView, Waits
from handlers.blocks.experts.topics import secret_modal, topic_list, topic_modal, topic_note
from tests.handlers.blocks.conftest import topics

MESSAGES = {
    "topics": lambda text: topic_list(topics(text or "x", 100)),
    "no topics": lambda _: topic_list([]),
    "topic is a part of another": lambda text: topic_note(text[:60], text[:60] or "x", "U1"),
    "topic is gone": lambda text: topic_note(text[:60], "", "U1"),
}

VIEWS = [
    lambda text: topic_modal(
        topic=TopicView(
            1,
            "Customs",
            ("a", "b"),
            ("U1", "S1"),
            "U2",
            Waits(20, 120, 480),
            "C9",
            text[:300],
            f"https://desk.example/{'x' * 479}",
        ),
        name="",
        groups=[(f"S{each}", text[:80]) for each in range(150)],
        channel_id="C1",
        is_channel_topic=True,
    ),
    lambda _: secret_modal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    lambda _: topic_modal(topic=None, name="", groups=[], channel_id=None, is_channel_topic=False),
]
