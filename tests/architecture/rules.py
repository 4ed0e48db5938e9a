"""The rules of the house. Each looks at the sources and says, a line each, what breaks it."""

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import yaml

from tests.architecture.house import (
    House,
    Module,
    Scope,
    bound_in,
    function_called,
    functions_of,
    given,
    imported_modules,
    imports_of,
    module_named,
    nodes_of,
    tree_of,
    values_of,
)

Rule = Callable[[House], set[str]]

LAYERS = ("bot", "handlers", "handlers.blocks", "storage")
# From the ground up: a wing may import those that stand before it, and what stands in no wing.
WINGS = (
    *("recognition", "experts", "finding", "questions", "privacy", "archive"),
    *("knowledge", "access", "assistants", "community"),
)
# In the store nothing needs more than a question, so all others may look at it.
WINGS_OF_STORAGE = (
    *("questions", "recognition", "experts", "finding", "privacy", "archive"),
    *("knowledge", "access", "assistants", "community"),
)
# They join everything: what is heard and what is owed; and what is due when.
JOINING = {"handlers", "handlers.ticks"}

SLACK = ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp")
WRITING = ("jinja2", "markupsafe", "yaml")  # they make text of data, and reach nobody
OUTSIDE = ("app", "operating", "bench", "sandbox", "tests")
FORBIDDEN: Mapping[str, tuple[str, ...]] = {
    "storage": ("bot", "handlers", *OUTSIDE, *SLACK),
    "bot": ("handlers", *OUTSIDE, *SLACK),
    "handlers": ("storage", *OUTSIDE),
    "sandbox": ("storage", "handlers", "bot", "app", "operating", "bench", "tests"),
    "operating": ("app", "bench", "sandbox", "tests"),
}
# The one door from handlers to storage: the type that opens transactions.
DOOR = "storage.database"

# It reads nothing in the environment, but tells a library there to report nothing to its maker;
# who loaded that library besides could load it before.
SILENCING, REPORTING = "storage.search.minilm", "onnxruntime"

# Rooms with another word than those they belong to: they are named after the work that they do.
OTHER_WORDS = {
    "handlers.blocks.knowledge.markdown": "bot.knowledge.entries",
    "handlers.blocks.knowledge.site": "bot.knowledge.entries",
    "handlers.knowledge.site": "bot.knowledge.entries",
    "handlers.access.acts": "bot.finding.reuse",
    "handlers.access.api": "bot.access.seeing",
    "handlers.access.describing": "bot.access.seeing",
    "handlers.access.limits": "bot.access.tokens",
    "handlers.assistants.mcp": "bot.access.seeing",
    "handlers.assistants.serving": "bot.access.tokens",
    "handlers.blocks.access.problems": "bot.errors",
    "handlers.blocks.assistants.telling": "bot.access.seeing",
    "handlers.finding.embedding": "bot.finding.meaning",
    "handlers.finding.reindexing": "bot.index",
    "handlers.questions.reading": "bot.questions.messages",
}

# Tests of what several rooms do together.
ACROSS = {
    "tests.bot.finding.test_search_words",
    "tests.bot.test_leaks",
    "tests.bot.test_lives",
    "tests.handlers.blocks.test_blocks",
    "tests.handlers.test_statements",
    "tests.storage.test_erasing",
    "tests.storage.test_migrations",
}


def imports_go_inwards(house: House) -> set[str]:
    return {
        f"{module.path} imports {name}"
        for layer, forbidden in FORBIDDEN.items()
        for module in house.within(layer)
        for name in imported_modules(house, module)
        if name.split(".")[0] in forbidden and (layer != "handlers" or name != DOOR)
    }


def imports_go_down_the_wings(house: House) -> set[str]:
    """Within a layer, and from the handlers to the bot. All may look at every table."""
    return {
        f"{module.path} imports {imported.name}"
        for module, imported in arrows(house)
        if module.name not in JOINING and floor_of(imported) > floor_of(module)
    }


def arrows(house: House) -> Iterator[tuple[Module, Module]]:
    for module in house.within("bot", "handlers", "storage"):
        for name in imported_modules(house, module):
            imported = house.modules.get(name)
            if imported and (imported.layer != "storage" or module.layer == "storage"):
                yield module, imported


