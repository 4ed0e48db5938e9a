"""Choosing where one stays out."""

from collections.abc import Sequence

from bot.privacy.staying_out import Place
from handlers.blocks.experts.availability import checkboxes, field
from handlers.blocks.text import Block, described, option, plain_text, section

CALLBACK = "staying_out"
CHOSEN = "So it is from now on. What was kept before stays until you have it erased."
MOST_PLACES = 100  # what a menu takes


def staying_out_modal(places: Sequence[Place], *, is_everywhere: bool) -> Block:
    everywhere = described("Stay out everywhere", "all", "Nothing that I write is kept, anywhere")
    shown = [option(f"#{each.name}", each.channel_id) for each in places[:MOST_PLACES]]
    out = [shown[at] for at, each in enumerate(places[:MOST_PLACES]) if each.is_out]
    menu: Block = {"type": "multi_static_select", "action_id": "value", "options": shown}
    if out:
        menu["initial_options"] = out
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Stay out"),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "blocks": [
            section(
                "Where you stay out, nothing that you write is captured, kept or found. Nobody is "
                "asked for you there. If you reply to somebody's question, the reply stays in "
                "Slack alone, and they are told that I do not keep it. What you press still works."
            ),
            field(
                "everywhere", "Everywhere", checkboxes([everywhere], [everywhere] * is_everywhere)
            ),
            *([field("channels", "Or only in these channels", menu)] if shown else []),
        ],
    }
