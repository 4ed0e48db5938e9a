"""`make demo`: a local Slack with the real bot in it, a community to look at, and a page."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sandbox import prepared
from sandbox.community import Community
from sandbox.prompt import HOW_TO, Prompt
from sandbox.server import Sandbox
from sandbox.stage import ACME, PREPARED, Join, Stage, story

PORT = 8765
MANIFEST = Path(__file__).parent.parent / "manifest.yml"
WITHOUT_A_BROWSER = """\
Without a browser, from another terminal:

  curl {address}/sandbox/act -H 'Content-Type: application/json' -d '{act}'
  curl '{address}/sandbox/sees?user=bob&channel=logistics-help'
"""
ACT = (
    '{"user": "bob", "act": "type", "channel": "logistics-help", "text": "Where do I cancel a T1?"}'
)

Show = Callable[[str], object]


async def demo(join: Join, *, show: Show = lambda _address: None) -> None:
    """`show` brings an address before the visitor's eyes, where there is a way to."""
    slack = await start()
    stage = Stage(slack, join)
    try:
        await stage.show(ACME)
        has_prompt = sys.stdin is not None and sys.stdin.isatty()
        print(HOW_TO if has_prompt else WITHOUT_A_BROWSER.format(address=slack.address, act=ACT))
        print(f"Open {slack.address} in a browser. Ctrl-C ends it.", flush=True)
        show(slack.address)
        await (Prompt(slack).run() if has_prompt else asyncio.Event().wait())
    finally:
        await stage.close()
        await slack.stop()


async def start() -> Sandbox:
    try:
        return await Sandbox(MANIFEST, PORT, team_name="Acme").start()
    except OSError:  # somebody else has the port
        return await Sandbox(MANIFEST, team_name="Acme").start()


async def prepare(join: Join, file: Path = PREPARED) -> None:
    """Play Acme's weeks through the bot, and keep how they end for the demo to start from."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "demo.db"
        async with Sandbox(MANIFEST, team_name="Acme") as slack:
            community = Community(slack)
            questions = len(community.told["threads"])
            print(f"Acme, {len(community.people)} people, {questions} questions:", flush=True)
            async with join(slack, f"sqlite:///{database}"):
                await slack.until(lambda: slack.connections, timeout=20)
                await community.play(lambda line: print(f"  {line}", flush=True))
            prepared.save(slack, database, file, made_of=story())
    print(f"It stands in {file.name} now ({time.monotonic() - began:.0f} s).")
