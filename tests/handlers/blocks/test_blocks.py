"""What people see: valid Block Kit whatever the data, and users' words shown as words.

Each feature's test file beside this one has its `MESSAGES` and `VIEWS`, made of a text; these hold
all of them to Slack's rules."""

import ast
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from sandbox.block_kit import blocks_text_length, check_blocks, check_view
from tests.handlers.blocks.conftest import ORDINARY

FOLDER, ROOT = Path(__file__).parent, Path(__file__).parents[3]
MESSAGE_CHARACTERS = 13_200

HUGE = "<!channel> *bold* _x_ `y` <https://evil.example|good> &amp; " * 700
RIGHT_TO_LEFT = "لماذا رُفض نموذج T1 بالرمز TR-88؟ ومتى يُعاد إرساله؟"
TEXTS = [
    *(ORDINARY, "?", "", HUGE, "x" * 40_000),
    *(RIGHT_TO_LEFT, RIGHT_TO_LEFT * 200, "\u202e\u200b"),
    *("|>" * 2000, "`" * 5000, "<!here> <@U1> *" * 900),
]

FEATURES = [
    import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for path in sorted(FOLDER.rglob("test_*.py"))
    if path != Path(__file__)
]
NAMED = list(chain.from_iterable(getattr(each, "MESSAGES", {}).items() for each in FEATURES))
MESSAGES = dict(NAMED)
VIEWS = list(chain.from_iterable(getattr(each, "VIEWS", []) for each in FEATURES))


def speaking(tree: ast.Module) -> set[str]:
    """The public functions of a file that make a message or a window."""
    return {
        each.name
        for each in tree.body
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
        for node in ast.walk(each)
        if (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "message")
        or (isinstance(node, ast.Constant) and node.value == "modal")
    }


def test_every_message_and_window_is_among_those_held_to_slacks_rules():
    blocks = ROOT / "handlers" / "blocks"
    tried = "".join(path.read_text() for path in FOLDER.rglob("test_*.py"))
    sources = {path: path.read_text() for path in blocks.rglob("*.py") if path.name != "text.py"}
    made = {
        (path.relative_to(ROOT).as_posix(), name)
        for path, source in sources.items()
        for name in speaking(ast.parse(source))
        if source.count(f"{name}(") == 1  # else another function of the file says it
    }

    assert len(made) > 50
    assert {each for each in made if f"{each[1]}(" not in tried} == set()


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
