"""What people type after a command, as they mean it: phones and text programs put other signs for
those on the keys, and what is copied from a sentence ends like one."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from bot.text import key_of

DOUBLE_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»〝〞〟「」『』", '"'))
SINGLE_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛‹›", "'"))
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
END_OF_SENTENCE = " .,;:!…。"
NEAR_ENOUGH = 0.85  # from 0 to 1, where letters are swapped, left out or not yet typed


def as_typed(text: str) -> str:
    """The text as plain keys give it: straight quotes, hyphens and single spaces, on one line,
    without the end of a sentence."""
    plain_signs = with_straight_quotes(text).translate(SINGLE_QUOTES).translate(DASHES)
    return " ".join(plain_signs.split()).rstrip(END_OF_SENTENCE)


def with_straight_quotes(text: str) -> str:
    """The text with one sign for all kinds of quotation marks."""
    return text.translate(DOUBLE_QUOTES)


def typed_key(name: str) -> str:
    """A name for comparing what was typed with what it names."""
    return key_of(as_typed(name).strip('"'))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Which of these words was meant; None where it is like none of them."""
    found = process.extractOne(
        word.casefold(), list(known), scorer=JaroWinkler.similarity, score_cutoff=NEAR_ENOUGH
    )
    return found[0] if found else None
