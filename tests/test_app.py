"""The entry point: settings that are missing or wrong end in one sentence and exit code 2."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import BadSetting, read_settings
from sandbox import Sandbox

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


def ended_with(folder: Path, environment: dict) -> tuple[int, str]:
    """Start the program where there is no .env; its exit code and what it said."""
    ended = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )
    return ended.returncode, ended.stderr
