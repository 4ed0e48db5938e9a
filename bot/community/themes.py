"""What questions are about, by the words that different people use: a pure function over texts.

A theme is two words, or one, that at least five people ask with. The one that most people share is
taken first, with its questions; then the next of what is left. A pair counts as far as its words
belong together, so that "the customs form" is a theme and "the new form" is none. Its name are
words that at least five people wrote, so it tells of nobody what they wrote alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from math import log

from bot.community.measures import FEWEST
from storage.search.likeness import words_of_title

MOST = 10  # themes
TOGETHER = 0.12  # how much two words belong together, from 0 to 1, at least
ALONE = 0.05  # how much a single word counts beside a pair
OFTEN = 20  # questions: fewer with a word are never too many
EVERYWHERE = 0.05  # of the questions: a word in more of them says nothing alone


@dataclass(frozen=True)
class Asked:
    """One question, as far as themes are told of it."""

    question_id: int
    asker_id: str
    text: str
    asked_at: datetime
    is_solved: bool
    has_faq: bool = False
    topic_id: int | None = None


@dataclass(frozen=True)
class Theme:
    """`words`: as most wrote them. `terms`: what finds it again."""

    terms: tuple[str, ...]
    words: tuple[str, ...]
    asked: tuple[Asked, ...]

    @property
    def people(self) -> int:
        return len({each.asker_id for each in self.asked})


def list_themes(asked: Sequence[Asked]) -> list[Theme]:
    """Those that most people share first; a question belongs to one of them at most."""
    told = {each.question_id: each for each in asked}
    written = {number: words_of_title(each.text) for number, each in told.items()}
    shared = shared_terms(told, written)
    weights = {terms: weight_of(terms, shared, len(told)) for terms in shared}
    candidates = {terms: set(shared[terms]) for terms, weight in weights.items() if weight > 0}
    themes: list[Theme] = []
    while candidates and len(themes) < MOST:
        worth = {
            terms: weights[terms] * len(people)
            for terms, numbers in candidates.items()
            if len(people := {told[number].asker_id for number in numbers}) >= FEWEST
        }
        if not worth:
            break
        best = max(worth, key=lambda terms: (worth[terms], terms))
        taken = candidates.pop(best)
        of_it = tuple(told[number] for number in sorted(taken))
        themes.append(Theme(best, names_of(best, of_it, written), of_it))
        candidates = {terms: candidates[terms] - taken for terms in worth if terms != best}
    return themes


def shared_terms(
    told: Mapping[int, Asked], written: Mapping[int, Mapping[str, str]]
) -> dict[tuple[str, ...], set[int]]:
    """Each word, and each two, that at least five people ask with; and their questions."""
    found: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, words in written.items():
        for terms in (*((term,) for term in words), *pairs_in(words)):
            found[terms].add(number)
    return {
        terms: numbers
        for terms, numbers in found.items()
        if len({told[number].asker_id for number in numbers}) >= FEWEST
    }


def find_again(theme: Theme, asked: Iterable[Asked]) -> list[Asked]:
    """The questions of another time about the same."""
    return [each for each in asked if holds(words_of_title(each.text), theme.terms)]


def holds(words: Mapping[str, str], terms: Sequence[str]) -> bool:
    return all(term in words for term in terms)


def pairs_in(words: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Each two terms that two words are written with."""
    pairs = combinations(sorted(words), 2)
    return [pair for pair in pairs if words[pair[0]] != words[pair[1]]]


def weight_of(
    terms: tuple[str, ...], shared: Mapping[tuple[str, ...], set[int]], in_all: int
) -> float:
    """From 0 to 1: a pair by how much likelier its words stand together than apart."""
    times = [len(shared[(term,)]) for term in terms]
    if min(times) > max(OFTEN, EVERYWHERE * in_all):
        return 0.0  # such as the name of what all of them are about
    if len(terms) == 1:
        return ALONE
    together = len(shared[terms]) / in_all
    apart = times[0] * times[1] / in_all**2
    belong = log(together / apart) / -log(together) if together < 1 else 1.0
    return belong if belong >= TOGETHER else 0.0


def names_of(
    terms: Sequence[str], asked: Iterable[Asked], written: Mapping[int, Mapping[str, str]]
) -> tuple[str, ...]:
    """Each word as most people of the theme wrote it."""
    told = list(asked)
    return tuple(
        Counter(written[each.question_id][term] for each in told).most_common(1)[0][0]
        for term in terms
    )
