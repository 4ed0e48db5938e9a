"""An index that a page carries with it, to search without anybody to ask.

Words are compared without accents and case. Those with the same stem are one group; a group has
its answers, each with a weight of how well it fits, as BM25 has it: `3A1C` is the fourth answer
with the weight A, then the second after that one with C. The page's script (`search.js`) takes
words apart in the same way and reads this."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from storage.search.languages import ENGLISH, language_of, stem
from storage.search.words import UNSPACED, words_of

TITLE_COUNTS = 3  # as if the words of a title stood there so often
SATURATES, LENGTH_COUNTS = 1.2, 0.6  # BM25's k1 and b
WEIGHTS = "ABCDEFGHIJKLMNOP"  # from little to much
LONGEST = 40  # characters of a word
MOST_WORDS = 600  # of an answer: what comes later tells little, and all is to fit in a page
WORD = re.compile(r"[^\W_]+")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass
class Lookup:
    """Filled answer by answer, then told once."""

    stems: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)  # each word's
    found: list[list[tuple[int, int]]] = field(default_factory=list)  # of each group: answer, times
    lengths: list[int] = field(default_factory=list)

    def add(self, title: str, text: str) -> None:
        """The next answer; both as people read them."""
        language = language_of(words_of(text)) or ENGLISH
        said = [*list(terms_of(title)) * TITLE_COUNTS, *terms_of(text)][:MOST_WORDS]
        number = len(self.lengths)
        self.lengths.append(len(said))
        times = Counter(self.group_of(word, language) for word in said)
        for group, often in times.items():
            self.found[group].append((number, often))

    def group_of(self, word: str, language: str) -> int:
        """A word that two languages have is in the group that it came to first."""
        known = self.groups.get(word)
        if known is not None:
            return known
        group = self.stems.setdefault(stem(word, language), len(self.found))
        if group == len(self.found):
            self.found.append([])
        self.groups[word] = group
        return group

    def told(self) -> dict[str, Any]:
        """For the page: the words in their order, each one's group, and what each group finds."""
        words = sorted(self.groups)
        usual = max(1.0, sum(self.lengths) / max(1, len(self.lengths)))
        slow = [
            SATURATES * (1 - LENGTH_COUNTS + LENGTH_COUNTS * length / usual)
            for length in self.lengths
        ]
        return {
            "words": " ".join(words),
            "groups": " ".join(in_digits(self.groups[word]) for word in words),
            "found": " ".join(written(each, slow) for each in self.found),
        }


def written(found: Sequence[tuple[int, int]], slow: Sequence[float]) -> str:
    """`slow`: of each answer, how slowly a word that comes again counts more."""
    at, said = -1, []
    for number, often in found:
        weight = int(len(WEIGHTS) * often / (often + slow[number]))  # a share, so never all
        said.append(in_digits(number - at - 1) + WEIGHTS[weight])
        at = number
    return "".join(said)


def terms_of(text: str) -> Iterator[str]:
    for word in WORD.findall(folded(text)):
        if word.isascii():
            yield word[:LONGEST]
            continue
        rest = word
        for run in UNSPACED.findall(word):
            rest = rest.replace(run, " ")
            yield from (one + other for one, other in pairwise(run))
            if len(run) == 1:
                yield run
        yield from (each[:LONGEST] for each in rest.split())


def folded(text: str) -> str:
    """Without accents and case."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(each for each in parted if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFC", bare)


def in_digits(number: int) -> str:
    """In base 36, as JavaScript reads it."""
    written = ""
    while number >= 36:
        number, rest = divmod(number, 36)
        written = DIGITS[rest] + written
    return DIGITS[number] + written
