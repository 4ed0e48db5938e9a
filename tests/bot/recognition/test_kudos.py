import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    CannotThankBots,
    CannotThankYourself,
    EnoughThanksForThem,
    EnoughThanksForToday,
    GroupIsTooLarge,
    GroupIsUnknown,
    SlackDoesNotSayOfThem,
    ThanksNeedReason,
    UserError,
)
from bot.questions.messages import hear
from bot.recognition.kudos import (
    MAX_REASON,
    THANKS_A_DAY,
    Thanks,
    get_effect,
    get_thanks,
    thank,
    thank_all,
)
from storage import people
from storage.database import Sessions
from storage.tables import Kudos
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    count,
    learn,
    learn_help_channel,
    owed,
    said,
    settle_in,
    solve,
    tick,
    ts,
)


async def give(
    session: AsyncSession,
    giver_id: str = ANA,
    receiver_id: str = BEN,
    *,
    reason: str = "for the map",
    now: datetime = NOW,
    team_id: str = TEAM,
) -> None:
    await thank(
        session,
        team_id=team_id,
        giver_id=giver_id,
        receiver_id=receiver_id,
        reason=reason,
        now=now,
    )


async def test_thanks_are_kept_in_the_givers_words_and_owed_to_the_receiver(
    session: AsyncSession, help_channel
):
    await give(session, reason="  for the <https://example.com|map> &amp; more ")

    [kudos_id] = [subject for kind, subject in await owed(session) if kind == "thanks"]
    thanks = await get_thanks(session, TEAM, int(kudos_id))
    assert thanks == Thanks(ANA, BEN, "for the map (https://example.com) & more")
    assert await get_thanks(session, OTHER_TEAM, int(kudos_id)) is None
    assert (await get_effect(session, team_id=TEAM, user_id=BEN, viewer_id=PIA)).thanked == 1


async def test_long_thanks_are_cut(session: AsyncSession, help_channel):
    await give(session, reason="thank you " * 10_000)

    [kudos_id] = [subject for kind, subject in await owed(session) if kind == "thanks"]
    thanks = await get_thanks(session, TEAM, int(kudos_id))
    assert thanks is not None and len(thanks.reason) <= MAX_REASON


async def test_nobody_thanks_themselves(session: AsyncSession, help_channel):
    with pytest.raises(CannotThankYourself):
        await give(session, ANA, ANA)


async def test_only_people_can_be_thanked(session: AsyncSession, help_channel):
    await learn(session, "U_BOT", is_bot=True)
    await learn(session, "U_GONE", is_deactivated=True)

    for receiver_id in ("U_BOT", "U_GONE"):
        with pytest.raises(CannotThankBots):
            await give(session, receiver_id=receiver_id)


async def test_of_whom_we_know_nothing_we_say_nothing_false(session: AsyncSession, help_channel):
    for changes in ({"receiver_id": "U_UNKNOWN"}, {"team_id": OTHER_TEAM}):
        with pytest.raises(SlackDoesNotSayOfThem):
            await give(session, **changes)


async def test_thanks_need_a_reason(session: AsyncSession, help_channel):
    for reason in ("", "  ", "\u200b\u2060"):
        with pytest.raises(ThanksNeedReason):
            await give(session, reason=reason)


GROUP = "S_CUSTOMS"


async def thank_group(
    session: AsyncSession, members: list[str], *, by: str = ANA, team_id: str = TEAM
) -> list[str]:
    await people.set_group(session, team_id=TEAM, usergroup_id=GROUP, user_ids=members)
    told = await thank_all(
        session,
        team_id=team_id,
        giver_id=by,
        receiver_ids=[EVA],
        group_ids=[GROUP],
        reason="for the map",
        now=NOW,
    )
    return list(told)


async def test_the_members_of_a_group_are_thanked_each_once_and_oneself_not(
    session: AsyncSession, help_channel
):
    assert await thank_group(session, [ANA, BEN, EVA]) == [EVA, BEN]

    assert await count(session, Kudos) == 2


async def test_of_a_group_that_we_do_not_know_nobody_is_thanked(
    session: AsyncSession, help_channel
):
    with pytest.raises(GroupIsUnknown, match="Name the people"):
        await thank_group(session, [])
    with pytest.raises(GroupIsUnknown):
        await thank_group(session, [BEN], team_id=OTHER_TEAM)

    assert await count(session, Kudos) == 0


async def test_a_group_larger_than_a_days_thanks_is_told_why_not(
    session: AsyncSession, help_channel
):
    with pytest.raises(GroupIsTooLarge, match=f"you have {THANKS_A_DAY} thank-yous"):
        await thank_group(session, [f"U_{number}" for number in range(THANKS_A_DAY)])


