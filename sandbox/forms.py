"""Elements a person fills in: finding them, choosing in them, and what the app reads from them."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.errors import SlackError
from sandbox.workspace import Payload

# Where an element keeps what was chosen; its initial_… field has the same name's ending.
VALUE_FIELD = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "overflow": "selected_option",
}
WITHOUT_STATE = ("overflow",)
Key = tuple[str, str]


def with_ids(blocks: list[Payload]) -> list[Payload]:
    """The blocks with the block_id and action_id that Slack makes up where an app gave none."""
    done = []
    for block in blocks:
        named = {"block_id": _made_up(), **block}
        if isinstance(named.get("elements"), list) and named["type"] == "actions":
            named["elements"] = [{"action_id": _made_up(), **each} for each in named["elements"]]
        for place in ("element", "accessory"):
            if isinstance(named.get(place), dict) and named[place]["type"] != "image":
                named[place] = {"action_id": _made_up(), **named[place]}
        done.append(named)
    return done


def elements(blocks: list[Payload]) -> Iterator[tuple[Payload, Payload]]:
    """Every block with each interactive element in it."""
    for block in blocks:
        places = [block.get("element"), block.get("accessory")]
        if block["type"] == "actions":
            places += block["elements"]
        for element in places:
            if element and "action_id" in element:
                yield block, element


def find_element(
    blocks: list[Payload], action_id: str, *, block_id: str | None, value: str | None
) -> tuple[Payload, Payload]:
    for block, element in elements(blocks):
        if element["action_id"] != action_id or block_id not in (None, block["block_id"]):
            continue
        if value is None or element.get("value") == value:
            return block, element
    raise SlackError("no_such_action", action_id=action_id)


def state_values(blocks: list[Payload], chosen: Mapping[Key, Payload]) -> Payload:
    values: dict[str, Payload] = {}
    for block, element in elements(blocks):
        kind = element["type"]
        if kind not in VALUE_FIELD or kind in WITHOUT_STATE:
            continue
        key = (block["block_id"], element["action_id"])
        values.setdefault(key[0], {})[key[1]] = chosen.get(key) or _initial(element)
    return values


def filled(element: Payload, value: Any) -> Payload:
    """The element's state once a person chose `value`: text, an option's value, a user …"""
    kind = element["type"]
    if kind not in VALUE_FIELD:
        raise SlackError("nothing_to_choose", type=kind)
    name = VALUE_FIELD[kind]
    if value is None:
        chosen: Any = [] if name.endswith("s") else None
    elif name in ("selected_option", "selected_options"):
        chosen = _options(element, value) if name.endswith("s") else _option(element, value)
    elif name.endswith("s"):
        chosen = [_identifier(each) for each in value]
    else:
        chosen = _identifier(value)
    return {"type": kind, name: chosen}


def is_empty(state: Payload) -> bool:
    return state[VALUE_FIELD[state["type"]]] in (None, "", [])


def problem_with(block: Payload, state: Payload) -> str | None:
    """What Slack's own client says about an input before it lets a person submit."""
    element = block["element"]
    if is_empty(state):
        return None if block.get("optional") else "required"
    if element["type"] != "plain_text_input":
        return None
    length = len(state["value"])
    if length < element.get("min_length", 0):
        return "too_short"
    if length > element.get("max_length", 3000):
        return "too_long"
    return None


def _initial(element: Payload) -> Payload:
    kind = element["type"]
    name = VALUE_FIELD[kind]
    what = "value" if name.endswith("value") else name.removeprefix("selected_")
    initial = element.get(f"initial_{what}")
    if initial is None and name.endswith("s"):
        initial = []
    return {"type": kind, name: initial}


def _option(element: Payload, value: Any) -> Payload:
    wanted = value["value"] if isinstance(value, Mapping) else value
    groups = element.get("option_groups") or [element]
    for group in groups:
        for option in group.get("options") or []:
            if option["value"] == wanted:
                return dict(option)
    if element["type"].endswith("external_select") and isinstance(value, Mapping):
        return dict(value)
    raise SlackError("no_such_option", option=wanted)


def _options(element: Payload, values: Any) -> list[Payload]:
    return [_option(element, value) for value in values]


def _identifier(value: Any) -> Any:
    return getattr(value, "id", value)


def _made_up() -> str:
    return secrets.token_urlsafe(4)
