"""Reading the house's own sources: its modules, what they import, and what their names stand for.

A name stands for what its own module says: what is assigned to it there, what it is imported
from, or what a loop gives it. Two modules that use one name for two things are kept apart."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
READ = ("app.py", "bot", "handlers", "storage", "sandbox", "tests")

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    path: str  # from the root, with slashes
    text: str

    @property
    def name(self) -> str:
        parts = PurePosixPath(self.path).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def layer(self) -> str:
        """The folder whose wings it may stand in."""
        layer, *within = self.name.split(".")
        return f"{layer}.blocks" if within[:1] == ["blocks"] else layer

    @property
    def word(self) -> str:
        """Its last name, and that of its wing, if it stands in one: `finding.reuse`."""
        return self.name.removeprefix(self.layer).removeprefix(".")

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@dataclass(frozen=True)
class House:
    modules: Mapping[str, Module]  # by dotted name
    manifest: str

    def within(self, *names: str) -> Iterator[Module]:
        """The modules of these packages."""
        for name, module in self.modules.items():
            if any(name == each or name.startswith(f"{each}.") for each in names):
                yield module

    def with_file(self, path: str, text: str) -> "House":
        """This house with that in this file, whatever stood there."""
        module = Module(path, text)
        return House({**self.modules, module.name: module}, self.manifest)

    def without_file(self, path: str) -> "House":
        kept = {name: each for name, each in self.modules.items() if each.path != path}
        return House(kept, self.manifest)


def read_house(root: Path = ROOT) -> House:
    files = [path for name in READ for path in walk(root / name)]
    found = [
        Module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in files
    ]
    manifest = (root / "manifest.yml").read_text(encoding="utf-8")
    return House({module.name: module for module in found}, manifest)


def walk(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


@cache
def tree_of(module: Module) -> ast.Module:
    return ast.parse(module.text)


@cache
def nodes_of(module: Module) -> tuple[tuple[Scope, ast.AST], ...]:
    """Every node, with the outermost function that it stands in, or the module."""
    found: list[tuple[Scope, ast.AST]] = []
    waiting: list[tuple[Scope, ast.AST]] = [(tree_of(module), tree_of(module))]
    while waiting:
        scope, node = waiting.pop()
        found.append((scope, node))
        if isinstance(scope, ast.Module) and isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef
        ):
            scope = node
        waiting += [(scope, child) for child in reversed(list(ast.iter_child_nodes(node)))]
    return tuple(found)


@cache
def imports_of(module: Module) -> tuple[tuple[ast.AST, str, str, str], ...]:
    """What it imports: the statement, the module, the name in it or "", and the name here."""
    found: list[tuple[ast.AST, str, str, str]] = []
    for _, node in nodes_of(module):
        if isinstance(node, ast.Import):
            found += [(node, each.name, "", each.asname or each.name) for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            source = source_of(module, node)
            found += [(node, source, each.name, each.asname or each.name) for each in node.names]
    return tuple(found)


def source_of(module: Module, node: ast.ImportFrom) -> str:
    """The whole name of what it imports from, also where that is said by dots."""
    if not node.level:
        return node.module or ""
    folders = PurePosixPath(module.path).parent.parts
    near = folders[: len(folders) - node.level + 1]
    return ".".join([*near, *([node.module] if node.module else [])])


def imported_modules(house: House, module: Module) -> set[str]:
    """The modules it imports, in full: `from bot import outbox` imports `bot.outbox`."""
    return {
        whole if (whole := f"{source}.{name}") in house.modules else source
        for _, source, name, _ in imports_of(module)
    }


@cache
def bound_in(scope: Scope) -> Mapping[str, tuple[ast.expr, ...]]:
    """What each name is bound to in this function, or at the top of this module."""
    found: dict[str, tuple[ast.expr, ...]] = {}

    def bind(target: ast.expr, values: tuple[ast.expr, ...]) -> None:
        if isinstance(target, ast.Name):
            found[target.id] = (*found.get(target.id, ()), *values)
        elif isinstance(target, ast.Tuple):
            rows = [value.elts for value in values if isinstance(value, ast.Tuple | ast.List)]
            for place, each in enumerate(target.elts):
                bind(each, tuple(row[place] for row in rows if place < len(row)))

    for node in scope.body if isinstance(scope, ast.Module) else ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    bind(target, (value,))
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                bind(target, (value,))
            case ast.For(target=target, iter=ast.Tuple(elts=values) | ast.List(elts=values)):
                bind(target, tuple(values))
    return found


def values_of(
    house: House, module: Module, expression: ast.expr | None, scope: Scope | None = None
) -> frozenset[str] | None:
    """The texts that it may stand for; None where that cannot be told from the sources.

    A constant of some class stands for the text it is made with: `Kind("question_card", int)`."""
    match expression:
        case ast.Constant(value=str(text)) | ast.Call(args=[ast.Constant(value=str(text)), *_]):
            return frozenset({text})
        case ast.Name(id=name):
            for each in (scope, tree_of(module)):
                if each is not None and (bound := bound_in(each).get(name)):
                    return all_of(house, module, bound, scope)
            return value_imported(house, module, name)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            source = module_named(house, module, name)
            return values_of(house, source, ast.Name(attribute)) if source else None
        case ast.Subscript(value=ast.Name(id=name)):
            whole = bound_in(tree_of(module)).get(name, ())
            if whole and isinstance(whole[0], ast.Dict):
                return all_of(house, module, tuple(whole[0].values), scope)
    return None


def all_of(
    house: House, module: Module, expressions: tuple[ast.expr, ...], scope: Scope | None
) -> frozenset[str] | None:
    found = [values_of(house, module, each, scope) for each in expressions]
    known = [each for each in found if each is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def value_imported(house: House, module: Module, name: str) -> frozenset[str] | None:
    for _, source, original, here in imports_of(module):
        if here == name and original and source in house.modules:
            return values_of(house, house.modules[source], ast.Name(original))
    return None


def module_named(house: House, module: Module, name: str) -> Module | None:
    """The module of the house that this name stands for in this module."""
    for _, source, original, here in imports_of(module):
        if here == name:
            return house.modules.get(f"{source}.{original}" if original else source)
    return None


def function_called(house: House, module: Module, call: ast.Call) -> ast.AST | None:
    """The definition of what is called, where the house defines it at the top of a module."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr=called):
            source, original = module_named(house, module, name), called
        case ast.Name(id=called):
            imported = (each for each in imports_of(module) if each[3] == called)
            _, where, original, _ = next(imported, (None, module.name, called, called))
            source = house.modules.get(where)
        case _:
            return None
    return functions_of(source).get(original) if source else None


@cache
def functions_of(module: Module) -> Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    body = tree_of(module).body
    return {
        node.name: node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def given(call: ast.Call, function: ast.AST | None, parameter: str) -> ast.expr | None:
    """What a call gives for a function's parameter; None if nothing, or it has no such one."""
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    names = [each.arg for each in function.args.args]
    if parameter not in names:
        return None
    named = [each.value for each in call.keywords if each.arg == parameter]
    return next(iter([*named, *call.args[names.index(parameter) :]]), None)
