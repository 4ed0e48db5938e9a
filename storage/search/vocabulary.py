"""The terms of a workspace's index: their numbers, how common each is, and which known terms
an unknown one may stand for.

A term's `documents` is exact while it is rare. Beyond `EXACT` it moves in steps of one
sixty-fourth, by every so many-th question only: an error too small to matter for ranking,
and transactions that share nothing but common words do not wait for each other."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.saving import insert
from storage.tables import SearchPosting, SearchTerm, SearchTotal

EXACT = 64
CANDIDATES = 400  # known terms compared with an unknown one, from either end of it
ALTERNATIVES = 3
SHORTEST_MISSPELT, SHORTEST_PREFIX = 4, 3  # characters
LONG_WORD = 8  # from here on two mistakes may be in it


@dataclass(frozen=True)
class Term:
    id: int
    documents: int


async def get_totals(session: AsyncSession, team_id: str) -> tuple[int, float]:
    """How many documents the workspace has, and their average length in terms."""
    row = await session.get(SearchTotal, team_id, populate_existing=True)
    if row is None or row.documents < 1:
        return 0, 1.0
    return row.documents, max(1.0, row.length / row.documents)


async def get_terms(
    session: AsyncSession, team_id: str, wanted: Collection[str]
) -> dict[str, Term]:
    rows = await session.execute(
        select(SearchTerm.term, SearchTerm.id, SearchTerm.documents).where(
            SearchTerm.team_id == team_id, SearchTerm.term.in_(wanted)
        )
    )
    return {row.term: Term(row.id, row.documents) for row in rows}


async def get_terms_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Term]:
    rows = await session.execute(
        select(SearchTerm.id, SearchTerm.documents).where(SearchTerm.id.in_(ids))
    )
    return [Term(row.id, row.documents) for row in rows]


async def learn_terms(
    session: AsyncSession, team_id: str, wanted: Collection[str]
) -> dict[str, Term]:
    """The terms, those that are new too."""
    known = await get_terms(session, team_id, wanted)
    # In one order for all: two that learn the same terms wait for each other only once.
    unknown = sorted(set(wanted) - known.keys())
    if unknown:
        await session.execute(
            insert(session, SearchTerm).on_conflict_do_nothing(),
            [
                {"team_id": team_id, "term": term, "backwards": term[::-1], "documents": 0}
                for term in unknown
            ],
        )
        known |= await get_terms(session, team_id, unknown)
    return known


async def count(
    session: AsyncSession, question_id: int, terms: Iterable[Term], *, by: int
) -> Sequence[int]:
    """Note that these terms are in one document more (`by` 1) or less (-1). Returns those of
    the terms that have gone meanwhile."""
    steps: dict[int, list[int]] = {}
    for term in terms:
        step = step_of(term.documents)
        if question_id % step == 0:
            steps.setdefault(step, []).append(term.id)
    changed = sorted(term_id for ids in steps.values() for term_id in ids)
    present = await session.scalars(
        select(SearchTerm.id)
        .where(SearchTerm.id.in_(changed))
        .order_by(SearchTerm.id)
        .with_for_update(key_share=True)
    )
    gone = set(changed) - set(present)
    for step, ids in steps.items():
        await session.execute(
            update(SearchTerm)
            .where(SearchTerm.id.in_(ids))
            .values(documents=SearchTerm.documents + by * step)
        )
    return sorted(gone)


async def count_document(
    session: AsyncSession, team_id: str, question_id: int, length: int, *, by: int
) -> None:
    """Note that the workspace has one document of that length more or less."""
    documents, _ = await get_totals(session, team_id)
    step = step_of(documents)
    if question_id % step:
        return
    statement = insert(session, SearchTotal).values(
        team_id=team_id, documents=by * step, length=by * step * length
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["team_id"],
            set_={
                "documents": SearchTotal.documents + statement.excluded.documents,
                "length": SearchTotal.length + statement.excluded.length,
            },
        )
    )


def step_of(documents: int) -> int:
    return max(1, documents // EXACT)


async def forget_unused(session: AsyncSession, ids: Collection[int]) -> None:
    """Deleted words leave the vocabulary too, once they are in no document."""
    used = exists().where(SearchPosting.term_id == SearchTerm.id)
    await session.execute(
        delete(SearchTerm).where(SearchTerm.id.in_(ids), SearchTerm.documents <= 0, ~used)
    )


async def get_similar(session: AsyncSession, team_id: str, unknown: str) -> Mapping[str, Term]:
    """The likeliest known terms for one that no document has: what it is the beginning of,
    or what it is a misspelling of, the commonest first."""
    half = len(unknown) // 2
    # One mistake is in the first half or in the second: the other half is right.
    begins = await list_beginning(session, SearchTerm.term, team_id, unknown[: half or 1])
    ends = await list_beginning(session, SearchTerm.backwards, team_id, unknown[half:][::-1])
    near = {
        term: known
        for term, known in [*begins.items(), *ends.items()]
        if known.documents > 0 and is_similar(unknown, term)
    }
    best = sorted(near, key=lambda term: (OSA.distance(unknown, term), -near[term].documents))
    return {term: near[term] for term in best[:ALTERNATIVES]}


def is_similar(unknown: str, known: str) -> bool:
    if len(unknown) >= SHORTEST_PREFIX and known.startswith(unknown):
        return True
    if len(unknown) < SHORTEST_MISSPELT or any(map(str.isdigit, unknown)):
        return False  # another number is another thing, not a mistake
    most = 2 if len(unknown) >= LONG_WORD else 1
    return OSA.distance(unknown, known, score_cutoff=most) <= most


async def list_beginning(
    session: AsyncSession, column: InstrumentedAttribute[str], team_id: str, start: str
) -> dict[str, Term]:
    rows = await session.execute(
        select(SearchTerm.term, SearchTerm.id, SearchTerm.documents)
        .where(SearchTerm.team_id == team_id, column >= start, column < start + "\U0010ffff")
        .order_by(SearchTerm.documents.desc(), SearchTerm.id)
        .limit(CANDIDATES)
    )
    return {row.term: Term(row.id, row.documents) for row in rows}
