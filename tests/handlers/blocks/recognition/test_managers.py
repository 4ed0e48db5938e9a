"""The note to a manager, written, looked at and sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.recognition.managers import Draft, Note, ShownThanks
from bot.recognition.personal import PersonalDigest
from handlers.blocks.recognition.managers import (
    choose_modal,
    manager_message,
    preview_modal,
    sent_note,
    write_modal,
)
from handlers.blocks.recognition.personal import TELL, personal_digest
from tests.handlers.blocks.conftest import URL, own_help


def manager_note(words: str, asked: str, number: int = 10) -> Note:
    thanks = tuple(ShownThanks(each, "U3" if each % 2 else None, asked) for each in range(number))
    told = own_help(asked, number).told
    return Note(7, "U2", "U1", words, "weeks", told, 3, None, None, thanks)


MESSAGES = {
    "manager note": lambda text: manager_message(manager_note("I helped.", text), URL),
}

VIEWS = [
    lambda _: choose_modal("U1", "week"),
    lambda _: choose_modal(None, "made up"),
    lambda _: sent_note("U1"),
    lambda text: write_modal(
        Draft(
            "U1",
            "year",
            own_help(text, 9),
            own_help(text, 9).told,
            manager_note("Good.", text).thanks,
        )
    ),
    lambda text: preview_modal(manager_note(text or "Good.", text), URL),
]


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (7, "The last seven days"),
        (9, "The last two weeks"),
        (21, "The last three weeks"),
        (28, "The last four weeks"),
        (60, "The last four weeks"),
    ],
)
def test_telling_a_manager_from_a_digest_begins_with_the_weeks_it_tells_of(days: int, label: str):
    told = own_help("How?", 1)
    told = replace(told, since=told.until - timedelta(days=days))

    message = personal_digest(PersonalDigest(told), URL)

    (value,) = (
        each["value"]
        for block in message["blocks"]
        for each in block.get("elements", [])
        if each.get("action_id") == TELL
    )
    chosen = choose_modal(None, value)["blocks"][1]["element"]["initial_option"]
    assert chosen["text"]["text"] == label
