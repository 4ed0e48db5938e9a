"""`make image-proof`: the image, built and tried where no container runtime can run.

The root is built as the Dockerfile says, over the root of a base: a folder that `--base` names (an
exported `python:3.11-slim-bookworm` is best), or else Debian's smallest with its own Python, by
debootstrap. The bot then runs in it as a container would: as the image's user, from its command,
with nothing to write to but the volume and /tmp, and no network but its own loopback, where a
local Slack answers. Takes Linux, root, and a package index. What is not proven: the base of the
digest itself, a runtime, and arm64 beyond its wheels."""

import argparse
import asyncio
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from deploy.dockerfile import ROOT, Instruction
from deploy.image_root import Built, build, fingerprint, mount, mount_layers, run
from sandbox import Sandbox
from sandbox.people import Person
from sandbox.workspace import Channel

DEBIAN = "bookworm"
DEBIAN_HAS = "python3,python3-venv,python3-pip,ca-certificates"
ARM64 = ("manylinux2014_aarch64", "manylinux_2_28_aarch64", "manylinux_2_17_aarch64")
PYTHON = "3.11"
NEVER_THERE = re.compile(r"(^|/)(\.env|\.git|tests|sandbox|bench|pip|[^/]*\.db)$")
OWN_MOUNTS, OWN_NETWORK = 0x00020000, 0x40000000  # of unshare
NO_NEW_PRIVILEGES = 38  # of prctl
STARTS_WITHIN, ENDS_WITHIN = 60.0, 40.0  # seconds
LIBC = ctypes.CDLL(None, use_errno=True)


class NotProven(Exception):
    """What was not as it should be."""


@dataclass(frozen=True)
class Image:
    built: Built
    root: Path  # as a container sees it
    data: Path

    @property
    def user(self) -> tuple[int, int]:
        user, group = self.built.stage.value("USER").split(":")
        return int(user), int(group)

    def command(self, name: str) -> list[str]:
        return Instruction(name, self.built.stage.value(name)).command


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.prove_image", description=__doc__)
    parser.add_argument("--base", type=Path, help="a folder with the root of the base")
    parser.add_argument("--mirror", default="", help="where debootstrap finds Debian")
    parser.add_argument("--lock", default="requirements.lock", help="what is installed")
    parser.add_argument("--twice", action="store_true", help="build twice, and compare")
    options = parser.parse_args(arguments)
    if os.geteuid() or sys.platform != "linux":
        print("The image's root is mounted in layers, which takes Linux and root.")
        return 2
    enter_namespace(OWN_MOUNTS)
    folder = Path(tempfile.mkdtemp(prefix="image-", dir=var()))
    try:
        prove(folder, options.base or debian(options.mirror), options.lock, twice=options.twice)
    except NotProven as problem:
        print(f"✗ {problem}")
        return 1
    finally:
        tidy(folder)
    return 0


def var() -> Path:
    (ROOT / "var").mkdir(exist_ok=True)
    return ROOT / "var"


def enter_namespace(which: int) -> None:
    if LIBC.unshare(which):
        raise OSError(ctypes.get_errno(), "No namespace of our own is allowed here")
    if which == OWN_MOUNTS:
        mount("--make-rprivate", "/")


def debian(mirror: str) -> Path:
    """A stand-in for the base; made once, and kept."""
    base = var() / "debian"
    if not (base / "usr/bin/python3").exists():
        making = ["debootstrap", "--variant=minbase", f"--include={DEBIAN_HAS}", DEBIAN, str(base)]
        subprocess.run([*making, mirror] if mirror else making, check=True, stdout=sys.stderr)
    return base


def named_python(base: Path) -> None:
    python = base / "usr/local/bin/python"
    if not python.exists() and not python.is_symlink():
        python.symlink_to("/usr/bin/python3")


def prove(folder: Path, base: Path, lock: str, *, twice: bool) -> None:
    named_python(base)
    given = {"LOCK": lock}
    built = build(folder / "first", base, given)
    say("built from the Dockerfile", size(built.layer))
    if twice:
        prove_again(folder, base, given, built)
    prove_contents(built)
    prove_libraries(built)
    prove_arm64(folder, lock)
    image = Image(built, contained(folder, built), volume(folder, built))
    enter_namespace(OWN_NETWORK)  # from here on there is no network but the loopback
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    asyncio.run(prove_running(image))


def say(what: str, more: object = "") -> None:
    print(f"✓ {what}" + (f": {more}" if more else ""), flush=True)


def check(holds: object, problem: str) -> None:
    if not holds:
        raise NotProven(problem)


