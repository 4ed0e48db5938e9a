"""What to read for a search: which terms, what each is worth, and which are rare enough to
be read whole."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.search import vocabulary
from storage.search.languages import ENGLISH, ENOUGH_IN_A_LINE, MARKERS, language_of
from storage.search.vocabulary import Term
from storage.search.words import common_of, forms_of, is_one_character, terms_of, words_of

COMMON_WEIGHT = 0.3
HEADLINE_EXTRA = 1.0  # for a word of the search's first line
SIMILAR_WEIGHT = 0.6  # for what stands in for a word that nobody wrote
NEIGHBOURS_WEIGHT = 0.6
FEWEST = 50  # documents: among fewer, how rare a word is says little
MOST_WORDS = 40
LONG = 12  # words; from here on a search has a language
MOST_UNKNOWN = 8  # words of a search for which similar ones are looked up
BUDGET = 40_000  # postings read whole, unless the rarest word alone has more


@dataclass(frozen=True)
class Search:
    """What somebody looks for: any of the words, all the phrases, within the filters."""

    words: str = ""  # where there are several lines, the first counts most
    phrases: tuple[str, ...] = ()
    topic_id: int | None = None
    channel_id: str | None = None
    author_id: str | None = None  # of a solution
    solved_from: datetime | None = None
    solved_until: datetime | None = None

    @property
    def filters(self) -> dict[str, Any]:
        """The filters that are set, by their names above."""
        names = ("topic_id", "channel_id", "author_id", "solved_from", "solved_until")
        values = {name: getattr(self, name) for name in names}
        return {name: value for name, value in values.items() if value is not None}


Ids = frozenset[int]  # the numbers of the terms that are forms of one word


@dataclass(frozen=True)
class Plan:
    weights: Mapping[int, float]  # of each term, by its number
    scanned: Ids = frozenset()  # the terms of which one must be in a document
    required: tuple[Ids, ...] = ()  # the words that must all be there, each in one of its forms
    phrases: tuple[tuple[Ids, ...], ...] = ()
    neighbours: Mapping[tuple[int, int], float] = field(default_factory=dict)
    average_length: float = 1.0
    telling: tuple[Ids, ...] = ()  # the words that say what it is about
    most: float = 0.0  # what all words of the search are worth, known ones and unknown ones


@dataclass(frozen=True)
class Index:
    """What the workspace's index knows of the words of a search; each goes by its English term."""

    documents: int
    average_length: float
    languages: tuple[str, ...]  # beside English, that the search is read in
    forms: Mapping[str, frozenset[str]]  # of each word, in these languages
    known: Mapping[str, Term]
    found: Mapping[str, Sequence[Term]]  # of each word that is in it, in any form


async def plan_for(session: AsyncSession, team_id: str, search: Search) -> Plan | None:
    """None when nothing can match."""
    written = terms_of(search.words)
    phrases = [terms for phrase in search.phrases if (terms := terms_of(phrase))]
    if not written and not phrases:
        return Plan({}) if search.filters else None
    in_phrases = [*dict.fromkeys(term for phrase in phrases for term in phrase)]
    index = await read_index(session, team_id, search, {*written, *in_phrases})
    if any(term not in index.found for term in in_phrases):
        return None
    found = index.found
    common = common_of(search.words, index.languages)
    counted = Counter(written + in_phrases)
    telling = [term for term in counted if common.isdisjoint(index.forms[term])]
    worth = worth_of(counted, headline_of(search.words), index, telling)
    similar = await similar_to(session, team_id, [term for term in telling if term not in found])
    weights = weights_of(worth, index, similar, in_phrases)
    if not weights:
        return None
    readable = [form for term in telling for form in found.get(term, ())] + similar
    everything = [form for forms in found.values() for form in forms]
    return Plan(
        weights=weights,
        scanned=rarest([found[term] for term in in_phrases])
        or affordable([form for form in readable or everything if form.id in weights]),
        required=tuple(ids_of(found[term]) for term in in_phrases),
        phrases=tuple(tuple(ids_of(found[term]) for term in phrase) for phrase in phrases),
        neighbours=neighbours_of(search.words, index, worth),
        average_length=index.average_length,
        telling=tuple(ids_of(found[term]) for term in telling if term in found),
        most=sum(worth.values()),
    )


