import asyncio
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import search
from storage.database import Sessions
from storage.search import Words
from storage.search.tables import SearchPosting, SearchTerm, SearchTotal
from storage.search.words import terms_of
from storage.tables import Question
from tests.conftest import NOW
from tests.storage.conftest import CHANNEL, TEAM, add_reader, add_solved, find


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("The tolerances were exceeded", "tolerance exceeding"),
        ("Error E-4711 in loadVolume", "e4711"),
        ("Error E-4711 in loadVolume", "E 4711"),
        ("Error E-4711 in loadVolume", "volume"),
        ("use node.js or C++", "nodejs"),
        ("file_name_x.csv is empty", "name csv"),
        ("Der Zähler geht nicht", "zahler"),
        ("don't use Müller's form", "muller"),
        ("ICS2 の ENS が返ってきて", "返って"),
        ("请打开报关单", "报关"),
        ("세관 신고가 거부되었습니다", "신고"),
        ("แบบฟอร์มศุลกากร", "ศุลกากร"),
    ],
)
async def test_words_are_found_in_other_forms(
    session: AsyncSession, reader: str, text: str, searched: str
):
    question_id = await add_solved(session, text)
    await add_solved(session, "something else entirely")

    assert await find(session, searched) == [question_id]


@pytest.mark.parametrize(
    "typed", ["tarrif", "tarif", "atriff", "tarifff", "tar", "customss", "cutsoms"]
)
async def test_mistakes_and_beginnings_are_understood(
    session: AsyncSession, reader: str, typed: str
):
    question_id = await add_solved(session, "the customs tariff")

    assert await find(session, typed) == [question_id]


@pytest.mark.parametrize("typed", ["4712", "e4712", "xyz", "tz"])
async def test_another_number_is_another_thing(session: AsyncSession, reader: str, typed: str):
    await add_solved(session, "form 4711 e4711 tariff")

    assert await find(session, typed) == []


async def test_a_phrase_is_found_word_for_word(session: AsyncSession, reader: str):
    right = await add_solved(session, "the tender window closed")
    await add_solved(session, "the window of the tender")
    await add_solved(session, "tender", solution="window")  # two fields are not one text

    assert await find(session, phrases=("tender window",)) == [right]
    assert await find(session, "closed", phrases=("window tender",)) == []


async def test_words_side_by_side_count_once_more(session: AsyncSession, reader: str):
    apart = await add_solved(session, "carrier sends us the invoice again")
    together = await add_solved(session, "again the carrier invoice sends us")

    assert await find(session, "carrier invoice") == [together, apart]


async def counts(session: AsyncSession) -> dict[str, int]:
    rows = await session.execute(select(SearchTerm.term, SearchTerm.documents))
    return {row.term: row.documents for row in rows}


async def test_counts_follow_what_is_put_and_removed(session: AsyncSession, reader: str):
    one = await add_solved(session, "pallet door")
    await add_solved(session, "pallet gate")
    assert await counts(session) == {"pallet": 2, "door": 1, "gate": 1}

    await search.put(session, TEAM, [search.Document(one, CHANNEL, Words("crate"))])

    assert await counts(session) == {"pallet": 1, "gate": 1, "crate": 1}
    total = await session.get(SearchTotal, TEAM)
    assert total is not None and (total.documents, total.length) == (2, 3)


async def test_several_at_once_are_as_one_by_one(session: AsyncSession, reader: str):
    texts = [f"pallet number {n} at gate {n % 3}" for n in range(20)]
    ids = [await add_solved(session, text) for text in texts]
    expected, postings = await counts(session), Counter(await all_postings(session))
    for question_id in ids:
        await search.remove(session, question_id)
    assert (await counts(session), await all_postings(session)) == ({}, [])

    documents = [
        search.Document(question_id, CHANNEL, Words(text))
        for question_id, text in zip(ids, texts, strict=True)
    ]
    await search.put(session, TEAM, documents)
    await search.put(session, TEAM, documents)  # again: nothing changes

    assert await counts(session) == expected
    assert len(await all_postings(session)) == sum(postings.values())


async def all_postings(session: AsyncSession) -> list[tuple[int, int]]:
    rows = await session.execute(select(SearchPosting.term_id, SearchPosting.question_id))
    return [(row.term_id, row.question_id) for row in rows]


async def test_what_is_missing_is_listed_until_it_is_put(session: AsyncSession, reader: str):
    await add_solved(session, "pallet")  # without a solution of its own: nothing to find

    assert await search.list_missing(session, after=0, limit=9, again=True) == []


async def test_many_at_the_same_time_put_the_same_new_words(sessions: Sessions):
    async with sessions.begin() as session:
        await add_reader(session)
        ids = []
        for _ in range(12):
            row = Question(
                team_id=TEAM, channel_id=CHANNEL, asker_id="U", text="", asked_at=NOW, solved_at=NOW
            )
            session.add(row)
            await session.flush()
            ids.append(row.id)

    async def put(question_id: int, text: str) -> None:
        async with sessions.begin() as session:
            await search.put(session, TEAM, [search.Document(question_id, CHANNEL, Words(text))])

    await asyncio.gather(*(put(each, f"crate gate {each} pallet") for each in ids))
    await asyncio.gather(*(put(each, f"pallet door {each}") for each in ids))

    async with sessions.read() as session:
        assert len(await find(session, "pallet", limit=50)) == 12
        known = await counts(session)
        assert (known["pallet"], known["door"], known.get("crate")) == (12, 12, None)


def test_codes_and_names_are_terms_as_a_whole_and_by_their_parts():
    assert terms_of("E-4711") == ["e4711", "4711"]
    assert terms_of("loadVolume") == ["loadvolum", "load", "volum"]
    assert terms_of("报关单") == ["报关", "关单"]
