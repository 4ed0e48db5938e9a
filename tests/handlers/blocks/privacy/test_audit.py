"""The audit as admins read it."""

import csv
import io
from typing import Any

import pytest

from bot import audit as kinds
from bot.privacy.audit import Entry, Page
from handlers.blocks.privacy.audit import SENTENCES, audit_modal, line, to_csv
from storage.audit import Said
from tests.handlers.blocks.conftest import AT, ORDINARY


def entry(what: str = kinds.KEYWORDS, **said: Any) -> Entry:
    about = {"by": "U1", "at": AT, "named": "Customs", "before": "", "after": "tariff", **said}
    is_gone = {"is_by_erased": about["by"] == "", "is_about_erased": about.get("person") == ""}
    people = {name: None for name in ("by", "person") if about.get(name) == ""}
    return Entry(7, Said("T1", what, **{**about, **people}), **is_gone)


def page(text: str, number: int) -> Page:
    said = {"named": text, "before": text, "after": text, "reason": text}
    return Page([entry(**said, channel_id="C1")] * number, 3)


VIEWS = [
    lambda text: audit_modal(page(text, 40)),
    lambda text: audit_modal(page(text, 1), depth=3),
    lambda text: audit_modal(Page([], None)),
]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (entry(), "<@U1> changed the keywords of *Customs*: nothing → tariff."),
        (
            entry(kinds.EXPERT, person="U2", before="", after="on"),
            "<@U1> changed who helps on *Customs*: <@U2>: nothing → on.",
        ),
        (
            entry(kinds.ERASED, by=None, person="", before=None, after="2 questions"),
            "Nothing of somebody who was erased is left: 2 questions.",
        ),
        (
            entry(kinds.HELP_CHANNEL, channel_id="C1", before="off", after="on", reason="Asked"),
            "<@U1> changed whether <#C1> is a help channel: off → on.",
        ),
        (
            entry(kinds.SPONSOR, by="", before="<@U2>", after="<!channel> & co"),
            "somebody who was erased changed the sponsor of *Customs*: <@U2> → @channel &amp; co.",
        ),
    ],
)
def test_an_entry_says_who_did_what(told: Entry, expected: str):
    assert line(told).splitlines()[0] == expected


def test_every_kind_has_a_sentence():
    named = {value for name, value in vars(kinds).items() if name.isupper()}

    assert set(SENTENCES) == named - {kinds.ON, kinds.OFF}


def test_a_table_has_no_formula_in_it():
    written = to_csv([entry(named='=HYPERLINK("x")', after="@SUM(1)", reason=ORDINARY)])

    header, row = csv.reader(io.StringIO(written))
    assert header[:3] == ["number", "at", "what"]
    assert row[6:] == ['\'=HYPERLINK("x")', "", "'@SUM(1)", ORDINARY]
