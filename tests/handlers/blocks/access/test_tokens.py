"""Tokens for programs, as people see them."""

from dataclasses import replace

from bot.access.tokens import MAX_NAME, MOST_SHOWN, MOST_TOKENS, SCOPES, NewToken, TokenView
from handlers.blocks.access import tokens as shown
from handlers.blocks.access.tokens import (
    EVERYBODYS,
    MINE,
    everybodys_modal,
    make_modal,
    programs_section,
    secret_modal,
    token_blocks,
    tokens_modal,
)
from tests.handlers.blocks.conftest import AT, ORDINARY

URL = "https://askaround.example.com"


def token(text: str = ORDINARY, **changes: bool) -> TokenView:
    name = text[:MAX_NAME] or "x"
    made = TokenView(7, "U1", name, SCOPES, "x7Qa", AT, AT, None, has_ended=False)
    return replace(made, **changes)


VIEWS = [
    lambda text: tokens_modal([token(text)] * MOST_TOKENS, URL, is_admin=True),
    lambda text: tokens_modal([], "", is_admin=False),
    lambda text: everybodys_modal([token(text)] * MOST_SHOWN),
    lambda text: everybodys_modal([]),
    lambda text: make_modal(),
    lambda text: secret_modal(NewToken(token(text), "askaround_" + "x" * 43), URL),
]


def test_every_scope_says_what_it_lets_a_program_do():
    assert set(shown.SCOPES) == set(SCOPES)


def test_what_ended_cannot_be_ended_and_whose_it_is_stands_in_everybodys_list():
    (ended,) = token_blocks(token(has_ended=True), MINE)
    (theirs,) = token_blocks(token(), EVERYBODYS)

    assert "accessory" not in ended and "Ended" in ended["text"]["text"]
    assert theirs["text"]["text"].startswith("<@U1> · ")
    assert theirs["accessory"]["value"] == "everybodys:7"


def test_home_says_nothing_of_programs_where_they_reach_nothing():
    assert programs_section("") == []
    assert "Tokens" in str(programs_section(URL))
