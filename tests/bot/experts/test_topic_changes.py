"""Topics that are renamed, merged or deleted."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyAdmins, OwnTopicStays, SameTopic, TopicExists, TopicIsGone, UnknownTopic
from bot.experts.topic_changes import (
    delete_topic,
    delete_topics,
    merge_topic,
    merge_topics,
    rename_topic,
)
from bot.experts.topics import get_topic
from storage.experts import availability, topics
from storage.tables import Question
from tests.bot.conftest import (
    ADA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    learn,
    owed,
    solve,
)

ADMIN = {"team_id": TEAM, "user_id": ADA}


@pytest.fixture
async def two(session: AsyncSession, help_channel) -> tuple[int, int]:
    """Customs with Ben and Eva, and Duty with Eva; the ids."""
    customs = await add_topic(session, "Customs", experts=[BEN, EVA], keywords="tariff")
    duty = await add_topic(session, "Duty", experts=[EVA])
    return customs.topic_id, duty.topic_id


async def topic_id_of(session: AsyncSession, question_id: int) -> int:
    question = await session.get_one(Question, question_id, populate_existing=True)
    return question.topic_id or 0


async def merge(session: AsyncSession, **changes: Any) -> tuple[str, str]:
    return await merge_topics(
        session, **{**ADMIN, "name": "customs", "into": "DUTY", "now": NOW, **changes}
    )


async def test_a_topic_has_another_name(session: AsyncSession, two):
    names = await rename_topic(session, **ADMIN, name="customs", to=" Tolls ", now=NOW)

    assert names == ("Customs", "Tolls")
    found = await get_topic(session, team_id=TEAM, name="tolls")
    assert found is not None and found.topic_id == two[0]
    with pytest.raises(TopicExists):
        await rename_topic(session, **ADMIN, name="tolls", to="DUTY", now=NOW)
    with pytest.raises(UnknownTopic):
        await rename_topic(session, **ADMIN, name="customs", to="x", now=NOW)


async def test_merged_its_questions_and_experts_are_the_others(session: AsyncSession, two):
    solved_id = await solve(session)
    open_id = await ask(session, "Which tariff counts for seals?", seconds=1000)
    await availability.set_pause(session, topic_id=two[0], user_id=BEN, paused_at=NOW)

    assert await merge(session) == ("Customs", "Duty")

    assert await topic_id_of(session, solved_id) == await topic_id_of(session, open_id) == two[1]
    assert set(await topics.list_expert_ids(session, TEAM, two[1])) == {BEN, EVA}
    assert await availability.list_paused(session, two[1]) == [BEN]
    assert await get_topic(session, team_id=TEAM, name="customs") is None
    notes = {subject for kind, subject in await owed(session) if kind == "topic_note"}
    assert notes == {f"{two[0]}:{BEN}", f"{two[0]}:{EVA}"}


async def test_deleted_its_questions_are_about_their_channels_own(session: AsyncSession, two):
    open_id = await ask(session)

    assert await delete_topics(session, **ADMIN, name="customs", now=NOW) == "Customs"

    own = await topics.get(session, TEAM, await topic_id_of(session, open_id))
    assert own is not None and own.made_for == HELP
    question = await session.get_one(Question, open_id)
    assert question.step_at == NOW  # who was asked as its expert is looked at now


async def test_a_channel_whose_topic_is_deleted_has_its_own_again(session: AsyncSession, two):
    await add_topic(session, "Seals", channel_id=HELP, is_channel_topic=True)
    question_id = await ask(session, "Where are the seals kept?")

    await delete_topics(session, **ADMIN, name="seals", now=NOW)

    own = await topics.get(session, TEAM, await topic_id_of(session, question_id))
    assert own is not None and (own.made_for, own.name) == (HELP, HELP.lower())


async def test_what_cannot_be_is_a_sentence(session: AsyncSession, two):
    with pytest.raises(SameTopic):
        await merge(session, into="customs")
    with pytest.raises(UnknownTopic):
        await merge(session, into="nothing")
    with pytest.raises(OwnTopicStays):
        await delete_topics(session, **ADMIN, name=HELP, now=NOW)
    with pytest.raises(TopicIsGone):
        await merge_topic(session, **ADMIN, topic_id=two[0], into_id=999, now=NOW)


async def test_only_admins_of_this_workspace_do_it(session: AsyncSession, two):
    await learn(session, ADA, team_id=OTHER_TEAM, is_admin=True)
    theirs = {"team_id": OTHER_TEAM, "user_id": ADA}

    with pytest.raises(OnlyAdmins):
        await merge(session, user_id=PIA)
    with pytest.raises(OnlyAdmins):
        await rename_topic(session, team_id=TEAM, user_id=PIA, name="customs", to="x", now=NOW)
    with pytest.raises(OnlyAdmins):
        await delete_topic(session, team_id=TEAM, user_id=PIA, topic_id=two[0], now=NOW)
    with pytest.raises(TopicIsGone):
        await delete_topic(session, **theirs, topic_id=two[0], now=NOW)
    assert await topics.get(session, TEAM, two[0]) is not None
