"""A channel's own topic: made by itself, known to who reads it, and no word for anything."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import rename_channel
from bot.errors import NoTopicNamed
from bot.experts.own_topics import get_topic_here
from bot.experts.topics import join_topic, list_topics
from storage import channels
from storage.experts import topics
from storage.questions import questions
from storage.tables import Topic
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    PIA,
    TEAM,
    add_topic,
    ask,
    card_of,
    learn_help_channel,
)

SECRET = "C_SECRET"


async def own_topic(session: AsyncSession, channel_id: str = HELP) -> Topic:
    channel = await channels.get(session, TEAM, channel_id)
    assert channel is not None
    await session.refresh(channel)
    return await session.get_one(Topic, channel.topic_id)


async def here(session: AsyncSession, user_id: str = BEN, channel_id: str = HELP) -> str:
    place = {"team_id": TEAM, "channel_id": channel_id}
    return await get_topic_here(session, **place, user_id=user_id, now=NOW)


async def topic_id_of(session: AsyncSession, question_id: int) -> int | None:
    question = await questions.get(session, TEAM, question_id)
    assert question is not None
    await session.refresh(question)
    return question.topic_id


async def test_a_help_channel_has_one_and_who_joins_it_is_asked(
    session: AsyncSession, help_channel
):
    name = await here(session)
    await join_topic(session, team_id=TEAM, name=name, user_id=BEN, now=NOW)

    card = await card_of(session, await ask(session))

    assert (name, card.topic, card.asked_ids) == (HELP.lower(), None, (BEN,))


async def test_a_channel_that_became_one_before_has_it_with_its_next_question(
    session: AsyncSession, help_channel
):
    channel = await channels.get(session, TEAM, HELP)
    assert channel is not None
    await session.delete(await own_topic(session))
    await session.flush()
    await session.refresh(channel)
    assert channel.topic_id is None

    question_id = await ask(session)

    await session.flush()
    assert await topic_id_of(session, question_id) == (await own_topic(session)).id


async def test_its_name_is_no_word_that_questions_are_about(session: AsyncSession, help_channel):
    await learn_help_channel(session, "C_FORM", user_ids=(ANA,), name="form")

    question_id = await ask(session, "Which form do I need for T1?")

    assert await topic_id_of(session, question_id) == (await own_topic(session)).id


async def test_where_its_name_is_taken_it_has_another(session: AsyncSession, help_channel):
    await add_topic(session, "Docks")
    await learn_help_channel(session, "C_DOCKS", user_ids=(ANA,), name="docks")

    assert (await own_topic(session, "C_DOCKS")).name == "#docks"


async def test_it_is_renamed_with_its_channel(session: AsyncSession, help_channel):
    await rename_channel(session, team_id=TEAM, channel_id=HELP, name="answers")

    assert await here(session) == "answers"


async def test_of_a_private_channel_nobody_else_knows(session: AsyncSession, help_channel):
    await learn_help_channel(session, SECRET, user_ids=(BEN,), name="layoffs", is_private=True)

    async def known_to(user_id: str) -> list[str]:
        return [each.name for each in await list_topics(session, team_id=TEAM, user_id=user_id)]

    assert "layoffs" in await known_to(BEN)
    assert "layoffs" not in await known_to(PIA)
    with pytest.raises(NoTopicNamed):
        await here(session, PIA, SECRET)


@pytest.mark.parametrize("is_taken_back", [False, True])
async def test_another_topic_takes_its_place_with_its_experts_and_questions(
    session: AsyncSession, help_channel, is_taken_back: bool
):
    await join_topic(session, team_id=TEAM, name=HELP, user_id=BEN, now=NOW)
    question_id = await ask(session)

    topic = await add_topic(
        session, "Customs", experts=[EVA], channel_id=HELP, is_channel_topic=True
    )

    assert await topic_id_of(session, question_id) == topic.topic_id
    assert set(await topics.list_expert_ids(session, TEAM, topic.topic_id)) == {BEN, EVA}
    assert await topics.get_by_key(session, TEAM, HELP.casefold()) is None
    if is_taken_back:
        await add_topic(session, "Customs", topic_id=topic.topic_id, channel_id=HELP)
        await session.flush()
        own = await own_topic(session)
        assert (own.made_for, own.created_by) == (HELP, ADA)
