"""The one door to the benchmarks.

Every module beside this one is a benchmark: its docstring says what it measures (first line) and
which input it reads (the rest), and `run(data: Path | None) -> dict`, async or not, measures it.
What it prints is for people; the figures follow as one JSON object on the last line.
"""

import argparse
import asyncio
import importlib
import inspect
import json
import pkgutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import bench


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="List or run benchmarks.")
    parser.add_argument("name", nargs="?", help="the benchmark to run; without it, list them all")
    parser.add_argument("--data", type=Path, help="its input; without it, a small built-in one")
    wanted = parser.parse_args(arguments)

    if wanted.name is None:
        print("\n".join(describe(name) for name in names()))
        return 0
    try:
        figures = figures_of(wanted.name, wanted.data)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(figures))
    return 0


class InputError(Exception):
    """Holds the sentence that says what is wrong with the name or the data."""


def figures_of(name: str, data: Path | None) -> dict[str, Any]:
    if name not in names():
        raise InputError(f"There is no benchmark {name!r}; there are: {', '.join(names())}.")
    if data is not None and not data.exists():
        raise InputError(f"There is no file {data}.")
    try:
        return measure(module_of(name), data)
    except (ValueError, KeyError, TypeError, OSError) as error:
        if data is None:
            raise  # the built-in data is ours: a bug, not bad input
        raise InputError(f"{name} cannot read {data}: {type(error).__name__}: {error}") from error


def measure(benchmark: ModuleType, data: Path | None) -> dict[str, Any]:
    result = benchmark.run(data)
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def names() -> list[str]:
    """What people type: `search-speed` for search_speed.py."""
    modules = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return sorted(name.replace("_", "-") for name in modules if not name.startswith("_"))


def module_of(name: str) -> ModuleType:
    return importlib.import_module(f"bench.{name.replace('-', '_')}")


def describe(name: str) -> str:
    first, _, rest = inspect.cleandoc(module_of(name).__doc__ or "").partition("\n")
    details = "".join(f"\n    {line}" if line else "" for line in rest.strip().splitlines())
    return f"{name}: {first}{details}"


if __name__ == "__main__":
    sys.exit(main())
