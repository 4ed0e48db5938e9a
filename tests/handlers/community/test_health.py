"""What admins and sponsors read of their community's health."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.community.health import Health, HealthPage
from bot.community.measures import Measures
from bot.community.trend import Standing
from bot.community.verdict import judge
from handlers.blocks.community.health import (
    bars,
    by_topic_modal,
    definitions_modal,
    details_modal,
    health_page,
    health_sections,
    to_csv,
)
from handlers.community.health import export_all
from sandbox.block_kit import blocks_text_length, check_blocks, check_view
from storage.database import Sessions
from tests.bot.community.test_health import join, take
from tests.bot.community.test_verdict import ALIVE, FEWER, on, reading, standing
from tests.bot.conftest import add_topic, settle_in

UNTIL = datetime(2026, 11, 23, tzinfo=UTC)
HUGE = 10**9
LARGE = dict.fromkeys(("asked", "answered", "solved", "help", "helping", "deflected"), HUGE)
NASTY = ["*bold* <!channel> <https://evil.example|x>", "=HYPERLINK(1)", "`" * 60, "x" * 60, ", \n"]


def part(topic: str | None = None, subject: str = "7", **changes: Any) -> Health:
    known = replace(reading(), until=UNTIL, **changes)
    return Health("" if topic is None else subject, topic, known, judge(known))


def page(*parts: Health, **changes: Any) -> HealthPage:
    return HealthPage(parts or (part(),), **{"topics": 3, **changes})


HIDDEN = {"now": None, "before": None, "earlier": None, "weeks": (None,) * 12}
NOTHING = dict.fromkeys(("now", "before", "earlier"), Measures()) | {"weeks": (Measures(),) * 12}
PAGES = [
    page(),
    page(is_monthly=True, topics=0),
    page(part(**NOTHING)),
    page(part("Customs", **HIDDEN)),
    page(Health("7", "Customs")),
    *[page(*[part(name, str(each)) for each in range(3)]) for name in NASTY],
    page(part(now=replace(ALIVE, **LARGE), weeks=(replace(ALIVE, **LARGE),) * 12)),
]


@pytest.mark.parametrize("shown", PAGES)
def test_slack_takes_it_in_home_and_as_a_message(shown: HealthPage):
    message = health_page(shown)

    assert check_blocks(message["blocks"], surface="message") == []
    assert check_view({"type": "home", "blocks": health_sections(shown)}) == []
    assert blocks_text_length(message["blocks"]) < 13_200
    assert message["text"]


@pytest.mark.parametrize("number", [0, 1, 45, 200])
def test_slack_takes_the_modals(number: int):
    names = [NASTY[each % len(NASTY)] for each in range(number)]
    parts = [part(name, str(each)) for each, name in enumerate(names)]

    assert check_view(definitions_modal()) == []
    assert check_view(by_topic_modal(parts)) == []


@pytest.mark.parametrize("kind", list(Standing))
def test_a_light_a_sentence_and_a_button_stand_in_home(kind: Standing):
    shown = health_sections(page(part(course=standing(kind))))

    assert len(shown) == 3  # its title, that, and what to do with it
    assert shown[1]["text"]["text"].startswith(":")
    assert shown[1]["accessory"]["text"]["text"] == "Details"


def test_the_message_is_right_to_the_word():
    shown = health_page(page(part(course=FEWER)))

    assert shown["text"] == (
        "Thinning: since August 2026, clearly fewer people ask than before. "
        "In the last 12 weeks 6.0 people asked in an average week, and 14 in the time before. "
        "That is surely between 31 % and 52 % of what it was. "
        "Ask some who no longer ask where they go instead, and what kept them waiting here. "
        "Asked: 80 questions by 40 people, as before. "
        "Answered: 95 %, as before. "
        "First answer: 1 hour (nine in ten within 20 hours), as before. "
        "Solved: 75 % (3 hours), as before. "
        "Helping: 20 people, as before; three of them give 30 % of the help, "
        "the busiest 5 % give 15 %. "
        "Newcomers: 12, 12 answered, half within 1 hour, as before. "
        "Reach: 40 people of 300 in the help channels asked."
    )


def test_the_details_say_what_is_better_and_what_is_worse():
    now = replace(ALIVE, asked=100, answered=75, first_answer=7200.0, first_answer_90=9000.0)

    modal = details_modal(part(now=now))

    assert check_view(modal) == []
    said = str(modal["blocks"])
    assert "*Asked:* 100 questions by 40 people, better (↑ up from 80)" in said
    assert "*Answered:* 75 %, worse (↓ down from 95 %)" in said
    assert "nine in ten within 2 hours), worse (↑ up from 1 hour)" in said
    assert "found again: 0 times · handed off: 0 · 8.3 questions a week for each 100 people" in said
    assert "counted up to 22 November 2026" in said


def test_a_share_of_few_questions_comes_with_how_sure_it_is():
    few = str(details_modal(part(now=replace(ALIVE, asked=10, answered=7)))["blocks"])

    assert "*Answered:* 70 % (of so few, surely between 44 % and 87 %)" in few


@pytest.mark.parametrize("name", [None, *NASTY])
def test_slack_takes_the_details(name: str | None):
    for changes in (NOTHING, HIDDEN, {"now": replace(ALIVE, **LARGE)}, {"course": FEWER}):
        assert check_view(details_modal(part(name, **changes))) == []
    assert check_view(details_modal(Health("7", "Customs"))) == []


def test_who_gets_it_monthly_can_stop_it():
    def labels(shown: HealthPage) -> list[str]:
        return [each["text"]["text"] for each in health_sections(shown)[-1]["elements"]]

    assert labels(page()) == ["By topic", "Send me this monthly"]
    assert labels(page(is_monthly=True)) == ["By topic", "Stop the monthly message"]
    assert "By topic" not in labels(page(topics=0))


def test_too_few_people_are_told_by_one_sentence_alone():
    shown = str(health_page(page(part("Customs", **HIDDEN)))["blocks"])

    assert "Too few people to tell apart" in shown
    assert "Asked" not in shown
    assert "Export CSV" not in str(details_modal(part("Customs", **HIDDEN))["blocks"])


def test_of_too_few_it_is_still_said_that_they_were_more():
    shown = part("Customs", **HIDDEN, course=FEWER)

    for said in (health_page(page(shown)), by_topic_modal([shown])):
        assert "Clearly fewer people ask here than before." in str(said["blocks"])
        assert "14" not in str(said["blocks"])


def test_weeks_are_drawn_and_told_in_numbers():
    weeks = [replace(ALIVE, asked=each) for each in (0, 1, 40, 80)]
    shown = str(details_modal(part(weeks=(*[None] * 8, *weeks))))

    assert "`········▁▂▅█` asked in each of 12 weeks: few, few" in shown
    assert "few, 0, 1, 40, 80" in shown


def test_bars_of_nothing_are_flat():
    assert bars([0, 0, None]) == "▁▁·"


def rows_of(written: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written)))


def test_the_table_has_a_row_a_week_and_every_measure():
    head, *rows = rows_of(to_csv([part(), part("Customs", weeks=(None,) * 12)]))

    assert len(rows) == 24
    assert [row[0] for row in (rows[0], rows[11])] == ["2026-08-31", "2026-11-16"]
    assert dict(zip(head, rows[0], strict=True))["asked"] == "20"
    assert rows[12] == ["2026-08-31", "Customs", "too few people"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_name_is_a_formula_in_a_spreadsheet(name: str):
    cell = rows_of(to_csv([part(name)]))[1][1]

    assert cell == f"'{name.strip()}"


def test_a_name_with_commas_and_lines_stays_one_cell():
    assert rows_of(to_csv([part('a, "b"\nc')]))[1][1] == 'a, "b" c'


def test_nothing_a_name_says_is_markup():
    shown = health_page(page(part(NASTY[0])))

    assert "<!channel>" not in str(shown)
    assert "<https" not in str(shown)


async def test_the_operator_gets_all_of_it_as_one_table(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await join(session)
        await add_topic(session)
        await take(session)

    rows = rows_of(await export_all(sessions))

    assert len(rows) == 13  # nobody asked about the topic, so there is nothing of it yet
    assert {row[1] for row in rows[1:]} == {"all"}


def test_nobody_is_named():
    shown = str([health_page(each) for each in PAGES]) + str(
        [details_modal(part()), definitions_modal()]
    )

    assert re.findall(r"<@\w+>", shown) == []


def test_of_a_topic_too_young_the_reading_is_still_valid():
    young = on(Standing.YOUNG, before=None, earlier=None, weeks=(None,) * 12)

    assert "Too young to tell" in health_page(page(Health("7", "A", young, judge(young))))["text"]
