"""With the real model, which the development environment installs."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import channels, search
from storage.search.meaning import Meaning, open_meaning
from storage.search.tables import SearchVector
from tests.storage.conftest import CHANNEL, READER, TEAM, add_reader, add_solved, find

LOST = "Our shipment was lost on the way to Hamburg"
LABEL = "The label printer stays dark after the update"


@pytest.fixture(scope="session")
def meaning() -> Meaning:
    opened = open_meaning()
    assert opened is not None
    return opened


@pytest.fixture
def session(session: AsyncSession, meaning: Meaning) -> AsyncSession:
    """As everywhere, but it understands."""
    session.info["meaning"] = meaning
    return session


async def add(session: AsyncSession, meaning: Meaning, text: str) -> int:
    """A solved question with its vector."""
    question_id = await add_solved(session, text)
    await search.save_vectors(session, {question_id: meaning.pack(text)})
    return question_id


async def count_vectors(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(SearchVector)) or 0


async def test_what_means_the_same_in_other_words_is_found(session: AsyncSession, meaning):
    await add_reader(session)
    lost = await add(session, meaning, LOST)
    await add(session, meaning, LABEL)

    assert await find(session, "parcel vanished") == [lost]


async def test_of_what_shares_a_word_the_nearer_meaning_comes_first(session: AsyncSession, meaning):
    await add_reader(session)
    near = await add(session, meaning, "The parcel to Hamburg never arrived at the customer")
    await add(
        session, meaning, "Which colour has the parcel of the company, by the corporate design?"
    )

    assert (await find(session, "parcel missing"))[0] == near


async def test_without_a_vector_words_find_it_still(session: AsyncSession):
    await add_reader(session)
    question_id = await add_solved(session, LOST)

    assert await find(session, "shipment") == [question_id]
    assert await find(session, "parcel vanished") == []


async def test_who_cannot_read_it_finds_it_by_no_word(session: AsyncSession, meaning):
    await add_reader(session)
    await add(session, meaning, LOST)
    await channels.save(
        session, team_id=TEAM, channel_id=CHANNEL, name="help", is_private=True, is_shared=False
    )

    for words in ("parcel vanished", "shipment"):
        assert await find(session, words, by=READER) == []


async def test_filters_hold_for_other_words_too(session: AsyncSession, meaning):
    await add_reader(session)
    await add(session, meaning, LOST)

    assert await find(session, "parcel vanished", channel_id="C_OTHER") == []
    assert await find(session, "parcel vanished", phrases=("parcel vanished",)) == []


async def test_a_vector_goes_with_the_words_it_was_made_of(session: AsyncSession, meaning):
    await add_reader(session)
    removed, reworded = [await add(session, meaning, text) for text in (LOST, LABEL)]

    await search.remove(session, removed)
    words = search.Words("The scanner is dark")
    await search.put(session, TEAM, [search.Document(reworded, CHANNEL, words)])

    assert await count_vectors(session) == 0
    assert await search.list_unembedded(session, after=0, limit=9) == [reworded]


async def test_the_same_text_is_as_like_as_can_be_when_packed(meaning):
    same, other = meaning.likeness(LOST, [meaning.pack(LOST), meaning.pack(LABEL)])

    assert same == pytest.approx(1, abs=0.01)
    assert other < 0.4
