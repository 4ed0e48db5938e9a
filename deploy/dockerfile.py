"""Reading what our own Dockerfile and .dockerignore say: as much of their language as they use."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCKERFILE, IGNORED = "Dockerfile", ".dockerignore"
VARIABLE = re.compile(r"\$\{(\w+)\}")
NEVER_LOOKED_INTO = {".git", ".venv", "var"}  # big, and no pattern lets anything of them through


@dataclass(frozen=True)
class Instruction:
    name: str  # RUN, COPY …
    value: str

    @property
    def words(self) -> list[str]:
        return self.value.split()

    @property
    def command(self) -> list[str]:
        """The command that it gives as a list."""
        found = re.search(r"\[.*\]", self.value)
        return list(json.loads(found[0])) if found else []


@dataclass(frozen=True)
class Stage:
    base: str
    name: str  # empty for the last
    instructions: list[Instruction]

    def value(self, name: str) -> str:
        """What the last such instruction says; empty where there is none."""
        found = [each.value for each in self.instructions if each.name == name]
        return found[-1] if found else ""


def read_instructions(text: str) -> Iterator[Instruction]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        if line.strip():
            name, _, value = line.strip().partition(" ")
            yield Instruction(name, value.strip())


def read_stages(text: str) -> tuple[dict[str, str], list[Stage]]:
    """The arguments that stand before the first stage, and the stages."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for each in read_instructions(text):
        if each.name == "FROM":
            base, *named = each.words
            stages.append(Stage(substitute(base, arguments), named[-1] if named else "", []))
        elif stages:
            stages[-1].instructions.append(each)
        else:
            arguments.update([argument(each)])
    return arguments, stages


def argument(instruction: Instruction) -> tuple[str, str]:
    name, _, default = instruction.value.partition("=")
    return name, default


def variables(instruction: Instruction) -> dict[str, str]:
    """Of an ENV."""
    pairs = [each.partition("=") for each in instruction.words]
    return {name: value for name, _, value in pairs}


def substitute(value: str, known: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: known[found[1]], value)


def read_patterns(text: str) -> list[tuple[bool, re.Pattern[str]]]:
    """Each line of a .dockerignore, as whether it lets through, and what."""
    lines = [line.strip() for line in text.splitlines()]
    return [
        (line.startswith("!"), pattern(line.removeprefix("!").rstrip("/")))
        for line in lines
        if line and not line.startswith("#")
    ]


def pattern(written: str) -> re.Pattern[str]:
    """What it names, and all below that."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", written)
    kinds = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(kinds.get(each, re.escape(each)) for each in parts) + "(?:/.*)?")


def is_let_through(path: str, patterns: list[tuple[bool, re.Pattern[str]]]) -> bool:
    """The last line that means it counts."""
    said = [lets for lets, means in patterns if means.fullmatch(path)]
    return said[-1] if said else True


def context(root: Path = ROOT) -> list[str]:
    """Every file that a build of the image gets to see."""
    patterns = read_patterns((root / IGNORED).read_text(encoding="utf-8"))
    tops = [each for each in sorted(root.iterdir()) if each.name not in NEVER_LOOKED_INTO]
    files = [each for top in tops for each in ([top] if top.is_file() else sorted(top.rglob("*")))]
    names = [each.relative_to(root).as_posix() for each in files if each.is_file()]
    return [name for name in names if is_let_through(name, patterns)]
