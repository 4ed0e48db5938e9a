import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage import search
from storage.search import Words
from tests.storage.conftest import CHANNEL, TEAM, add_solved, find


async def finds(session: AsyncSession, written: str) -> bool:
    return bool(await find(session, written))


AS_WRITTEN = [
    ("the forms are rejected", "rejecting a form"),  # by their stems
    ("how to use node.js here", "node.js"),
    ("is C++ slow", "C++"),
    ("set x:y to 3", "x:y"),
    ("the AND gate", "AND gate"),
    ("the letters NEAR the door", "NEAR(letters, 3)"),
    ('the 12"monitor flickers', '12"monitor'),
    ("say 'hello' twice", "'hello'"),
    ("a wild*card", "wild*card"),
    ("version v1.2.3 fails", "v1.2.3"),
    ("snake_case names", "snake_case"),
    ("Wo ist die Straße?", "Straße"),
    ("ТАРИФ отклонён", "тариф"),
    ("日本語 の 質問", "日本語"),
    ("वह हिन्दी में", "हिन्दी"),
    ("كيف أصحح النموذج", "النموذج"),
    ("broken \x00 and \ud800 text", "broken\x00"),
]
SHORT_OR_OTHERWISE_SPELT = [
    ("What is the torque for M8x1.25 bolts?", "M8"),
    ("Which fit is 25H7?", "h7"),
    ("Who has the 3D-printer?", "3D"),
    ("VL02N closes by itself", "vl02"),
    ("The display shows E619-1609", "E619"),
    ("Label is missing", "lab"),
    ("退货单要盖章吗", "章"),
    ("세관 신고", "신"),
    ("経費精算の締め切りはいつですか", "締切"),
    ("申込はどこですか", "申し込み"),
    ("Ｍ１０ ﾎﾞﾙﾄ", "m10 ボルト"),
    ("Gdzie jest łącznik?", "lacznik"),
    ("Hvor er nøglen?", "noglen"),
    ("La sœur du modèle", "soeur modele"),
]
HOSTILE = [
    *('"', "*", "AND", "NEAR(", "question:secret", "- ^ : ( ) { }", "'; DROP TABLE people; --"),
    *(
        "a" * 100_000,
        "word " * 20_000,
        "章 节 " * 2_000,
        '" OR rowid > 0 OR "',
        "\x00",
        "\ud800",
        "🙂",
        "&|!<->",
    ),
]


async def test_words_are_found_as_they_are_written(session: AsyncSession, reader: str):
    ids = [await add_solved(session, kept) for kept, _ in AS_WRITTEN]

    missed = [
        searched
        for question_id, (_, searched) in zip(ids, AS_WRITTEN, strict=True)
        if question_id not in await find(session, searched)
    ]

    assert missed == []


@pytest.mark.parametrize(("kept", "searched"), SHORT_OR_OTHERWISE_SPELT)
async def test_a_short_word_and_another_spelling_find(
    session: AsyncSession, reader: str, kept: str, searched: str
):
    await add_solved(session, "Where is the pallet?")
    wanted = await add_solved(session, kept)

    assert await find(session, searched) == [wanted]


async def test_one_character_finds_every_word_that_has_it(session: AsyncSession, reader: str):
    ids = {await add_solved(session, kept) for kept in ("盖章", "印章在哪里", "章", "章程")}
    await add_solved(session, "退货单")

    assert set(await find(session, "章")) == ids
    assert set(await find(session, phrases=["章"])) == ids


async def test_a_phrase_holds_across_what_is_written_out(session: AsyncSession, reader: str):
    wanted = await add_solved(session, "経費精算の締め切りはいつですか")

    assert await find(session, phrases=["精算の締め切り"]) == [wanted]


async def test_operators_and_odd_text_find_nothing_and_break_nothing(
    session: AsyncSession, reader: str
):
    await add_solved(session, "pallet")

    for hostile in HOSTILE:
        assert await find(session, hostile) == []
        assert await find(session, phrases=[hostile[:1000]]) == []


@pytest.mark.parametrize("field", ["question", "solution", "thread"])
async def test_a_question_is_found_by_its_solution_and_its_thread_too(
    session: AsyncSession, reader: str, field: str
):
    words = {"question": "apple", "solution": "banana", "thread": "cherry"}
    await add_solved(session, **words)

    assert await finds(session, words[field])


async def test_a_word_of_the_question_weighs_more_than_one_of_the_thread(
    session: AsyncSession, reader: str
):
    in_thread = await add_solved(session, "gate", solution="door", thread="pallet")
    in_question = await add_solved(session, "pallet", solution="door", thread="gate")

    assert await find(session, "pallet") == [in_question, in_thread]


async def test_more_words_that_match_come_first(session: AsyncSession, reader: str):
    one = await add_solved(session, "paint the gate")
    both = await add_solved(session, "paint the pallet")

    assert await find(session, "paint pallet") == [both, one]


async def test_without_words_nothing_is_found(session: AsyncSession, reader: str):
    await add_solved(session, "pallet")

    assert await find(session, "") == []


async def test_new_words_replace_the_old_ones(session: AsyncSession, reader: str):
    question_id = await add_solved(session, "pallet", solution="door", thread="gate")
    words = Words("crate", solution="lock", thread="fence")
    await search.put(session, TEAM, [search.Document(question_id, CHANNEL, words)])

    found = [await finds(session, word) for word in ("pallet", "door", "gate", "crate", "fence")]
    assert found == [False, False, False, True, True]


async def test_removed_words_are_not_found(session: AsyncSession, reader: str):
    question_id = await add_solved(session, "pallet")

    await search.remove(session, question_id)
    await search.remove(session, question_id)  # again, or never there

    assert not await finds(session, "pallet")


async def test_the_longest_thread_can_be_kept(session: AsyncSession, reader: str):
    # Every pair of letters joined by a hyphen: the most that a text can weigh in an index.
    letters = "абвгдежзийклмнопрстуфхцчшщыэюя"
    words = [f"{a}{b}{c}" for a in letters for b in letters for c in letters]
    longest = " ".join(f"{one}-{other}" for one, other in zip(words, reversed(words), strict=True))

    await add_solved(session, longest[:40_000], solution=longest, thread=longest[::-1])

    assert await finds(session, words[0])
