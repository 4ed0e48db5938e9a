"""Taking text apart into the terms under which it is found.

The same for what is kept and what is asked, and for both databases. A code or a file name
is a term as a whole and by its parts (`E-4711`: e4711, 4711; `M8x1.25`: m8x125, 25, m8;
`loadVolume`: loadvolum, load, volum); a word's endings do not matter (Snowball's stemmers), nor
do accents and case; scripts without spaces are taken in pairs of characters.

A word has a form in each language: a text is kept under those of its own language, and a search,
which is often too short to have one, looks for those of every language that the index has."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise

from storage.search.languages import (
    ACCENTS,
    COMMON_WORDS,
    ENGLISH,
    ENOUGH_IN_A_LINE,
    RUSSIAN,
    language_of,
    stem,
)

LONGEST_NAME = 12  # characters of a code that people say in part; longer ones are of programs
LONGEST_TERM = 60  # characters; a longer one is cut, in questions and in searches alike

# A word holds the marks of its script (combining ones are no letters to Python) and what
# joins codes and names: E-4711, node.js, x_y, don't. Other punctuation parts words.
MARKS = "\u0591-\u05c7\u064b-\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0e31-\u0e4e"
JOINTS = "-.:'’+/_"
LATIN = [chr(number) for number in range(ord("A"), 0x250)]
UPPER = "".join(letter for letter in LATIN if letter.isupper())
LOWER = "".join(letter for letter in LATIN if letter.islower())
WORD = re.compile(rf"[^\W_](?:[\w{MARKS}]|[-.:'’+/](?=\w))*")
PART = re.compile(
    rf"[{UPPER}]+(?![{LOWER}])|[{UPPER}]?[{LOWER}]+|\d+"
    rf"|[^\W\d_{UPPER}{LOWER}](?:[^\W_{UPPER}{LOWER}\d]|[{MARKS}])*"
)
LETTER = f"[{UPPER}{LOWER}]"
SHORT_CODE = re.compile(
    rf"(?<!{LETTER}){LETTER}+\d+|(?<![^\W_])\d+{LETTER}(?![^\W_])"  # M8 of M8x1.25; 3D
)
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff]+"
)
# What is written out of a Japanese verb between its characters is often left out: 締め切り and
# 締切 are one word. Particles stand between two words.
HAN = "[\u3400-\u4dbf\u4e00-\u9fff]"
WRITTEN_OUT = re.compile(f"({HAN})(?![がはをのにへとでもかや])[\u3041-\u3093]{{1,2}}({HAN})")


def terms_of(text: str, language: str = ENGLISH) -> list[str]:
    """Every term of the text in its order, those that come again too."""
    return [term for word in words_of(text) for term in terms_of_word(word, language)]


def terms_as_written(text: str, otherwise: str) -> tuple[list[str], set[str]]:
    """Every term of the text in its order, each line's in its own language, and these languages;
    `otherwise` is that of lines which do not show theirs."""
    terms: list[str] = []
    languages: set[str] = set()
    for line in text.splitlines():
        words = words_of(line)
        language = language_of(words, enough=ENOUGH_IN_A_LINE) or otherwise
        for word in words:
            terms += terms_of_word(word, language)
        if words:
            languages.add(language)
    return terms, languages


def forms_of(text: str, languages: Collection[str]) -> dict[str, frozenset[str]]:
    """Each English term of the text with the terms that stand in its place in other languages,
    itself among them."""
    written = [terms_of(text, language) for language in (ENGLISH, *languages)]
    forms: dict[str, set[str]] = {}
    for term, *others in zip(*written, strict=True):
        forms.setdefault(term, {term}).update(others)
    return {term: frozenset(theirs) for term, theirs in forms.items()}


def common_of(text: str, languages: Collection[str]) -> frozenset[str]:
    """The terms that say little in this text, one of those languages or English."""
    spoken = language_of(words_of(text), {ENGLISH, *languages}) if languages else None
    return COMMON_IN[spoken] | COMMON if spoken else COMMON


def words_of(text: str) -> list[str]:
    return WORD.findall(composed(text))


def composed(text: str) -> str:
    """The text with each accent and its letter as one character."""
    return ACCENTS.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(100_000)
def terms_of_word(word: str, language: str = ENGLISH) -> tuple[str, ...]:
    terms: list[str] = []
    for run in UNSPACED.findall(word):
        terms += pairs(run)
    for piece in UNSPACED.sub(" ", word).split():
        terms += terms_of_piece(POSSESSIVE.sub("", piece.strip(JOINTS)), language)
    return tuple(terms)


def pairs(run: str) -> list[str]:
    short = {found.start(): found[1] + found[2] for found in WRITTEN_OUT.finditer(run)}
    terms: list[str] = []
    for at, (one, other) in enumerate(pairwise(run)):
        terms.append(one + other)
        if at in short:
            terms.append(short[at])
    return terms or [run]


def terms_of_piece(piece: str, language: str) -> list[str]:
    whole = "".join(character for character in piece if character not in JOINTS)
    parts = PART.findall(piece)
    if not whole or len(parts) < 2:
        return [term_of(whole, language)] if whole else []
    is_name = len(piece) <= LONGEST_NAME
    codes = [code for code in SHORT_CODE.findall(piece) if is_name and code != whole]
    return [term_of(part, language) for part in (whole, *parts, *codes) if len(part) > 1]


def term_of(word: str, language: str) -> str:
    return stem(word.casefold(), language)[:LONGEST_TERM]


def is_one_character(term: str) -> bool:
    """Of a script without spaces, where it may be a whole word."""
    return len(term) == 1 and UNSPACED.match(term) is not None


COMMON_IN = {
    language: frozenset(term for word in words for term in terms_of_word(word, language))
    for language, words in COMMON_WORDS.items()
}
COMMON = COMMON_IN[ENGLISH] | COMMON_IN[RUSSIAN]
