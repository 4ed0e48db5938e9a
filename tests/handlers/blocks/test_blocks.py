"""What people see: valid Block Kit whatever the data, and users' words shown as words.

Each feature's test file beside this one has its `MESSAGES` and `VIEWS`, made of a text; these hold
all of them to Slack's rules."""

from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from sandbox.block_kit import blocks_text_length, check_blocks, check_view
from tests.handlers.blocks.conftest import ORDINARY

FOLDER, ROOT = Path(__file__).parent, Path(__file__).parents[3]
MESSAGE_CHARACTERS = 13_200

HUGE = "<!channel> *bold* _x_ `y` <https://evil.example|good> &amp; " * 700
TEXTS = [ORDINARY, HUGE, "", "\u202e\u200b", "|>" * 2000, "`" * 5000, "x" * 40_000]

FEATURES = [
    import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for path in sorted(FOLDER.rglob("test_*.py"))
    if path != Path(__file__)
]
NAMED = list(chain.from_iterable(getattr(each, "MESSAGES", {}).items() for each in FEATURES))
MESSAGES = dict(NAMED)
VIEWS = list(chain.from_iterable(getattr(each, "VIEWS", []) for each in FEATURES))


def test_no_two_messages_have_one_name():
    assert len(MESSAGES) == len(NAMED)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_one_that_slack_takes(name: str, text: str):
    message = MESSAGES[name](text)

    assert check_blocks(message["blocks"], surface="message") == []
    assert blocks_text_length(message["blocks"]) <= MESSAGE_CHARACTERS
    assert message["text"]


@pytest.mark.parametrize("name", MESSAGES)
def test_no_message_pings_a_channel_or_hides_an_address(name: str):
    message = str(MESSAGES[name](HUGE))

    assert "<!channel>" not in message
    assert "<https://evil.example" not in message


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_every_view_is_one_that_slack_takes(text: str):
    views = [view(text) for view in VIEWS]

    assert [check_view(view) for view in views] == [[]] * len(views)
