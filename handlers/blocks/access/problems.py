"""What a program reads where its request is not answered: problem details, as RFC 9457 has them."""

from typing import Any

from bot.errors import UserError
from bot.text import plain
from handlers.blocks.text import said

TYPE = "urn:askaround:problem:"  # a name for each kind, to tell them apart by
PROBLEM = "application/problem+json"
# By status: the kind, its title, and what is said where there is nothing better.
KINDS = {
    400: ("bad-request", "Bad request", "That is not a request that I can read."),
    401: (
        "no-token",
        "No token that holds",
        "Send a token that holds, as `Authorization: Bearer askaround_…`. You make one in "
        "Askaround's App Home.",
    ),
    403: ("not-allowed", "Not allowed", "This token is not for that."),
    404: ("not-there", "Not there", "There is nothing here that you can see."),
    405: ("wrong-method", "Wrong method", "That cannot be done here: see `Allow`."),
    409: ("conflict", "Not as things stand", "That cannot be done as things stand."),
    413: ("too-large", "Too large", "That is more than I read."),
    429: (
        "too-many",
        "Too many requests",
        "That were too many requests: wait as `Retry-After` says.",
    ),
    500: ("failed", "Something failed", "That did not work, and nothing was changed."),
    503: ("not-now", "Not now", "I cannot answer right now: try again as `Retry-After` says."),
}


def problem(status: int, detail: str = "", **more: Any) -> dict[str, Any]:
    """`more`: what else is said of it, by name."""
    kind, title, usual = KINDS[status]
    shown = {"type": TYPE + kind, "title": title, "status": status, "detail": detail or usual}
    return shown | more


def told(error: UserError) -> str:
    """The sentence that people read in Slack, without its markup."""
    return plain(said(error))


def wrong_value(name: str, about: str) -> str:
    return f"The parameter `{name}` cannot be that: {about}"


def missing_value(name: str, about: str) -> str:
    return f"The parameter `{name}` is missing: {about}"


def twice(name: str) -> str:
    return f"The parameter `{name}` is there more than once."


def unknown_value(known: list[str]) -> str:
    if not known:
        return "This takes no parameters."
    return f"There is a parameter that this does not know. It knows: {', '.join(known)}."


def needs_scope(scope: str) -> str:
    return f"This token is not for that: it needs the scope `{scope}`."


def failed(reference: str) -> str:
    return f"That did not work, and nothing was changed. If it stays so, tell an admin: {reference}"


SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 has it.",
    "properties": {
        "type": {"type": "string", "description": "The kind of problem, to tell it by."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "parameter": {"type": "string", "description": "The one that is wrong, if it is one."},
        "scope": {"type": "string", "description": "The one that the token lacks."},
        "reference": {"type": "string", "description": "By which the log knows of it."},
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
}
