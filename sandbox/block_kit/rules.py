"""What fields must satisfy together. A rule may trust that each field is fine by itself.

It yields where, as a JSON pointer below the object, and what is wrong there.
"""

from collections.abc import Iterator
from typing import Any

from .shapes import Rule

Complaints = Iterator[tuple[str, str]]


def any_of(*names: str) -> Rule:
    listed = " or ".join(f"`{name}`" for name in names)

    def rule(value: dict[str, Any]) -> Complaints:
        if not any(name in value for name in names):
            yield "/type" if "type" in value else "", f"must define either {listed}"

    return rule


def not_both(one: str, other: str) -> Rule:
    def rule(value: dict[str, Any]) -> Complaints:
        if one in value and other in value:
            yield "", f"cannot define both `{one}` and `{other}`"

    return rule


def unique(name: str, within: str) -> Rule:
    """No two items of the list `within` have the same `name`."""

    def rule(value: dict[str, Any]) -> Complaints:
        seen = set()
        for index, item in enumerate(value.get(within, ())):
            if (found := item.get(name)) is None:
                continue
            if found in seen:
                yield f"/{within}/{index}/{name}", f'`{name}` "{found}" already exists'
            seen.add(found)

    return rule


def ordered(lower: str, upper: str) -> Rule:
    def rule(value: dict[str, Any]) -> Complaints:
        if lower in value and upper in value and float(value[lower]) > float(value[upper]):
            yield f"/{upper}", f"must be greater than `{lower}`"

    return rule


def initial_is_offered(name: str) -> Rule:
    """What is chosen at first is one of the options; Slack compares value and text."""

    def same(option: dict[str, Any]) -> tuple[str, str]:
        return option["value"], option["text"]["text"]

    def rule(element: dict[str, Any]) -> Complaints:
        if name not in element:
            return
        groups = [element, *element.get("option_groups", ())]
        offered = {same(option) for group in groups for option in group.get("options", ())}
        initial = element[name]
        chosen = initial if isinstance(initial, list) else [initial]
        if not all(same(option) in offered for option in chosen):
            yield f"/{name}", "must be among the provided options"

    return rule


def at_most(most: int, kind: str) -> Rule:
    def rule(surface: dict[str, Any]) -> Complaints:
        found = [i for i, block in enumerate(surface["blocks"]) if block["type"] == kind]
        if len(found) > most:
            yield f"/blocks/{found[most]}", f"no more than {most} `{kind}` blocks allowed"

    return rule


def markdown_fits(message: dict[str, Any]) -> Complaints:
    length = sum(len(block["text"]) for block in message["blocks"] if block["type"] == "markdown")
    if length > 12_000:
        yield "/blocks", "`markdown` blocks must be less than 12001 characters together"


def inputs_need_submit(modal: dict[str, Any]) -> Complaints:
    for index, block in enumerate(modal["blocks"]):
        if block["type"] == "input" and "submit" not in modal:
            yield f"/blocks/{index}/input", "must define `submit` to use an `input` block in modals"


def one_element_has_focus(view: dict[str, Any]) -> Complaints:
    focused = [
        f"/blocks/{index}{pointer}/focus_on_load"
        for index, block in enumerate(view["blocks"])
        for pointer, element in _elements(block)
        if element.get("focus_on_load")
    ]
    for pointer in focused[1:]:
        yield pointer, "only one element can set `focus_on_load`"


def _elements(block: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ("accessory", "element"):
        if name in block:
            yield f"/{name}", block[name]
    for index, element in enumerate(block.get("elements", ())):
        yield f"/elements/{index}", element
