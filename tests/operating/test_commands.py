"""What an operator does beside running the bot."""

import pytest
from sqlalchemy import update

from operating.commands import audit
from storage.audit import Said, append
from storage.database import Sessions
from storage.tables import AuditEntry
from tests.conftest import NOW


async def test_the_audit_is_looked_through(
    sessions: Sessions, database_url: str, capsys: pytest.CaptureFixture[str]
):
    assert await audit(database_url) == 0
    assert "Nothing is in the audit yet." in capsys.readouterr().out

    async with sessions.begin() as session:
        for team_id in ("T1", "T1", "T2"):
            await append(session, Said(team_id, "leaderboard", "U1", NOW, before="off", after="on"))
    assert await audit(database_url) == 0
    assert "T1: all 2 entries are as they were written" in capsys.readouterr().out

    async with sessions.begin() as session:
        await session.execute(
            update(AuditEntry)
            .where(AuditEntry.team_id == "T1", AuditEntry.number == 2)
            .values(by=9)
        )
    assert await audit(database_url) == 1
    told = capsys.readouterr().out
    assert "✗ T1: entry 2 was changed, removed or put in. The 1 before it" in told
    assert "✓ T2" in told
