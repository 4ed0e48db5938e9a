import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import (
    CLAIM_FOR,
    PLACE,
    STANDING,
    WITH_OUR_STANDING,
    WITH_SLACK,
    WITH_THE_PLACE,
    WITH_US,
    Owed,
    Patience,
    claim_owed,
    count_owed,
    finish,
    give_up,
    has_due,
    retry_later,
    wait,
    wake,
)
from storage import outbox
from storage.database import Sessions
from storage.tables import Outbox
from tests.bot.conftest import NOW, OTHER_TEAM, TEAM, at

CARD = outbox.Kind("card", str)


async def owe(session: AsyncSession, subject: str = "1", *, team_id: str = TEAM, **payload: str):
    await outbox.owe(session, CARD, subject, team_id=team_id, lane="C1", now=at(), payload=payload)


async def claim(session: AsyncSession, now: datetime = NOW, limit: int = 10) -> list[Owed]:
    session.expunge_all()  # as another transaction would see it
    return list(await claim_owed(session, now=now, limit=limit))


async def claim_one(session: AsyncSession, now: datetime = NOW) -> Owed:
    [owed] = await claim(session, now)
    return owed


async def pass_(session: AsyncSession, seconds: float) -> None:
    """Let time pass on the clock that the senders share: what is held ends that much sooner."""
    await session.execute(update(Outbox).values(held_until=Outbox.held_until - seconds))


async def fail(
    session: AsyncSession, owed: Owed, patience: Patience = WITH_US, seconds: float = 0
) -> None:
    await retry_later(
        session, owed, patience, error="no luck", is_uncertain=True, now=at(), seconds=seconds
    )


async def waits(session: AsyncSession) -> float:
    """How long what is owed waits, in whole seconds."""
    shared = outbox.shared_seconds(session)
    left = await session.scalar(select(Outbox.held_until - shared))
    return round(left or 0)


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
    assert not await has_due(session, now=at())


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
    await pass_(session, 20)
    assert await claim(session) == []
    assert not await has_due(session, now=at())

    await pass_(session, CLAIM_FOR.total_seconds() - 20)
    second = await claim_one(session)

    assert second.is_uncertain
    assert second.key == first.key  # by which it is found in Slack


@pytest.mark.parametrize("jump", [-86400, -3600, 40, 120, 86400])
async def test_no_jump_of_the_clock_ends_a_claim(session: AsyncSession, jump: int):
    """Three cards were posted twice when the clock went two minutes ahead."""
    await owe(session)
    await claim_one(session)

    assert await claim(session, at(jump)) == []


async def test_no_jump_of_the_clock_makes_a_wait_longer(session: AsyncSession):
    """An hour back stopped all posting for an hour."""
    await owe(session)
    await wait(session, await claim_one(session), seconds=2, now=at())

    await pass_(session, 2)

    assert await claim(session, at(-3600))


async def test_a_clock_that_is_moved_on_ends_a_wait(session: AsyncSession):
    await owe(session)
    await wait(session, await claim_one(session), seconds=60, now=at())

    assert await claim(session, at(59)) == []
    assert await claim(session, at(60))


async def test_what_is_for_later_waits_for_its_time(session: AsyncSession):
    await outbox.owe(session, CARD, "1", team_id=TEAM, lane="C1", now=at(), due_at=at(60))

    assert await claim(session, at(59)) == []
    assert await claim(session, at(60))


async def test_a_sender_takes_nothing_twice_that_it_is_still_sending(session: AsyncSession):
    """The machine may have slept, and the claim may be over: the sending goes on all the same."""
    await owe(session)
    sending = await claim_one(session)
    await pass_(session, 60)

    again = await claim_owed(session, now=at(), limit=10, but_not={sending.row.id})

    assert again == []


async def test_a_claim_from_before_the_machine_was_started_anew_is_over(session: AsyncSession):
    """Its time counts from the start: what was soon is far away now."""
    await owe(session)
    await claim_one(session)

    await pass_(session, -3600)

    assert await claim_one(session)


async def test_who_lost_its_claim_can_change_nothing_more(session: AsyncSession):
    await owe(session)
    late = await claim_one(session)
    await pass_(session, 60)
    holder = await claim_one(session)

    assert not await finish(session, late)
    await wait(session, late, seconds=0, now=at())
    await fail(session, late)
    await give_up(session, late, error="x", is_uncertain=False, now=at())

    assert await claim(session) == []  # the holder has it still
    assert await finish(session, holder)
    assert await count_owed(session) == 0


async def test_a_late_finish_takes_no_other_debt_away(session: AsyncSession):
    await owe(session)
    late = await claim_one(session)
    await pass_(session, 60)
    await finish(session, await claim_one(session))
    await owe(session, "2")  # SQLite gives it the same number

    await finish(session, late)

    assert (await claim_one(session)).subject == "2"


