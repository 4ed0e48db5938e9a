"""Pages of a long answer, walked with a cursor."""

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from typing import TypeVar

from sandbox.api.request import Request
from sandbox.errors import SlackError
from sandbox.workspace import Payload

Item = TypeVar("Item")


def page(
    request: Request, items: Sequence[Item], *, default: int = 100, most: int = 1000
) -> tuple[list[Item], Payload]:
    """The items asked for, and the response_metadata that leads to the next ones."""
    limit = min(request.number("limit", default), most)
    start = read_cursor(request, "offset", default="0")
    if not start.isdecimal():
        raise SlackError("invalid_cursor")
    first = int(start)
    rest = first + limit < len(items)
    return list(items[first : first + limit]), next_page(
        "offset", str(first + limit) if rest else ""
    )


def next_page(kind: str, value: str) -> Payload:
    cursor = b64encode(f"{kind}:{value}".encode()).decode() if value else ""
    return {"response_metadata": {"next_cursor": cursor}}


def read_cursor(request: Request, kind: str, *, default: str) -> str:
    cursor = request.text("cursor")
    if not cursor:
        return default
    try:
        found, _, value = b64decode(cursor, validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if found != kind:
        raise SlackError("invalid_cursor")
    return value
