"""What people type, as they mean it: phones and text programs put other signs for those on the
keys."""

import re

DOUBLE_QUOTES = re.compile("[\u201c-\u201f«»〝〞〟「」『』]")


def with_straight_quotes(text: str) -> str:
    """The text with one sign for all kinds of quotation marks."""
    return DOUBLE_QUOTES.sub('"', text)
