"""A solved question shown to a channel, and what is said of help that came again."""

from collections.abc import Sequence

from bot.finding.find import Result
from handlers.blocks.finding.find import result_blocks
from handlers.blocks.text import (
    Block,
    listed,
    mention,
    message,
    section,
)

GETTING_TO_KNOW_THEM = (
    "I do not know yet whether everybody here may read that. I am finding out: "
    "please try again in a minute."
)


def helped(credited: Sequence[str]) -> str:
    names = listed([mention(user_id) for user_id in credited])
    return f"Good. It counts among the kudos of {names}."


def shared(sharer_id: str, result: Result, workspace_url: str) -> Block:
    """A solved question that somebody shows to a channel."""
    text = f"{mention(sharer_id)} shares a solved question:"
    return message(text, [section(text), *result_blocks(result, workspace_url)])
