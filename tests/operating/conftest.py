"""A workspace to be looked at, and the settings that lead there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox import Sandbox

PATIENCE = 20.0  # seconds; a busy machine
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(ROOT / "manifest.yml") as sandbox:
        sandbox.ack_timeout = sandbox.patience = PATIENCE
        maria = sandbox.add_user("maria", is_admin=True)
        sandbox.add_channel("help", [maria, sandbox.bot])
        yield sandbox


@pytest.fixture
def environ(slack: Sandbox, database_url: str) -> dict[str, str | None]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
    }