async def test_waiting_for_slack_is_no_failed_attempt(session: AsyncSession):
    await owe(session)
    await wait(session, await claim_one(session), seconds=30, now=at())

    assert await waits(session) == 30
    await pass_(session, 30)
    again = await claim_one(session)
    assert (again.row.attempts, again.is_uncertain) == (0, False)


async def test_a_change_does_not_cut_the_wait_short(session: AsyncSession):
    await owe(session)
    await wait(session, await claim_one(session), seconds=30, now=at())
    await owe(session)

    await pass_(session, 29)

    assert await claim(session) == []


async def fail_until_given_up(session: AsyncSession, patience: Patience) -> list[timedelta]:
    """Let every try fail; how long each wait was."""
    waited = []
    while await count_owed(session):
        wait = await fail_once(session, patience)
        if wait:
            waited.append(wait)
    return waited


async def fail_once(session: AsyncSession, patience: Patience) -> timedelta:
    await fail(session, await claim_one(session), patience)
    seconds = await waits(session)
    if seconds:
        await pass_(session, seconds + 1)
    return timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("patience", "first", "days"),
    [
        (WITH_US, [1, 2, 4, 8], 1),
        (WITH_SLACK, [1, 2, 4, 8], 30),
        (WITH_THE_PLACE, [5, 10, 20, 40], 30),
    ],
)
async def test_each_wait_is_twice_the_one_before_for_days(
    session: AsyncSession, patience: Patience, first: list[int], days: int
):
    await owe(session)

    waited = [await fail_once(session, patience) for _ in range(14)]
    await session.execute(update(Outbox).values(attempts=patience.attempts - 3))
    left = await fail_until_given_up(session, patience)

    assert [each.total_seconds() for each in waited[:4]] == first
    assert waited == [patience.wait_after(attempt) for attempt in range(14)]
    assert left == [patience.longest] * 3
    all_waits = map(patience.wait_after, range(patience.attempts))
    assert sum(all_waits, timedelta()) > timedelta(days=days)


@pytest.mark.parametrize(("asked", "waited"), [(0, 1), (90, 90), (10**9, 3600)])
async def test_whoever_asks_to_wait_longer_is_waited_for_within_reason(
    session: AsyncSession, asked: float, waited: int
):
    await owe(session)
    await fail(session, await claim_one(session), seconds=asked)

    assert await waits(session) == waited


async def test_what_waits_for_a_place_is_sent_when_it_is_back(session: AsyncSession):
    for subject, patience in (("1", WITH_THE_PLACE), ("2", WITH_OUR_STANDING), ("3", WITH_US)):
        await owe(session, subject)
        await fail(session, await claim_one(session), patience)

    await wake(session, waits_for=PLACE)
    assert [each.subject for each in await claim(session)] == ["1"]
    await wake(session, waits_for=STANDING)
    assert [each.subject for each in await claim(session)] == ["2"]
    await wake(session)
    assert [each.subject for each in await claim(session)] == ["3"]


async def test_waking_ends_no_claim(session: AsyncSession):
    await owe(session)
    await claim_one(session)

    await wake(session)

    assert await claim(session) == []


async def test_waking_one_workspace_leaves_the_others_waiting(session: AsyncSession):
    await owe(session)
    await owe(session, team_id=OTHER_TEAM)
    for owed in await claim(session):
        await fail(session, owed)

    await wake(session, team_id=TEAM)

    assert [each.team_id for each in await claim(session)] == [TEAM]


async def test_the_last_try_knows_that_it_is(session: AsyncSession):
    await owe(session)
    tries = []
    while await count_owed(session):
        owed = await claim_one(session)
        tries.append(owed.is_last_try)
        await fail(session, owed)
        await pass_(session, 3600)

    assert tries == [False] * (len(tries) - 1) + [True]


async def test_what_was_given_up_starts_again_when_it_changes(session: AsyncSession):
    await owe(session)
    await fail_until_given_up(session, WITH_US)
    await owe(session)

    revived = await claim_one(session)
    assert revived.is_uncertain  # the last try may have reached Slack
    await fail(session, revived)
    assert await count_owed(session) == 1


async def test_what_slack_refuses_is_given_up_and_is_not_uncertain(session: AsyncSession):
    await owe(session)
    owed = await claim_one(session)
    await give_up(session, owed, error="msg_too_long", is_uncertain=False, now=at())
    assert await claim(session, at(3600)) == []

    await owe(session)

    assert not (await claim_one(session)).is_uncertain


async def test_errors_may_be_any_text(session: AsyncSession):
    await owe(session)
    owed = await claim_one(session)
    await give_up(session, owed, error="\x00\ud800" * 5000, is_uncertain=False, now=at())

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
