"""`make demo`: a local Slack with the real bot in it, a community to look at, and a page."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from sandbox.community import Community, load_tour
from sandbox.prompt import Prompt
from sandbox.server import Sandbox

PORT = 8765
MANIFEST = Path(__file__).parent.parent / "manifest.yml"

Join = Callable[[Sandbox, str], AbstractAsyncContextManager[Any]]


async def demo(join: Join) -> None:
    """`join` brings the bot into this Slack, with a database at that address, for as long as
    the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        slack = await start()
        try:
            community = Community(slack)
            async with join(slack, f"sqlite:///{folder}/demo.db"):
                await slack.until(lambda: slack.connections, timeout=20)
                await play(slack, community)
                await stay(slack, community)
        finally:
            await slack.stop()


async def start() -> Sandbox:
    try:
        return await Sandbox(MANIFEST, PORT, team_name="Acme").start()
    except OSError:  # somebody else has the port
        return await Sandbox(MANIFEST, team_name="Acme").start()


async def play(slack: Sandbox, community: Community) -> None:
    """Some weeks in which people asked and helped."""
    began = time.monotonic()
    questions = len(community.told["threads"])
    print(f"Acme, {len(community.people)} people around the world, {questions} questions so far:")
    await community.play(lambda line: print(f"  {line}", flush=True))
    slack.tour = load_tour()
    slack.changes.note()
    print(f"  today ({time.monotonic() - began:.0f} s)\n")


async def stay(slack: Sandbox, community: Community) -> None:
    """Stay up: with a prompt for who sits at a terminal, else until stopped."""
    act = '{"user": "bob", "act": "type", "channel": "logistics-help", "text": "Where is …?"}'
    print(f"Open {slack.address} in a browser: be anybody there, and see what they see.\n")
    print("Without a browser, from another terminal:\n")
    print(f"  curl {slack.address}/sandbox/act -H 'Content-Type: application/json' -d '{act}'")
    print(f"  curl '{slack.address}/sandbox/sees?user=bob&channel=logistics-help'\n")
    if sys.stdin is not None and sys.stdin.isatty():
        await Prompt(slack, community.home).run()
    else:
        print("Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()
