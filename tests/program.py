"""The program in a process of its own, until it ends. Its imports are done once, in a process that
these are forked from."""

import multiprocessing
import os
import sys
from pathlib import Path

import app

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.program"])
PATIENCE = 30  # seconds


def ended_with(folder: Path, environment: dict[str, str]) -> tuple[int | None, str]:
    """Start the program in this folder; its exit code and what it said on its standard error."""
    said = folder / "stderr.txt"
    process = FORKS.Process(target=start, args=(folder, environment, said))
    process.start()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode, said.read_text()


def start(folder: Path, environment: dict[str, str], said: Path) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stderr = said.open("w", buffering=1)
    os.dup2(sys.stderr.fileno(), 2)  # libraries in C write there
    sys.exit(app.main([]))
