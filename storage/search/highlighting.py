"""Which words of a text are why it was found."""

from collections.abc import Iterator

from storage.search.words import COMMON, WORD, terms_of, without_accents


def list_matches(text: str, searched: str) -> list[tuple[int, int]]:
    """Where the words of the text stand that were searched for: start and end of each, in
    order. Words that are everywhere are no reason, unless nothing else was searched for."""
    wanted = set(terms_of(searched))
    telling = wanted - COMMON or wanted
    return [
        (start, end) for start, end in words_in(text) if telling & set(terms_of(text[start:end]))
    ]


def words_in(text: str) -> Iterator[tuple[int, int]]:
    # Where accents are combining marks, taking them off moves what follows.
    if len(without_accents(text)) == len(text):
        text = without_accents(text)
    return (found.span() for found in WORD.finditer(text))
