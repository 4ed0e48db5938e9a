"""The entry point: settings that are missing or wrong end in one sentence and exit code 2."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.settings import BadSetting, decode_env_file, merge, read_settings
from sandbox import Sandbox
from storage.migrate import migrate
from tests.program import ended_with

ROOT = Path(__file__).parents[1]
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


def test_two_tokens_are_enough():
    settings = read_settings(GOOD)

    assert settings.connection == "socket"
    assert settings.database_url == "sqlite:///askaround.db"


def test_a_signing_secret_instead_of_an_app_token_means_http():
    settings = read_settings({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "PORT": ""})

    assert (settings.connection, settings.port) == ("http", 3000)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SLACK_BOT_TOKEN": None}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN does not look right"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN does not look right"),
        ({"SLACK_APP_TOKEN": " "}, "Set SLACK_APP_TOKEN"),
        ({"PORT": "http"}, "PORT is “http”"),
        ({"PORT": "70000"}, "PORT is “70000”"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL is “slack.com”"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is “loud”"),
    ],
)
def test_a_wrong_setting_says_what_to_set(changes: dict, sentence: str):
    with pytest.raises(BadSetting, match=sentence):
        read_settings({**GOOD, **changes})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_env_file_may_begin_with_a_byte_order_mark(encoding: str):
    assert decode_env_file("SLACK_BOT_TOKEN=xoxb-ü".encode(encoding)) == "SLACK_BOT_TOKEN=xoxb-ü"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_an_env_file_in_another_encoding_says_to_save_it_again(encoding: str):
    with pytest.raises(BadSetting, match=r"^\.env is not written in UTF-8: save it again"):
        decode_env_file("SLACK_BOT_TOKEN=xoxb-ü".encode(encoding))


def test_an_empty_variable_does_not_hide_what_the_file_says():
    merged = merge({"PORT": "1", "LOG_LEVEL": "INFO"}, {"PORT": " ", "LOG_LEVEL": "DEBUG"})

    assert merged == {"PORT": "1", "LOG_LEVEL": "DEBUG"}


def test_settings_do_not_print_their_secrets():
    assert "xoxb-1" not in repr(read_settings(GOOD))


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SLACK_BOT_TOKEN is missing"),
        ({**GOOD, "DATABASE_URL": "mysql://x/y"}, "DATABASE_URL is not an address I can use"),
        ({**GOOD, "DATABASE_URL": "sqlite:////no/such/folder/a.db"}, "cannot be opened"),
    ],
)
def test_the_program_ends_with_that_sentence_and_code_2(tmp_path, environment, sentence):
    code, said = ended_with(tmp_path, environment)

    assert code == 2
    assert sentence in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_refuses_says_where_to_get_one(tmp_path, wrong: str):
    async with Sandbox(ROOT / "manifest.yml") as slack:
        good = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }

        code, said = await asyncio.to_thread(
            ended_with, tmp_path, {**good, wrong: good[wrong] + "x"}
        )

    assert code == 2
    assert f"Slack does not accept {wrong} (invalid_auth)" in said
    assert "Traceback" not in said


def test_no_library_and_no_child_finds_the_tokens_or_the_proxy_in_the_environment(tmp_path):
    """Slack's SDK would read them again, and take no notice of NO_PROXY."""
    given = {
        **GOOD,
        "SLACK_SIGNING_SECRET": "s",
        "DATABASE_URL": "sqlite:///a.db",
        "HTTPS_PROXY": "http://me:hunter2@p:1",
        "no_proxy": "x.example",
    }
    look = (
        "import app, os\n"
        "async def look(settings): print(settings.proxies.https, *os.environ.items())\n"
        "app.COMMANDS['health'] = look\n"
        "app.main(['health'])"
    )

    ended = subprocess.run(
        [sys.executable, "-c", look],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    proxy, _, left = ended.stdout.partition(" ")
    assert proxy == "http://me:hunter2@p:1"  # the bot has it
    assert not [name for name in given if name in left]


async def test_a_port_that_is_taken_says_so(tmp_path):
    async with Sandbox(ROOT / "manifest.yml") as slack:
        environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "PORT": slack.address.rsplit(":", 1)[1],  # the sandbox has it
        }

        code, said = await asyncio.to_thread(ended_with, tmp_path, environment)

    assert code == 2
    assert "cannot be opened" in said
    assert "Traceback" not in said