async def test_a_group_of_oneself_alone_is_nobody(session: AsyncSession, help_channel):
    await people.set_group(session, team_id=TEAM, usergroup_id=GROUP, user_ids=[ANA])

    with pytest.raises(CannotThankYourself):
        await thank_all(
            session,
            team_id=TEAM,
            giver_id=ANA,
            receiver_ids=[],
            group_ids=[GROUP],
            reason="x",
            now=NOW,
        )


async def test_thanks_are_a_few_a_day_by_the_givers_own_midnight(
    session: AsyncSession, help_channel
):
    await learn(session, ANA, timezone="Pacific/Auckland")  # 22:00 there at 9:00 UTC
    for receiver_id in (BEN, BEN, EVA, PIA, ADA):
        await give(session, receiver_id=receiver_id)

    with pytest.raises(EnoughThanksForToday):
        await give(session, receiver_id=EVA, now=at() + timedelta(hours=1))
    await give(session, PIA)
    await give(session, receiver_id=EVA, now=at() + timedelta(hours=2, minutes=1))


async def test_thanks_to_one_person_are_two_a_week(session: AsyncSession, help_channel):
    for days in (0, 6):
        await give(session, now=at() + timedelta(days=days))

    with pytest.raises(EnoughThanksForThem, match="twice this week"):
        await give(session, now=at() + timedelta(days=6, hours=1))
    await give(session, EVA, now=at() + timedelta(days=6))
    await give(session, receiver_id=EVA, now=at() + timedelta(days=6))
    await give(session, now=at() + timedelta(days=7))  # a new week


async def test_a_time_zone_that_we_do_not_know_keeps_nobody_from_thanking(
    session: AsyncSession, help_channel
):
    await learn(session, ANA, timezone="Mars/Olympus_Mons")

    await give(session)

    assert await count(session, Kudos) == 1


async def test_thanks_at_the_same_time_are_no_more_than_a_day_has(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        for receiver_id in (BEN, EVA, PIA, ADA):
            await give(session, receiver_id=receiver_id)

    async def give_one_more() -> UserError | None:
        try:
            async with sessions.begin() as session:
                await give(session)
        except UserError as refusal:
            return refusal
        return None

    async with sessions.begin() as first:
        await give(first)
        second = asyncio.create_task(give_one_more())
        await asyncio.sleep(0.1)  # until it waits for the first

    assert isinstance(await second, EnoughThanksForToday)


async def effect_of(session: AsyncSession, user_id: str = BEN, *, viewer_id: str = PIA):
    return await get_effect(session, team_id=TEAM, user_id=user_id, viewer_id=viewer_id)


async def test_an_effect_counts_questions_not_answers(session: AsyncSession, help_channel):
    await solve(session)
    await tick(session, await answer(session, "And resend.", seconds=61))

    effect = await effect_of(session)
    assert (effect.solved, effect.people, len(effect.evidence)) == (1, 1, 1)


async def test_an_effect_counts_the_people_who_asked_whoever_marked(
    session: AsyncSession, help_channel
):
    for n, asker in enumerate((ANA, PIA)):
        await ask(session, by=asker, seconds=1000 * n)
        reply = said("Amend.", by=BEN, seconds=1000 * n + 60, thread_ts=ts(1000 * n))
        await hear_and_mark(session, reply, by=ADA)

    effect = await effect_of(session)
    assert (effect.solved, effect.people) == (2, 2)


async def hear_and_mark(session: AsyncSession, reply, *, by: str) -> None:
    await hear(session, reply, now=reply.sent_at)
    await tick(session, reply.message_ts, by=by, seconds=5000)


async def test_an_effect_tells_the_newest_evidence(session: AsyncSession, help_channel):
    await solve(session, "How do I paint?")

    [evidence] = (await effect_of(session)).evidence
    assert (evidence.question, evidence.asker_id, evidence.message_ts) == (
        "How do I paint?",
        ANA,
        ts(),
    )


async def test_only_who_can_read_the_channel_sees_the_evidence(session: AsyncSession, help_channel):
    await solve(session)
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])
    await learn(session, "U_GUEST", is_guest=True)

    shown = [
        len((await effect_of(session, viewer_id=viewer_id)).evidence)
        for viewer_id in (ANA, PIA, "U_GUEST", "U_UNKNOWN")
    ]
    assert shown == [1, 0, 0, 0]


async def test_an_effect_counts_people_not_their_marks(session: AsyncSession, help_channel):
    await solve(session)
    second = await answer(session, "And resend.", seconds=61)
    for reply in (ts(60), second):
        await tick(session, reply, by=PIA, seconds=200)

    assert (await effect_of(session)).helped_too == 1


async def test_another_workspace_knows_nothing_of_it(session: AsyncSession, help_channel):
    await solve(session)
    await learn(session, PIA, team_id=OTHER_TEAM)

    effect = await get_effect(session, team_id=OTHER_TEAM, user_id=BEN, viewer_id=PIA)

    assert (effect.solved, effect.evidence) == (0, ())