def wing_of(module: Module) -> str:
    """Its wing; "" for what stands on the ground."""
    return module.word.split(".")[0] if module.word.split(".")[0] in WINGS else ""


def floor_of(module: Module) -> int:
    wings = WINGS_OF_STORAGE if module.layer == "storage" else WINGS
    return wings.index(wing_of(module)) + 1 if wing_of(module) else 0


def blocks_are_pure(house: House) -> set[str]:
    """They know how to say things, not how to reach anybody."""
    blocks = list(house.within("handlers.blocks"))
    return {
        f"{module.path} imports {name}"
        for module in blocks
        for name in imported_modules(house, module)
        if not f"{name}.".startswith(("bot.", "handlers.blocks."))
        if name.split(".")[0] not in {*sys.stdlib_module_names, *WRITING}
    } | {
        f"{module.at(node)} waits for something"
        for module in blocks
        for _, node in nodes_of(module)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    }


def nothing_imports_itself_in_a_circle(house: House) -> set[str]:
    graph = {
        module.name: {name for name in imported_modules(house, module) if name != module.name}
        for module in house.within("bot", "handlers", "storage")
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        names = circle.args[1][:0:-1]
        first = names.index(min(names))
        return {" imports ".join([*names[first:], *names[:first], names[first]])}
    return set()


def every_layer_has_the_same_wings(house: House) -> set[str]:
    return {
        f"{layer} has no wing {wing}"
        for layer in LAYERS
        for wing in WINGS
        if f"{layer}.{wing}" not in house.modules
    }


def tests_carry_the_name_of_what_they_test(house: House) -> set[str]:
    return {
        f"{module.path} is named after no room of the house"
        for module in house.within("tests.bot", "tests.handlers", "tests.storage")
        if ".test_" in module.name and module.name not in ACROSS
        if module.name.removeprefix("tests.").replace(".test_", ".") not in house.modules
    }


def a_feature_has_one_word(house: House) -> set[str]:
    """Its room in `handlers`, in the blocks and in the store is named as its room in `bot`; or
    after the command that it listens to, or after its table."""
    tables = names_of_tables(house)
    commands = {text.removeprefix("/") for text in heard(house, "command")}
    wrong = set()
    for module in house.within("handlers", "storage"):
        wing, _, word = module.word.partition(".")
        if wing not in WINGS or not word or module.name in OTHER_WORDS:
            continue
        also = tables if module.layer == "storage" else commands
        if f"bot.{module.word}" not in house.modules and word not in also:
            wrong.add(f"{module.path} has no bot/{wing}/{word}.py")
    return wrong | {
        f"{name} is called {name} for {source}, which is not there"
        for name, source in OTHER_WORDS.items()
        if name not in house.modules or source not in house.modules
    }


def names_of_tables(house: House) -> set[str]:
    return {
        text
        for module in house.within("storage.tables")
        for _, node in nodes_of(module)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__tablename__"
        for text in values_of(house, module, node.value) or ()
    }


def only_the_entry_point_reads_the_environment(house: House) -> set[str]:
    return {
        f"{module.at(node)} imports {source}"
        for module in house.within("bot", "handlers", "storage")
        for node, source, _, _ in imports_of(module)
        if source.split(".")[0] in ("os", "dotenv") and module.name != SILENCING
    }


def what_reports_to_its_maker_is_silenced_first(house: House) -> set[str]:
    return {
        f"{module.at(node)} imports {source}"
        for module in house.within("bot", "handlers", "storage", "sandbox")
        for node, source, _, _ in imports_of(module)
        if source.split(".")[0] == REPORTING and module.name != SILENCING
    }


def only_the_edges_read_the_clock(house: House) -> set[str]:
    return {
        f"{module.at(node)} reads the clock"
        for module in house.within("bot", "storage")
        for _, node in nodes_of(module)
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
        if isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
    }


def only_the_store_knows_sql(house: House) -> set[str]:
    """The others hand the session on, so they know its type and nothing more."""
    return {
        f"{module.at(node)} imports {source}.{name}".rstrip(".")
        for module in house.within("bot", "handlers")
        for node, source, name, _ in imports_of(module)
        if source.split(".")[0] == "sqlalchemy"
        if (source, name) != ("sqlalchemy.ext.asyncio", "AsyncSession")
    }


def no_use_case_ends_its_transaction(house: House) -> set[str]:
    return {
        f"{module.at(node)} says {node.func.attr}()"
        for module in house.within("bot")
        for _, node in nodes_of(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ("begin", "commit", "rollback", "close")
    }


def nothing_but_the_session_is_awaited_in_a_transaction(house: House) -> set[str]:
    """Slack is slow: who waits for it holds no lock, and has nothing that could be lost."""
    return {
        f"{module.at(call)} awaits {ast.unparse(call.func)} in a transaction"
        for module in house.within("handlers")
        for _, node in nodes_of(module)
        if isinstance(node, ast.AsyncWith) and any(map(opens_transaction, node.items))
        for call in awaited_in(node)
        if not (call.args and ast.unparse(call.args[0]) == "session")
    }


def opens_transaction(item: ast.withitem) -> bool:
    match item.context_expr:
        case ast.Call(func=ast.Attribute(value=opened, attr="begin" | "read")):
            return ast.unparse(opened).endswith("sessions")
    return False


def awaited_in(node: ast.AST) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Await) and isinstance(each.value, ast.Call):
            yield each.value


def listeners(house: House, kind: str) -> Iterator[tuple[Module, Scope, ast.expr]]:
    """What each `app.<kind>(…)` in the handlers listens to, but for what catches the rest."""
    for module in house.within("handlers"):
        for scope, node in nodes_of(module):
            match node:
                case ast.Call(func=ast.Attribute(ast.Name("app"), attr), args=[what, *_]):
                    if attr == kind and ast.unparse(what) != "re.compile('.*')":
                        yield module, scope, what


def heard(house: House, kind: str) -> set[str]:
    found = (values_of(house, *place(each)) for each in listeners(house, kind))
    return {text for texts in found for text in texts or ()}


def place(found: tuple[Module, Scope, ast.expr]) -> tuple[Module, ast.expr, Scope]:
    module, scope, expression = found
    return module, expression, scope


def differences(what: str, said: set[str], heard: set[str]) -> set[str]:
    return {f"nothing listens to the {what} {each}" for each in said - heard} | {
        f"nothing says the {what} {each} that is listened to" for each in heard - said
    }


def every_listener_can_be_told(house: House) -> set[str]:
    """The next rules say nothing of a listener whose name cannot be read from the sources."""
    return {
        f"{module.at(what)} listens to {ast.unparse(what)}: name it by a constant"
        for kind in ("event", "command", "shortcut", "action", "view")
        for module, scope, what in listeners(house, kind)
        if values_of(house, module, what, scope) is None
    }


# Slack tells it to apps that whole organisations install: `app.py manifest` adds it.
FOR_ORGANISATIONS = {"team_access_revoked"}


def the_manifest_and_the_listeners_agree(house: House) -> set[str]:
    manifest = yaml.safe_load(house.manifest)
    features, events = manifest["features"], manifest["settings"]["event_subscriptions"]
    said = {
        "event": {name.split(".")[0] for name in events["bot_events"]},
        "command": {each["command"] for each in features["slash_commands"]},
        "shortcut": {each["callback_id"] for each in features["shortcuts"]},
    }
    return set().union(
        *(differences(kind, said[kind], heard(house, kind) - FOR_ORGANISATIONS) for kind in said)
    )


def every_button_is_listened_to(house: House) -> set[str]:
    """An input of a modal is none: all of them say "value"."""
    used, unknown = shown(house, "action_id")
    return unknown | differences("action", used - {"value"}, heard(house, "action"))


def every_modal_is_listened_to(house: House) -> set[str]:
    used, unknown = shown(house, "callback_id")
    return unknown | differences("modal", used, heard(house, "view"))


def shown(house: House, key: str) -> tuple[set[str], set[str]]:
    """The ids that blocks have under this key, and what of them cannot be told. A function that
    is given one is looked at where it is called."""
    used: set[str] = set()
    unknown: set[str] = set()
    for module in house.within("handlers"):
        for scope, node in nodes_of(module):
            for said in [*in_dict(node, key), *in_call(house, module, node, key)]:
                found = values_of(house, module, said, scope)
                used |= found or set()
                if found is None and not is_parameter(said, scope, key):
                    unknown.add(f"{module.at(said)} shows {ast.unparse(said)}, which is unknown")
    return used, unknown


def in_dict(node: ast.AST, key: str) -> list[ast.expr]:
    if not isinstance(node, ast.Dict):
        return []
    pairs = zip(node.keys, node.values, strict=True)
    return [value for name, value in pairs if isinstance(name, ast.Constant) and name.value == key]


def in_call(house: House, module: Module, node: ast.AST, parameter: str) -> list[ast.expr]:
    if not isinstance(node, ast.Call):
        return []
    said = given(node, function_called(house, module, node), parameter)
    return [] if said is None else [said]


def is_parameter(expression: ast.expr, scope: Scope, name: str) -> bool:
    """Whether a function hands on what it was given under this name."""
    if isinstance(scope, ast.Module) or not isinstance(expression, ast.Name):
        return False
    return expression.id == name and name in [each.arg for each in scope.args.args]


def what_is_owed_is_delivered(house: House) -> set[str]:
    owed, unknown = owed_by_bot(house)
    delivered = delivered_by_handlers(house)
    return (
        unknown
        | {f"nobody delivers {each}, which is owed" for each in owed - delivered}
        | {f"nobody owes {each}, which is delivered" for each in delivered - owed}
    )


def owed_by_bot(house: House) -> tuple[set[str], set[str]]:
    """The kinds that functions named owe… are given, and what of them cannot be told."""
    owed: set[str] = set()
    unknown: set[str] = set()
    for module in house.within("bot"):
        for scope, node in nodes_of(module):
            if not (isinstance(node, ast.Call) and name_called(node).startswith("owe")):
                continue
            for kind in in_call(house, module, node, "kind"):
                found = values_of(house, module, kind, scope)
                owed |= found or set()
                if found is None and not is_parameter(kind, scope, "kind"):
                    unknown.add(f"{module.at(kind)} owes {ast.unparse(kind)}, which is unknown")
    return owed, unknown


def name_called(call: ast.Call) -> str:
    return ast.unparse(call.func).rsplit(".", 1)[-1]


def delivered_by_handlers(house: House) -> set[str]:
    found = [
        values_of(house, module, delivery.args[0])
        for module in features_of(house)
        for deliveries in bound_in(tree_of(module)).get("KINDS", ())
        for delivery in ast.walk(deliveries)
        if isinstance(delivery, ast.Call) and name_called(delivery) == "delivers"
    ]
    return {text for texts in found for text in texts or ()}


def every_feature_is_joined(house: House) -> set[str]:
    joining = house.modules["handlers"]
    (joined,) = bound_in(tree_of(joining))["FEATURES"]
    names = [each.id for each in ast.walk(joined) if isinstance(each, ast.Name)]
    names.append("errors")  # no feature, but it hears what goes wrong in them
    features = [module_named(house, joining, name) for name in names]
    return {
        f"{module.path} has {part}, and is none of the FEATURES"
        for module in features_of(house)
        for part in ("register", "KINDS")
        if part in functions_of(module) or part in bound_in(tree_of(module))
        if module not in features
    }


def features_of(house: House) -> Iterator[Module]:
    """What may have a part in what the bot does: all that speaks to Slack but in blocks."""
    for module in house.within("handlers"):
        if module.name != "handlers" and module.layer == "handlers":
            yield module


RULES: tuple[Rule, ...] = (
    imports_go_inwards,
    imports_go_down_the_wings,
    blocks_are_pure,
    nothing_imports_itself_in_a_circle,
    every_layer_has_the_same_wings,
    tests_carry_the_name_of_what_they_test,
    a_feature_has_one_word,
    only_the_entry_point_reads_the_environment,
    what_reports_to_its_maker_is_silenced_first,
    only_the_edges_read_the_clock,
    only_the_store_knows_sql,
    no_use_case_ends_its_transaction,
    nothing_but_the_session_is_awaited_in_a_transaction,
    every_listener_can_be_told,
    the_manifest_and_the_listeners_agree,
    every_button_is_listened_to,
    every_modal_is_listened_to,
    what_is_owed_is_delivered,
    every_feature_is_joined,
)
