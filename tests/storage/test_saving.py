from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import workspaces
from storage.database import Sessions
from storage.questions import erased_messages
from storage.saving import add_if_first
from storage.tables import Workspace
from tests.conftest import NOW


def workspace(name: str, joined_at: datetime = NOW) -> Workspace:
    return Workspace(
        team_id="T1", name=name, url="https://x", bot_user_id="U1", joined_at=joined_at
    )


async def test_the_first_row_of_a_key_is_kept_and_the_transaction_goes_on(session: AsyncSession):
    assert await add_if_first(session, workspace("first"))
    session.expunge_all()

    assert not await add_if_first(session, workspace("second"))

    kept = await workspaces.get(session, "T1")
    assert kept is not None and kept.name == "first"


async def test_saving_again_changes_what_is_there(session: AsyncSession):
    for name in ("old", "new"):
        await workspaces.save(
            session,
            team_id="T1",
            name=name,
            url="https://x",
            bot_user_id="U1",
            catch_up_days=14,
            now=NOW,
        )

    kept = await workspaces.get(session, "T1")
    assert kept is not None and kept.name == "new"


async def test_times_come_back_aware_and_in_utc(session: AsyncSession):
    tokyo = NOW.astimezone(timezone(timedelta(hours=9))).replace(microsecond=123456)
    session.add(workspace("any", tokyo))
    await session.flush()
    session.expunge_all()

    kept = await workspaces.get(session, "T1")
    assert kept is not None and kept.joined_at == tokyo and kept.joined_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(session: AsyncSession):
    session.add(workspace("any", NOW.replace(tzinfo=None)))

    with pytest.raises(StatementError, match="without a zone"):
        await session.flush()
    await session.rollback()


async def test_an_erased_message_is_forgotten_after_a_while(session: AsyncSession):
    place = {"team_id": "T1", "channel_id": "C1", "message_ts": "1.5"}
    for _ in range(2):
        await erased_messages.add(session, **place, now=NOW)
    await erased_messages.forget_before(session, NOW)
    assert await erased_messages.is_erased(session, **place)
    assert not await erased_messages.is_erased(session, **{**place, "team_id": "T2"})

    session.expunge_all()
    await erased_messages.forget_before(session, NOW + timedelta(seconds=1))

    assert not await erased_messages.is_erased(session, **place)


async def test_looking_cannot_change_sqlite(sessions: Sessions, database_url: str):
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has one pool for both")

    with pytest.raises(OperationalError, match="readonly"):
        async with sessions.read() as session:
            session.add(workspace("any"))
            await session.flush()


async def test_what_fails_leaves_nothing_behind(sessions: Sessions):
    with pytest.raises(ZeroDivisionError):
        async with sessions.begin() as session:
            session.add(workspace("any"))
            await session.flush()
            raise ZeroDivisionError

    async with sessions.read() as session:
        assert await workspaces.get(session, "T1") is None
