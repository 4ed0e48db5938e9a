"""Taking text apart into the terms under which it is found.

The same for what is kept and what is asked, and for both databases. A code or a file name
is a term as a whole and by its parts (`E-4711`: e4711, 4711; `loadVolume`: loadvolum, load,
volum); English endings do not matter (Snowball's stemmer), nor do accents and case; scripts
without spaces are taken in pairs of characters."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

LONGEST_TERM = 60  # characters; a longer one is cut, in questions and in searches alike

# Words that say how a question is put more than what it is about: they count less.
COMMON_WORDS = (
    "a about after all also am an and any anybody anyone are as at be been being but by can "
    "could did do does doing done for from get got had has have he hello help her hi him his "
    "how i if in into is it its just know let like me my no not of on one or our out please "
    "she should so some somebody someone than thank thanks that the their them then there "
    "these they this those to too try trying up us use using want was way we were what when "
    "where which who why will with would you your"
).split()

# A word holds the marks of its script (combining ones are no letters to Python) and what
# joins codes and names: E-4711, node.js, x_y, don't. Other punctuation parts words.
MARKS = "\u0591-\u05c7\u064b-\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0e31-\u0e4e"
JOINTS = "-.:'’+/_"
WORD = re.compile(rf"[^\W_](?:[\w{MARKS}]|[-.:'’+/](?=\w))*")
PART = re.compile(rf"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z](?:[^\W_A-Za-z\d]|[{MARKS}])*")
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff]+"
)
ACCENTS = re.compile("[\u0300-\u036f]")

STEMMER = snowballstemmer.stemmer("english")


def terms_of(text: str) -> list[str]:
    """Every term of the text in its order, those that come again too."""
    return [term for word in WORD.findall(without_accents(text)) for term in terms_of_word(word)]


def without_accents(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", ACCENTS.sub("", parted))


@lru_cache(50_000)
def terms_of_word(word: str) -> tuple[str, ...]:
    terms: list[str] = []
    for run in UNSPACED.findall(word):
        terms += pairs(run)
    for piece in UNSPACED.sub(" ", word).split():
        terms += terms_of_piece(POSSESSIVE.sub("", piece.strip(JOINTS)))
    return tuple(terms)


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def terms_of_piece(piece: str) -> list[str]:
    whole = "".join(character for character in piece if character not in JOINTS)
    parts = PART.findall(piece)
    if not whole or len(parts) < 2:
        return [term_of(whole)] if whole else []
    return [term_of(whole), *(term_of(part) for part in parts if len(part) > 1)]


def term_of(word: str) -> str:
    folded = word.casefold()
    if folded.isascii() and folded.isalpha():
        folded = STEMMER.stemWord(folded)
    return folded[:LONGEST_TERM]


COMMON = frozenset(term for word in COMMON_WORDS for term in terms_of_word(word))
