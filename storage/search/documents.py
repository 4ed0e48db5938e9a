"""Putting a question's words into the index, and taking them out, in the caller's transaction."""

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Row,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy import insert as core_insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert
from storage.search import vocabulary
from storage.search.languages import ENGLISH, MARKERS, language_of
from storage.search.tables import SearchChannel, SearchDocument, SearchPosting
from storage.search.vocabulary import Term
from storage.search.words import terms_as_written, words_of
from storage.tables import Base, Question, Solution

ANALYSIS = 2  # raise it when terms or weights change: what was put before is put again
WEIGHTS = (3, 1, 1, 1, 1)  # of the fields, in their order; the last one are the languages
MOST_TERMS = 10_000  # of one document; the longest question with the longest answers has fewer
MOST_WEIGHT = 1_000  # of a term in a document: more of the same word says nothing more
BORDER = 0  # stands between two fields, where no term does

# Bare tables take rows the fastest.
POSTINGS, DOCUMENTS = (
    Base.metadata.tables[name] for name in ("search_postings", "search_documents")
)
Kept = Row[int, str, bytes, int, int]  # the columns of a SearchDocument

# Built once, as they are asked for every document: building costs more than running.
KEPT = select(*SearchDocument.__table__.c).where(
    SearchDocument.question_id.in_(bindparam("question_ids", expanding=True))
)
CHANNEL_NUMBER = select(SearchChannel.number).where(
    SearchChannel.team_id == bindparam("team_id"),
    SearchChannel.channel_id == bindparam("channel_id"),
)


@dataclass(frozen=True)
class Words:
    """What is kept of a question, the most telling first."""

    headline: str
    question: str = ""
    solution: str = ""
    thread: str = ""


@dataclass(frozen=True)
class Document:
    """A solved question as it is to be found."""

    question_id: int
    channel_id: str
    words: Words


Fields = Sequence[Sequence[str]]  # the terms of each field


async def put(session: AsyncSession, team_id: str, documents: Sequence[Document]) -> None:
    """Make these the words under which the questions are found."""
    written = {each.question_id: terms_of_fields(each.words) for each in documents}
    for question_id in await take_out_changed(session, team_id, written):
        del written[question_id]
    terms = await counted(session, team_id, written)
    new = [each for each in documents if each.question_id in written]
    rows: list[dict[str, Any]] = []
    for document in new:
        channel = await number_of_channel(session, team_id, document.channel_id)
        rows += postings_of(document.question_id, written[document.question_id], terms, channel)
    if rows:
        await session.execute(core_insert(POSTINGS), rows)
    kept = [
        {
            "question_id": question_id,
            "team_id": team_id,
            "terms": packed(fields, terms),
            "length": length_of(fields),
            "analysis": ANALYSIS,
        }
        for question_id, fields in written.items()
    ]
    if kept:
        await session.execute(core_insert(DOCUMENTS), kept)
        session.info.setdefault("indexed", []).extend(written)
    for question_id, fields in written.items():
        await vocabulary.count_document(session, team_id, question_id, length_of(fields), by=1)


async def put_new(
    session: AsyncSession, team_id: str, channel_id: str, written: Mapping[int, Fields]
) -> None:
    """As `put`, for many questions of a channel that are not in the index yet, by the terms of
    their fields (`terms_of_fields`): counted together, which takes a fraction of the time."""
    in_which: dict[str, list[int]] = {}
    for question_id, fields in written.items():
        for term in all_of(fields):
            in_which.setdefault(term, []).append(question_id)
    terms = await vocabulary.learn_terms(session, team_id, in_which)
    while await vocabulary.count_many(
        session, {terms[term].id: question_ids for term, question_ids in in_which.items()}
    ):
        terms = await vocabulary.learn_terms(session, team_id, in_which)
    channel = await number_of_channel(session, team_id, channel_id)
    rows = [
        row
        for question_id, fields in written.items()
        for row in postings_of(question_id, fields, terms, channel)
    ]
    rows.sort(key=lambda row: row["term_id"])  # as they lie on the disk
    await add_postings(session, rows)
    await session.execute(
        core_insert(DOCUMENTS),
        [
            {
                "question_id": question_id,
                "team_id": team_id,
                "terms": packed(fields, terms),
                "length": length_of(fields),
                "analysis": ANALYSIS,
            }
            for question_id, fields in written.items()
        ],
    )
    session.info.setdefault("indexed", []).extend(written)
    lengths = {question_id: length_of(fields) for question_id, fields in written.items()}
    await vocabulary.count_documents(session, team_id, lengths)


async def add_postings(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """They are many: bare values in SQLite, and in PostgreSQL an array a column, which it reads
    ten times as fast as rows."""
    names = [column.name for column in POSTINGS.c]
    if session.get_bind().dialect.name == "sqlite":
        places = ", ".join("?" for _ in names)
        statement = f"INSERT INTO search_postings ({', '.join(names)}) VALUES ({places})"
        connection = await session.connection()
        await connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])
        return
    arrays = {name: [row[name] for row in rows] for name in names}
    values = func.unnest(
        *(bindparam(name, type_=ARRAY(BigInteger)) for name in names)
    ).table_valued(*names, name="new")
    values = values.render_derived()
    await session.execute(core_insert(POSTINGS).from_select(names, select(values)), arrays)


