"""No pattern of the product takes long on any text: somebody will send the one it is slow on."""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as signs  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import bot
import handlers
import storage
from bot.detection.languages import languages

LAYERS = (bot, handlers, storage)
LENGTH = 40_000  # characters, as long as a message can be
LONGEST = 0.05  # seconds
METHODS = {"fullmatch", "match", "search", "findall", "finditer", "sub", "split"}
TAILS = ("", "\x00", "\n!", "z", "<", '"')
MOST_UNITS = 60  # of one pattern
UNITS = (" ", "\n", "a", "A", "1", ".", "-", "_", '"', "<", "<@", ">", "a ", "a.", "1.", ", ", "章")


def patterns() -> dict[re.Pattern[str], set[str]]:
    """Every pattern that a module keeps, and every one written out where it is used, with how
    they are used: a pattern that is only held against a whole text is tried on whole texts."""
    found: dict[re.Pattern[str], set[str]] = {}
    sources = [path.read_text("utf-8") for path in files()]
    for layer in LAYERS:
        for module in pkgutil.walk_packages(layer.__path__, f"{layer.__name__}."):
            if ".migrations" not in module.name:
                for name, kept in vars(importlib.import_module(module.name)).items():
                    for each in in_values([kept]):
                        found.setdefault(each, set()).update(uses_of(name, sources))
    for each in in_values(list(languages().values())):
        found.setdefault(each, set())
    return found | written_out()


def files() -> Iterator[Path]:
    for layer in LAYERS:
        yield from Path(layer.__path__[0]).rglob("*.py")


def uses_of(name: str, sources: list[str]) -> set[str]:
    use = re.compile(rf"\b{re.escape(name)}\.(\w+)\b")
    return {method for source in sources for method in use.findall(source)} & METHODS


def in_values(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 5:
        if isinstance(value, list | tuple | set | frozenset):
            for each in value:
                yield from in_values(each, depth + 1)
        elif isinstance(value, dict):
            yield from in_values(list(value.values()), depth + 1)
        elif hasattr(value, "__dict__") and not isinstance(value, type) and depth:
            yield from in_values(vars(value), depth + 1)


def written_out() -> dict[re.Pattern[str], set[str]]:
    found: dict[re.Pattern[str], set[str]] = {}
    for path in files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="re"), attr=used),
                    args=[ast.Constant(value=str(text)), *_],
                ) if used not in ("compile", "escape"):
                    found.setdefault(re.compile(text), set()).add(used)
    return found


def fragments(tree: Any) -> Iterator[str]:
    """Texts that a pattern, or a part of it, goes along with, up to each place where it can be
    left: the longest way to be disappointed."""
    said = ""
    for sign, value in tree:
        for part in parts_of(sign, value):
            for fragment in fragments(part):
                yield fragment
                yield said + fragment
        said += example(sign, value)
        yield said


def parts_of(sign: Any, value: Any) -> list[Any]:
    if sign in (signs.MAX_REPEAT, signs.MIN_REPEAT, signs.POSSESSIVE_REPEAT):
        return [value[2]]
    if sign is signs.SUBPATTERN:
        return [value[3]]
    if sign is signs.BRANCH:
        return list(value[1])
    return [value[1]] if sign in (signs.ASSERT, signs.ASSERT_NOT) else []


def example(sign: Any, value: Any) -> str:
    """A text that this part of a pattern matches."""
    match sign:
        case signs.LITERAL:
            return chr(value)
        case signs.NOT_LITERAL | signs.ANY:
            return "b"
        case signs.IN:
            return character_of(value)
        case signs.MAX_REPEAT | signs.MIN_REPEAT | signs.POSSESSIVE_REPEAT:
            least, most, part = value
            times = max(least, min(int(most), 1))
            return "".join(example(*each) for each in part) * times
        case signs.SUBPATTERN:
            return "".join(example(*each) for each in value[3])
        case signs.BRANCH:
            return "".join(example(*each) for each in value[1][0])
    return ""


def character_of(choices: Any) -> str:
    pattern = re.compile("[" + "".join(map(written, choices)) + "]", re.DOTALL)
    likely = [*"ab1A .-_,:<>\"'(", *(chr(n) for n in range(0x21, 0x3100))]
    return next((each for each in likely if pattern.match(each)), "x")


CLASSES = {
    signs.CATEGORY_DIGIT: r"\d",
    signs.CATEGORY_NOT_DIGIT: r"\D",
    signs.CATEGORY_SPACE: r"\s",
    signs.CATEGORY_NOT_SPACE: r"\S",
    signs.CATEGORY_WORD: r"\w",
    signs.CATEGORY_NOT_WORD: r"\W",
}


def written(choice: Any) -> str:
    match choice:
        case (signs.NEGATE, _):
            return "^"
        case (signs.LITERAL, number):
            return re.escape(chr(number))
        case (signs.RANGE, (first, last)):
            return f"{re.escape(chr(first))}-{re.escape(chr(last))}"
    return CLASSES[choice[1]]


def hostile(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Beginnings and what is repeated behind them, to be as long as wanted."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    likely = list(dict.fromkeys(each for each in fragments(tree) if 0 < len(each) < 200))
    for number, unit in enumerate([*UNITS, *likely[:MOST_UNITS]]):
        yield "", unit, TAILS[number % len(TAILS)]
        if likely:
            yield likely[number % len(likely)], unit, "\x00"


def of_length(parts: tuple[str, str, str], length: int) -> str:
    opening, unit, tail = parts
    return opening + unit * (length // len(unit)) + tail


def seconds(pattern: re.Pattern[Any], text: str, uses: set[str]) -> float:
    """On a whole text, and where it is looked for in one, from each place."""
    written: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
    started = time.process_time()
    if uses & {"fullmatch", "match"} or not uses:
        pattern.fullmatch(written)
    if uses - {"fullmatch", "match"} or not uses:
        pattern.sub(written[:0], written)
    return time.process_time() - started


def slowest(pattern: re.Pattern[str], uses: set[str]) -> tuple[float, str]:
    """What it takes longest on, tried at full length only where a tenth of it took long."""
    found = (0.0, "")
    for parts in hostile(pattern):
        if seconds(pattern, of_length(parts, LENGTH // 10), uses) > LONGEST / 50:
            text = of_length(parts, LENGTH)
            found = max(found, (min(seconds(pattern, text, uses) for _ in range(2)), text[:40]))
            if found[0] > LONGEST:
                break
    return found


def test_no_pattern_takes_long_on_any_text():
    took = {each.pattern[:100]: slowest(each, uses) for each, uses in patterns().items()}

    assert {pattern: slow for pattern, slow in took.items() if slow[0] > LONGEST} == {}


def test_a_pattern_that_goes_back_is_found():
    assert slowest(re.compile(r"<@\w+\|[^>]*>"), {"sub"})[0] > LONGEST
