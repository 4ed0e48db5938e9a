"""The languages whose word forms search knows: how a word is brought to its stem, which words are
everywhere, and in which language a text is."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Protocol

import snowballstemmer

ENGLISH, RUSSIAN = "en", "ru"
STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
}
# Under these a text of that language has a term more, so that a search knows which languages
# there are. No word has a colon.
MARKERS = {language: f":{language}" for language in STEMMERS if language not in (ENGLISH, RUSSIAN)}

# Words that say how a question is put more than what it is about: they count less.
COMMON_IN_ENGLISH = (
    "a about after all also am an and any anybody anyone are as at be been being but by can "
    "could did do does doing done for from get got had has have he hello help her hi him his "
    "how i if in into is it its just know let like me my no not of on one or our out please "
    "she should so some somebody someone than thank thanks that the their them then there "
    "these they this those to too try trying up us use using want was way we were what when "
    "where which who why will with would you your"
)
# Common words of other languages that an English text may have.
ENGLISH_TOO = (
    "ad al art ben bin car comment da dan dare dem den des die dies dock don door dos export "
    "fait fin fine for fra go ha hat hay hello her hers i inn la le ma main mal man men met "
    "mi min mine mod mot my nu om pa par pas per plus pour pro re sans se sea ser set si sin "
    "so son sont sub sur te ten the til to tot tu un up van via vis war wart wie"
).split()
COMMON_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        ENGLISH: COMMON_IN_ENGLISH,
        **tomllib.loads(Path(__file__).with_name("common_words.toml").read_text("utf-8")),
    }.items()
}
SPOKEN_IN: Mapping[str, list[str]] = {
    word: [language for language, words in COMMON_WORDS.items() if word in words]
    + [ENGLISH] * (word in ENGLISH_TOO)
    for word in frozenset().union(*COMMON_WORDS.values())
}
LOOKED_AT = 200  # words of a text, to see which language it is in
ENOUGH, ENOUGH_IN_A_LINE = (
    0.5,
    2.0,
)  # a word that no other language has counts 1, one that two have a half

APOSTROPHE = re.compile("[ '’]")  # l'erreur, qu'il
ACCENTS = re.compile("[\u0300-\u036f]")
IN_ONE_STROKE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})  # lower case
CYRILLIC = re.compile("[\u0400-\u052f]")
# Endings whose accents are often left out, and which the stemmer knows with them only.
LEFT_OUT = {
    "fr": {"ee": "ée", "ees": "ées"},
    "pt": {"cao": "ção", "coes": "ções", "sao": "são", "soes": "sões"},
}


class Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


@cache
def stemmer_of(language: str) -> Stemmer:
    stemmer: Stemmer = snowballstemmer.stemmer(STEMMERS[language])
    return stemmer


def stem(word: str, language: str) -> str:
    """The word, in lower case, without its endings and accents. Cyrillic words are Russian ones
    whatever is written around them, and other scripts have no endings that we know."""
    if CYRILLIC.match(word):
        return without_accents(stemmer_of(RUSSIAN).stemWord(word))
    if language == ENGLISH:
        bare = without_accents(word)
        return stemmer_of(ENGLISH).stemWord(bare) if bare.isascii() and bare.isalpha() else bare
    if not word.isalpha():
        return without_accents(word)
    for bare, accented in LEFT_OUT.get(language, {}).items():
        if word.endswith(bare):
            word = word.removesuffix(bare) + accented
    return without_accents(stemmer_of(language).stemWord(word))


def without_accents(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text.translate(IN_ONE_STROKE))
    return unicodedata.normalize("NFC", ACCENTS.sub("", parted))


def language_of(
    words: Iterable[str], among: Collection[str] = STEMMERS, *, enough: float = ENOUGH
) -> str | None:
    """The language of which these are the commonest words; None where that is not clear."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for word in APOSTROPHE.split(" ".join(islice(words, LOOKED_AT)).casefold()):
        spoken = () if len(word) == 1 and word.isascii() else SPOKEN_IN.get(word, ())
        for language in spoken:  # letters stand alone in commands and formulas
            found[language][word] = 1 / len(spoken)
    likely = {language: sum(theirs.values()) for language, theirs in found.items()}
    likeliest = max((each for each in likely if each in among), key=likely.__getitem__, default="")
    if likely.get(likeliest, 0) < enough:
        return None
    if likeliest == ENGLISH:
        return ENGLISH
    return likeliest if likely[likeliest] > likely.get(ENGLISH, 0) else None
