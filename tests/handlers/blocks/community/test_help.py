"""Help in a few lines, and every command in a window."""

import re

from handlers.blocks.community.help import ADMINS, EVERYBODY, commands_modal, help_message
from handlers.community.askaround import VERBS

MESSAGES = {"help": lambda _: help_message()}
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
