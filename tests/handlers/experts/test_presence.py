"""Reading who holds back notifications, from a Slack that does not tell."""

import logging
from pathlib import Path

import pytest

from bot.kinds import READ_QUIET
from bot.outbox import claim_owed
from handlers.experts.presence import read_quiet
from handlers.slack import Refused, Slack, open_client, open_http_session
from sandbox import Sandbox
from storage import outbox
from storage.database import Sessions
from tests.bot.conftest import BEN, TEAM
from tests.conftest import NOW

MANIFEST = Path(__file__).parents[3] / "manifest.yml"


async def read_twice(sessions: Sessions, error: str) -> None:
    async with Sandbox(manifest=MANIFEST) as sandbox, open_http_session() as http:
        slack = Slack(open_client(sandbox.api_url, sandbox.bot_token, http), sandbox.clock.now)
        sandbox.faults.add(method="dnd.teamInfo", kind="error", error=error, times=2)
        async with sessions.begin() as session:
            payload = {"user_ids": [BEN]}
            await outbox.owe(
                session, READ_QUIET, BEN, team_id=TEAM, lane=BEN, payload=payload, now=NOW
            )
            [owed] = await claim_owed(session, now=NOW, limit=1)
        for _ in range(2):
            note = await read_quiet(owed, slack, sessions)
            assert note is not None  # so that it is not asked again at once


@pytest.mark.parametrize("error", ["missing_scope", "not_allowed_token_type"])
async def test_a_slack_that_tells_nobody_is_warned_of_once(
    sessions: Sessions, caplog: pytest.LogCaptureFixture, error: str
):
    caplog.set_level(logging.WARNING)

    await read_twice(sessions, error)

    assert [each.message for each in caplog.records if "notifications" in each.message] == [
        f"Slack does not tell who holds back notifications: {error}"
    ]


async def test_where_slack_knows_us_no_more_that_is_no_answer(sessions: Sessions):
    with pytest.raises(Refused):
        await read_twice(sessions, "token_revoked")
