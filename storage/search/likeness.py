"""How alike texts are that are in no index, such as those of open questions."""

import math
from collections import Counter
from collections.abc import Mapping

from storage.search.languages import ENGLISH, language_of
from storage.search.words import common_of, terms_of, terms_of_word, words_of


def likeness(text: str, others: Mapping[int, str]) -> dict[int, float]:
    """How much of what the text says each of the others says too, 0 to 1: the words that few
    of them have count most."""
    language = language_of(words_of(text)) or ENGLISH
    wanted = set(terms_of(text, language)) - common_of(text, [language])
    shared = {key: wanted.intersection(terms_of(other, language)) for key, other in others.items()}
    frequency = Counter(term for terms in shared.values() for term in terms)
    worth = {term: math.log(1 + (1 + len(others)) / (1 + frequency[term])) for term in wanted}
    most = sum(worth.values()) or 1.0
    return {key: sum(worth[term] for term in terms) / most for key, terms in shared.items()}


OF_THIS, OF_THAT, BOTH = 0.7, 0.5, 3


def asks_alike(text: str, other: str) -> bool:
    """Whether the two questions may be called alike: each says most of what the other's first
    line does. Calibrated by eye on an expert forum, see `bench/RESULTS.md`."""
    here, there = telling_in(text), telling_in(other)
    if len(here & there) < BOTH:
        return False
    return (
        share_of(telling_in(first_line(text)), there) >= OF_THIS
        and share_of(telling_in(first_line(other)), here) >= OF_THAT
    )


def telling_in(text: str) -> set[str]:
    language = language_of(words_of(text)) or ENGLISH
    return set(terms_of(text, language)) - common_of(text, [language])


def first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0]


def share_of(words: set[str], others: set[str]) -> float:
    return len(words & others) / len(words) if words else 0.0


TITLE = 200  # characters


def words_of_title(text: str) -> dict[str, str]:
    """What the text's beginning is about: each term that tells something, as it was written."""
    title = first_line(text)[:TITLE]
    language = language_of(words_of(text[: 4 * TITLE])) or ENGLISH
    common = common_of(title, [language])
    return {
        term: word.lower()
        for word in words_of(title)
        for term in terms_of_word(word, language)
        if term not in common and len(term) > 1 and not term.isdigit()
    }
