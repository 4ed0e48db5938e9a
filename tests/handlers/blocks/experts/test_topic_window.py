"""The window of a topic."""

import pytest

from bot.experts.inviting import Invited
from bot.experts.topic_window import SavedTopic, TopicForm
from bot.experts.topics import TopicView, Waits
from handlers.blocks.experts.topic_window import saved_modal, topic_modal
from handlers.blocks.text import Block


def topic(text: str = "Customs", **changes) -> TopicView:
    values = {
        "topic_id": 1,
        "name": text[:60] or "x",
        "keywords": ("a", text[:100]),
        "member_ids": ("U1", "S1"),
        "sponsor_id": "U2",
        "waits": Waits(20, 120, 480),
        "hand_off_channel_id": "C9",
        "hint": text[:300],
        "hand_off_url": f"https://desk.example/{'x' * 479}",
        "invited": Invited(("U3", "U4"), ("U5",)),
    }
    return TopicView(**{**values, **changes})


def form(text: str = "Customs", **changes) -> TopicForm:
    others = tuple((number, text[:60] or "x") for number in range(500))
    values = {"topic": topic(text), "channel_id": "C1", "others": others, "seen": "0" * 16}
    return TopicForm(**{**values, **changes})


def shown(text: str = "Customs", **changes) -> Block:
    groups = [(f"S{each}", text[:80]) for each in range(150)]
    return topic_modal(form(text, **changes), groups)


VIEWS = [
    shown,
    lambda text: shown(text, topic=None, name=text[:60]),
    lambda text: topic_modal(form(text, topic=None, name=text[:60]), is_whole=False),
    lambda text: saved_modal(SavedTopic(topic(text), 7)),
]


@pytest.mark.parametrize(
    ("experts", "invited", "said"),
    [
        ((), Invited(), "0 experts: nobody will be asked."),
        ((), Invited(("U3",)), "nobody will be asked. Asked and not answered yet: <@U3>."),
        (("U1",), Invited((), ("U3",)), "Would rather not: <@U3>."),
        (("U1",), Invited(), "Whom you add is asked first whether they would."),
    ],
)
def test_the_window_says_who_is_asked(experts: tuple, invited: Invited, said: str):
    assert said in str(shown(topic=topic(member_ids=experts, invited=invited)))


def test_a_new_topic_needs_two_fields_and_the_rest_is_folded():
    blocks = topic_modal(TopicForm(name="Customs"), is_whole=False)["blocks"]

    assert [each["block_id"] for each in blocks if each["type"] == "input"] == ["name", "people"]


@pytest.mark.parametrize(
    ("waits", "chosen", "has_times"),
    [
        (Waits(), "usual", False),
        (Waits(5, 20, 120), "quick", False),
        (Waits(7, 20, 120), "own", True),
        (Waits(5, 20, 120, 10), "own", True),
    ],
)
def test_how_soon_is_a_choice_of_words_and_own_times_are_minutes(
    waits: Waits, chosen: str, has_times: bool
):
    blocks = {each.get("block_id"): each for each in shown(topic=topic(waits=waits))["blocks"]}

    assert blocks["pace"]["element"]["initial_option"]["value"] == chosen
    assert ("next_few" in blocks) == has_times
