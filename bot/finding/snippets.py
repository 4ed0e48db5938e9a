"""The part of an answer that shows why it was found, with the words searched for marked."""

from collections.abc import Sequence

from bot.text import plain, unformatted
from storage.search import list_matches

Piece = tuple[str, bool]  # a piece of text, and whether it was searched for
LEAD = 60  # characters at most before the first match, where the start is left out


def snippet(text: str, searched: str, most: int) -> tuple[Piece, ...]:
    """At most that many characters, from the start where the first match is near it."""
    words = unformatted(plain(text))
    matches = list_matches(words, searched)
    start, end = window(words, matches, most)
    pieces: list[Piece] = [("… ", False)] if start else []
    at = start
    for first, last in matches:
        if start <= first and last <= end:
            pieces += [(words[at:first], False), (words[first:last], True)]
            at = last
    pieces += [(words[at:end], False), (" …" if end < len(words) else "", False)]
    return tuple(piece for piece in pieces if piece[0])


def window(text: str, matches: Sequence[tuple[int, int]], most: int) -> tuple[int, int]:
    """Where the shown part begins and ends: at borders of words, where there are any."""
    if len(text) <= most:
        return 0, len(text)
    first, lead = matches[0][0] if matches else 0, min(LEAD, most // 3)
    start = 0 if first < most - lead else min(first - lead, len(text) - most)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + most)
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start + most // 2 else end
    return start, end
