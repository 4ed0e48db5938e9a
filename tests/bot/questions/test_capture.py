from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AlreadyAQuestion,
    ChannelCannotBeUsed,
    NothingAsked,
    NothingToAsk,
    NotInChannel,
    NoWordsToAsk,
    OnlyAskerOrExpertMayWithdraw,
    QuestionIsGone,
)
from bot.experts.cards import get_marker
from bot.questions.capture import ask_by_command, call_not_a_question, note_posted
from bot.questions.messages import ask_about, capture_pointed_at, erase, hear
from bot.text import MAX_TEXT, Message
from storage import channels
from storage.questions import questions
from storage.tables import Question, QuestionPart
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    card_of,
    count,
    learn,
    learn_help_channel,
    owed,
    question_of,
    said,
    solve,
    ts,
)

pytestmark = pytest.mark.usefixtures("help_channel")


async def test_a_question_in_a_help_channel_is_captured_and_its_card_owed(session: AsyncSession):
    question_id = await ask(session)

    card = await card_of(session, question_id)
    assert (card.asker_id, card.thread_ts, card.topic) == (ANA, ts(), None)
    debts = {("question_card", str(question_id)), ("question_marker", str(question_id))}
    assert await owed(session) >= debts


async def test_what_asks_nothing_is_left_alone(session: AsyncSession):
    for text in ("Good morning!", "Thanks, that worked!", "", "🙂", "\u200b"):
        assert not await hear(session, said(text), now=at())
    assert await count(session, Question) == 0


@pytest.mark.parametrize(
    "elsewhere", [{"channel_id": "C_RANDOM"}, {"team_id": OTHER_TEAM}, {"channel_id": "C_LEFT"}]
)
async def test_only_help_channels_are_listened_to(session: AsyncSession, elsewhere: dict):
    await learn_help_channel(session, "C_LEFT")
    await channels.leave(session, team_id=TEAM, channel_id="C_LEFT", now=at())

    assert not await hear(session, said("How do I get in?", **elsewhere), now=at())


async def test_calling_the_bot_makes_anything_a_question_anywhere(session: AsyncSession):
    message = said("the printer on floor 2", channel_id="C_RANDOM")

    assert await hear(session, message, mentions_bot=True, now=at())


async def test_calling_the_bot_without_a_word_is_answered_with_a_sentence(session: AsyncSession):
    with pytest.raises(NothingAsked):
        await hear(session, said(" \u200b"), mentions_bot=True, now=at())


async def test_the_same_message_delivered_twice_is_one_question(session: AsyncSession):
    await ask(session)

    assert not await hear(session, said("How do I correct the tariff code?"), now=at())
    assert await count(session, Question) == 1


async def test_the_same_message_in_another_workspace_is_another_question(session: AsyncSession):
    await ask(session)

    assert await hear(session, said("And here?", team_id=OTHER_TEAM), mentions_bot=True, now=at())


async def test_text_that_no_database_stores_is_cleaned(session: AsyncSession):
    await ask(session, "How do I fix \x00 and \ud800 here?")

    await session.flush()
    session.expire_all()
    assert (await question_of(session, ts())).text == "How do I fix \ufffd and \ufffd here?"


async def test_a_question_of_a_megabyte_is_cut(session: AsyncSession):
    await ask(session, "How do I read this log? " + "line " * 200_000)

    assert len((await question_of(session, ts())).text) == MAX_TEXT


async def point_at(session: AsyncSession, message: Message | None, **changes: Any) -> None:
    """Pia chose "Ask around about this" on the message."""
    how = {"team_id": TEAM, "channel_id": HELP, "user_id": PIA, "now": at(), **changes}
    await capture_pointed_at(session, message, **how)


async def test_a_message_pointed_at_becomes_a_question(session: AsyncSession):
    message = said("the printer on floor 2")

    await point_at(session, message, now=at())

    assert (await question_of(session, ts())).text == "the printer on floor 2"


async def test_a_message_can_be_pointed_at_once(session: AsyncSession):
    await ask(session)

    with pytest.raises(AlreadyAQuestion):
        await point_at(session, said("?"), now=at())


async def test_pointing_at_a_follow_up_parts_it_once(session: AsyncSession):
    await ask(session)
    follow_up = said("It is the new form.", seconds=30)
    await hear(session, follow_up, now=at(30))

    await point_at(session, follow_up, now=at(60))
    with pytest.raises(AlreadyAQuestion):
        await point_at(session, follow_up, now=at(61))

    assert (await question_of(session, ts(30))).text == "It is the new form."


@pytest.mark.parametrize(
    ("message", "error"), [(None, NothingToAsk), (said(" \u2060 "), NoWordsToAsk)]
)
async def test_only_what_a_person_wrote_can_be_pointed_at(session: AsyncSession, message, error):
    with pytest.raises(error):
        await point_at(session, message, now=at())