def weights_of(
    worth: Mapping[str, float], index: Index, similar: Sequence[Term], required: Sequence[str]
) -> dict[int, float]:
    """What each term weighs, by its number: of the heaviest words, and of those required."""
    words: list[tuple[float, Sequence[Term]]] = [
        *((weight, index.found[term]) for term, weight in worth.items() if term in index.found),
        *((SIMILAR_WEIGHT * rarity(each.documents, index.documents), (each,)) for each in similar),
    ]
    heaviest = sorted(words, key=lambda word: -word[0])[:MOST_WORDS]
    weights: dict[int, float] = {}
    for weight, forms in heaviest + [(worth[term], index.found[term]) for term in required]:
        for form in forms:
            weights.setdefault(form.id, weight)
    return weights


async def read_index(
    session: AsyncSession, team_id: str, search: Search, wanted: Collection[str]
) -> Index:
    documents, average_length, known = await vocabulary.get_totals_and_terms(
        session, team_id, {*wanted, *MARKERS.values()}
    )
    kept_in = [language for language, marker in MARKERS.items() if marker in known]
    languages = languages_for(search.words, kept_in)
    forms = forms_of("\n".join([search.words, *search.phrases]), languages)
    others = {form for theirs in forms.values() for form in theirs} - set(wanted)
    if others:
        known |= await vocabulary.get_terms(session, team_id, others)
    found = {
        term: [known[form] for form in sorted(theirs) if form in known]
        for term, theirs in forms.items()
    }
    characters = [term for term in wanted if is_one_character(term)][:MOST_UNKNOWN]
    for term, pairs in (await vocabulary.list_holding(session, team_id, characters)).items():
        found[term] = [*found[term], *pairs]
    found = {term: terms for term, terms in found.items() if terms}
    return Index(documents, average_length, languages, forms, known, found)


def languages_for(words: str, kept_in: Sequence[str]) -> tuple[str, ...]:
    """The languages, beside English, whose forms a search is read in: all that there are, but of
    a long one its own, which is certain and enough."""
    written = words_of(words) if kept_in else []
    own = language_of(written, enough=ENOUGH_IN_A_LINE) if len(written) >= LONG else None
    return tuple(each for each in kept_in if own in (None, each))


def ids_of(terms: Iterable[Term]) -> Ids:
    return Ids(term.id for term in terms)


def neighbours_of(
    words: str, index: Index, worth: Mapping[str, float]
) -> dict[tuple[int, int], float]:
    """What it is worth that two words stand side by side, by the numbers of their terms."""
    written = terms_of(words)
    neighbours: dict[tuple[int, int], float] = {}
    for language in (ENGLISH, *index.languages):
        pairs = zip(pairwise(written), pairwise(terms_of(words, language)), strict=True)
        for (one, other), forms in pairs:
            first, second = (index.known.get(form) for form in forms)
            if first and second and one in worth and other in worth:
                weight = NEIGHBOURS_WEIGHT * min(worth[one], worth[other])
                neighbours[first.id, second.id] = weight
    return neighbours


def headline_of(words: str) -> frozenset[str]:
    """The terms of the first line, where there are more lines."""
    first, *others = words.strip().split("\n", 1)
    return frozenset(terms_of(first) if others else ())


def worth_of(
    written: Counter[str],
    headline: frozenset[str],
    index: Index,
    telling: Sequence[str],
) -> dict[str, float]:
    """What each word of the search is worth when a document has it, in whichever form."""
    found, documents = index.found, max(index.documents, FEWEST)
    return {
        term: (1 + math.log(times) + (HEADLINE_EXTRA if term in headline else 0))
        * rarity(sum(each.documents for each in found.get(term, ())), documents)
        * (1 if term in telling else COMMON_WEIGHT)
        for term, times in written.items()
        if term in found or term in telling
    }


def rarity(frequency: int, documents: int) -> float:
    """BM25's inverse document frequency."""
    documents = max(documents, frequency)
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


async def similar_to(session: AsyncSession, team_id: str, unknown: Sequence[str]) -> list[Term]:
    similar = await vocabulary.get_similar(session, team_id, unknown[:MOST_UNKNOWN])
    return list(similar.values())


def affordable(terms: Sequence[Term]) -> frozenset[int]:
    """The rarest of the terms, as many as the budget allows."""
    chosen: list[int] = []
    left = BUDGET
    for term in sorted(terms, key=lambda each: each.documents):
        left -= term.documents
        if left < 0 and chosen:
            break
        chosen.append(term.id)
    return frozenset(chosen)


def rarest(words: Iterable[Sequence[Term]]) -> Ids:
    """Of words that must all be there, reading one is enough."""
    least = min(words, key=lambda terms: sum(each.documents for each in terms), default=())
    return ids_of(least)
