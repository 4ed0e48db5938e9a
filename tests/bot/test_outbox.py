import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import (
    CLAIM_FOR,
    LONGEST_RETRY,
    Owed,
    claim_owed,
    count_owed,
    finish,
    get_next_due,
    give_up,
    retry_later,
    wait,
)
from storage import outbox
from storage.database import Sessions
from tests.bot.conftest import NOW, OTHER_TEAM, TEAM, at

LATER = at(3600)
CARD = outbox.Kind("card", str)


async def owe(session: AsyncSession, subject: str = "1", *, team_id: str = TEAM, **payload: str):
    await outbox.owe(session, CARD, subject, team_id=team_id, lane="C1", now=at(), payload=payload)


async def claim(session: AsyncSession, now: datetime = NOW, limit: int = 10) -> list[Owed]:
    session.expunge_all()  # as another transaction would see it
    return list(await claim_owed(session, now=now, limit=limit))


async def claim_one(session: AsyncSession, now: datetime = NOW) -> Owed:
    [owed] = await claim(session, now)
    return owed


async def test_what_is_owed_is_due_at_once_whatever_the_clocks_say(session: AsyncSession):
    await owe(session)

    [owed] = await claim(session, datetime.fromtimestamp(1, at().tzinfo))

    assert (owed.kind, owed.subject, owed.is_uncertain) == ("card", "1", False)


async def test_owed_twice_is_sent_once_in_its_newest_state(session: AsyncSession):
    await owe(session, word="old")
    await owe(session, word="new")

    assert (await claim_one(session)).payload == {"word": "new"}


async def test_the_same_thing_in_another_workspace_is_another_debt(session: AsyncSession):
    await owe(session)
    await owe(session, team_id=OTHER_TEAM)

    assert len(await claim(session)) == 2


async def test_what_is_finished_is_owed_no_more(session: AsyncSession):
    await owe(session)
    await finish(session, await claim_one(session))

    assert await count_owed(session) == 0
    assert await get_next_due(session) is None


async def test_a_change_while_sending_is_sent_after_it(session: AsyncSession):
    await owe(session, word="old")
    sending = await claim_one(session)
    await owe(session, word="new")
    assert await claim(session) == []  # not while it is being sent

    await finish(session, sending)

    again = await claim_one(session)
    assert (again.payload, again.is_uncertain) == ({"word": "new"}, False)


async def test_a_claim_that_ran_out_is_taken_again_as_uncertain(session: AsyncSession):
    await owe(session)
    first = await claim_one(session)
    assert await claim(session, at(20)) == []
    assert await get_next_due(session) == at() + CLAIM_FOR

    second = await claim_one(session, at() + CLAIM_FOR)

    assert second.is_uncertain
    assert second.key == first.key  # by which it is found in Slack


async def test_a_late_finish_takes_no_other_debt_away(session: AsyncSession):
    await owe(session)
    late = await claim_one(session)
    await finish(session, await claim_one(session, LATER))
    await owe(session, "2")  # SQLite gives it the same number

    await finish(session, late)

    assert (await claim_one(session)).subject == "2"


async def test_waiting_for_slack_is_no_failed_attempt(session: AsyncSession):
    await owe(session)
    await wait(session, await claim_one(session), seconds=30, is_uncertain=False, now=at())

    assert await get_next_due(session) == at(30)
    again = await claim_one(session, at(30))
    assert (again.row.attempts, again.is_uncertain) == (0, False)


async def test_a_change_does_not_cut_the_wait_short(session: AsyncSession):
    await owe(session)
    await wait(session, await claim_one(session), seconds=30, is_uncertain=False, now=at())
    await owe(session)

    assert await claim(session, at(29)) == []


async def fail_until_given_up(session: AsyncSession) -> list[timedelta]:
    """Let every try fail; how long each wait was."""
    waits, now = [], at()
    while await count_owed(session):
        owed = await claim_one(session, now)
        await retry_later(session, owed, error="no luck", is_uncertain=True, now=now)
        due = await get_next_due(session)
        if due is not None:
            waits.append(due - now)
            now = due
    return waits


async def test_each_wait_is_twice_the_one_before_for_over_a_day(session: AsyncSession):
    await owe(session)

    waits = await fail_until_given_up(session)

    assert [each.total_seconds() for each in waits[:4]] == [1, 2, 4, 8]
    assert max(waits) == LONGEST_RETRY
    assert sum(waits, timedelta()) > timedelta(days=1)


@pytest.mark.parametrize(("asked", "waited"), [(0, 1), (90, 90), (10**9, 3600)])
async def test_whoever_asks_to_wait_longer_is_waited_for_within_reason(
    session: AsyncSession, asked: float, waited: int
):
    await owe(session)
    await retry_later(
        session,
        await claim_one(session),
        error="busy",
        is_uncertain=True,
        now=at(),
        seconds=asked,
    )

    assert await get_next_due(session) == at(waited)


async def test_the_last_try_knows_that_it_is(session: AsyncSession):
    await owe(session)
    now, tries = at(), []
    while await count_owed(session):
        owed = await claim_one(session, now)
        tries.append(owed.is_last_try)
        await retry_later(session, owed, error="no luck", is_uncertain=True, now=now)
        now = await get_next_due(session) or now

    assert tries == [False] * (len(tries) - 1) + [True]


async def test_what_was_given_up_starts_again_when_it_changes(session: AsyncSession):
    await owe(session)
    await fail_until_given_up(session)
    await owe(session)

    revived = await claim_one(session)
    assert revived.is_uncertain  # the last try may have reached Slack
    await retry_later(session, revived, error="no luck", is_uncertain=True, now=at())
    assert await count_owed(session) == 1


async def test_what_slack_refuses_is_given_up_and_is_not_uncertain(session: AsyncSession):
    await owe(session)
    await give_up(session, await claim_one(session), error="channel_not_found", now=at())
    assert await claim(session, LATER) == []

    await owe(session)

    assert not (await claim_one(session)).is_uncertain


async def test_errors_may_be_any_text(session: AsyncSession):
    await owe(session)
    await give_up(session, await claim_one(session), error="\x00\ud800" * 5000, now=at())

    assert await count_owed(session) == 0


async def test_no_debt_is_claimed_by_two_senders(sessions: Sessions):
    async with sessions.begin() as session:
        for n in range(40):
            await owe(session, str(n))

    async def send() -> list[str]:
        async with sessions.begin() as session:
            return [owed.subject for owed in await claim(session, limit=10)]

    claimed = [
        subject for batch in await asyncio.gather(*(send() for _ in range(6))) for subject in batch
    ]

    assert len(claimed) == len(set(claimed))
    assert len(claimed) >= 10


async def test_a_debt_made_twice_at_the_same_time_is_one(sessions: Sessions):
    async def make() -> None:
        async with sessions.begin() as session:
            await owe(session)

    await asyncio.gather(*(make() for _ in range(8)))

    async with sessions.read() as session:
        assert await count_owed(session) == 1


async def test_the_sender_is_woken_by_what_is_committed_and_by_nothing_else(sessions: Sessions):
    woken: list[bool] = []
    sessions.on_owed = lambda: woken.append(True)

    async with sessions.begin() as session:
        await count_owed(session)
    with pytest.raises(ZeroDivisionError):
        async with sessions.begin() as session:
            await owe(session)
            raise ZeroDivisionError
    assert woken == []

    async with sessions.begin() as session:
        await owe(session)
    assert woken == [True]
