from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.finding.filters import read_search
from storage.search import Search
from tests.bot.conftest import (
    BEN,
    HELP,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    find,
    learn,
    said,
    solve,
    ts,
)
from tests.bot.recognition.test_kudos import hear_and_mark


async def read(session: AsyncSession, text: str, by: str = PIA) -> Search:
    return await read_search(session, team_id=TEAM, user_id=by, text=text)


@pytest.mark.parametrize(
    "written", ["topic:customs", "Topic:CUSTOMS", 'topic:"Customs"', "topic:cu"]
)
async def test_a_topic_by_its_name_or_the_beginning_of_it(
    session: AsyncSession, help_channel, written: str
):
    topic = await add_topic(session, "Customs")

    search = await read(session, f"rejected {written} form")

    assert (search.topic_id, search.words.split()) == (topic.topic_id, ["rejected", "form"])


async def test_what_two_topics_begin_with_means_neither(session: AsyncSession, help_channel):
    await add_topic(session, "Customs")
    await add_topic(session, "Customers")

    assert await read(session, "topic:cust") == Search("topic:cust")


@pytest.mark.parametrize("written", [f"<@{BEN}>", f"<@{BEN}|ben>", "ben", "@Ben", "BEN", "me"])
async def test_a_person_by_mention_or_name(session: AsyncSession, help_channel, written: str):
    await learn(session, BEN, name="Ben Okafor")

    assert (await read(session, f"from:{written}", by=BEN)).author_id == BEN


@pytest.mark.parametrize("written", [f"<#{HELP}>", f"<#{HELP}|help>", HELP.lower(), f"#{HELP}"])
async def test_a_channel_by_mention_or_name(session: AsyncSession, help_channel, written: str):
    assert (await read(session, f"in:{written}")).channel_id == HELP


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [  # in Rome, where Pia is
        ("2026", datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2026-03", datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("2026-12", datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
        ("2026-3-29", datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    ],
)
async def test_a_time_is_where_the_person_is(
    session: AsyncSession, help_channel, written: str, start: datetime, end: datetime
):
    search = await read(session, f"solved:{written}")

    assert (search.solved_from, search.solved_until) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "topic:nothing",
        "from:nobody",
        "from:",
        "in:nowhere",
        "solved:soon",
        "solved:2026-13",
        "solved:0000",
        "solved:9999",
        "solved:0001",
        "solved:2026-02-30",
        "notopic:customs",
        "error:417 C:\\temp http://a.example",
    ],
)
async def test_what_names_nothing_is_searched_for_as_words(
    session: AsyncSession, help_channel, text: str
):
    search = await read(session, text)

    assert search.filters == {}
    assert search.words == text


@pytest.mark.parametrize(
    "text",
    ['"tender window"', "“tender window”", "„tender window“", "«tender window»", "”tender window”"],
)
async def test_words_in_quotes_are_a_phrase(session: AsyncSession, help_channel, text: str):
    assert (await read(session, f"closed {text}")).phrases == ("tender window",)


@pytest.mark.parametrize("text", ['a 12" monitor and a 10" one', '4"x6" labels', "'tender window'"])
async def test_inches_and_apostrophes_quote_nothing(session: AsyncSession, help_channel, text: str):
    assert (await read(session, text)).phrases == ()


PASTED = [
    'SAP rejects the form "V0" with "tariff code missing"',
    '{"error": "0x80070005", "message": "Tariff rejected"}',
    "Formular „V0“ abgelehnt: «tariff code missing»",
    "erreur « accès refusé » tariff",
    '"tariff is wrong", it says',
]


@pytest.mark.parametrize("text", PASTED)
async def test_quotes_in_a_pasted_line_are_words_where_nothing_has_them(
    session: AsyncSession, help_channel, text: str
):
    question_id = await solve(session)

    assert [each.question_id for each in (await find(session, text)).results] == [question_id]


async def test_a_phrase_beside_words_is_one_where_something_has_it(
    session: AsyncSession, help_channel
):
    await solve(session, "Is the code on the tariff form wrong?")
    phrased = await solve_another(session, "Where is the tariff code of a pallet?")

    found = await find(session, 'wrong "tariff code"')

    assert [each.question_id for each in found.results] == [phrased]


@pytest.mark.parametrize("text", ['"code tariff"', '"code tariff" topic:customs', "«code tariff»"])
async def test_a_phrase_alone_stays_one(session: AsyncSession, help_channel, text: str):
    await add_topic(session, "Customs", keywords="tariff")
    await solve(session)

    assert (await find(session, text)).total == 0


async def solve_another(session: AsyncSession, text: str) -> int:
    question_id = await ask(session, text, seconds=1000)
    reply = said("So.", by=PIA, seconds=1060, thread_ts=ts(1000))
    await hear_and_mark(session, reply, by="U_ANA")
    return question_id


async def test_filters_narrow_what_is_found(session: AsyncSession, help_channel):
    await add_topic(session, "Customs", keywords="tariff")
    await solve(session)
    await solve_another(session, "How do I paint a pallet by the form?")

    async def total(words: str) -> int:
        return (await find(session, words)).total

    assert await total("form") == 2
    assert await total("form topic:customs") == 1
    assert await total("form from:me") == 1
    assert await total(f"form in:<#{HELP}> solved:{at().year}") == 2
    assert await total("form solved:1999") == 0
    assert await total(f"in:{HELP}") == 2  # no words: the newest
