"""The audit's chain: what was changed, removed or put in shows."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit
from storage.audit import Said
from storage.tables import AuditEntry, AuditHead, AuditPerson
from tests.conftest import NOW

TEAM, ADA, BEN = "T1", "U_ADA", "U_BEN"


@pytest.fixture
async def written(session: AsyncSession) -> AsyncSession:
    for number in range(1, 6):
        said = Said(TEAM, "expert", ADA, NOW, person=BEN, named=f"Topic {number}", after="on")
        await audit.append(session, said)
    return session


async def broken_at(session: AsyncSession) -> int | None:
    return (await audit.verify(session, TEAM)).broken_at


async def test_what_was_written_is_whole(written: AsyncSession):
    chain = await audit.verify(written, TEAM)

    assert (chain.entries, chain.broken_at) == (5, None)


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize(
    "changed", [{"after": "off"}, {"by": 2}, {"reason": "none"}, {"at": NOW.replace(year=2025)}]
)
async def test_a_changed_entry_shows(written: AsyncSession, number: int, changed: dict[str, Any]):
    await written.execute(update(AuditEntry).where(AuditEntry.number == number).values(**changed))

    assert await broken_at(written) == number


@pytest.mark.parametrize("number", [1, 3, 5])
async def test_a_removed_entry_shows(written: AsyncSession, number: int):
    await written.execute(delete(AuditEntry).where(AuditEntry.number == number))

    assert await broken_at(written) == number


@pytest.mark.parametrize("number", [0, 6])
async def test_an_inserted_entry_shows(written: AsyncSession, number: int):
    last = await written.get(AuditEntry, (TEAM, 5))
    assert last is not None
    values = {each.name: getattr(last, each.name) for each in AuditEntry.__table__.c}
    await written.execute(insert(AuditEntry).values(**{**values, "number": number}))

    assert await broken_at(written) == (1 if number == 0 else 6)


async def test_an_entry_put_between_others_shows(written: AsyncSession):
    for number in (5, 4, 3):
        moved = update(AuditEntry).where(AuditEntry.number == number).values(number=number + 1)
        await written.execute(moved)
    forged = Said(TEAM, "expert", ADA, NOW, person=BEN, named="Forged")
    await written.execute(
        insert(AuditEntry).values(
            team_id=TEAM, number=3, what=forged.what, by=1, at=NOW, hash="0" * 64
        )
    )

    assert await broken_at(written) == 3


async def test_a_lost_head_and_a_lost_chain_show(written: AsyncSession):
    await written.execute(delete(AuditEntry))

    assert await broken_at(written) == 1
    assert await audit.list_teams(written) == [TEAM]

    await written.execute(delete(AuditHead))

    assert await audit.list_teams(written) == []  # nothing is left that could tell


async def test_who_is_erased_is_nobody_in_it_and_the_chain_holds(written: AsyncSession):
    said = Said(TEAM, "sponsor", ADA, NOW, before=f"<@{BEN}>", after=f"<@{ADA}>")
    await audit.append(written, said)
    await written.execute(delete(AuditPerson).where(AuditPerson.user_id == BEN))

    newest, other, *_ = await audit.list_newest(written, TEAM, limit=3)

    assert (newest.said.before, newest.said.after) == ("—", f"<@{ADA}>")
    assert (other.said.person, other.is_about_erased, other.said.by) == (None, True, ADA)
    assert await broken_at(written) is None


async def test_a_number_is_given_once(written: AsyncSession):
    await written.execute(delete(AuditPerson).where(AuditPerson.user_id == BEN))
    await audit.append(written, Said(TEAM, "admin", None, NOW, person="U_NEW", after="on"))

    newest, before, *_ = await audit.list_newest(written, TEAM, limit=2)

    assert newest.said.person == "U_NEW"
    assert before.is_about_erased


async def test_workspaces_have_a_chain_each(written: AsyncSession):
    await audit.append(written, Said("T2", "leaderboard", ADA, NOW, before="off", after="on"))

    assert [each.number for each in await audit.list_newest(written, "T2", limit=9)] == [1]
    assert await audit.list_teams(written) == [TEAM, "T2"]
