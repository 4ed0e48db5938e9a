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
TAILS = ("", "\x00", "\n!", "z", "<", '"')
MOST_UNITS = 60  # of one pattern
UNITS = (" ", "\n", "a", "A", "1", ".", "-", "_", '"', "<", "<@", ">", "a ", "a.", "1.", ", ", "章")


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern that a module keeps, and every one written out where it is used."""
    found: dict[str, re.Pattern[str]] = {}
    for layer in LAYERS:
        for module in pkgutil.walk_packages(layer.__path__, f"{layer.__name__}."):
            if ".migrations" not in module.name:
                kept = vars(importlib.import_module(module.name)).values()
                found |= {each.pattern: each for each in in_values(list(kept))}
    found |= {each.pattern: each for each in in_values(list(languages().values()))}
    return found | written_out()


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


def written_out() -> dict[str, re.Pattern[str]]:
    found = {}
    for layer in LAYERS:
        for path in Path(layer.__path__[0]).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                    match node.args:
                        case [ast.Constant(value=str(written)), *_] if node.func.attr != "escape":
                            found.setdefault(written, re.compile(written))
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


def hostile(pattern: re.Pattern[str]) -> Iterator[str]:
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    likely = dict.fromkeys(each for each in fragments(tree) if 0 < len(each) < 200)
    for number, unit in enumerate([*UNITS, *list(likely)[:MOST_UNITS]]):
        repeated = unit * (LENGTH // len(unit))
        yield repeated + TAILS[number % len(TAILS)]
        if likely:
            yield (list(likely)[number % len(likely)] + repeated)[:LENGTH] + "\x00"


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """The shorter of two goes, of this process alone."""
    return min(once(pattern, text), once(pattern, text))


def once(pattern: re.Pattern[str], text: str) -> float:
    started = time.process_time()
    pattern.fullmatch(text)
    pattern.sub("", text)
    return (time.process_time() - started) / 2


def test_no_pattern_takes_long_on_any_text():
    slow = {}
    for pattern in patterns().values():
        for text in hostile(pattern):
            if once(pattern, text) > LONGEST and (took := seconds(pattern, text)) > LONGEST:
                slow[pattern.pattern[:80]] = (round(took, 3), text[:30])

    assert slow == {}


def test_a_pattern_that_goes_back_is_found():
    going_back = re.compile(r"<(\w+\|)*[^>]*>")

    assert any(once(going_back, text) > LONGEST for text in hostile(going_back))
