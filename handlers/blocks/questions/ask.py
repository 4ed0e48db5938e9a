"""The /ask modal."""

import json
from collections.abc import Sequence

from bot.experts.topics import TopicView
from bot.questions.ask import HelpChannel
from bot.text import clip
from handlers.blocks.experts.hints import USUAL
from handlers.blocks.questions.nameless import nameless_input
from handlers.blocks.text import Block, option, plain_text

CALLBACK = "ask"
MAX_QUESTION = 3000  # what a text input takes
MAX_OPTIONS = 100  # what a menu takes
WHERE_HINT = "I post it there for you. The card in its thread lets you edit and delete it."


def ask_modal(
    *,
    text: str,
    channels: Sequence[HelpChannel],
    channel_id: str,
    topics: Sequence[TopicView],
    may_be_nameless: bool = False,
) -> Block:
    blocks = [question_input(text), channel_input(channels)]
    if topics:
        blocks.append(topic_input(topics))
    if may_be_nameless:
        blocks.append(nameless_input())
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Ask the experts"),
        "submit": plain_text("Ask"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps({"from": channel_id}),
        "blocks": blocks,
    }


def question_input(text: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": True,
        "max_length": MAX_QUESTION,
        "focus_on_load": True,
        "placeholder": plain_text("What are you trying to do, and what happens instead?"),
    }
    if text:
        element["initial_value"] = clip(text, MAX_QUESTION)
    return {
        "type": "input",
        "block_id": "question",
        "label": plain_text("Your question"),
        "hint": plain_text(USUAL),
        "element": element,
    }


def channel_input(channels: Sequence[HelpChannel]) -> Block:
    """The best comes first, and is chosen already."""
    options = [option(f"#{each.name}", each.channel_id) for each in channels[:MAX_OPTIONS]]
    return {
        "type": "input",
        "block_id": "channel",
        "label": plain_text("Where to ask"),
        "hint": plain_text(WHERE_HINT),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "options": options,
            "initial_option": options[0],
        },
    }


def topic_input(topics: Sequence[TopicView]) -> Block:
    return {
        "type": "input",
        "block_id": "topic",
        "optional": True,
        "label": plain_text("Topic"),
        "hint": plain_text("Leave it open and I choose by the words of your question."),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "placeholder": plain_text("Choose a topic"),
            "options": [option(topic.name, topic.topic_id) for topic in topics[:MAX_OPTIONS]],
        },
    }
