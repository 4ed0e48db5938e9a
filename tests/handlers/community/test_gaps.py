"""The page of what people keep asking, and its table."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.community.gaps import Gap, GapPage, Solved, Went, last_quarter
from handlers.blocks.community.gaps import (
    gap_sections,
    gaps_modal,
    mark_modal,
    readers_modal,
    to_csv,
)
from sandbox.block_kit import check_view

QUARTER = last_quarter(datetime(2026, 11, 23, tzinfo=UTC))
GAP = Gap("code tariff", ("tariff", "code"), 12, 9, Solved.HALF, Went.MORE, has_faq=False)
NASTY = ["*bold*", "<!channel>", "=HYPERLINK(1)", "`" * 60, "x" * 400]


@pytest.mark.parametrize("is_admin", [True, False])
def test_slack_takes_the_page_and_its_modals(is_admin: bool):
    gaps = tuple(
        replace(GAP, words=(word, word), topic=word, taught_on=date(2026, 8, 1))
        for word in NASTY * 2
    )

    for page in (GapPage(QUARTER, gaps, is_admin), GapPage(QUARTER, (), is_admin)):
        assert check_view(gaps_modal(page)) == []
        assert "<!channel>" not in str(gaps_modal(page))
    assert check_view(mark_modal("code tariff")) == []
    assert check_view(readers_modal(["U1", "U2"])) == check_view(readers_modal([])) == []
    assert check_view({"type": "home", "blocks": gap_sections(True)}) == []
    assert gap_sections(False) == []


def test_a_theme_is_told_to_the_word_and_names_nobody():
    taught = replace(GAP, taught_on=date(2026, 8, 3), since_taught=Went.FEWER)

    shown = str(gaps_modal(GapPage(QUARTER, (GAP, taught)))["blocks"])

    assert "July to September 2026" in shown
    assert (
        "*tariff · code*\\n12 questions of 9 people, about half were solved. "
        "Clearly more than the quarter before. There is no FAQ entry yet." in shown
    )
    assert "Taught on 03 August 2026. Since then clearly fewer ask." in shown
    assert re.findall(r"<@\w+>", shown) == []


def test_what_is_mostly_about_a_topic_stands_under_its_name():
    customs = replace(GAP, topic="Customs & duty")
    other = replace(GAP, words=("label", "printer"))

    shown = gaps_modal(GapPage(QUARTER, (customs, customs, other)))["blocks"]

    titles = [each["elements"][0]["text"] for each in shown if each["type"] == "context"]
    assert titles[:2] == ["Mostly about Customs &amp; duty", "About several topics"]


def test_the_table_names_the_topic_and_no_formula():
    [_, row] = csv.reader(io.StringIO(to_csv(GapPage(QUARTER, (replace(GAP, topic="=1"),)))))

    assert row[:3] == ["2026-07", "'=1", "tariff code"]


def test_only_an_admin_finds_who_reads_it():
    assert "gaps_readers" in str(gaps_modal(GapPage(QUARTER, (GAP,), is_admin=True)))
    assert "gaps_readers" not in str(gaps_modal(GapPage(QUARTER, (GAP,))))


def test_the_table_has_a_row_a_theme_and_no_formula():
    nasty = replace(GAP, words=("=1+1", "code"))

    head, first, second = csv.reader(io.StringIO(to_csv(GapPage(QUARTER, (GAP, nasty)))))

    assert dict(zip(head, first, strict=True))["theme"] == "tariff code"
    assert first[0] == "2026-07"
    assert second[2] == "'=1+1 code"
