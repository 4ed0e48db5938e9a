"""Users' words shown as words, in sentences that read well."""

import pytest

from handlers.blocks.text import count, inline, link, listed, note_modal, permalink, quote
from tests.handlers.blocks.conftest import URL

VIEWS = [lambda text: note_modal(text or "Good.")]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a &lt; b &amp; c &gt; d", "a &lt; b &amp; c &gt; d"),  # Slack's form, not escaped twice
        ("a & b", "a &amp; b"),
        ("<@U123> and <!here>", "@somebody and @here"),
        ("<https://x.example|click>", "click (https://x.example)"),
        ("<https://x.example|x.example>", "https://x.example"),
        ("*bold* _slanted_ `code` ~gone~", "bold slanted code gone"),
        ("one\n\ntwo", "one two"),
    ],
)
def test_words_in_a_sentence_are_shown_as_words(written: str, shown: str):
    assert inline(written, 100) == shown


def test_long_words_are_cut_where_a_word_ends():
    assert inline("one two three four", 12) == "one two…"


def test_a_label_cannot_end_its_link():
    assert link("https://a.example", "x> <!channel> | y") == "<https://a.example|x&gt; @channel y>"


def test_a_quotation_is_plain_words_for_slack_too():
    element = quote("*a* b*c* <!channel>")["elements"][0]["elements"][0]

    assert element == {"type": "text", "text": "a b*c* @channel"}


def test_addresses_lead_to_the_reply_in_its_thread():
    address = permalink(URL, "C1", "12.000034", "11.000001")

    assert address == "https://acme.slack.com/archives/C1/p12000034?thread_ts=11.000001&amp;cid=C1"


def test_lists_and_counts_read_like_sentences():
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [count(1, "reply", "replies"), count(2, "question")] == ["1 reply", "2 questions"]
