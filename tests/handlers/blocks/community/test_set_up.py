"""Setting Askaround up: what its inviter, its admins and a channel's members see."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.community.set_up import SetUp, SetUpCard, TryOut
from bot.experts.steps import Times
from bot.recognition.digests import Planned
from bot.schedules import Schedule
from handlers.blocks.community.set_up import (
    announce_modal,
    announcement,
    channel_modal,
    check_modal,
    set_up_card,
    set_up_sections,
    try_out_modal,
    welcome_note,
)
from tests.handlers.blocks.conftest import AT

PLANNED = Planned(Schedule(0, 9, 0, "Europe/Rome"), AT)
TIMES = Times(timedelta(minutes=10), timedelta(hours=1), timedelta(hours=8))
RUN = TryOut("C1", "Customs", ("U1", "U2", "U3"), (("U4", AT), ("U5", None)), TIMES, "C9", False)

MESSAGES = {
    "set-up card": lambda text: set_up_card(SetUpCard("C1", text[:80], True)),
    "set-up card for others": lambda text: set_up_card(
        SetUpCard("C1", text[:80], False, ("U1", "U2"))
    ),
    "welcome": lambda _: welcome_note(),
    "announcement": lambda _: announcement("C1"),
}
VIEWS = [
    lambda _: channel_modal(),
    lambda _: check_modal(None),
    lambda text: check_modal([(False, text), (True, text)] * 30),
    lambda text: announce_modal("C1", text[:80], "It has 1 expert."),
    lambda text: try_out_modal(replace(RUN, topic=text[:60])),
]


@pytest.mark.parametrize(
    ("set_up", "title", "button"),
    [
        (SetUp(), "Set up: 0 of 4 done", "Choose a channel"),
        (SetUp(1, 0, 0, PLANNED), "Set up: 2 of 4 done", "Make a topic"),
        (SetUp(1, 1, 1, PLANNED), "Set up: 3 of 4 done", "Add experts"),
        (SetUp(1, 1, 2, replace(PLANNED, paused_at=AT)), "Set up: 3 of 4 done", "Set the time"),
    ],
)
def test_what_is_left_is_led_to_and_the_first_of_it_stands_out(
    set_up: SetUp, title: str, button: str
):
    blocks = set_up_sections(set_up)

    assert title in str(blocks[0])
    (first,) = [b["accessory"] for b in blocks if b.get("accessory", {}).get("style") == "primary"]
    assert first["text"]["text"] == button


def test_once_all_is_done_it_is_one_line():
    (line,) = set_up_sections(SetUp(1, 1, 2, PLANNED))

    assert line["text"]["text"] == ":white_check_mark: Set up: 4 of 4 done."
    assert set_up_sections(None) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"able": (), "later": ()}, "0 experts: nobody would be asked."),
        ({"able": ()}, "Nobody is at work: the first of them is asked when they begin."),
        ({"able": ("U1",)}, "<@U1> would be asked."),
        ({}, "Two of the 3 who are there would be asked: for example <@U1> and <@U2>."),
        ({"hand_off_channel_id": None}, "There is no helpdesk: it waits"),
    ],
)
def test_a_test_question_says_who_would_be_asked(changes: dict, said: str):
    assert said in str(try_out_modal(replace(RUN, **changes)))


def test_what_the_doctor_knows_begins_with_what_is_to_be_done():
    ill = check_modal([(True, "All 15 scopes."), (False, "It is 90 s slow: set the clock.")])

    assert ill["blocks"][0]["text"]["text"] == ":warning: It is 90 s slow: set the clock."
    assert "is in place" in str(check_modal([(True, "All 15 scopes.")])["blocks"])