def terms_of_fields(words: Words) -> Fields:
    """The fields' terms, together no more than a document may have, and last the languages that
    they are in."""
    texts: tuple[str, ...] = astuple(words)
    otherwise = language_of(words_of("\n".join(texts))) or ENGLISH
    left, kept, spoken = MOST_TERMS, [], set[str]()
    for text in texts:
        terms, languages = terms_as_written(text, otherwise)
        kept.append(terms[:left])
        left -= len(kept[-1])
        spoken |= languages
    return [*kept, [MARKERS[each] for each in sorted(spoken & MARKERS.keys())]]


def postings_of(
    question_id: int, fields: Fields, terms: Mapping[str, Term], channel: int
) -> list[dict[str, Any]]:
    weights: Counter[int] = Counter()
    for field, weight in zip(fields, WEIGHTS, strict=True):
        for term in field:
            weights[terms[term].id] += weight
    length = length_of(fields)
    return [
        {
            "term_id": term_id,
            "question_id": question_id,
            "channel": channel,
            "weight": min(weight, MOST_WEIGHT),
            "length": length,
        }
        for term_id, weight in sorted(weights.items())
    ]


def length_of(fields: Fields) -> int:
    return sum(map(len, fields))


async def take_out_changed(
    session: AsyncSession, team_id: str, written: Mapping[int, Fields]
) -> list[int]:
    """Take out what is kept in other words; returns the questions that are kept as written."""
    present = await list_kept(session, written)
    if not present:
        return []
    wanted = {term for each in present for term in all_of(written[each.question_id])}
    known = await vocabulary.get_terms(session, team_id, wanted)
    same = []
    for each in present:
        fields = written[each.question_id]
        is_known = each.analysis == ANALYSIS and all_of(fields) <= known.keys()
        if is_known and each.terms == packed(fields, known):
            same.append(each.question_id)
        else:
            await take_out(session, each)
    return same


def all_of(fields: Fields) -> set[str]:
    return {term for field in fields for term in field}


async def remove(session: AsyncSession, question_id: int) -> None:
    """Forget the question's words: nothing finds it by them, and they are in no table."""
    for document in await list_kept(session, [question_id]):
        await take_out(session, document)


async def list_missing(
    session: AsyncSession, *, after: int, limit: int, again: bool
) -> Sequence[int]:
    """Questions of any workspace, by their ids after that one, that are solved and not in the
    index as this program would put them; all that are solved, when `again`."""
    statement = select(Question.id).where(*missing(again), Question.id > after)
    return (await session.scalars(statement.order_by(Question.id).limit(limit))).all()


async def count_missing(session: AsyncSession, *, again: bool) -> int:
    statement = select(func.count()).select_from(Question).where(*missing(again))
    return await session.scalar(statement) or 0


def missing(again: bool) -> list[ColumnElement[bool]]:
    current = exists().where(
        SearchDocument.question_id == Question.id, SearchDocument.analysis == ANALYSIS
    )
    return [
        Question.solved_at.is_not(None),
        Question.withdrawn_at.is_(None),
        exists().where(Solution.question_id == Question.id),
        *([] if again else [~current]),
    ]


async def forget_analysis(session: AsyncSession, question_ids: Collection[int]) -> None:
    """Put next, these are put anew even in the same words."""
    await session.execute(
        update(SearchDocument)
        .where(SearchDocument.question_id.in_(question_ids))
        .values(analysis=0)
        .execution_options(synchronize_session=False)
    )


async def take_out(session: AsyncSession, document: Kept) -> None:
    question_id, ids = document.question_id, set(unpacked(document.terms)) - {BORDER}
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


async def list_kept(session: AsyncSession, question_ids: Collection[int]) -> Sequence[Kept]:
    return (await session.execute(KEPT, {"question_ids": list(question_ids)})).all()


async def counted(
    session: AsyncSession, team_id: str, written: Mapping[int, Fields]
) -> dict[str, Term]:
    """The terms, each counted for the documents it is in. One that another transaction
    forgets in between is learned again."""
    wanted = {term for fields in written.values() for term in all_of(fields)}
    terms = await vocabulary.learn_terms(session, team_id, wanted)
    for question_id, fields in written.items():
        uncounted = [terms[term] for term in all_of(fields)]
        while gone := await vocabulary.count(session, question_id, uncounted, by=1):
            again = {term for term in all_of(fields) if terms[term].id in gone}
            learned = await vocabulary.learn_terms(session, team_id, again)
            terms, uncounted = terms | learned, list(learned.values())
    return terms


def packed(fields: Fields, terms: Mapping[str, Term]) -> bytes:
    numbers = array("I")
    for field in fields:
        numbers.extend(terms[term].id for term in field)
        numbers.append(BORDER)
    return numbers.tobytes()


def unpacked(terms: bytes) -> "array[int]":
    return array("I", terms)


async def number_of_channel(session: AsyncSession, team_id: str, channel_id: str) -> int:
    place = {"team_id": team_id, "channel_id": channel_id}
    known = await session.scalar(CHANNEL_NUMBER, place)
    if known is not None:
        return known
    await session.execute(insert(session, SearchChannel).values(**place).on_conflict_do_nothing())
    return (await session.scalars(CHANNEL_NUMBER, place)).one()
