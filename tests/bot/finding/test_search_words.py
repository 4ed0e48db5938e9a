"""What people type into a search: anything at all."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from storage.search import likeness
from tests.bot.conftest import PIA, add_topic, find, learn, solve
from tests.examples import some as some_examples

ODDITIES = [
    '"',
    '""',
    '"""',
    "'",
    "\\",
    "*",
    "a*",
    "*a",
    "^a",
    "(",
    ")",
    "()",
    "a AND b",
    "AND",
    "OR",
    "NOT",
    "NEAR(a b)",
    "NEAR",
    "a NOT b",
    "node.js",
    "C++",
    "C#",
    "x:y",
    "question:tariff",
    "rowid:1",
    "tariff:*",
    "-tariff",
    "+tariff",
    "tariff -code",
    "{a}",
    "[a]",
    "a|b",
    "a & b",
    "!a",
    "a:*",
    "'; DROP TABLE questions; --",
    "' OR 1=1 --",
    "%",
    "_",
    "%s %(x)s {0}",
    "?1",
    ":team_id",
    "$1",
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202e",
    "\ufeff",
    "🙂",
    "e\u0301",
    "ﬁ",
    "İ",
    "ß",
    "关税",
    "関税コード",
    "세관",
    "ศุลกากร",
    "<@U1>",
    "<!channel>",
    "<https://a.example|b>",
    "&lt;b&gt;",
    "topic:",
    "from:@",
    "in:#",
    "solved:",
    'topic:"',
    "topic:'",
    "from:<@",
    "solved:2026-99-99",
    "\n\n",
    " ",
    "",
    "a" * 5000,
    "tariff " * 2000,
    '"tariff ' * 300,
    "topic:a " * 200,
]


@pytest.mark.parametrize("words", ODDITIES, ids=range(len(ODDITIES)))
async def test_no_oddity_is_an_error(session: AsyncSession, help_channel, words: str):
    await add_topic(session)
    await solve(session)

    found = await find(session, words)

    assert found.total in (0, 1)


@pytest.mark.parametrize(
    "words", ["tariff'; --", '"tariff', "tariff*", "(tariff)", "tariff:x", "-tariff"]
)
async def test_words_among_signs_are_found(session: AsyncSession, help_channel, words: str):
    await solve(session)

    assert (await find(session, words)).total == 1


@pytest.fixture
async def namesake(session: AsyncSession) -> None:
    """Somebody of the same id in another workspace."""
    await learn(session, PIA, team_id="T_OTHER")


@settings(
    max_examples=some_examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(words=st.text(max_size=80), asked=st.text(min_size=1, max_size=80))
async def test_anything_can_be_asked_and_searched_for(
    session: AsyncSession, help_channel, namesake, words: str, asked: str
):
    async with session.begin_nested() as example:
        await solve(session, f"How do I fix this: {asked}?")
        for text in (words, asked, f'"{asked}"', f"from:{words} {asked}"):
            await find(session, text)
            assert (await find(session, text, team_id="T_OTHER")).total == 0
        await example.rollback()


def test_texts_are_alike_by_the_words_that_few_of_them_have():
    others = {
        1: "How do I correct a form?",
        2: "Which tariff codes are on this form?",
        3: "How do I fill in this form?",
        4: "Lunch?",
    }

    alike = likeness("What is the tariff code of the form?", others)

    assert alike[2] > alike[1] == alike[3] > alike[4] == 0
    assert alike[2] == pytest.approx(1)
    assert likeness("", others) == dict.fromkeys(others, 0)