BAD_ADDRESSES = {
    "postgresql://u:p@127.0.0.1:1/db?pgbouncer=true": "has the option pgbouncer",
    "postgresql://u:p@127.0.0.1:1/db?SECRET-x=true": "has an option",
    "postgresql://u:p@127.0.0.1:port/db": "no number for its port",
    "postgresql://u:p@127.0.0.1:99999/db": "port that no server has",
    "postgresql://u:x@SECRET@127.0.0.1:1/db": "percent-encoded",
    "postgresql://u:x@SECRET:RET@127.0.0.1:1/db": "percent-encoded",
    "postgresql://u:x@SECRET/RET@127.0.0.1:1/db": "percent-encoded",
    "postgresql://u:x@SECRET?RET@127.0.0.1:1/db": "percent-encoded",
    "postgresql://u:SECRET@ho st/db": "percent-encoded",
    "postgresql://u:SECRET/#?:%zz@127.0.0.1:1/db": "Connection refused",
    "postgresql://u:p@127.0.0.1:1/db?connect_timeout=soon": "cannot be opened",
    "postgresql://u:p@127.0.0.1:1/db?sslmode=perhaps": "cannot be opened",
    "postgresql:u:SECRET@h/db": "is not an address",
    "sqlite:///askaround.db?mode=rw": "has the option mode",
    "sqlite://askaround.db": "is not an address",
    "sqlite:///.": "cannot be opened",
    "sqlite:///diary.txt": "is no SQLite database",
}


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_bad_database_address_ends_in_one_sentence_without_the_password(tmp_path, address: str):
    (tmp_path / "diary.txt").write_text("Dear diary, today I named you in DATABASE_URL. " * 50)

    code, said = ended_with(tmp_path, {**GOOD, "DATABASE_URL": address})

    assert code == 2
    assert BAD_ADDRESSES[address] in said
    assert len(said.strip().splitlines()) == 1
    assert "SECRET" not in said and "RET" not in said


def test_a_damaged_file_ends_in_one_sentence(tmp_path):
    asyncio.run(migrate(f"sqlite:///{tmp_path}/bot.db"))
    spoil(tmp_path / "bot.db")

    code, said = ended_with(tmp_path, {**GOOD, "DATABASE_URL": "sqlite:///bot.db"})

    assert code == 2
    assert "The database file bot.db is damaged" in said
    assert len(said.strip().splitlines()) == 1


def spoil(path: Path) -> None:
    """Overwrite some of its pages, as a failing disk does."""
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 20)


def test_an_env_file_of_powershell_ends_in_one_sentence(tmp_path):
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1", "utf-16")

    code, said = ended_with(tmp_path, {})

    assert (code, said) == (2, ".env is not written in UTF-8: save it again with that encoding.\n")


@pytest.mark.parametrize(
    ("method", "error", "sentence"),
    [
        ("users.conversations", "missing_scope", "reinstall it to your workspace"),
        ("auth.test", "missing_scope", "reinstall it to your workspace"),
        ("auth.test", "account_inactive", "does not accept SLACK_BOT_TOKEN (account_inactive)"),
        ("auth.test", "not_allowed_token_type", "does not accept SLACK_BOT_TOKEN"),
        ("apps.connections.open", "missing_scope", "does not accept SLACK_APP_TOKEN"),
        ("users.conversations", "limit_required", "(users.conversations: limit_required)"),
    ],
)
async def test_a_refusal_at_start_says_what_to_do(tmp_path, method: str, error: str, sentence: str):
    async with Sandbox(ROOT / "manifest.yml") as slack:
        slack.faults.add(method=method, kind="error", error=error, times=100)

        code, said = await asyncio.to_thread(ended_with, tmp_path, tokens_of(slack))

    assert code == 2
    assert sentence in said
    assert "Traceback" not in said


