"""What is kept of a person, as they read it."""

from typing import Any

from bot.privacy.my_data import MyData
from bot.privacy.retention import Kept
from handlers.blocks.privacy.my_data import data_sections, my_data_modal, readable_page
from tests.handlers.blocks.conftest import AT


def mine(**changes: Any) -> MyData:
    usual = {"asked": 2, "answered": 1, "helped": 3, "rows": 12, "tables": {}, "out_of": ()}
    flags = {"is_unnamed": False, "is_being_erased": False, "kept": ()}
    return MyData("U1", **{**usual, **flags, **changes})


def said(view: dict[str, Any]) -> str:
    return "\n".join(each["text"]["text"] for each in view["blocks"] if "text" in each)


VIEWS = [
    lambda text: my_data_modal(mine(out_of=tuple(f"C{each}" for each in range(200)))),
    lambda text: my_data_modal(mine(kept=tuple(Kept(f"C{e}", "all", 12) for e in range(200)))),
    lambda text: my_data_modal(mine(rows=0, is_being_erased=True, is_unnamed=True)),
    lambda text: {"type": "home", "blocks": data_sections(True)},
]


def test_it_says_what_why_until_when_and_who_sees_it():
    told = said(my_data_modal(mine(kept=(Kept("", "all", 12),), out_of=("",))))

    assert "2 questions and 1 reply with their words, and 3 facts of help" in told
    assert "12 rows of the database name you" in told
    assert "everywhere else: 12 months" in told
    assert "Everywhere: nothing that you write is kept." in told


def test_admins_alone_have_the_admins_buttons():
    assert "audit" not in str(data_sections(False))
    assert "audit" in str(data_sections(True))


def test_what_somebody_wrote_is_text_in_the_page():
    rows = [
        ("answers", {"text": "<script>alert(1)</script>", "answered_at": AT}),
        ("new_table", {"anything": ["a", 1], "nothing": None}),
    ]

    page = readable_page("Ana <b>", rows, part=1, parts=2)

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "Ana &lt;b&gt; (1 of 2)" in page
    assert page.index("Your replies") < page.index("new_table")
