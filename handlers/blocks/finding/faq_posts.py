"""A channel's FAQ: the part of App Home, the windows in which an admin picks, and the message."""

import json
from collections.abc import Sequence

from bot.finding.faq_posts import MOST, FaqPage, Picking, Place
from bot.finding.find import Result
from bot.text import plain
from handlers.blocks.text import (
    Block,
    button,
    context,
    described,
    fitting,
    link,
    message,
    option,
    permalink,
    plain_text,
    quote,
    section,
)

OPEN, CHANNEL_CALLBACK, PICK_CALLBACK = "open_faq", "faq_channel", "pick_faq"
MAX_OPTIONS = 100  # what a menu takes
# Characters of an answer in the message, and of all questions in it: a message takes 13,200.
LONGEST, QUESTIONS_LIMIT = 320, 6000
TITLE = "A channel's FAQ"
HOW = (
    f"Up to {MOST} answers that were solved in the channel, in one message that I keep in place: "
    "what somebody calls outdated leaves it by itself. Pin that message, and it is always at hand."
)
EMPTY = "Nothing is in this FAQ right now. An admin picks the answers in my Home."


def faq_sections(is_admin: bool) -> list[Block]:
    if not is_admin:
        return []
    text = f"*{TITLE}*\nPick solved answers, and I keep one message with them up to date."
    return [section(text, accessory=button("Pick answers", OPEN))]


def channel_modal(places: Sequence[Place]) -> Block:
    options = [option(f"#{each.name}", each.channel_id) for each in places[:MAX_OPTIONS]]
    return {
        "type": "modal",
        "callback_id": CHANNEL_CALLBACK,
        "title": plain_text(TITLE),
        "submit": plain_text("Go on"),
        "close": plain_text("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "channel",
                "label": plain_text("Of which channel"),
                "element": {
                    "type": "static_select",
                    "action_id": "value",
                    "options": options,
                    "initial_option": options[0],
                },
            },
            context(HOW),
        ],
    }


def pick_modal(picking: Picking) -> Block:
    if not picking.offered:
        return {
            "type": "modal",
            "title": plain_text(TITLE),
            "close": plain_text("Close"),
            "blocks": [section("Nothing is solved in that channel yet.")],
        }
    options = {result.question_id: pick_option(result) for result in picking.offered}
    element: Block = {
        "type": "multi_static_select",
        "action_id": "value",
        "options": list(options.values()),
        "max_selected_items": MOST,
        "placeholder": plain_text("Choose answers"),
    }
    chosen = [options[each] for each in options if each in picking.picked]
    if chosen:
        element["initial_options"] = chosen
    return {
        "type": "modal",
        "callback_id": PICK_CALLBACK,
        "title": plain_text(TITLE),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps({"channel": picking.channel_id}),
        "blocks": [
            {
                "type": "input",
                "block_id": "answers",
                "optional": True,
                "label": plain_text("What is in it"),
                "element": element,
            },
            context(HOW),
        ],
    }


def pick_option(result: Result) -> Block:
    confirmed, solved = result.confirmed_at, result.solved_at
    state = f"Confirmed on {confirmed:%Y-%m-%d}" if confirmed else f"Solved on {solved:%Y-%m-%d}"
    return described(plain(result.question), result.question_id, state)


def faq_page(page: FaqPage, workspace_url: str) -> Block:
    if not page.results:
        return message(EMPTY, [section(EMPTY)])
    title = ":bookmark: What is asked here often, and what works"
    blocks = [section(f"*{title}*")]
    asked = fitting((asked_line(each, workspace_url) for each in page.results), QUESTIONS_LIMIT)
    for line, result in zip(asked, page.results, strict=False):
        blocks += [section(line), quote(result.solution, LONGEST)]
    if len(asked) < len(page.results):
        blocks.append(context(f"And {len(page.results) - len(asked)} more: `/find` has them."))
    return message(title, blocks)


def asked_line(result: Result, workspace_url: str) -> str:
    asked = permalink(workspace_url, result.channel_id, result.thread_ts)
    return f"*{link(asked, result.question, 200)}*"
