"""What to read for a search: which terms, what each is worth, and which are rare enough to
be read whole."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.search import vocabulary
from storage.search.vocabulary import Term
from storage.search.words import COMMON, terms_of

COMMON_WEIGHT = 0.3
HEADLINE_EXTRA = 1.0  # for a word of the search's first line
SIMILAR_WEIGHT = 0.6  # for what stands in for a word that nobody wrote
NEIGHBOURS_WEIGHT = 0.6
FEWEST = 50  # documents: among fewer, how rare a word is says little
MOST_TERMS = 40
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


@dataclass(frozen=True)
class Plan:
    weights: Mapping[int, float]  # of each term, by its number
    scanned: frozenset[int] = frozenset()  # the terms of which one must be in a document
    required: frozenset[int] = frozenset()  # the terms of which all must be
    phrases: tuple[tuple[int, ...], ...] = ()
    neighbours: Mapping[tuple[int, int], float] = field(default_factory=dict)
    average_length: float = 1.0
    telling: frozenset[int] = frozenset()  # the terms that say what it is about
    most: float = 0.0  # what all words of the search are worth, known ones and unknown ones


async def plan_for(session: AsyncSession, team_id: str, search: Search) -> Plan | None:
    """None when nothing can match."""
    written = terms_of(search.words)
    phrases = [terms for phrase in search.phrases if (terms := terms_of(phrase))]
    if not written and not phrases:
        return Plan({}) if search.filters else None
    in_phrases = {term for phrase in phrases for term in phrase}
    documents, average_length, known = await vocabulary.get_totals_and_terms(
        session, team_id, {*written, *in_phrases}
    )
    if in_phrases - known.keys():
        return None
    counted, headline = Counter([*written, *in_phrases]), headline_of(search.words)
    whole = worth_of(counted, headline, known, documents)
    worth = {term: whole[term] for term in counted if term in known}
    similar = await similar_to(session, team_id, [term for term in written if term not in known])
    telling = [known[term] for term in worth if term not in COMMON] + list(similar.values())
    weights = {known[term].id: weight for term, weight in worth.items()}
    for term in similar.values():
        weights.setdefault(term.id, SIMILAR_WEIGHT * rarity(term.documents, documents))
    if not weights:
        return None
    heaviest = set(sorted(weights, key=lambda term_id: -weights[term_id])[:MOST_TERMS])
    required = frozenset(known[term].id for term in in_phrases)
    readable = [term for term in telling or known.values() if term.id in heaviest]
    return Plan(
        weights={term_id: weights[term_id] for term_id in heaviest | required},
        scanned=rarest(known[term] for term in in_phrases) or affordable(readable),
        required=required,
        phrases=tuple(tuple(known[term].id for term in phrase) for phrase in phrases),
        neighbours={
            (known[one].id, known[other].id): NEIGHBOURS_WEIGHT * min(worth[one], worth[other])
            for one, other in pairwise(written)
            if one in worth and other in worth
        },
        average_length=average_length,
        telling=frozenset(known[term].id for term in worth if term not in COMMON),
        most=sum(whole.values()),
    )


def headline_of(words: str) -> frozenset[str]:
    """The terms of the first line, where there are more lines."""
    first, *others = words.strip().split("\n", 1)
    return frozenset(terms_of(first) if others else ())


def worth_of(
    written: Counter[str], headline: frozenset[str], known: Mapping[str, Term], documents: int
) -> dict[str, float]:
    """What each term of the search is worth when a document has it."""
    documents = max(documents, FEWEST)
    return {
        term: (1 + math.log(times) + (HEADLINE_EXTRA if term in headline else 0))
        * rarity(known[term].documents if term in known else 0, documents)
        * (COMMON_WEIGHT if term in COMMON else 1)
        for term, times in written.items()
        if term in known or term not in COMMON
    }


def rarity(frequency: int, documents: int) -> float:
    """BM25's inverse document frequency."""
    documents = max(documents, frequency)
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


async def similar_to(
    session: AsyncSession, team_id: str, unknown: Sequence[str]
) -> dict[str, Term]:
    telling = [term for term in dict.fromkeys(unknown) if term not in COMMON]
    return await vocabulary.get_similar(session, team_id, telling[:MOST_UNKNOWN])


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


def rarest(terms: Iterable[Term]) -> frozenset[int]:
    """Of terms that must all be there, reading one is enough."""
    return frozenset(term.id for term in sorted(terms, key=lambda each: each.documents)[:1])