async def test_a_persons_token_is_told_from_the_bots(tmp_path):
    answer = {"ok": True, "team_id": "T1", "user_id": "U1", "team": "x", "url": "x"}
    async with answering(lambda request: web.json_response(answer)) as api_url:
        code, said = await asyncio.to_thread(
            ended_with, tmp_path, {**GOOD, "SLACK_API_URL": api_url}
        )

    assert code == 2
    assert "SLACK_BOT_TOKEN is not a bot's token" in said


NO_ANSWERS = {
    "nothing": lambda request: web.json_response(None),
    "a list": lambda request: web.json_response([]),
    "a proxy's page": lambda request: web.Response(text="<h1>Bad gateway</h1>", status=502),
    "an empty page": lambda request: web.Response(status=502, content_type="text/plain"),
    "a login page": lambda request: web.Response(text="<h1>Log in</h1>", content_type="text/html"),
    "broken JSON": lambda request: web.Response(text="{", content_type="application/json"),
    "plain words": lambda request: web.Response(text="hello", content_type="text/plain"),
}


@pytest.mark.parametrize("answer", NO_ANSWERS)
async def test_what_is_no_answer_of_slack_is_waited_out(tmp_path, answer: str):
    """A proxy between, or Slack's own trouble: the bot starts when Slack is there."""
    async with answering(NO_ANSWERS[answer]) as api_url:
        bot = await started(tmp_path, {**GOOD, "SLACK_API_URL": api_url})
        said = await read_until(bot, "again in")

        code = await ended_by(bot, signal.SIGTERM)

    assert b"Traceback" not in said
    assert code == 0


async def test_a_socket_address_that_comes_late_is_waited_for(tmp_path):
    """`apps.connections.open` answers with a proxy's empty page; all else works."""
    async with Sandbox(ROOT / "manifest.yml") as slack:
        slack.faults.add(method="apps.connections.open", kind="server_error", times=3)
        bot = await started(tmp_path, tokens_of(slack))

        await slack.until(lambda: slack.connections, timeout=30)

        assert await ended_by(bot, signal.SIGTERM) == 0


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_at_once_while_it_waits_for_slack(tmp_path, told: signal.Signals):
    bot = await started(tmp_path, {**GOOD, "SLACK_API_URL": "http://127.0.0.1:9/api/"})
    await read_until(bot, "cannot be reached")
    began = time.monotonic()

    bot.send_signal(told)
    await read_until(bot, "has stopped")

    assert time.monotonic() - began < 2
    async with asyncio.timeout(20):  # a busy machine takes its time to clear away a process
        assert await bot.wait() == 0


async def started(folder: Path, environment: dict) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "app.py"),
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=asyncio.subprocess.PIPE,
    )


async def read_until(bot: asyncio.subprocess.Process, words: str) -> bytes:
    assert bot.stderr is not None
    async with asyncio.timeout(30):
        return await bot.stderr.readuntil(words.encode())


async def ended_by(bot: asyncio.subprocess.Process, told: signal.Signals) -> int | None:
    bot.send_signal(told)
    try:
        async with asyncio.timeout(20):
            return await bot.wait()
    except TimeoutError:
        bot.kill()
        await bot.wait()
        raise


@asynccontextmanager
async def answering(answer: Any) -> AsyncIterator[str]:
    """Something that answers each call in this way; its address, as of Slack's API."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", with_request(answer))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    await runner.cleanup()


def with_request(answer: Any) -> Any:
    async def handle(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = answer(request)
        return response

    return handle


def tokens_of(slack: Sandbox) -> dict:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }
