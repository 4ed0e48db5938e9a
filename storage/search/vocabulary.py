"""The terms of a workspace's index: their numbers, how common each is, and which known terms
an unknown one may stand for.

A term's `documents` is exact while it is rare. Beyond `EXACT` it moves in steps of one
sixty-fourth, by every so many-th question only: an error too small to matter for ranking,
and transactions that share nothing but common words do not wait for each other."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from rapidfuzz.distance import OSA
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Executable,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from storage.saving import insert
from storage.search.tables import SearchPosting, SearchTerm, SearchTotal
from storage.tables import Base

Item = TypeVar("Item")
AT_ONCE = 10_000  # terms asked for; SQLite takes 32,766 parameters
EXACT = 64  # and its steps are one 64th
CANDIDATES = 400  # known terms compared with an unknown one, from either end of it
ALTERNATIVES = 3
SHORTEST_MISSPELT, SHORTEST_PREFIX = 4, 2  # characters
LONG_WORD = 6  # from here on two mistakes may be in it


@dataclass(frozen=True)
class Term:
    id: int
    documents: int


# Built once, as they are asked for every document: building costs more than running.
THEIR_NUMBERS: BindParameter[Any] = bindparam("ids", expanding=True)
TERMS = select(SearchTerm.term, SearchTerm.id, SearchTerm.documents).where(
    SearchTerm.team_id == bindparam("team_id"),
    SearchTerm.term.in_(bindparam("terms", expanding=True)),
)
TOTALS_AND_TERMS = (
    select(
        SearchTotal.documents,
        SearchTotal.length,
        SearchTerm.term,
        SearchTerm.id,
        SearchTerm.documents.label("frequency"),
    )
    .outerjoin(
        SearchTerm,
        and_(
            SearchTerm.team_id == SearchTotal.team_id,
            SearchTerm.term.in_(bindparam("terms", expanding=True)),
        ),
    )
    .where(SearchTotal.team_id == bindparam("team_id"))
)
TERMS_BY_ID = select(SearchTerm.id, SearchTerm.documents).where(SearchTerm.id.in_(THEIR_NUMBERS))


def step_of(documents: InstrumentedAttribute[int]) -> ColumnElement[int]:
    return case((documents < 2 * EXACT, 1), else_=documents // EXACT)


STEP, TOTAL_STEP = step_of(SearchTerm.documents), step_of(SearchTotal.documents)
TERM, TOTAL = (Base.metadata.tables[name] for name in ("search_terms", "search_totals"))
IN_ONE_ORDER = (  # for all, against deadlocks
    select(TERM.c.id)
    .where(TERM.c.id.in_(THEIR_NUMBERS))
    .order_by(TERM.c.id)
    .with_for_update(key_share=True)
)
HELD = (  # in one order for all, against deadlocks
    select(TERM.c.id, TERM.c.documents)
    .where(TERM.c.id.in_(THEIR_NUMBERS))
    .order_by(TERM.c.id)
    .with_for_update(key_share=True)
)
SET_COUNT = (
    update(TERM)
    .where(TERM.c.id == bindparam("term_id", type_=BigInteger))
    .values(documents=bindparam("documents_now", type_=BigInteger))
)
COUNT = (
    update(TERM)
    .where(TERM.c.id.in_(IN_ONE_ORDER), bindparam("question_id", type_=BigInteger) % STEP == 0)
    .values(documents=TERM.c.documents + bindparam("by", type_=BigInteger) * STEP)
    .returning(TERM.c.id)
)


async def has_any(session: AsyncSession, team_id: str) -> bool:
    """Whether anything can be found in the workspace."""
    statement = select(SearchTotal.team_id).where(
        SearchTotal.team_id == team_id, SearchTotal.documents > 0
    )
    return (await session.scalar(statement)) is not None


async def get_totals_and_terms(
    session: AsyncSession, team_id: str, wanted: Collection[str]
) -> tuple[int, float, dict[str, Term]]:
    """How many documents the workspace has, their average length in terms, and these terms."""
    first, *others = [*batched(wanted, AT_ONCE)] or [[]]
    asked = {"team_id": team_id, "terms": first}
    rows = (await session.execute(TOTALS_AND_TERMS, asked)).all()
    if not rows:
        return 0, 1.0, {}
    known = {row.term: Term(row.id, row.frequency) for row in rows if row.term is not None}
    for part in others:
        known |= await get_terms(session, team_id, part)
    documents = max(0, rows[0].documents)
    average = rows[0].length / documents if documents else 1.0
    return documents, max(1.0, average), known


def batched(wanted: Collection[Item], size: int) -> Iterator[list[Item]]:
    in_order = list(wanted)
    for start in range(0, len(in_order), size):
        yield in_order[start : start + size]


async def get_terms(
    session: AsyncSession, team_id: str, wanted: Collection[str]
) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for part in batched(wanted, AT_ONCE):
        rows = await session.execute(TERMS, {"team_id": team_id, "terms": part})
        found |= {row.term: Term(row.id, row.documents) for row in rows}
    return found


async def get_terms_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Term]:
    rows = await session.execute(TERMS_BY_ID, {"ids": list(ids)})
    return [Term(row.id, row.documents) for row in rows]


async def learn_terms(
    session: AsyncSession, team_id: str, wanted: Collection[str]
) -> dict[str, Term]:
    """The terms, those that are new too."""
    known = await get_terms(session, team_id, wanted)
    # In one order for all: two that learn the same terms wait for each other only once.
    unknown = sorted(set(wanted) - known.keys())
    if not unknown:
        return known
    new = [
        {"team_id": team_id, "term": term, "backwards": term[::-1], "documents": 0}
        for term in unknown
    ]
    statement = insert(session, SearchTerm).on_conflict_do_nothing()
    rows = await session.execute(statement.returning(SearchTerm.term, SearchTerm.id), new)
    known |= {row.term: Term(row.id, 0) for row in rows}
    missed = set(wanted) - known.keys()  # somebody else learned them at the same moment
    return known | (await get_terms(session, team_id, missed) if missed else {})


async def count(
    session: AsyncSession, question_id: int, terms: Collection[Term], *, by: int
) -> set[int]:
    """Note that these terms are in one document more (`by` 1) or less (-1). Returns the
    numbers of those that have gone meanwhile."""
    ids = [term.id for term in terms]
    counted = await session.scalars(COUNT, {"ids": ids, "question_id": question_id, "by": by})
    return {term.id for term in terms if term.documents < EXACT} - set(counted)


async def count_many(
    session: AsyncSession, counted: Mapping[int, Sequence[int]], *, by: int = 1
) -> set[int]:
    """As `count`, for many documents at once: of each term's number, the questions that it is in.
    Returns the numbers of those terms that have gone meanwhile; nothing is counted then."""
    held: dict[int, int] = {}
    for part in batched(sorted(counted.keys()), AT_ONCE):
        rows = await session.execute(HELD, {"ids": part})
        held |= {row.id: row.documents for row in rows}
    if gone := counted.keys() - held.keys():
        return set(gone)
    changes = [
        {"term_id": term_id, "documents_now": counted_on(documents, counted[term_id], by)}
        for term_id, documents in held.items()
    ]
    await session.execute(SET_COUNT, changes)
    return set()


def counted_on(documents: int, question_ids: Sequence[int], by: int) -> int:
    """How many documents a term is in after these, in its steps."""
    for question_id in question_ids:
        step = 1 if documents < 2 * EXACT else documents // EXACT
        if question_id % step == 0:
            documents += by * step
    return documents


async def count_document(
    session: AsyncSession, team_id: str, question_id: int, length: int, *, by: int
) -> None:
    """Note that the workspace has one document of that length more or less."""
    counted = {"team_id": team_id, "documents": by, "length": by * length}
    dialect = session.get_bind().dialect.name
    await session.execute(count_in_total(dialect), {**counted, "question_id": question_id})


async def count_documents(session: AsyncSession, team_id: str, lengths: Mapping[int, int]) -> None:
    """As `count_document`, for many questions that are new, each with its length."""
    statement = select(TOTAL.c.documents, TOTAL.c.length).where(TOTAL.c.team_id == team_id)
    row = (await session.execute(statement.with_for_update())).first()
    documents, length = (row.documents, row.length) if row else (0, 0)
    for question_id, its_length in lengths.items():
        step = 1 if documents < 2 * EXACT else documents // EXACT
        if question_id % step == 0:
            documents, length = documents + step, length + step * its_length
    counted = {"documents": documents, "length": length}
    new = insert(session, SearchTotal).values(team_id=team_id, **counted)
    await session.execute(new.on_conflict_do_update(index_elements=["team_id"], set_=counted))


@cache
def count_in_total(dialect: str) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(TOTAL).values({each.name: bindparam(each.name) for each in TOTAL.c})
    return statement.on_conflict_do_update(
        index_elements=["team_id"],
        set_={
            name: TOTAL.c[name] + statement.excluded[name] * TOTAL_STEP
            for name in ("documents", "length")
        },
        where=bindparam("question_id", type_=BigInteger) % TOTAL_STEP == 0,
    )


async def forget_unused(session: AsyncSession, ids: Collection[int]) -> None:
    """Deleted words leave the vocabulary too, once they are in no document."""
    used = exists().where(SearchPosting.term_id == SearchTerm.id)
    await session.execute(
        delete(SearchTerm).where(SearchTerm.id.in_(ids), SearchTerm.documents <= 0, ~used)
    )


async def forget_all_unused(session: AsyncSession, team_id: str) -> None:
    """The same of the whole vocabulary, after much was taken out: of common words the count is
    close only."""
    used = exists().where(SearchPosting.term_id == SearchTerm.id)
    await session.execute(
        delete(SearchTerm)
        .where(SearchTerm.team_id == team_id, ~used)
        .execution_options(synchronize_session=False)
    )


async def get_similar(
    session: AsyncSession, team_id: str, unknown: Sequence[str]
) -> dict[str, Term]:
    """The likeliest known terms for each that no document has: what it is the beginning of, or
    what it is a misspelling of, the commonest first."""
    if not unknown:
        return {}
    similar: dict[str, Term] = {}
    for term, near in zip(unknown, await list_near(session, team_id, unknown), strict=True):
        likely = {other: known for other, known in near.items() if is_similar(term, other)}
        best = sorted(
            likely, key=lambda other: (OSA.distance(term, other), -likely[other].documents)
        )
        similar |= {other: likely[other] for other in best[:ALTERNATIVES]}
    return similar


async def list_holding(
    session: AsyncSession, team_id: str, characters: Collection[str]
) -> dict[str, list[Term]]:
    """For each of these characters, the pairs that it is in, the commonest first."""
    if not characters:
        return {}
    near = await list_near(session, team_id, list(characters))
    return {
        character: [term for pair, term in theirs.items() if character in pair]
        for character, theirs in zip(characters, near, strict=True)
    }


async def list_near(
    session: AsyncSession, team_id: str, unknown: Sequence[str]
) -> list[dict[str, Term]]:
    """For each of these, known terms with one half of it at the same end. A mistake is in the
    first half or in the second, and the other half is right; two letters that changed places may
    stand in the middle."""
    asked = {"team_id": team_id}
    for number, term in enumerate(unknown):
        for end, start in zip(("first", "last"), halves_of(term), strict=True):
            asked |= {f"{end}_{number}": start, f"{end}_{number}_until": start + "\U0010ffff"}
    near: list[dict[str, Term]] = [{} for _ in unknown]
    for row in await session.execute(near_ends(len(unknown)), asked):
        if row.documents > 0:
            near[row.number][row.term] = Term(row.id, row.documents)
    return near


def halves_of(term: str) -> tuple[str, str]:
    """What a known term begins with that this one may stand for, and what it ends with, from its
    end. A short term is no misspelling of another."""
    if len(term) < SHORTEST_MISSPELT:
        return term, term[::-1]
    half = len(term) // 2
    return term[: half - 1], term[half:][::-1]


@cache
def near_ends(number: int) -> CompoundSelect[*tuple[Any, ...]]:
    """One statement, however many words nobody wrote before."""
    columns = {"first": SearchTerm.term, "last": SearchTerm.backwards}
    return union_all(
        *(
            select(beginning(column, f"{end}_{at}", at).subquery())
            for at in range(number)
            for end, column in columns.items()
        )
    )


def beginning(
    column: InstrumentedAttribute[str], start: str, number: int
) -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal_column(str(number)).label("number"),
            SearchTerm.term,
            SearchTerm.id,
            SearchTerm.documents,
        )
        .where(
            SearchTerm.team_id == bindparam("team_id"),
            column >= bindparam(start),
            column < bindparam(f"{start}_until"),
        )
        .order_by(SearchTerm.documents.desc(), SearchTerm.id)
        .limit(CANDIDATES)
    )


def is_similar(unknown: str, known: str) -> bool:
    if len(unknown) >= SHORTEST_PREFIX and known.startswith(unknown):
        return True
    if len(unknown) < SHORTEST_MISSPELT or any(map(str.isdigit, unknown)):
        return False  # another number is another thing, not a mistake
    most = 2 if len(unknown) >= LONG_WORD else 1
    return OSA.distance(unknown, known, score_cutoff=most) <= most