def size(folder: Path) -> str:
    files = [each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()]
    return f"{len(files)} files, {sum(each.stat().st_size for each in files) / 1e6:.0f} MB"


def prove_again(folder: Path, base: Path, given: dict[str, str], first: Built) -> None:
    second = build(folder / "second", base, given)
    prints = fingerprint(first.layer), fingerprint(second.layer)
    check(prints[0] == prints[1], "Two builds differ.")
    say("built twice, the same", f"sha256 {prints[0][:16]}…")


def prove_contents(built: Built) -> None:
    program = built.inside("/opt/askaround")
    found = [each.relative_to(program).as_posix() for each in program.rglob("*")]
    ours = [name for name in found if not name.startswith(".venv/")]
    strays = [name for name in [*ours, *installed(found)] if NEVER_THERE.search(name)]
    check(not strays, f"In the image, and should not be: {strays}")
    uncompiled = [
        name for name in ours if name.endswith(".py") and not compiled(program / name).exists()
    ]
    check(not uncompiled, f"Not compiled: {uncompiled[:3]}")
    say("the program, its packages, and nothing else", f"{len(installed(found))} packages, no pip")


def installed(found: list[str]) -> list[str]:
    """The names of packages and modules that the environment has."""
    return sorted(
        {match[1] for name in found if (match := re.search(r"/([^/]+)\.dist-info$", name))}
    )


def compiled(source: Path) -> Path:
    return source.parent / "__pycache__" / f"{source.stem}.cpython-{PYTHON.replace('.', '')}.pyc"


def prove_libraries(built: Built) -> None:
    """Wheels bring their libraries along, or find them in the base."""
    run(
        'found=$(find /opt/askaround/.venv -name "*.so*" -exec ldd {} + 2>&1 | grep "not found"); '
        'echo "$found" > /tmp/missing',
        built,
    )
    missing = built.inside("/tmp/missing").read_text().strip()
    check(not missing, f"Libraries that the base does not have: {missing}")
    say("each library that a package links to is there")


def prove_arm64(folder: Path, lock: str) -> None:
    wheels = folder / "arm64"
    platforms = [word for each in ARM64 for word in ("--platform", each)]
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    exactly = ["--require-hashes", "--only-binary", ":all:", "--python-version", PYTHON]
    where = ["--dest", str(wheels), "-r", str(ROOT / lock)]
    subprocess.run([*download, *exactly, *platforms, *where], check=True)
    count = len(list(wheels.iterdir()))
    say("for arm64 every package has a wheel whose hash the lock file holds", count)


def contained(folder: Path, built: Built) -> Path:
    """The root as a container sees it: nothing can be written but the volume and /tmp."""
    root = folder / "container"
    root.mkdir()
    mount_layers(root, built.layers)  # without an upper layer it is read-only
    mount("-t", "tmpfs", "tmpfs", str(root / "tmp"))
    mount("-t", "proc", "proc", str(root / "proc"))
    mount("--rbind", "/dev", str(root / "dev"))
    return root


def volume(folder: Path, built: Built) -> Path:
    """An empty volume, which begins as what the image has there."""
    data = folder / "data"
    (path,) = Instruction("VOLUME", built.stage.value("VOLUME")).command
    image_has = built.inside(path).stat()
    data.mkdir(mode=image_has.st_mode & 0o777)
    os.chown(data, image_has.st_uid, image_has.st_gid)
    mount("--bind", str(data), str(folder / "container" / path.lstrip("/")))
    return data


def drop_to(image: Image) -> Callable[[], None]:
    """What a runtime does in the child: into the root, and down to the image's user for good."""
    user, group = image.user

    def drop() -> None:
        os.chroot(image.root)
        os.chdir(image.built.stage.value("WORKDIR"))
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
        LIBC.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)

    return drop


async def start(image: Image, command: list[str], **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        env=image.built.environment | environment,
        preexec_fn=drop_to(image),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def ended(process: asyncio.subprocess.Process, within: float) -> tuple[int | None, str]:
    said, _ = await asyncio.wait_for(process.communicate(), within)
    return process.returncode, said.decode(errors="replace")


async def prove_running(image: Image) -> None:
    await prove_read_only(image)
    async with Sandbox(ROOT / "manifest.yml") as slack:
        slack.ack_timeout = 30
        ts = await prove_socket_mode(image, slack)
        await prove_volume(image, slack, ts)
        await prove_http(image, slack)
    written = sorted(each.name for each in image.data.iterdir())
    say("written, all of it in the volume", ", ".join(written))


async def prove_read_only(image: Image) -> None:
    user, _ = image.user
    tries = "for d in / /opt/askaround /opt/askaround/bot /etc /usr /data /tmp; do "
    tries += "touch $d/x 2>/dev/null && echo $d; done; rm -f /data/x /tmp/x; id -u"
    _, said = await ended(await start(image, ["/bin/sh", "-c", tries]), 10)
    check(said.split() == ["/data", "/tmp", str(user)], f"Writable, and the user: {said.split()}")
    say(f"as user {user} nothing can be written but /data and /tmp")


def tokens(slack: Sandbox) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url}


