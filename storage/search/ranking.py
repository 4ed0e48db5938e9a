"""Ranking by BM25 over the postings, in one statement that both databases run alike.

The rarest terms of a search are read whole, within a budget; the common ones only where
those are found. So a search costs about the same in a large index as in a small one, and
words that are everywhere still count. What stands side by side in the search and in the
document counts once more: "carrier invoice" is more than an invoice and a carrier."""

import json
from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    bindparam,
    cast,
    exists,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage import channels
from storage.search.documents import unpacked
from storage.search.planning import Plan, Search, plan_for
from storage.search.tables import SearchChannel, SearchDocument, SearchPosting
from storage.tables import (
    Answer,
    Archived,
    Channel,
    Question,
    Solution,
)

SATURATION, LENGTH_MATTERS = 1.2, 0.6  # BM25's k1 and b
CANDIDATES = 200  # ranked by the terms that are read whole, then by all
COMPARED = 60  # of them, ranked by what stands side by side too
PHRASE_CANDIDATES = 2_000  # of them, those with the words in that order are kept

FILTERS: dict[str, ColumnElement[bool]] = {
    "topic_id": Question.topic_id == bindparam("topic_id"),
    "channel_id": Question.channel_id == bindparam("channel_id"),
    "solved_from": Question.solved_at >= bindparam("solved_from"),
    "solved_until": Question.solved_at < bindparam("solved_until"),
    "author_id": exists().where(
        Solution.question_id == Question.id,
        Solution.answer_id == Answer.id,
        Answer.author_id == bindparam("author_id"),
    ),
}
UNCONFIRMED = (  # how sure it is what solved it, where that comes from an archive alone
    select(Archived.how_sure)
    .where(Archived.question_id == Question.id, Archived.confirmed_at.is_(None))
    .correlate(Question)
    .scalar_subquery()
    .label("unconfirmed")
)
STATE = (
    Question.solved_at,
    Question.confirmed_at,
    Question.doubted_at,
    Question.outdated_at,
    Question.channel_id,
    UNCONFIRMED,
)


@dataclass(frozen=True)
class Hit:
    question_id: int
    score: float
    share: float  # of the most that a document could score, 0 to 1
    words: int  # of those that say what the search is about, how many were found
    true_at: datetime  # when it was solved, or confirmed
    is_doubted: bool = False
    is_outdated: bool = False
    channel_id: str = ""
    unconfirmed: str | None = None  # of an archive: how sure it is, by nobody's word here


async def find_by_words(
    session: AsyncSession, *, team_id: str, user_id: str, search: Search, limit: int
) -> list[Hit]:
    """Solved questions in channels that this person can read, best first."""
    plan = await plan_for(session, team_id, search)
    if plan is None:
        return []
    asked = {"team_id": team_id, "user_id": user_id, **search.filters}
    if not plan.weights:
        newest = newest_solved(frozenset(search.filters)).limit(limit)
        return [
            Hit(row.question_id, 0, 0, 0, *state_of(row))
            for row in await session.execute(newest, asked)
        ]
    dialect = session.get_bind().dialect.name
    others = [word for word in plan.required if word != plan.scanned]
    statement = best_matching(dialect, frozenset(search.filters), len(others), bool(plan.phrases))
    asked |= parameters(plan, dialect) | {f"required_{at}": [*ids] for at, ids in enumerate(others)}
    asked["compared"] = PHRASE_CANDIDATES if plan.phrases else max(COMPARED, limit)
    most = plan.most * (SATURATION + 1)
    hits: list[Hit] = []
    for row in await session.execute(statement, asked):
        terms = unpacked(row.terms)
        if all(holds(terms, phrase) for phrase in plan.phrases):
            score = row.whole_score + neighbours_in(terms, plan)
            share, words = min(1.0, score / most), words_in(terms, plan)
            hits.append(Hit(row.question_id, score, share, words, *state_of(row)))
    hits.sort(key=lambda hit: (-hit.score, -hit.question_id))
    return hits[:limit]


def state_of(row: Row[Any]) -> tuple[datetime, bool, bool, str, str | None]:
    """Since when the solution is known to be true, whether that is doubted or denied, its
    question's channel, and how sure it is, where only an archive says so."""
    true_at = row.confirmed_at or row.solved_at
    is_doubted, is_outdated = row.doubted_at is not None, row.outdated_at is not None
    return true_at, is_doubted, is_outdated, row.channel_id, row.unconfirmed


