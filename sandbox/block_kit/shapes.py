"""The words Block Kit is described with: each makes a check of one value.

A check is given the value, the JSON pointer to it, and the list to which it adds its complaints.
Rules look at several fields of an object together; they run once each field is fine by itself.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[object, str, list[str]], None]
Rule = Callable[[dict[str, Any]], Iterator[tuple[str, str]]]  # yields (pointer below, sentence)


def complaint(sentence: str, pointer: str) -> str:
    return f"{sentence} [json-pointer:{pointer}]"


def anything(_value: object, _at: str, _complaints: list[str]) -> None:
    """For what has been looked at already, such as the type of a typed object."""


def flag(value: object, at: str, complaints: list[str]) -> None:
    if not isinstance(value, bool):
        complaints.append(complaint("must be a boolean", at))


def string(max: int | None = None, *, min: int = 0, pattern: str | None = None) -> Check:
    matches = re.compile(pattern).fullmatch if pattern else None

    def check(value: object, at: str, complaints: list[str]) -> None:
        if not isinstance(value, str):
            complaints.append(complaint("must provide a string", at))
        elif len(value) < min:
            complaints.append(complaint(f"must be more than {min - 1} characters", at))
        elif max is not None and len(value) > max:
            complaints.append(complaint(f"must be less than {max + 1} characters", at))
        elif matches and not matches(value):
            complaints.append(complaint(f"input must match regex pattern: {pattern}", at))

    return check


def url(max: int | None = None, *, scheme: str = r"[a-zA-Z][\w+.-]*") -> Check:
    is_text = string(max, min=1)
    matches = re.compile(rf"{scheme}:[^\s<>]+").fullmatch

    def check(value: object, at: str, complaints: list[str]) -> None:
        is_text(value, at, complaints)
        if isinstance(value, str) and value and not matches(value):
            complaints.append(complaint("invalid url", at))

    return check


def number(value: object, at: str, complaints: list[str]) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        complaints.append(complaint("must provide a number", at))


def more_than_zero(value: object, at: str, complaints: list[str]) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        complaints.append(complaint("must provide a number", at))
    elif not value > 0:
        complaints.append(complaint("must be greater than 0", at))


def integer(min: int, max: int | None = None) -> Check:
    def check(value: object, at: str, complaints: list[str]) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            complaints.append(complaint("must provide an integer", at))
        elif value < min:
            complaints.append(complaint(f"must be greater than {min}", at))
        elif max is not None and value > max:
            complaints.append(complaint(f"must be less than {max}", at))

    return check


def choice(*allowed: object) -> Check:
    def check(value: object, at: str, complaints: list[str]) -> None:
        if value not in allowed or isinstance(value, bool):
            complaints.append(complaint("must be a valid enum value", at))

    return check


def nullable(inner: Check) -> Check:
    def check(value: object, at: str, complaints: list[str]) -> None:
        if value is not None:
            inner(value, at, complaints)

    return check


def items(inner: Check, min: int = 0, max: int | None = None) -> Check:
    def check(value: object, at: str, complaints: list[str]) -> None:
        if not isinstance(value, list):
            complaints.append(complaint("must provide an array", at))
            return
        if len(value) < min:
            complaints.append(complaint(f"must provide at least {min} items", at))
        if max is not None and len(value) > max:
            complaints.append(complaint(f"no more than {max} items allowed", at))
            return  # Slack stops here too, and a million items need not be looked at
        for index, item in enumerate(value):
            inner(item, f"{at}/{index}", complaints)

    return check


def fields(shape: Mapping[str, Check], *rules: Rule) -> Check:
    """An object with these fields and no others; a name that ends in `?` may be left out."""
    checks = {name.removesuffix("?"): check for name, check in shape.items()}
    required = [name for name in shape if not name.endswith("?")]

    def check(value: object, at: str, complaints: list[str]) -> None:
        if not isinstance(value, dict):
            complaints.append(complaint("must provide an object", at))
            return
        found_before = len(complaints)
        for name in required:
            if name not in value:
                complaints.append(complaint(f"missing required field: {name}", at))
        for name, item in value.items():
            if known := checks.get(name):
                known(item, f"{at}/{name}", complaints)
            else:
                complaints.append(complaint(f"invalid additional property: {name}", at))
        if len(complaints) == found_before:
            for rule in rules:
                complaints += [complaint(sentence, at + below) for below, sentence in rule(value)]

    return check


def typed(shape: Mapping[str, Check], *rules: Rule) -> Check:
    """An object that `by_type` has chosen by its `type`."""
    return fields({"type": anything, **shape}, *rules)


def by_type(checks: Mapping[str, Check]) -> Check:
    """An object of one of these types."""

    def check(value: object, at: str, complaints: list[str]) -> None:
        if not isinstance(value, dict):
            complaints.append(complaint("must provide an object", at))
        elif "type" not in value:
            complaints.append(complaint("missing required field: type", at))
        elif not isinstance(value["type"], str):
            complaints.append(complaint("must provide a string", f"{at}/type"))
        elif known := checks.get(value["type"]):
            known(value, at, complaints)
        else:
            complaints.append(complaint(f"unsupported type: {value['type']}", f"{at}/type"))

    return check
