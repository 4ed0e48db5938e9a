"""Topics and channels by pages, with a search: to change them, or to join."""

import json

from bot.community.lists import A_PAGE, CHANNELS, JOIN, TOPICS, Item, Page
from bot.community.settings import CHANNEL
from handlers.blocks.community.settings import CHANGE
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    escape,
    plain_text,
    section,
)

SEARCH_LIST, TURN_BACK, TURN_ON = "search_list", "page_back", "page_on"
CHANGE_TOPIC, NEW_TOPIC = "change_topic", "new_topic"
JOIN_TOPIC, LEAVE_TOPIC = "join_topic", "leave_topic"
TITLES = {TOPICS: "Topics", CHANNELS: "Channels", JOIN: "Topics to help on"}
NOTHING = {
    TOPICS: "There is no topic of that name.",
    CHANNELS: "There is no such channel that we are both in. Invite me with `/invite @Askaround`.",
    JOIN: "There is no topic of that name that you can see.",
}


def list_modal(page: Page) -> Block:
    rows = [row(page.which, item) for item in page.items]
    new = [actions(button("New topic", NEW_TOPIC, "list"))] if page.which == TOPICS else []
    return {
        "type": "modal",
        "callback_id": SEARCH_LIST,
        "title": plain_text(TITLES[page.which]),
        "submit": plain_text("Find"),
        "close": plain_text("Close"),
        "private_metadata": json.dumps(
            {"which": page.which, "number": page.number, "query": page.query}
        ),
        "blocks": [
            search_input(page.query),
            *(rows or [section(NOTHING[page.which])]),
            *turning(page),
            *new,
        ],
    }


def search_input(query: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "max_length": 80,
    }
    if query:
        element["initial_value"] = query
    return {
        "type": "input",
        "block_id": "query",
        "optional": True,
        "label": plain_text("Find by name"),
        "element": element,
    }


def row(which: str, item: Item) -> Block:
    name = escape(item.name)
    if which == CHANNELS:
        kind = "a help channel" if item.is_help else "no help channel"
        change = button("Change", CHANGE, f"{CHANNEL}:{item.subject}")
        return section(f"*#{name}*\n{kind}", accessory=change)
    if which == JOIN and item.is_mine:
        return section(f"*{name}*\nyou help here", button("Leave", LEAVE_TOPIC, item.subject))
    if which == JOIN:
        return section(f"*{name}*", accessory=button("Join", JOIN_TOPIC, item.subject))
    helping = count(item.experts, "expert")
    told = helping if item.experts else "0 experts: nobody will be asked"
    return section(f"*{name}*\n{told}", accessory=button("Change", CHANGE_TOPIC, item.subject))


def turning(page: Page) -> list[Block]:
    """Which part of them this is, and the ways to the others."""
    if page.count <= A_PAGE:
        return []
    first = page.number * A_PAGE + 1
    last = min(first + A_PAGE - 1, page.count)
    presses = [
        *([button("Back", TURN_BACK, page.number - 1)] if page.number else []),
        *([] if page.is_last else [button("Next", TURN_ON, page.number + 1)]),
    ]
    told = context(f"{first} to {last} of {page.count}")
    return [told, actions(*presses)] if presses else [told]
