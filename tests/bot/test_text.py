import pytest

from bot.text import HEADLINE_CHARACTERS, clip, cut, headline, key_of, plain, shorten
from storage.search.words import terms_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ask <@U0ANNA>", "Ask @somebody"),
        ("Ask <@U0ANNA|anna>", "Ask @anna"),
        ("in <#C012|logistics> or <#C013>", "in #logistics or #channel"),
        ("<!here> and <!subteam^S1|@night-shift>", "@here and @night-shift"),
        ("<!date^1700000000^{date}|Nov 14>", "Nov 14"),
        ("<https://example.com/a|this guide>", "this guide (https://example.com/a)"),
        ("<https://example.com|example.com>", "https://example.com"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("zero\u200bwidth \u202ertl\u202c", "zerowidth rtl"),
        ("\u200b \u2060", ""),
        ("<", "<"),
    ],
)
def test_text_reads_as_a_person_sees_it(written: str, read: str):
    assert plain(written) == read


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("short", 5, "short"),
        ("two\n lines\there", 20, "two lines here"),
        ("the quick brown fox", 12, "the quick…"),
        ("unbreakable" * 3, 10, "unbreakab…"),
        ("a " + "b" * 50, 10, "a bbbbbbb…"),
    ],
)
def test_a_text_is_shortened_at_a_word(text: str, most: int, short: str):
    assert shorten(text, most) == short


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("How do I block an aisle? It is closed.", "How do I block an aisle?"),
        ("Hi all! The T1 is still open. Why?", "The T1 is still open."),
        ("Printer 3.5 fails\nsince Friday", "Printer 3.5 fails"),
        ("Help!", "Help!"),
        ("请问提单怎么打印？很急。", "请问提单怎么打印？"),
        ("", ""),
    ],
)
def test_the_headline_is_the_first_sentence_that_tells_something(written: str, told: str):
    assert headline(written) == told


@pytest.mark.parametrize("hostile", ["<" * 100_000, "a'" * 50_000, "_" * 100_000, "<a|" * 30_000])
def test_hostile_text_is_read_in_no_time(hostile: str):
    assert len(plain(hostile)) <= 100_000
    assert len(headline(hostile)) <= HEADLINE_CHARACTERS
    assert len(terms_of(hostile)) <= 200_000


def test_names_are_the_same_whatever_their_case_and_spacing():
    assert key_of("  Customs \n Forms") == key_of("customs forms")
    assert key_of("Customs") != key_of("Custom")


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("a &lt;b", 5, "a "),
        ("a &lt;b", 6, "a &lt;"),
        ("a &amp;amp; b", 10, "a &amp;amp"),
        ("see <https://example.com|it> now", 20, "see "),
        ("see <@U1> and <@U2>", 15, "see <@U1> and "),
        ("nothing to cut", 100, "nothing to cut"),
    ],
)
def test_text_is_cut_between_entities_and_markup(text: str, most: int, expected: str):
    assert cut(text, most) == expected


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("👍🏽👍🏽", 3, "👍🏽"),
        ("👩\u200d💻👩\u200d💻", 4, "👩\u200d💻"),
        ("🇮🇹🇮🇹", 3, "🇮🇹"),
        ("e\u0301e\u0301", 3, "e\u0301"),
        ("❤\ufe0f❤\ufe0f", 3, "❤\ufe0f"),
        ("\u0301" * 10, 5, "\u0301" * 5),
    ],
)
def test_what_people_see_as_one_sign_is_not_cut_in_two(text: str, most: int, expected: str):
    assert clip(text, most) == expected
    assert shorten(text * 3, most + 1) == f"{expected}…"


def test_names_that_slack_does_not_tell_can_be_given():
    names = {"U1": "Ken", "C1": "logistics"}

    assert plain("<@U1> in <#C1> or <#C2|lobby>, <@U2>", names) == (
        "@Ken in #logistics or #lobby, @somebody"
    )
