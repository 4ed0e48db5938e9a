"""How long things are kept, and that what is past it is gone like what was deleted."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotInChannel, NotMonths, OnlyAdmins
from bot.privacy.retention import (
    MONTH,
    erase_past,
    get_rules,
    has_past,
    preview_rule,
    read_months,
    set_rule,
)
from bot.questions.closing import close_it
from bot.questions.messages import hear
from storage import audit
from storage.database import Sessions
from storage.privacy.retention import ALL, CLOSED, ROWS, UNFOUND, UNSOLVED
from storage.tables import Base, DigestRun, Kudos
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    HELP,
    NOW,
    PIA,
    TEAM,
    ask,
    at,
    count,
    find,
    said,
    settle_in,
    solve,
    tick,
    ts,
)
from tests.examples import some as some_examples

DAY = 24 * 3_600


def rule(kind: str, months: int = 6, **changes: Any) -> dict[str, Any]:
    about = {"team_id": TEAM, "user_id": ADA, "channel_id": "", "kind": kind, "months": months}
    return {**about, "now": NOW, **changes}


async def run(session: AsyncSession, now: Any) -> None:
    for _ in range(100):
        if not await erase_past(session, now=now):
            return
    raise AssertionError("it does not end")


async def texts(session: AsyncSession) -> str:
    rows = [(await session.execute(select(table))).all() for table in Base.metadata.tables.values()]
    return repr(rows)


async def test_what_is_past_is_gone_from_every_table_and_not_before(
    session: AsyncSession, help_channel: str
):
    await solve(session, asked="Where is the xylophonist?", solved="In the orchestra pit.")
    await set_rule(session, **rule(UNFOUND))

    await run(session, NOW + 5 * MONTH)
    assert "xylophonist" in await texts(session)
    assert not await has_past(session, now=NOW + 5 * MONTH)

    assert await has_past(session, now=NOW + 7 * MONTH)
    await run(session, NOW + 7 * MONTH)
    stored = await texts(session)
    assert "xylophon" not in stored
    assert "orchestra" not in stored
    assert await count(session, Kudos) == 1
    assert not (await find(session, "orchestra")).results


@pytest.mark.parametrize(
    ("kind", "erased"),
    [
        (UNSOLVED, {"open"}),
        (CLOSED, {"closed"}),
        (UNFOUND, {"solved"}),
        (ALL, {"open", "closed", "solved"}),
    ],
)
async def test_each_rule_is_about_its_own_kind(
    session: AsyncSession, help_channel: str, kind: str, erased: set[str]
):
    await solve(session, asked="Where is the solvedone form?")
    await ask(session, "Where is the openone form?", seconds=DAY)
    closed = await ask(session, "Where is the closedone form?", seconds=2 * DAY)
    who = {"team_id": TEAM, "question_id": closed, "user_id": ANA}
    await close_it(session, **who, now=at(2 * DAY + 60))
    await set_rule(session, **rule(kind))
    expected = len(erased)
    before = await preview_rule(session, **rule(kind, now=NOW + 7 * MONTH))

    await run(session, NOW + 7 * MONTH)

    stored = await texts(session)
    assert {each for each in ("open", "closed", "solved") if f"{each}one" not in stored} == erased
    assert before == expected


async def test_what_somebody_found_again_stays(session: AsyncSession, help_channel: str):
    await solve(session)
    await tick(session, ts(60), by=PIA, seconds=DAY * 150)
    await set_rule(session, **rule(UNFOUND))

    await run(session, NOW + 7 * MONTH)

    assert (await find(session)).results


async def test_a_channel_with_a_rule_of_its_own_follows_that(
    session: AsyncSession, help_channel: str
):
    await ask(session)
    await set_rule(session, **rule(UNSOLVED, 1))
    await set_rule(session, **rule(UNSOLVED, 12, channel_id=HELP))

    await run(session, NOW + 2 * MONTH)

    assert "tariff" in await texts(session)


async def test_rows_that_told_what_to_do_next_go(session: AsyncSession, help_channel: str):
    await solve(session)
    session.add(
        DigestRun(team_id=TEAM, kind="weekly", subject=HELP, slot="s", since=NOW, until=NOW)
    )
    await set_rule(session, **rule(ROWS, 1))

    await run(session, NOW + 2 * MONTH)

    assert await count(session, DigestRun) == 0
    assert (await find(session)).results


async def test_admins_alone_choose_and_it_is_written_down(session: AsyncSession, help_channel: str):
    with pytest.raises(OnlyAdmins):
        await set_rule(session, **rule(ALL, user_id=BEN))
    with pytest.raises(OnlyAdmins):
        await preview_rule(session, **rule(ALL, user_id=BEN))
    with pytest.raises(OnlyAdmins):
        await get_rules(session, team_id=TEAM, user_id=BEN)
    with pytest.raises(NotInChannel):
        await set_rule(session, **rule(ALL, channel_id="C_NOWHERE"))

    await set_rule(session, **rule(ALL, 12))
    await set_rule(session, **rule(ALL, 0))

    ended, begun, *_ = await audit.list_newest(session, TEAM, limit=2)
    assert (begun.said.what, begun.said.before, begun.said.after) == ("retention", "", "12")
    assert (ended.said.before, ended.said.after) == ("12", "")
    assert not await get_rules(session, team_id=TEAM, user_id=ADA)


@pytest.mark.parametrize("written", ["-1", "two", "241", "1.5", "١"])
def test_months_are_a_number(written: str):
    with pytest.raises(NotMonths):
        read_months(written)


class KilledError(Exception):
    pass


@settings(
    max_examples=some_examples(3),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    days=st.lists(st.integers(0, 300), min_size=5, max_size=25),
    is_solved=st.lists(st.booleans(), min_size=25, max_size=25),
    deaths=st.lists(st.booleans(), min_size=40, max_size=40),
)
async def test_whatever_was_said_only_what_is_past_is_gone(
    sessions: Sessions, days: list[int], is_solved: list[bool], deaths: list[bool]
):
    async with sessions.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(table.delete())
    async with sessions.begin() as session:
        await settle_in(session)
        for number, (day, solved) in enumerate(zip(days, is_solved, strict=False)):
            seconds = day * DAY + number * 400
            asked = said(f"Where is form word{number}x?", seconds=seconds)
            await hear(session, asked, now=asked.sent_at)
            if solved:
                reply = said(
                    f"In reply{number}x.", by=BEN, seconds=seconds + 60, thread_ts=ts(seconds)
                )
                await hear(session, reply, now=reply.sent_at)
                await tick(session, ts(seconds + 60), seconds=seconds + 120)
        await set_rule(session, **rule(ALL))
    now, left = NOW + 10 * MONTH, list(deaths)

    is_more = True
    while is_more:
        try:
            async with sessions.begin() as session:
                is_more = await erase_past(session, now=now)
                if left and left.pop():
                    raise KilledError
        except KilledError:
            is_more = True

    async with sessions.read() as session:
        stored = await texts(session)
    for number, (day, solved) in enumerate(zip(days, is_solved, strict=False)):
        is_past = at(day * DAY + number * 400) < now - 6 * MONTH
        assert (f"word{number}x" not in stored) == is_past
        assert not solved or (f"reply{number}x" not in stored) == is_past
