"""Which words of a text are why it was found."""

from collections.abc import Iterator

from storage.search.languages import ENGLISH, language_of
from storage.search.words import COMMON, WORD, common_of, composed, terms_of, words_of


def list_matches(text: str, searched: str) -> list[tuple[int, int]]:
    """Where the words of the text stand that were searched for: start and end of each, in
    order. Words that are everywhere are no reason, unless nothing else was searched for."""
    languages = {ENGLISH, language_of(words_of(text)) or ENGLISH}
    telling = {language: telling_of(searched, language) for language in languages}
    return [
        (start, end)
        for start, end in words_in(text)
        if any(terms & set(terms_of(text[start:end], each)) for each, terms in telling.items())
    ]


def telling_of(searched: str, language: str) -> set[str]:
    wanted = set(terms_of(searched, language))
    return wanted - (common_of(searched, [language]) | COMMON) or wanted


def words_in(text: str) -> Iterator[tuple[int, int]]:
    # Where accents are combining marks, joining them to their letters moves what follows.
    if len(composed(text)) == len(text):
        text = composed(text)
    return (found.span() for found in WORD.finditer(text))
