import pytest

from bot.text import SEARCH_WORDS, key_of, plain, search_words, shorten


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
    ("written", "words"),
    [
        ("How do I correct the tariff code?", ["correct", "tariff", "code"]),
        ("Node.js and C++ on v1.2.3", ["node.js", "c", "v1.2.3"]),
        ("form Form FORM", ["form"]),
        ("what is it", ["what", "is", "it"]),  # nothing telling: all of them
        ("NEAR (x) AND -y*", ["near", "x", "y"]),
        ("snake_case x:y don't", ["snake_case", "x:y", "don't"]),
        ("日本語 हिन्दी", ["日本語", "हिन्दी"]),
        ('"" * ( ) :-) 🙂', []),
        ("<@U0ANNA>", ["somebody"]),
        ("", []),
    ],
)
def test_searching_takes_the_telling_words_of_a_text(written: str, words: list[str]):
    assert search_words(written) == words


def test_a_very_long_text_gives_few_words():
    many = " ".join(f"word{n}" for n in range(20_000))

    assert len(search_words(many)) == SEARCH_WORDS


@pytest.mark.parametrize("hostile", ["<" * 100_000, "a'" * 50_000, "_" * 100_000, "<a|" * 30_000])
def test_hostile_text_is_read_in_no_time(hostile: str):
    assert len(plain(hostile)) <= 100_000
    assert len(search_words(hostile)) <= SEARCH_WORDS


def test_names_are_the_same_whatever_their_case_and_spacing():
    assert key_of("  Customs \n Forms") == key_of("customs forms")
    assert key_of("Customs") != key_of("Custom")
