"""Who is named as an expert by somebody else is asked first."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import InvitationIsSettled, OnlyAdmins, SaidNo
from bot.experts.availability import save_choices
from bot.experts.invitations import (
    accept,
    decline,
    get_invitation_note,
    note_posted,
    set_silence_is_yes,
    take_silence,
)
from bot.experts.topics import TopicView, get_topic, join_topic, save_topic
from bot.people import learn_group
from storage.database import Sessions
from storage.experts import availability, topics
from storage.tables import Outbox, Workspace
from tests.bot.conftest import (
    ADA,
    BEN,
    EVA,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    at,
    learn,
    owed,
    settle_in,
    ts,
)

DAY = 86_400


async def name_experts(
    session: AsyncSession, *experts: str, name: str = "Customs", topic_id: int | None = None
) -> int:
    saved = await save_topic(
        session,
        team_id=TEAM,
        user_id=ADA,
        topic_id=topic_id,
        name=name,
        keywords="",
        member_ids=experts,
        sponsor_id=None,
        channel_id=None,
        is_channel_topic=False,
        now=NOW,
    )
    return saved.topic_id


def said(topic_id: int, user_id: str = BEN, team_id: str = TEAM, seconds: float = 60) -> dict:
    return {"team_id": team_id, "topic_id": topic_id, "user_id": user_id, "now": at(seconds)}


async def customs(session: AsyncSession) -> TopicView:
    topic = await get_topic(session, team_id=TEAM, name="customs")
    assert topic is not None
    return topic


async def told(session: AsyncSession) -> set[str]:
    """The invitations owed since somebody last looked."""
    debts = {subject for kind, subject in await owed(session) if kind == "invitation"}
    await session.execute(delete(Outbox))
    return debts


async def asked(session: AsyncSession, topic_id: int) -> list[str]:
    return await topics.list_expert_ids(session, TEAM, topic_id)


async def test_who_is_named_by_somebody_else_is_asked_from_their_yes_on(
    session: AsyncSession, help_channel
):
    topic_id = await name_experts(session, ADA, BEN, EVA)

    assert await told(session) == {f"{topic_id}:{BEN}", f"{topic_id}:{EVA}"}
    assert await asked(session, topic_id) == [ADA]
    assert (await customs(session)).invited.waiting == (BEN, EVA)

    assert await accept(session, **said(topic_id)) == "Customs"
    assert await decline(session, **said(topic_id, EVA)) == ("Customs", True)

    assert await asked(session, topic_id) == [ADA, BEN]
    invited = (await customs(session)).invited
    assert (invited.waiting, invited.declined) == ((), (EVA,))


async def test_a_no_is_kept_and_only_they_can_change_it(session: AsyncSession, help_channel):
    topic_id = await name_experts(session, BEN)
    await decline(session, **said(topic_id))

    with pytest.raises(SaidNo, match=BEN.title()) as refused:
        await name_experts(session, BEN, topic_id=topic_id)
    assert refused.value.field == "people"

    await join_topic(session, team_id=TEAM, name="Customs", user_id=BEN, now=at())
    assert await asked(session, topic_id) == [BEN]


async def test_naming_twice_asks_once_and_naming_no_more_takes_it_back(
    session: AsyncSession, help_channel
):
    topic_id = await name_experts(session, BEN)
    await note_posted(session, team_id=TEAM, topic_id=topic_id, user_id=BEN, message_ts=ts())
    await told(session)

    await name_experts(session, BEN, topic_id=topic_id)
    assert await told(session) == set()

    await name_experts(session, topic_id=topic_id)
    note = await get_invitation_note(session, TEAM, topic_id, BEN, now=NOW)
    assert note is not None and note.withdrawn_ts == ts()
    with pytest.raises(InvitationIsSettled):
        await accept(session, **said(topic_id))
    assert await asked(session, topic_id) == []


async def test_saving_when_one_can_be_asked_with_the_topic_is_a_yes(
    session: AsyncSession, help_channel
):
    await learn(session, "U_GUEST", is_guest=True)
    topic_id = await name_experts(session, "U_GUEST")
    choices = {"hours": None, "limit": "3", "messages": "usual", "back_on": "", "reminders": ()}

    await save_choices(
        session, team_id=TEAM, user_id="U_GUEST", topic_ids=[topic_id], now=at(), **choices
    )

    assert await asked(session, topic_id) == ["U_GUEST"]
    assert (await customs(session)).invited.waiting == ()


@pytest.mark.parametrize("answer", [accept, decline])
@pytest.mark.parametrize(("user_id", "team_id"), [(PIA, TEAM), (BEN, OTHER_TEAM)])
async def test_only_who_was_asked_may_answer(
    session: AsyncSession, help_channel, answer, user_id: str, team_id: str
):
    topic_id = await name_experts(session, BEN)

    with pytest.raises(InvitationIsSettled):
        await answer(session, **said(topic_id, user_id, team_id))
    assert await asked(session, topic_id) == []


@pytest.mark.parametrize(("is_yes", "experts"), [(False, []), (True, [BEN])])
async def test_where_the_workspace_wants_it_silence_for_a_day_is_a_yes(
    session: AsyncSession, help_channel, is_yes: bool, experts: list[str]
):
    session.add(
        Workspace(
            team_id=TEAM, name="", url="", bot_user_id="U_BOT", joined_at=NOW, catch_up_days=1
        )
    )
    topic_id = await name_experts(session, BEN, EVA, PIA)
    for user_id in (BEN, EVA):  # Pia's message did not reach Slack yet
        about = {"team_id": TEAM, "topic_id": topic_id, "user_id": user_id}
        await note_posted(session, **about, message_ts=ts())
    await decline(session, **said(topic_id, EVA))
    await set_silence_is_yes(session, team_id=TEAM, user_id=ADA, is_yes=is_yes, now=at())

    await take_silence(session, now=at(DAY - 60))
    assert await asked(session, topic_id) == []
    await take_silence(session, now=at(DAY + 60))
    assert await asked(session, topic_id) == experts

    with pytest.raises(OnlyAdmins):
        await set_silence_is_yes(session, team_id=TEAM, user_id=BEN, is_yes=True, now=at())


async def test_the_members_of_a_user_group_are_told_once_and_can_say_no(
    session: AsyncSession, help_channel
):
    topic_id = await name_experts(session, "S_NIGHT")
    group = {"team_id": TEAM, "usergroup_id": "S_NIGHT", "now": NOW}
    await learn_group(session, **group, user_ids=[BEN, EVA, ADA])
    assert await told(session) == {f"{topic_id}:{BEN}", f"{topic_id}:{EVA}"}
    for user_ids in ([BEN], [BEN, EVA]):
        await learn_group(session, **group, user_ids=user_ids)
    assert await told(session) == set()
    note = await get_invitation_note(session, TEAM, topic_id, BEN, now=NOW)
    assert note is not None and note.usergroup_id == "S_NIGHT"

    await decline(session, **said(topic_id))

    assert await availability.list_paused(session, topic_id) == [BEN]
    assert (await customs(session)).invited.declined == ()


async def test_two_presses_at_once_are_one_answer(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        topic_id = await name_experts(session, BEN)

    async def press() -> str:
        async with sessions.begin() as session:
            return await accept(session, **said(topic_id))

    assert await asyncio.gather(press(), press()) == ["Customs", "Customs"]
    async with sessions.read() as session:
        assert await asked(session, topic_id) == [BEN]


async def test_what_was_told_says_how_much_and_when(session: AsyncSession, help_channel):
    topic_id = await name_experts(session, BEN)

    note = await get_invitation_note(session, TEAM, topic_id, BEN, now=NOW)
    assert note is not None and note.hours is not None
    assert (note.invited_by, note.daily_limit, note.is_silence_yes) == (ADA, 8, False)
    await accept(session, **said(topic_id))
    assert await get_invitation_note(session, TEAM, topic_id, BEN, now=NOW + timedelta(1)) is None
