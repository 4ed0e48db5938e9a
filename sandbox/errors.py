"""What goes wrong, with Slack's own code for it."""

from typing import Any


class SlackError(Exception):
    """An answer that is not ok. `code` is Slack's error code, `details` the fields beside it."""

    def __init__(self, code: str, **details: Any):
        super().__init__(f"{code} {details}" if details else code)
        self.code = code
        self.details = details


def invalid_arguments(*messages: str) -> SlackError:
    return SlackError(
        "invalid_arguments",
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
    )


def invalid_blocks(problems: list[str]) -> SlackError:
    return SlackError(
        "invalid_blocks",
        errors=problems,
        response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]},
    )