# Statements are built once for each set of filters: that takes longer than running them.
@cache
def newest_solved(filters: frozenset[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(Question.id.label("question_id"), *STATE)
        .join(SearchDocument, SearchDocument.question_id == Question.id)
        .join(
            Channel,
            and_(Channel.team_id == Question.team_id, Channel.channel_id == Question.channel_id),
        )
        .where(
            Question.team_id == bindparam("team_id"),
            channels.readable_by(bindparam("team_id"), bindparam("user_id")),
            *(FILTERS[name] for name in sorted(filters)),
        )
        .order_by(Question.solved_at.desc(), Question.id.desc())
    )


@cache
def best_matching(
    dialect: str, filters: frozenset[str], required: int, has_phrases: bool
) -> Select[Any]:
    scanned, others = weighted_terms(dialect, "scanned"), weighted_terms(dialect, "others")
    found = func.sum(score_of(scanned))
    candidates = (
        select(SearchPosting.question_id, found.label("score"))
        .select_from(scanned)
        .join(SearchPosting, SearchPosting.term_id == scanned.c.term_id)
        .where(SearchPosting.channel.in_(readable_channels()))
        .where(*(is_in_document(f"required_{at}") for at in range(required)))
        .group_by(SearchPosting.question_id)
        .order_by(found.desc(), SearchPosting.question_id.desc())
        .limit(PHRASE_CANDIDATES if has_phrases else CANDIDATES)
    )
    if filters:
        passes = exists().where(Question.id == SearchPosting.question_id)
        candidates = candidates.where(passes.where(*(FILTERS[name] for name in sorted(filters))))
    best = candidates.subquery("candidates")
    score = (best.c.score + func.coalesce(score_of_others(others, best), 0.0)).label("whole_score")
    return (
        select(best.c.question_id, score, SearchDocument.terms, *STATE)
        .join(SearchDocument, SearchDocument.question_id == best.c.question_id)
        .join(Question, Question.id == best.c.question_id)
        .order_by(score.desc(), best.c.question_id.desc())
        .limit(bindparam("compared"))
    )


def score_of(terms: FromClause) -> ColumnElement[Any]:
    length = 1 - LENGTH_MATTERS + LENGTH_MATTERS * SearchPosting.length / bindparam("average")
    return (
        terms.c.weight
        * SearchPosting.weight
        * (SATURATION + 1)
        / (SearchPosting.weight + SATURATION * length)
    )


def score_of_others(others: FromClause, candidates: Subquery) -> ScalarSelect[float]:
    """What the terms that are not read whole add to a candidate."""
    return (
        select(func.sum(score_of(others)))
        .select_from(others)
        .join(SearchPosting, SearchPosting.term_id == others.c.term_id)
        .where(SearchPosting.question_id == candidates.c.question_id)
        .correlate(candidates)
        .scalar_subquery()
    )


def readable_channels() -> Select[int]:
    return (
        select(SearchChannel.number)
        .join(
            Channel,
            and_(
                Channel.team_id == SearchChannel.team_id,
                Channel.channel_id == SearchChannel.channel_id,
            ),
        )
        .where(SearchChannel.team_id == bindparam("team_id"))
        .where(channels.readable_by(bindparam("team_id"), bindparam("user_id")))
    )


def is_in_document(forms: str) -> ColumnElement[bool]:
    """Whether one of the forms of a word is in the document as well."""
    other = SearchPosting.__table__.alias()
    return exists().where(
        other.c.term_id.in_(bindparam(forms, expanding=True)),
        other.c.question_id == SearchPosting.question_id,
    )


def weighted_terms(dialect: str, name: str) -> FromClause:
    """The terms with their weights as rows, from one parameter each way: with a list of
    values, every number of terms would be another statement."""
    if dialect == "sqlite":
        pairs = func.json_each(bindparam(name)).table_valued("value", name=f"{name}_pairs")
        columns = [func.json_extract(pairs.c.value, f"$[{at}]") for at in (0, 1)]
        return select(
            cast(columns[0], BigInteger).label("term_id"), cast(columns[1], Double).label("weight")
        ).cte(name)
    ids = bindparam(f"{name}_ids", type_=ARRAY(BigInteger))
    weights = bindparam(f"{name}_weights", type_=ARRAY(Double))
    return func.unnest(ids, weights).table_valued("term_id", "weight", name=name).render_derived()


def parameters(plan: Plan, dialect: str) -> dict[str, Any]:
    parts: dict[str, Collection[int]] = {
        "scanned": sorted(plan.scanned),
        "others": sorted(plan.weights.keys() - plan.scanned),
    }
    values: dict[str, Any] = {"average": plan.average_length}
    for name, ids in parts.items():
        if dialect == "sqlite":
            values[name] = json.dumps([[each, plan.weights[each]] for each in ids])
        else:
            values[f"{name}_ids"] = list(ids)
            values[f"{name}_weights"] = [plan.weights[each] for each in ids]
    return values


def neighbours_in(terms: "array[int]", plan: Plan) -> float:
    present = plan.neighbours.keys() & set(pairwise(terms))
    return sum(plan.neighbours[pair] for pair in present)


def words_in(terms: "array[int]", plan: Plan) -> int:
    """How many words of the search are in the document, in whichever form."""
    present = set(terms)
    return sum(not word.isdisjoint(present) for word in plan.telling)


def holds(terms: "array[int]", phrase: Sequence[frozenset[int]]) -> bool:
    """Whether the document has the phrase word for word."""
    size = len(phrase)
    return any(
        all(terms[at + place] in word for place, word in enumerate(phrase))
        for at in range(len(terms) - size + 1)
        if terms[at] in phrase[0]
    )
