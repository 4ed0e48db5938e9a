"""Nothing else is spoken to: the bot, the demo and the extra `meaning`, as an operator starts them,
with every connection and every file that the process and its libraries open looked at.

Native code (the language model's runtime) is watched too, by strace; CI is not set, because
libraries are on their best behaviour there."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.journeys.conftest import PATIENCE, Community, a_community

ROOT = Path(__file__).parents[1]
WATCHED = "connect,sendto,sendmsg,sendmmsg,openat,open,creat,mkdir,mkdirat,rename,renameat,unlink"
REPORTS_AFTER = 8  # seconds; what reports to its maker does so within these
ADDRESS = re.compile(r"sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )\"([^\"]+)")
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|^\d+ +(?:creat|mkdir|rename|unlink)")
PATH = re.compile(r'"([^"]*)"')
HARMLESS = ("/dev/null", "/dev/tty")


def can_trace() -> bool:
    strace = shutil.which("strace")
    return (
        strace is not None and subprocess.run([strace, "-o", "/dev/null", "true"]).returncode == 0
    )


pytestmark = pytest.mark.skipif(not can_trace(), reason="no strace here, or it may not trace")


@dataclass
class Watched:
    """A program that runs under strace, in a data folder, with an empty home."""

    folder: Path
    process: asyncio.subprocess.Process

    @property
    def lines(self) -> list[str]:
        found = (self.folder / "trace").read_text(errors="replace").splitlines()
        return [line for line in found if "exited" not in line and "SIG" not in line]

    def called(self) -> set[str]:
        """Where it connected or sent to, as address:port, or as what else there is."""
        calls = [line for line in self.lines if " connect(" in line or "sin_addr" in line]
        return {
            f"{found[2]}:{found[1]}" if (found := ADDRESS.search(line)) else line for line in calls
        }

    def written(self) -> set[str]:
        """What it wrote, or would have, outside its data folder."""
        data = str(self.folder / "data") + "/"
        names = {
            os.path.normpath(os.path.join(data, found[1]))  # noqa: PTH118  # text, not a file
            for line in self.lines
            if WRITING.search(line) and "= -1" not in line and (found := PATH.search(line))
        }
        return {each for each in names if not each.startswith(data) and each not in HARMLESS}

    def home(self) -> list[str]:
        return [str(each) for each in (self.folder / "home").rglob("*")]


@asynccontextmanager
async def watched(folder: Path, *arguments: str, **environment: str) -> AsyncIterator[Watched]:
    for name in ("data", "home"):
        (folder / name).mkdir()
    own = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "data")}
    process = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={WATCHED}", "-s", "300"),
        *("-o", str(folder / "trace"), sys.executable, "-B", str(ROOT / "app.py"), *arguments),
        cwd=folder / "data",
        env={"PATH": os.environ["PATH"], **own, **environment},
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield Watched(folder, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 30)


async def test_the_bot_speaks_to_slack_alone_and_writes_into_its_data_folder_alone(
    tmp_path: Path,
):
    async with Sandbox(ROOT / "manifest.yml") as slack:
        slack.ack_timeout = 30
        people = a_community(slack)
        async with watched(
            tmp_path,
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_APP_TOKEN=slack.app_token,
            SLACK_API_URL=slack.api_url,
        ) as bot:
            await slack.until(lambda: slack.connections, timeout=30)
            await a_day(people)
            await asyncio.sleep(REPORTS_AFTER)
            assert slack.connections, "it was there to the end"

    assert bot.called() == {slack.address.removeprefix("http://")}
    assert bot.written() == set()
    assert bot.home() == []


async def a_day(people: Community) -> None:
    """Ask, be helped, find: also in other words, which needs the language model."""
    await people.set_up()
    await people.solve(
        people.bob, people.ken, "Why was our shipment lost?", "The shipment was lost in the depot."
    )
    for _ in range(round(PATIENCE / 0.5)):  # the vector is made in the background
        if "depot" in await people.find(people.ana, "parcel vanished"):
            return
        await asyncio.sleep(0.5)
    pytest.fail("It is not found in other words, so the language model was not there.")


async def test_the_demo_speaks_to_its_own_slack_alone(tmp_path: Path):
    async with watched(tmp_path, "demo") as demo:
        assert demo.process.stdout is not None
        async with asyncio.timeout(120):
            async for line in demo.process.stdout:
                if found := re.search(rb"Open http://([\d.:]+) in a browser", line):
                    break
        await asyncio.sleep(REPORTS_AFTER)
        assert demo.process.returncode is None, "it was there to the end"

    assert found is not None
    assert demo.called() == {found[1].decode()}
    assert demo.written() == set()
    assert demo.home() == []