@pytest.mark.parametrize("place", [(TEAM, "C_UNKNOWN"), (OTHER_TEAM, HELP)])
async def test_pointing_needs_the_bot_in_the_channel(session: AsyncSession, place: tuple[str, str]):
    with pytest.raises(NotInChannel):
        await point_at(session, said("Hm"), team_id=place[0], channel_id=place[1])


async def test_pointing_needs_who_can_read_the_channel(session: AsyncSession):
    await learn(session, "U_GUEST", is_guest=True)

    with pytest.raises(NotInChannel):
        await point_at(session, said("Hm"), user_id="U_GUEST")


async def test_a_question_mark_on_an_unknown_message_makes_us_read_it(session: AsyncSession):
    place = {"team_id": TEAM, "channel_id": HELP}

    assert await ask_about(session, **place, message_ts="1.5", now=at())
    assert ("read_question", f"{HELP}:1.5") in await owed(session)

    await ask(session)
    assert not await ask_about(session, **place, message_ts=ts(), now=at())


async def by_command(session: AsyncSession, **changes) -> int:
    asked = {"team_id": TEAM, "channel_id": HELP, "asker_id": ANA, "text": "How?", "topic_id": None}
    return await ask_by_command(session, **{**asked, **changes}, now=at())


async def test_a_question_by_command_is_posted_first_and_then_like_any_other(session: AsyncSession):
    question_id = await by_command(session)
    assert ("question_post", str(question_id)) in await owed(session)

    for _ in range(2):  # noted once, however often
        await note_posted(
            session, team_id=TEAM, question_id=question_id, message_ts=ts(1), now=at(1)
        )

    assert (await card_of(session, question_id)).thread_ts == ts(1)
    assert await count(session, QuestionPart) == 1


async def test_a_question_by_command_needs_words(session: AsyncSession):
    with pytest.raises(NothingAsked) as refusal:
        await by_command(session, text=" \u200b ")

    assert refusal.value.field == "question"


async def test_nobody_asks_by_command_where_they_could_not_read(session: AsyncSession):
    await learn_help_channel(session, "C_PRIVATE", is_private=True, user_ids=[BEN])

    for place in ({"channel_id": "C_PRIVATE"}, {"channel_id": "C_NO"}, {"team_id": OTHER_TEAM}):
        with pytest.raises(ChannelCannotBeUsed) as refusal:
            await by_command(session, **place)
        assert refusal.value.field == "channel"


async def test_another_workspaces_topic_is_not_taken(session: AsyncSession):
    question_id = await by_command(session, topic_id=4711)

    question = await questions.get(session, TEAM, question_id)
    assert question is not None and question.topic_id is None


async def not_a_question(session: AsyncSession, question_id: int, user_id: str, team_id=TEAM):
    await call_not_a_question(
        session, team_id=team_id, question_id=question_id, user_id=user_id, now=at(90)
    )


@pytest.mark.parametrize("user_id", [ANA, BEN, ADA])
async def test_askers_experts_and_admins_may_call_it_no_question(
    session: AsyncSession, user_id: str
):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)

    await not_a_question(session, question_id, user_id)

    assert (await card_of(session, question_id)).is_withdrawn
    marker = await get_marker(session, TEAM, question_id)
    assert marker is not None and marker.wanted is None


async def test_nobody_else_may_call_it_no_question(session: AsyncSession):
    await add_topic(session, "tariff code", experts=[BEN])
    question_id = await ask(session)

    with pytest.raises(OnlyAskerOrExpertMayWithdraw, match=ANA):
        await not_a_question(session, question_id, PIA)
    with pytest.raises(QuestionIsGone):
        await not_a_question(session, question_id, ANA, team_id=OTHER_TEAM)
    assert not (await card_of(session, question_id)).is_withdrawn


async def test_a_withdrawn_question_is_gone_for_buttons_and_from_the_marks(session: AsyncSession):
    question_id = await solve(session)
    await not_a_question(session, question_id, ANA)

    with pytest.raises(QuestionIsGone):
        await not_a_question(session, question_id, ANA)


async def test_the_topic_comes_from_the_words_and_its_experts_are_asked(session: AsyncSession):
    await add_topic(session, "Customs", keywords="tariff code", experts=[EVA, BEN, PIA])

    card = await card_of(session, await ask(session, by=BEN))

    assert (card.topic, set(card.asked_ids)) == ("Customs", {EVA, PIA})


async def test_without_words_of_a_topic_the_channels_own_is_taken(session: AsyncSession):
    await add_topic(session, "Customs", channel_id=HELP, is_channel_topic=True)

    assert (await card_of(session, await ask(session))).topic == "Customs"


async def test_what_was_called_no_question_can_be_asked_about_again(session: AsyncSession):
    question_id = await ask(session)
    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=at(60)
    )

    assert await ask_about(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(90))

    assert not (await card_of(session, question_id)).is_withdrawn


async def test_a_deleted_question_cannot_be_asked_about_again(session: AsyncSession):
    await ask(session)
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(60))

    await ask_about(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(90))

    question = await session.scalar(select(Question))
    assert question is not None and question.withdrawn_at is not None and question.text == ""
