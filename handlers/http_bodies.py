"""Reading the body of a signed request: JSON, a form, or a form that holds JSON."""

import json
from typing import NoReturn
from urllib.parse import parse_qsl

from handlers.payloads import Payload

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MOST_FIELDS = 100


class Unreadable(Exception):
    """Nothing that Slack would send."""


def read_body(body: bytes, content_type: str, charset: str | None) -> Payload:
    """What it says; Unreadable, without a word of it, when it cannot be read."""
    if (charset or "utf-8").lower() != "utf-8":
        raise Unreadable()
    try:
        text = body.decode()
        if content_type == JSON:
            return read_object(text)
        if content_type == FORM:
            return read_form(text)
    except (ValueError, RecursionError):  # a decoding error is a ValueError too
        pass
    raise Unreadable()


def read_object(text: str) -> Payload:
    said = json.loads(text, parse_constant=refuse)
    if not isinstance(said, dict):
        raise ValueError
    return said


def read_form(text: str) -> Payload:
    """The fields of a command, or what the field `payload` holds."""
    pairs = parse_qsl(
        text,
        keep_blank_values=True,
        strict_parsing=True,
        errors="strict",
        max_num_fields=MOST_FIELDS,
    )
    fields = dict(pairs)
    if not fields or len(fields) < len(pairs):
        raise ValueError
    return read_object(fields["payload"]) if "payload" in fields else fields


def refuse(constant: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError
