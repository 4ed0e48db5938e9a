import pytest

from bot.text import HEADLINE_CHARACTERS, headline, key_of, plain, shorten
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
