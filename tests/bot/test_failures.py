from sqlalchemy.ext.asyncio import AsyncSession

from bot.failures import (
    KEPT_FOR,
    MAX_ERROR,
    forget_old_failures,
    keep,
    list_waiting,
    new_reference,
    note_replayed,
)
from storage.tables import FailedEvent
from tests.bot.conftest import TEAM, at

ODD = {"text": "\x00 \ud800 🙂", "nested": [1, None, {"a": 0.5}]}


async def test_a_failed_event_is_kept_whole_until_it_is_replayed(session: AsyncSession):
    for reference in ("AAAA2222", "BBBB3333"):
        await keep(session, reference=reference, team_id=TEAM, body=ODD, error="boom", now=at())
    await session.flush()
    session.expunge_all()

    first, second = await list_waiting(session)
    assert (first.reference, first.body) == ("AAAA2222", ODD)

    await note_replayed(session, first.id)
    assert [each.id for each in await list_waiting(session)] == [second.id]


async def test_failures_are_forgotten_with_what_people_wrote_in_them(session: AsyncSession):
    await keep(session, reference="AAAA2222", team_id=TEAM, body=ODD, error="boom", now=at())

    await forget_old_failures(session, now=at() + KEPT_FOR)
    assert len(await list_waiting(session)) == 1

    await forget_old_failures(session, now=at(1) + KEPT_FOR)
    assert await list_waiting(session) == []


async def test_the_end_of_a_long_error_is_kept_in_any_text(session: AsyncSession):
    error = "x" * 20_000 + "\x00\ud800 boom"
    await keep(session, reference="AAAA2222", team_id=None, body={}, error=error, now=at())
    await session.flush()

    [waiting] = await list_waiting(session)
    row = await session.get(FailedEvent, waiting.id, populate_existing=True)
    assert row is not None and len(row.error) == MAX_ERROR and row.error.endswith(" boom")


def test_references_can_be_read_aloud_and_differ():
    references = {new_reference() for _ in range(1000)}

    assert len(references) == 1000
    assert not set("".join(references)) & set("01IOL")
