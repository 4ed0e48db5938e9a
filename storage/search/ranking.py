"""Ranking by BM25 over the postings, in one statement that both databases run alike.

The rarest terms of a search are read whole, within a budget; the common ones only where
those are found. So a search costs about the same in a large index as in a small one, and
words that are everywhere still count. What stands side by side in the search and in the
document counts once more: "carrier invoice" is more than an invoice and a carrier."""

import json
from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
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
from storage.tables import (
    Answer,
    Channel,
    Question,
    SearchChannel,
    SearchDocument,
    SearchPosting,
    Solution,
)

SATURATION, LENGTH_MATTERS = 1.2, 0.6  # BM25's k1 and b
CANDIDATES = 200  # ranked by the terms that are read whole, then by all
PHRASE_CANDIDATES = 2_000  # of them, those with the words in that order are kept


@dataclass(frozen=True)
class Hit:
    question_id: int
    score: float
    share: float  # of the most that a document could score, 0 to 1


async def find(
    session: AsyncSession, *, team_id: str, user_id: str, search: Search, limit: int
) -> list[Hit]:
    """Solved questions in channels that this person can read, best first."""
    plan = await plan_for(session, team_id, search)
    if plan is None:
        return []
    if not plan.weights:
        newest = await session.scalars(newest_solved(team_id, user_id, search).limit(limit))
        return [Hit(question_id, 0.0, 0.0) for question_id in newest]
    statement = best_matching(session.get_bind().dialect.name, team_id, user_id, search, plan)
    rows = await session.execute(statement, parameters(plan, session.get_bind().dialect.name))
    most = sum(plan.weights.values()) * (SATURATION + 1)
    hits: list[Hit] = []
    for question_id, score, packed in rows:
        terms = unpacked(packed)
        if all(holds(terms, phrase) for phrase in plan.phrases):
            score += neighbours_in(terms, plan)
            hits.append(Hit(question_id, score, min(1.0, score / most)))
    hits.sort(key=lambda hit: (-hit.score, -hit.question_id))
    return hits[:limit]


def newest_solved(team_id: str, user_id: str, search: Search) -> Select[int]:
    return (
        select(Question.id)
        .join(SearchDocument, SearchDocument.question_id == Question.id)
        .join(
            Channel,
            and_(Channel.team_id == Question.team_id, Channel.channel_id == Question.channel_id),
        )
        .where(
            Question.team_id == team_id,
            channels.readable_by(team_id, user_id),
            *filters_on_question(search),
        )
        .order_by(Question.solved_at.desc(), Question.id.desc())
    )


def best_matching(
    dialect: str, team_id: str, user_id: str, search: Search, plan: Plan
) -> Select[int, float, bytes]:
    scanned, others = weighted_terms(dialect, "scanned"), weighted_terms(dialect, "others")
    candidates = (
        select(SearchPosting.question_id, func.sum(score_of(scanned)).label("score"))
        .select_from(scanned)
        .join(SearchPosting, SearchPosting.term_id == scanned.c.term_id)
        .where(SearchPosting.channel.in_(readable_channels(team_id, user_id, search)))
        .where(*conditions_on_posting(search, plan))
        .group_by(SearchPosting.question_id)
        .order_by(func.sum(score_of(scanned)).desc(), SearchPosting.question_id.desc())
        .limit(PHRASE_CANDIDATES if plan.phrases else CANDIDATES)
        .subquery("candidates")
    )
    score = candidates.c.score + func.coalesce(score_of_others(others, candidates), 0.0)
    return select(candidates.c.question_id, score, SearchDocument.terms).join(
        SearchDocument, SearchDocument.question_id == candidates.c.question_id
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


def readable_channels(team_id: str, user_id: str, search: Search) -> Select[int]:
    numbers = (
        select(SearchChannel.number)
        .join(
            Channel,
            and_(
                Channel.team_id == SearchChannel.team_id,
                Channel.channel_id == SearchChannel.channel_id,
            ),
        )
        .where(SearchChannel.team_id == team_id, channels.readable_by(team_id, user_id))
    )
    if search.channel_id is not None:
        numbers = numbers.where(SearchChannel.channel_id == search.channel_id)
    return numbers


def conditions_on_posting(search: Search, plan: Plan) -> list[ColumnElement[bool]]:
    required = [is_in_document(term_id) for term_id in sorted(plan.required - plan.scanned)]
    filters = filters_on_question(search)
    if not filters:
        return required
    passes = exists().where(Question.id == SearchPosting.question_id, *filters)
    return [*required, passes]


def is_in_document(term_id: int) -> ColumnElement[bool]:
    other = SearchPosting.__table__.alias()
    return exists().where(
        other.c.term_id == term_id, other.c.question_id == SearchPosting.question_id
    )


def filters_on_question(search: Search) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if search.topic_id is not None:
        filters.append(Question.topic_id == search.topic_id)
    if search.channel_id is not None:
        filters.append(Question.channel_id == search.channel_id)
    if search.solved_from is not None:
        filters.append(Question.solved_at >= search.solved_from)
    if search.solved_until is not None:
        filters.append(Question.solved_at < search.solved_until)
    if search.author_id is not None:
        filters.append(
            exists()
            .where(Solution.answer_id == Answer.id, Solution.question_id == Question.id)
            .where(Answer.author_id == search.author_id)
        )
    return filters


@cache
def weighted_terms(dialect: str, name: str) -> FromClause:
    """The terms with their weights as rows, from one parameter each way: a list of values
    would make another statement, to be built and planned anew, of every number of terms."""
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


def holds(terms: "array[int]", phrase: Sequence[int]) -> bool:
    """Whether the document has the phrase word for word."""
    wanted = array("I", phrase)
    size = len(wanted)
    return any(
        terms[at : at + size] == wanted
        for at in range(len(terms) - size + 1)
        if terms[at] == wanted[0]
    )
