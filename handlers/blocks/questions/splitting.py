"""The modal that makes a reply a question of its own."""

from collections.abc import Sequence

from bot.experts.topics import TopicView
from bot.questions.splitting import LaterReply, Splittable
from bot.text import plain
from handlers.blocks.questions.ask import topic_input
from handlers.blocks.text import (
    A_COLLEAGUE,
    Block,
    context,
    mention,
    option,
    plain_text,
    quote,
    section,
)

CALLBACK = "split"


def split_modal(reply: Splittable, topics: Sequence[TopicView]) -> Block:
    blocks = [
        section(f"I ask this in the channel, as a question of {mention(reply.author_id)}:"),
        quote(reply.text, most=2000),
    ]
    if topics:
        blocks.append(topic_input(topics))
    if reply.later:
        blocks.append(later_input(reply.later))
    blocks.append(context("The reply stays where it is, and a link leads to it."))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("A question of its own"),
        "submit": plain_text("Ask"),
        "close": plain_text("Cancel"),
        "private_metadata": str(reply.answer_id),
        "blocks": blocks,
    }


def later_input(later: Sequence[LaterReply]) -> Block:
    options = [
        option(f"{each.author or A_COLLEAGUE}: {plain(each.text)}", each.answer_id)
        for each in later
    ]
    return {
        "type": "input",
        "block_id": "later",
        "optional": True,
        "label": plain_text("Later replies that belong to it"),
        "hint": plain_text("Their credit goes with them."),
        "element": {"type": "multi_static_select", "action_id": "value", "options": options},
    }
