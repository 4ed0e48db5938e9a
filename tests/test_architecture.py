"""The shape of the house: who may import whom, and that what Slack is told has a listener."""

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
SLACK = ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp")
FORBIDDEN = {
    "storage": ("bot", "handlers", "sandbox", "app", "bench", "tests", *SLACK),
    "bot": ("handlers", "sandbox", "app", "bench", "tests", *SLACK),
    "handlers": ("storage", "sandbox", "app", "bench", "tests"),
    "sandbox": ("storage", "handlers", "bot", "app", "bench", "tests"),
}
# The one door from handlers to storage: the type that opens transactions.
ALLOWED = {("handlers", "storage.database")}
HANDLERS = sorted((ROOT / "handlers").rglob("*.py"))


def modules(layer: str) -> list[Path]:
    return sorted((ROOT / layer).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def strings(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def is_forbidden(layer: str, name: str) -> bool:
    if any(layer == where and name.startswith(door) for where, door in ALLOWED):
        return False
    return name.split(".")[0] in FORBIDDEN[layer] and name != "storage"


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_imports_point_one_way(layer: str):
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(layer)
        for name in imported(path)
        if is_forbidden(layer, name)
    }

    assert wrong == set()


def test_only_the_entry_point_reads_the_environment():
    readers = {
        str(path.relative_to(ROOT))
        for layer in ("bot", "handlers", "storage")
        for path in modules(layer)
        if {"os.environ", "os.getenv", "os", "dotenv"} & imported(path)
    }

    assert readers == set()


def test_only_the_edges_read_the_clock():
    readers = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for layer in ("bot", "storage")
        for path in modules(layer)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
        if isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
    }

    assert readers == set()


def listeners(kind: str) -> list[ast.expr]:
    """The first argument of every `app.<kind>(…)` in the handlers."""
    return [
        node.args[0]
        for path in HANDLERS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == kind
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "app"
        and node.args
    ]


def constants() -> dict[str, set[str]]:
    """What each upper-case name or loop variable in the handlers may stand for."""
    found: dict[str, set[str]] = {}
    for path in HANDLERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                    found.setdefault(f"{path.stem}.{name}", set()).add(value)
                    found.setdefault(name, set()).add(value)
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                    for name, value in zip(names, values, strict=True):
                        if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                            found.setdefault(name.id, set()).add(value.value)
                case ast.For(target=ast.Name(id=name), iter=ast.Tuple(elts=values)):
                    texts = {v.value for v in values if isinstance(v, ast.Constant)}
                    found.setdefault(name, set()).update(texts)
    return found


def listened_to(kind: str) -> set[str]:
    known = constants()
    names: set[str] = set()
    for argument in listeners(kind):
        if isinstance(argument, ast.Constant):
            names.add(argument.value)
        elif isinstance(argument, ast.Name):
            names |= known.get(argument.id, set())
    return names


def manifest() -> dict:
    return yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


def test_every_event_of_the_manifest_has_a_listener_and_none_is_missing():
    events = {
        name.split(".")[0] for name in manifest()["settings"]["event_subscriptions"]["bot_events"]
    }

    assert listened_to("event") == events


def test_every_command_of_the_manifest_has_a_listener_and_none_is_missing():
    commands = {command["command"] for command in manifest()["features"]["slash_commands"]}

    assert listened_to("command") == commands


def test_every_shortcut_of_the_manifest_has_a_listener_and_none_is_missing():
    shortcuts = {shortcut["callback_id"] for shortcut in manifest()["features"]["shortcuts"]}

    assert listened_to("shortcut") == shortcuts


def test_every_button_has_a_listener():
    """Action ids are the second argument of button(…); inputs of modals all say "value"."""
    known = constants()
    used: set[str] = set()
    for path in sorted((ROOT / "handlers" / "blocks").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "button":
                action = node.args[1]
                used |= known[action.id] if isinstance(action, ast.Name) else {action.value}

    assert used
    assert used <= listened_to("action")


def test_every_modal_has_a_listener():
    known = constants()
    callbacks = {
        value for name, values in known.items() if name.endswith("CALLBACK") for value in values
    }

    assert callbacks
    assert callbacks == listened_to("view")


def test_what_is_owed_has_somebody_who_delivers_it():
    from handlers import KINDS

    owed = {
        node.args[1].value
        for path in modules("bot")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("owe", "owe_about")
        and isinstance(node.args[1], ast.Constant)
    }

    assert {"question_card", "read_channel"} <= owed  # both ways of owing are seen
    assert owed <= set(KINDS)


def test_each_feature_has_one_word_in_every_layer():
    """A handler of a feature finds its rules under the same name; these have reasons not to."""
    speaking = {
        "payloads",
        "slack",
        "refusals",
        "standing",
        "socket_mode",
        "http_mode",
        "ticks",
        "damage",
        "starting",
        "reading",
        "replying",
        "claims",
    }
    renamed = {
        "ask": "capture",
        "askaround": "channels",
        "replaying": "failures",
        "reindexing": "index",
        "embedding": "meaning",
    }
    handlers = {
        path.stem for path in HANDLERS if "blocks" not in path.parts and path.stem != "__init__"
    }
    bot = {path.stem for path in modules("bot")}

    assert {renamed.get(name, name) for name in handlers - speaking} <= bot
