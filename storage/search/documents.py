"""Putting a question's words into the index, and taking them out, in the caller's transaction."""

from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import Row, delete, select
from sqlalchemy import insert as core_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert, upsert
from storage.search import vocabulary
from storage.search.vocabulary import Term
from storage.search.words import terms_of
from storage.tables import Base, SearchChannel, SearchDocument, SearchPosting

ANALYSIS = 1  # raise it when terms or weights change: what was put before is put again
WEIGHTS = (3, 1, 1, 1)  # of the fields, in their order
MOST_TERMS = 10_000  # of one document; the longest question with the longest answers has fewer
MOST_WEIGHT = 1_000  # of a term in a document: more of the same word says nothing more
BORDER = 0  # stands between two fields, where no term does

POSTINGS = Base.metadata.tables["search_postings"]  # a bare table takes rows the fastest
Kept = Row[str, bytes, int, int]  # workspace, terms, length, analysis


@dataclass(frozen=True)
class Words:
    """What is kept of a question, the most telling first."""

    headline: str
    question: str = ""
    solution: str = ""
    thread: str = ""


async def put(
    session: AsyncSession, question_id: int, *, team_id: str, channel_id: str, words: Words
) -> None:
    """Make these the words under which the question is found."""
    fields = cut([terms_of(field) for field in astuple(words)])
    wanted = {term for field in fields for term in field}
    document = await get(session, question_id)
    if document is not None:
        if await is_same(session, document, fields, wanted):
            return
        await take_out(session, question_id, document)
    terms = await counted(session, team_id, question_id, wanted)
    weights: Counter[int] = Counter()
    for field, weight in zip(fields, WEIGHTS, strict=True):
        for term in field:
            weights[terms[term].id] += weight
    length = sum(map(len, fields))
    channel = await number_of_channel(session, team_id, channel_id)
    rows = [
        {
            "term_id": term_id,
            "question_id": question_id,
            "channel": channel,
            "weight": min(weight, MOST_WEIGHT),
            "length": length,
        }
        for term_id, weight in sorted(weights.items())
    ]
    if rows:
        await session.execute(core_insert(POSTINGS), rows)
    await upsert(
        session,
        SearchDocument,
        question_id=question_id,
        team_id=team_id,
        terms=packed(fields, terms),
        length=length,
        analysis=ANALYSIS,
    )
    await vocabulary.count_document(session, team_id, question_id, length, by=1)


async def remove(session: AsyncSession, question_id: int) -> None:
    """Forget the question's words: nothing finds it by them, and they are in no table."""
    document = await get(session, question_id)
    if document is not None:
        await take_out(session, question_id, document)


async def take_out(session: AsyncSession, question_id: int, document: Kept) -> None:
    ids = set(unpacked(document.terms)) - {BORDER}
    terms = await vocabulary.get_terms_by_id(session, ids)
    await session.execute(
        delete(SearchPosting).where(
            SearchPosting.term_id.in_(ids), SearchPosting.question_id == question_id
        )
    )
    await session.execute(delete(SearchDocument).where(SearchDocument.question_id == question_id))
    await vocabulary.count(session, question_id, terms, by=-1)
    await vocabulary.forget_unused(session, ids)
    await vocabulary.count_document(session, document.team_id, question_id, document.length, by=-1)


async def get(session: AsyncSession, question_id: int) -> Kept | None:
    columns = (SearchDocument.team_id, SearchDocument.terms, SearchDocument.length)
    rows = await session.execute(
        select(*columns, SearchDocument.analysis).where(SearchDocument.question_id == question_id)
    )
    return rows.first()


async def is_same(
    session: AsyncSession, document: Kept, fields: Sequence[Sequence[str]], wanted: set[str]
) -> bool:
    known = await vocabulary.get_terms(session, document.team_id, wanted)
    is_known = document.analysis == ANALYSIS and known.keys() == wanted
    return is_known and document.terms == packed(fields, known)


def cut(fields: Sequence[list[str]]) -> list[list[str]]:
    """The fields, together no longer than a document may be."""
    left, kept = MOST_TERMS, []
    for field in fields:
        kept.append(field[:left])
        left -= len(kept[-1])
    return kept


async def counted(
    session: AsyncSession, team_id: str, question_id: int, wanted: Collection[str]
) -> dict[str, Term]:
    """The terms, each counted for this document. One that another transaction forgets in
    between is learned again."""
    terms = await vocabulary.learn_terms(session, team_id, wanted)
    gone = await vocabulary.count(session, question_id, list(terms.values()), by=1)
    while gone:
        again = {term for term, known in terms.items() if known.id in gone}
        learned = await vocabulary.learn_terms(session, team_id, again)
        gone = await vocabulary.count(session, question_id, list(learned.values()), by=1)
        terms |= learned
    return terms


def packed(fields: Sequence[Sequence[str]], terms: dict[str, Term]) -> bytes:
    numbers = array("I")
    for field in fields:
        numbers.extend(terms[term].id for term in field)
        numbers.append(BORDER)
    return numbers.tobytes()


def unpacked(terms: bytes) -> "array[int]":
    return array("I", terms)


async def number_of_channel(session: AsyncSession, team_id: str, channel_id: str) -> int:
    place = {"team_id": team_id, "channel_id": channel_id}
    number = select(SearchChannel.number).filter_by(**place)
    known = await session.scalar(number)
    if known is not None:
        return known
    await session.execute(insert(session, SearchChannel).values(**place).on_conflict_do_nothing())
    return (await session.scalars(number)).one()
