"""Saving a topic's window: two at once are noticed, and each change can be taken back."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.changes import get_undoable
from bot.errors import ChangedMeanwhile, OnlyAdmins, TopicIsGone
from bot.experts.topic_window import (
    Given,
    SavedTopic,
    get_form,
    get_topic_value,
    restore_topic,
    save_form,
)
from bot.experts.topics import leave_topic
from tests.bot.conftest import ADA, BEN, EVA, OTHER_TEAM, PIA, TEAM, add_topic, at, learn

WHO = {"team_id": TEAM, "user_id": ADA}


async def save(session: AsyncSession, topic_id: int | None, given: Given, **more) -> SavedTopic:
    about = {**WHO, "topic_id": topic_id, "given": given, "now": at(), **more}
    return await save_form(session, **about)


async def test_what_was_folded_stays_as_it_was(session: AsyncSession, help_channel):
    changes = {"keywords": "seal, T1", "sponsor_id": PIA, "waits": "5, 20, 120", "hint": "Which?"}
    made = await add_topic(session, experts=[BEN, "S_NIGHT"], **changes)
    before = await get_topic_value(session, TEAM, str(made.topic_id))

    await save(session, made.topic_id, Given("Duty", [BEN], is_whole=False))

    after = await get_topic_value(session, TEAM, str(made.topic_id))
    assert after == {**before, "name": "Duty"}


async def test_who_changed_it_meanwhile_is_named_and_nothing_is_lost(
    session: AsyncSession, help_channel
):
    await learn(session, EVA, is_admin=True)
    made = await add_topic(session, experts=[BEN])
    form = await get_form(session, **WHO, topic_id=made.topic_id)
    theirs = Given("Duty", [BEN], keywords="seal")
    await save(session, made.topic_id, theirs, user_id=EVA, seen=form.seen)

    with pytest.raises(ChangedMeanwhile, match=EVA):
        await save(session, made.topic_id, Given("Customs", []), seen=form.seen)

    again = await get_form(session, **WHO, topic_id=made.topic_id)
    assert again.topic is not None and again.topic.keywords == ("seal",)
    await save(session, made.topic_id, Given("Customs", []), seen=again.seen)


async def test_a_change_is_taken_back_whole_and_its_experts_need_not_be_asked_again(
    session: AsyncSession, help_channel
):
    changes = {"keywords": "seal", "sponsor_id": PIA, "hint": "Which form?", "waits": "1, 2, 3, 4"}
    made = await add_topic(session, experts=[BEN, "S_NIGHT"], **changes)
    subject = str(made.topic_id)
    before = await get_topic_value(session, TEAM, subject)

    saved = await save(session, made.topic_id, Given("Duty", [EVA], keywords=""))
    assert saved.change_id is not None and saved.topic.invited.waiting == (EVA,)
    change = await get_undoable(session, TEAM, saved.change_id)
    await restore_topic(session, **WHO, subject=subject, value=change.before, now=at(60))

    assert await get_topic_value(session, TEAM, subject) == before


async def test_saving_what_was_there_is_no_change(session: AsyncSession, help_channel):
    made = await add_topic(session, experts=[BEN])

    saved = await save(session, made.topic_id, Given("Customs", [BEN], is_whole=False))

    assert saved.change_id is None


async def test_only_admins_see_and_save_and_only_their_own_topics(
    session: AsyncSession, help_channel
):
    await learn(session, ADA, is_admin=True, team_id=OTHER_TEAM)
    made = await add_topic(session, experts=[BEN])

    for changes, error in (({"user_id": BEN}, OnlyAdmins), ({"team_id": OTHER_TEAM}, TopicIsGone)):
        with pytest.raises(error):
            await get_form(session, **{**WHO, **changes}, topic_id=made.topic_id)
        with pytest.raises(error):
            await save(session, made.topic_id, Given("Duty", []), **changes)


async def test_who_left_meanwhile_stays_away(session: AsyncSession, help_channel):
    made = await add_topic(session, experts=[BEN, EVA])
    form = await get_form(session, **WHO, topic_id=made.topic_id)
    await leave_topic(session, team_id=TEAM, name="Customs", user_id=BEN, now=at())

    with pytest.raises(ChangedMeanwhile):
        await save(session, made.topic_id, Given("Duty", [BEN, EVA]), seen=form.seen)
    assert replace(form, seen="") != form
