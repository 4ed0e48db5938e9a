"""Every setting is read, changed, guarded against two at once, and taken back, in one way."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.settings import (
    CHANNEL,
    CONSENT,
    DIGEST,
    LEADERBOARD,
    MARKS,
    MY_DIGEST,
    NOTES,
    OWN,
    SETTINGS,
    SPONSOR_DIGEST,
    About,
    change_setting,
    get_setting,
    undo,
)
from bot.errors import (
    CannotBeUndone,
    ChangedMeanwhile,
    NotATimezone,
    NotEmoji,
    NotInChannel,
    OnlyAdmins,
    OpenItAgain,
    TooManyForms,
)
from bot.experts.topic_window import TOPIC
from bot.recognition.naming import is_unnamed
from bot.workspaces import join_workspace
from storage.database import Sessions
from tests.bot.conftest import (
    ADA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    TEAM,
    add_topic,
    at,
    learn,
    learn_help_channel,
    settle_in,
)

NEW: dict[str, tuple[str, dict[str, Any]]] = {  # the subject, and another value
    DIGEST: (
        "",
        {"day": "friday", "at": "16:30", "timezone": "Asia/Tokyo", "comes": False, "skips": False},
    ),
    MARKS: ("", {"names": [":done:", "100"]}),
    LEADERBOARD: ("", {"is_on": True}),
    CONSENT: ("", {"silence_is_yes": True}),
    CHANNEL: (HELP, {"is_help": True, "mode": "everything", "forms": ["Pallet request"]}),
    NOTES: (ADA, {"digests": False, "named": False, "reminders": ["mark"]}),
    MY_DIGEST: (ADA, {"day": "thursday", "at": "08:15", "comes": True, "skips": True}),
}


@pytest.fixture
async def workspace(session: AsyncSession, help_channel) -> None:
    await join(session)


async def join(session: AsyncSession) -> None:
    facts = {"name": "Acme", "url": "https://acme.example/", "bot_user_id": "U_BOT"}
    await join_workspace(session, team_id=TEAM, **facts, now=NOW)
    await session.flush()


def about(subject: str = "", user_id: str = ADA, team_id: str = TEAM) -> About:
    return About(team_id, user_id, subject, at())


async def change(session: AsyncSession, setting: str, **more: Any) -> int | None:
    subject, value = NEW.get(setting, ("", {}))
    changes = {"value": value, "seen": "", "whose": about(subject), **more}
    return await change_setting(
        session, setting, changes["whose"], value=changes["value"], seen=changes["seen"]
    )


@pytest.mark.parametrize("setting", NEW)
async def test_a_setting_is_changed_and_taken_back_once(
    session: AsyncSession, workspace, setting: str
):
    whose = about(NEW[setting][0])
    before = await get_setting(session, setting, whose)

    change_id = await change(session, setting, seen=before.seen)

    assert change_id is not None
    assert (await get_setting(session, setting, whose)).value != before.value
    who = {"team_id": TEAM, "user_id": ADA, "now": at(60)}
    assert await undo(session, **who, change_id=change_id) == setting
    await session.flush()
    assert await get_setting(session, setting, whose) == before
    with pytest.raises(CannotBeUndone):
        await undo(session, **who, change_id=change_id)


@pytest.mark.parametrize("setting", NEW)
async def test_what_somebody_changed_meanwhile_is_not_overwritten(
    session: AsyncSession, workspace, setting: str
):
    await learn(session, EVA, is_admin=True)
    subject = NEW[setting][0]
    seen = (await get_setting(session, setting, about(subject))).seen
    theirs = about(subject, ADA if setting in OWN else EVA)
    await change(session, setting, whose=theirs)

    with pytest.raises(ChangedMeanwhile, match=theirs.user_id):
        await change(session, setting, seen=seen)


@pytest.mark.parametrize("setting", [each for each in NEW if each not in OWN])
async def test_only_admins_see_and_change_what_is_the_workspaces(
    session: AsyncSession, workspace, setting: str
):
    subject = NEW[setting][0]
    for whose in (about(subject, BEN), about(subject, ADA, OTHER_TEAM)):
        with pytest.raises(OnlyAdmins):
            await get_setting(session, setting, whose)
        with pytest.raises(OnlyAdmins):
            await change(session, setting, whose=whose)


async def test_a_change_that_was_changed_since_is_not_taken_back(session: AsyncSession, workspace):
    first = await change(session, LEADERBOARD)
    await change(session, LEADERBOARD, value={"is_on": False})

    assert first is not None
    with pytest.raises(CannotBeUndone):
        await undo(session, team_id=TEAM, user_id=ADA, change_id=first, now=at())


async def test_others_and_other_workspaces_take_nothing_back(session: AsyncSession, workspace):
    await learn(session, ADA, team_id=OTHER_TEAM, is_admin=True)
    changed = await change(session, MARKS)
    own = await change(session, NOTES)
    assert changed is not None and own is not None

    with pytest.raises(OnlyAdmins):
        await undo(session, team_id=TEAM, user_id=BEN, change_id=changed, now=at())
    with pytest.raises(CannotBeUndone):
        await undo(session, team_id=OTHER_TEAM, user_id=ADA, change_id=changed, now=at())
    with pytest.raises(CannotBeUndone):
        await undo(session, team_id=TEAM, user_id=BEN, change_id=own, now=at())
    assert not await is_unnamed(session, TEAM, BEN)


@pytest.mark.parametrize(
    ("setting", "value", "error"),
    [
        (MARKS, {"names": ["no emoji at all!"]}, NotEmoji),
        (DIGEST, {**NEW[DIGEST][1], "timezone": "Mars/Olympus"}, NotATimezone),
        (
            CHANNEL,
            {"is_help": True, "mode": "asking", "forms": [str(each) for each in range(21)]},
            TooManyForms,
        ),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    session: AsyncSession, workspace, setting: str, value: dict, error: type
):
    with pytest.raises(error) as refused:
        await change(session, setting, value=value)

    assert refused.value.field


async def test_a_channel_that_one_cannot_read_is_nobodys_to_change(
    session: AsyncSession, workspace
):
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=[BEN])

    with pytest.raises(NotInChannel):
        await get_setting(session, CHANNEL, about("C_SECRET"))


async def test_there_is_no_setting_of_another_name(session: AsyncSession, workspace):
    with pytest.raises(OpenItAgain):
        await get_setting(session, "tokens", about())
    assert set(SETTINGS) == {*NEW, TOPIC, SPONSOR_DIGEST}


async def test_a_topics_change_is_taken_back_like_any_other(session: AsyncSession, workspace):
    made = await add_topic(session, experts=[BEN])
    whose = about(str(made.topic_id))
    before = await get_setting(session, TOPIC, whose)

    change_id = await change(
        session, TOPIC, whose=whose, value={**before.value, "name": "Duty", "hint": "Which?"}
    )

    assert change_id is not None
    await undo(session, team_id=TEAM, user_id=ADA, change_id=change_id, now=at())
    assert await get_setting(session, TOPIC, whose) == before


async def test_two_who_take_it_back_at_once_do_it_once(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await join(session)
        change_id = await change(session, LEADERBOARD)
    assert change_id is not None

    async def press() -> bool:
        try:
            async with sessions.begin() as session:
                await undo(session, team_id=TEAM, user_id=ADA, change_id=change_id, now=at())
        except CannotBeUndone:
            return False
        return True

    assert sorted(await asyncio.gather(press(), press())) == [False, True]