@asynccontextmanager
async def container(
    image: Image, slack: Sandbox, **environment: str
) -> AsyncIterator[dict[str, str]]:
    """The bot from the image's command, until it is told to stop; its environment."""
    environment = tokens(slack) | environment
    bot = await start(image, image.command("ENTRYPOINT") + image.command("CMD"), **environment)
    try:
        yield environment
        bot.send_signal(signal.SIGTERM)
        code, said = await ended(bot, ENDS_WITHIN)
        check(code == 0, f"It ended with {code}:\n{said}")
    finally:
        if bot.returncode is None:
            bot.kill()
            print((await ended(bot, 10))[1], file=sys.stderr)


async def prove_socket_mode(image: Image, slack: Sandbox) -> str:
    """Starts, is healthy, and brings a question to who may know; the question's ts."""
    users = slack.add_user("maria", is_admin=True), slack.add_user("bob")
    channel = slack.add_channel("logistics", [*users, slack.bot])
    maria, bob = map(slack.act_as, users)
    async with container(image, slack, SLACK_APP_TOKEN=slack.app_token) as environment:
        await slack.until(lambda: slack.connections, STARTS_WITHIN)
        say("started from ENTRYPOINT and CMD, and joined Slack by Socket Mode")
        await prove_healthy(image, environment)
        await maria.command("/askaround", "channel on", channel)
        ts = await bob.post(channel, "Why is the T1 form rejected?")
        await slack.until(lambda: has_card(slack, maria, channel, ts), STARTS_WITHIN)
        say("a question got its card")
    say("told to stop, it ended well")
    return ts


def has_card(slack: Sandbox, reader: Person, channel: Channel, ts: str) -> bool:
    thread = reader.sees(channel, thread_ts=ts)
    return any(each["user"] == slack.bot_user_id for each in thread if each["ts"] != ts)


async def prove_healthy(image: Image, environment: dict[str, str]) -> None:
    probe = image.command("HEALTHCHECK")
    code, said = await ended(await start(image, probe, **environment), STARTS_WITHIN)
    check(code == 0, f"The image's HEALTHCHECK ended with {code}: {said.strip()}")
    async with aiohttp.ClientSession() as http:
        for path in ("/livez", "/readyz", "/metrics"):
            async with http.get(f"http://127.0.0.1:8321{path}") as response:
                check(response.status == 200, f"{path} is {response.status}")
    say("HEALTHCHECK is content, and /livez, /readyz and /metrics answer on port 8321")


async def prove_volume(image: Image, slack: Sandbox, ts: str) -> None:
    async with container(image, slack, SLACK_APP_TOKEN=slack.app_token):
        await slack.until(lambda: slack.connections, STARTS_WITHIN)
        posts = [
            each for each in slack.calls_to("chat.postMessage") if each.args.get("thread_ts") == ts
        ]
        check(len(posts) == 1, f"The question has {len(posts)} cards after a second start.")
    say("started again on the same volume, and said nothing twice")


async def prove_http(image: Image, slack: Sandbox) -> None:
    async with container(image, slack, SLACK_SIGNING_SECRET=slack.signing_secret):
        slack.request_url = "http://127.0.0.1:3000/slack/events"
        async with asyncio.timeout(STARTS_WITHIN):
            while not await is_answered(slack):  # noqa: ASYNC110  # another process's port
                await asyncio.sleep(0.2)
    say("started in HTTP mode, and answered Slack's challenge on port 3000")


async def is_answered(slack: Sandbox) -> bool:
    try:
        return await slack.verify_request_url()
    except aiohttp.ClientError:  # it is still starting
        return False


def tidy(folder: Path) -> None:
    """Take the mounts off, and only then the folder: some of them are this machine's own."""
    for each in sorted(mounted_in(folder), reverse=True):
        subprocess.run(["umount", "-l", each], check=True)
    check(not mounted_in(folder), f"{folder} is left: something is still mounted in it.")
    shutil.rmtree(folder)


def mounted_in(folder: Path) -> list[str]:
    mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    return [path for line in mounts if (path := line.split()[1]).startswith(f"{folder}/")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
