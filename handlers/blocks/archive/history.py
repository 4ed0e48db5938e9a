"""An admin points at channels and says how far back, sees how much that is, and starts."""

import json
from collections.abc import Sequence

from bot.archive.history import Estimate
from handlers.blocks.text import Block, context, count, option, plain_text, section

CALLBACK, START_CALLBACK = "choose_history", "start_history"
MONTHS = {
    "3": option("3 months", 3),
    "6": option("6 months", 6),
    "12": option("a year", 12),
    "24": option("two years", 24),
    "60": option("five years", 60),
    "120": option("all that there is, up to ten years", 120),
}
USUAL_MONTHS = "12"
MOST_OPTIONS = 100
HOURS_OF_A_DAY = 24


def history_modal(channels: Sequence[tuple[str, str]]) -> Block:
    """`channels`: id and name of those that they can choose."""
    if not channels:
        text = "Invite me into a channel first: I read only where I am."
        return {**window("What was asked before"), "blocks": [section(text)]}
    chosen = [option(f"#{name}", channel_id) for channel_id, name in channels[:MOST_OPTIONS]]
    return {
        **window("What was asked before"),
        "callback_id": CALLBACK,
        "submit": plain_text("How much is that?"),
        "blocks": [
            {
                "type": "input",
                "block_id": "channels",
                "label": plain_text("Which channels"),
                "element": {
                    "type": "multi_static_select",
                    "action_id": "value",
                    "options": chosen,
                },
            },
            {
                "type": "input",
                "block_id": "months",
                "label": plain_text("How far back"),
                "element": {
                    "type": "static_select",
                    "action_id": "value",
                    "options": list(MONTHS.values()),
                    "initial_option": MONTHS[USUAL_MONTHS],
                },
            },
            context(
                "I post nothing, nobody gets credit for what was long ago, and who stays out "
                "stays out. Private channels are found by their members alone."
            ),
        ],
    }


def estimate_modal(estimate: Estimate) -> Block:
    text = (
        f"That is about {count(estimate.messages, 'message')}, in "
        f"{count(estimate.threads, 'thread')} and beside them."
    )
    return {
        **window("What was asked before"),
        "callback_id": START_CALLBACK,
        "private_metadata": json.dumps(
            {
                "channels": list(estimate.channel_ids),
                "months": estimate.months,
                "in_all": estimate.messages,
            }
        ),
        "submit": plain_text("Start"),
        "blocks": [
            section(text),
            section(takes(estimate.hours)),
            context(
                "I read in the background, and slowly, so that it is in nobody's way. App Home "
                "shows how far I am. You can stop it, go on later, and undo all of it."
            ),
        ],
    }


def takes(hours: float) -> str:
    if hours < 1:
        return "It takes less than an hour."
    if hours < HOURS_OF_A_DAY:
        return f"It takes about {count(round(hours), 'hour')}."
    return f"It takes about {count(round(hours / HOURS_OF_A_DAY), 'day')}."


def window(title: str) -> Block:
    return {"type": "modal", "title": plain_text(title[:24]), "close": plain_text("Cancel")}
