"""What assistants are told: quoted, and with no link but ours."""

import pytest

from handlers.blocks.assistants.telling import neutral

HOSTILE = (
    "![x](https://evil.example/?q=1)",
    "[here](http://evil.example)",
    "<img src='https://evil.example'>",
    "<https://evil.example|here>",
    "see HTTPS://evil.example and ftp://evil.example",
    "javascript:alert(1) data:text/html,x mailto:x@evil.example",
    "`rm -rf`\u200b\u202e",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_it_is_live(text: str):
    told = neutral(text).casefold()

    for live in ("://", "](", "![", "<", ">", "`", "javascript:", "data:", "mailto:"):
        assert live not in told
    assert told.isprintable()


@pytest.mark.parametrize("text", ["Press Amend: then wait.", "At 9:30, form T1/7.", "f(x) = 2 > 1"])
def test_ordinary_words_stay(text: str):
    assert neutral(text) == text.replace(">", "›")


def test_an_address_can_still_be_read():
    assert neutral("See https://wiki.example/amend.") == "See wiki.example/amend."
