"""`app.py demo` as a visitor starts and leaves it, at a terminal."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="There are no such terminals here.")

ROOT = Path(__file__).parents[1]
ADDRESS = re.compile(rb"Open (http://[\d.:]+) in a browser")
STARTS_WITHIN, ENDS_WITHIN, BUSY = 10.0, 1.0, 6  # seconds, and how much slower a busy machine is


class Terminal:
    def __init__(self) -> None:
        self.ours, theirs = pty.openpty()
        environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "app.py", "demo"],
            cwd=ROOT,
            env=environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.shown = b""

    def wait_for(self, words: bytes, seconds: float) -> None:
        until = time.monotonic() + seconds
        while words not in self.shown:
            left = until - time.monotonic()
            assert left > 0, self.shown.decode(errors="replace")
            if select.select([self.ours], [], [], left)[0]:
                self.shown += os.read(self.ours, 4096)

    def type(self, line: str) -> None:
        os.write(self.ours, line.encode())


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    if terminal.process.poll() is None:
        terminal.process.kill()
    terminal.process.wait()
    os.close(terminal.ours)


def test_the_address_comes_last_and_ctrl_c_ends_it_at_once(terminal: Terminal):
    began = time.monotonic()
    terminal.wait_for(b"Ctrl-C ends it.", STARTS_WITHIN * BUSY)
    started = time.monotonic() - began
    terminal.wait_for(b"> ", 5)
    assert ADDRESS.search(terminal.shown)
    assert terminal.shown.rindex(b"Open http") > terminal.shown.index(b"for example:")

    began = time.monotonic()
    terminal.process.send_signal(signal.SIGINT)  # nobody presses Enter
    assert terminal.process.wait(ENDS_WITHIN * BUSY) == 0
    print(f"address after {started:.1f} s, shell after {time.monotonic() - began:.1f} s")


def test_the_prompt_s_example_reaches_an_expert(terminal: Terminal):
    terminal.wait_for(b"Ctrl-C ends it.", STARTS_WITHIN * BUSY)
    example = re.search(r"(bob: .*?\?)  ", terminal.shown.decode())
    assert example is not None

    terminal.type(f"{example[1]}\n")

    terminal.wait_for(b"can you help", 20)
    assert "@Ken Sato" in terminal.shown.decode()
    terminal.type("quit\n")
    assert terminal.process.wait(ENDS_WITHIN * BUSY) == 0
