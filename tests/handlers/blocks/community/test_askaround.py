"""What `/askaround` answers: help, every command in a window, and how much is heard."""

import re

from bot.community.channels import Hearing
from bot.questions.verdicts import ASKING
from handlers.blocks.community.askaround import (
    ADMINS,
    EVERYBODY,
    commands_modal,
    hearing_told,
    help_message,
)
from handlers.community.askaround import VERBS


def hearing(text: str, **changes: bool) -> Hearing:
    values = {"is_help": True, "mode": ASKING, "is_learned": True, "forms": (text[:80],) * 3}
    return Hearing(text[:80], **{**values, **changes})


MESSAGES = {
    "help": lambda _: help_message(),
    "what is heard": lambda text: hearing_told(hearing(text)),
    "what is heard elsewhere": lambda text: hearing_told(hearing(text, is_help=False)),
}

VIEWS = [lambda _: commands_modal()]


def test_help_has_six_lines_at_most_and_buttons():
    shown = help_message()

    assert len(shown["text"].splitlines()) <= 6
    assert [each["text"]["text"] for each in shown["blocks"][-1]["elements"]] == [
        "Ask",
        "Search",
        "When I can be asked",
        "All commands",
    ]


def test_every_verb_of_the_admins_command_is_in_the_window():
    told = set(re.findall(r"`/askaround (\w+)", EVERYBODY + ADMINS))

    assert set(VERBS) - {"help"} <= told
