"""The windows of settings."""

import pytest

from bot.community.settings import (
    CHANNEL,
    CONSENT,
    DIGEST,
    LEADERBOARD,
    MARKS,
    MY_DIGEST,
    NOTES,
    SPONSOR_DIGEST,
    Shown,
)
from handlers.blocks.community.settings import (
    all_settings_modal,
    changed_modal,
    setting_modal,
    sponsors_modal,
)
from handlers.blocks.recognition.sponsors import sponsor_plans
from tests.handlers.blocks.conftest import sponsors


def values(text: str) -> dict[str, dict]:
    name = text[:80]
    weekly = {"day": "monday", "at": "09:00", "comes": True, "skips": False}
    return {
        DIGEST: {**weekly, "timezone": "Europe/Rome"},
        MY_DIGEST: {**weekly, "skips": True},
        SPONSOR_DIGEST: weekly,
        MARKS: {"names": [name] * 10},
        LEADERBOARD: {"is_on": False},
        CONSENT: {"silence_is_yes": True},
        CHANNEL: {"name": name, "is_help": True, "mode": "asking", "forms": [name] * 20},
        NOTES: {"digests": True, "named": False, "reminders": ["mark"]},
    }


def window(setting: str, text: str = "done"):
    return setting_modal(Shown(setting, "C1", values(text)[setting], "0" * 16))


VIEWS = [
    *(lambda text, setting=setting: window(setting, text) for setting in values("")),
    lambda _: all_settings_modal(),
    lambda _: changed_modal(7),
    lambda text: sponsors_modal(sponsor_plans(sponsors(text, 100))),
]


@pytest.mark.parametrize("setting", values(""))
def test_each_window_begins_with_what_the_setting_does(setting: str):
    first = window(setting)["blocks"][0]

    assert first["type"] == "section" and len(first["text"]["text"]) > 50


def test_undo_is_offered_only_where_something_changed():
    assert "undo_change" in str(changed_modal(7))
    assert "undo_change" not in str(changed_modal(None))
