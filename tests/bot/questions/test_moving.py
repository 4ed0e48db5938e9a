"""A question that is about something else than was thought."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    NoOtherTopic,
    OnlyAskerOrExpertMayMove,
    QuestionIsGone,
    TopicCannotBeUsed,
)
from bot.experts.claims import claim
from bot.experts.topics import TopicView
from bot.questions.moving import list_other_topics, move
from tests.bot.conftest import (
    ANA,
    BEN,
    EVA,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    card_of,
    solve,
)


@pytest.fixture
async def seals(session: AsyncSession, help_channel) -> TopicView:
    """Ben helps with customs, which the question seems to be about; Eva helps with seals."""
    await add_topic(session, "Customs", experts=[BEN], keywords="tariff")
    return await add_topic(session, "Seals", experts=[EVA])


def moving(question_id: int, topic_id: int, *, by: str = ANA, team_id: str = TEAM) -> dict:
    about = {"team_id": team_id, "question_id": question_id, "topic_id": topic_id}
    return {**about, "user_id": by, "now": at(60)}


async def test_those_who_help_there_are_asked_instead(session: AsyncSession, seals: TopicView):
    question_id = await ask(session)
    assert (await card_of(session, question_id)).asked_ids == (BEN,)

    assert await move(session, **moving(question_id, seals.topic_id))

    card = await card_of(session, question_id)
    assert (card.topic, card.asked_ids) == ("Seals", (EVA,))
    assert await move(session, **moving(question_id, seals.topic_id)) is False


async def test_where_somebody_has_it_or_replied_nobody_is_asked(
    session: AsyncSession, seals: TopicView
):
    question_id = await ask(session)
    await answer(session)
    await move(session, **moving(question_id, seals.topic_id))
    assert (await card_of(session, question_id)).asked_ids == ()

    taken = await ask(session, "Which tariff do I use for rubber?", seconds=600)
    await claim(session, team_id=TEAM, question_id=taken, user_id=BEN, now=at(610))
    await move(session, **moving(taken, seals.topic_id))
    card = await card_of(session, taken)
    assert (card.claimed_by, card.asked_ids) == (BEN, ())


async def test_a_solved_question_moves_too_and_stays_solved(
    session: AsyncSession, seals: TopicView
):
    question_id = await solve(session)

    await move(session, **moving(question_id, seals.topic_id))

    card = await card_of(session, question_id)
    assert (card.topic, len(card.solutions)) == ("Seals", 1)


async def test_only_its_asker_an_expert_or_an_admin_may(session: AsyncSession, seals: TopicView):
    question_id = await ask(session)

    with pytest.raises(OnlyAskerOrExpertMayMove):
        await move(session, **moving(question_id, seals.topic_id, by=PIA))
    with pytest.raises(QuestionIsGone):
        await move(session, **moving(question_id, seals.topic_id, team_id=OTHER_TEAM))
    assert (await card_of(session, question_id)).topic == "Customs"


async def test_a_topic_that_is_gone_cannot_be_chosen(session: AsyncSession, seals: TopicView):
    question_id = await ask(session)

    with pytest.raises(TopicCannotBeUsed):
        await move(session, **moving(question_id, seals.topic_id + 100))


async def test_the_others_are_offered(session: AsyncSession, help_channel):
    customs = await add_topic(session, "Customs", experts=[BEN], keywords="tariff")
    question_id = await ask(session)
    about = {"team_id": TEAM, "question_id": question_id, "user_id": ANA, "now": at(60)}

    offered = await list_other_topics(session, **about)

    assert customs.topic_id not in {each.topic_id for each in offered}
    await add_topic(session, "Seals", experts=[EVA])
    assert "Seals" in {each.name for each in await list_other_topics(session, **about)}


async def test_where_there_is_no_other_that_is_said(session: AsyncSession, help_channel):
    question_id = await ask(session)

    with pytest.raises(NoOtherTopic):
        await list_other_topics(
            session, team_id=TEAM, question_id=question_id, user_id=ANA, now=at(60)
        )
