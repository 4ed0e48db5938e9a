"""Who stays out: nothing of theirs is captured, kept or found."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NothingToAsk, StaysOut
from bot.privacy.staying_out import EVERYWHERE, list_places, list_where, set_where
from bot.questions.capture import ask_by_command
from bot.questions.catch_up import capture
from bot.questions.messages import capture_pointed_at, hear
from storage.tables import Answer, Question, QuestionPart, UnsureMessage
from tests.bot.conftest import (
    ANA,
    ASKED,
    BEN,
    HELP,
    NOW,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    count,
    learn_help_channel,
    owed,
    question_of,
    replied,
    said,
    ts,
)

OTHER = "C_OTHER"


async def stay_out(session: AsyncSession, *channel_ids: str, user_id: str = ANA) -> None:
    who = {"team_id": TEAM, "user_id": user_id}
    await set_where(session, **who, channel_ids=channel_ids, now=NOW)


@pytest.mark.parametrize("where", [EVERYWHERE, HELP])
async def test_nothing_of_theirs_is_kept(session: AsyncSession, help_channel: str, where: str):
    await stay_out(session, where)

    for seconds, text in ((0, ASKED), (10, "Anybody?"), (20, "customs, form 7")):
        assert not await hear(session, said(text, seconds=seconds), now=at(seconds))

    assert [await count(session, table) for table in (Question, QuestionPart, UnsureMessage)] == [
        0,
        0,
        0,
    ]


async def test_elsewhere_they_are_heard(session: AsyncSession, help_channel: str):
    await learn_help_channel(session, OTHER, user_ids=(ANA,))
    await stay_out(session, OTHER)

    assert await ask(session)
    message = said(ASKED, channel_id=OTHER, seconds=60)
    assert not await hear(session, message, now=at(60))


async def test_who_asks_on_purpose_reads_why_nothing_happens(
    session: AsyncSession, help_channel: str
):
    await stay_out(session, EVERYWHERE)
    command = {"channel_id": HELP, "asker_id": ANA, "text": ASKED, "topic_id": None}

    with pytest.raises(StaysOut):
        await hear(session, said(f"<@U_BOT> {ASKED}"), mentions_bot=True, now=NOW)
    with pytest.raises(StaysOut):
        await ask_by_command(session, team_id=TEAM, **command, now=NOW)
    assert await count(session, Question) == 0


async def test_others_cannot_make_their_message_a_question(
    session: AsyncSession, help_channel: str
):
    await stay_out(session, EVERYWHERE)
    pointing: dict[str, Any] = {"team_id": TEAM, "channel_id": HELP, "user_id": PIA, "now": NOW}

    with pytest.raises(NothingToAsk):
        await capture_pointed_at(session, said(ASKED), **pointing)
    assert not await capture(session, said(ASKED), is_caught_up=True, now=NOW)


async def test_their_replies_are_not_kept_and_the_asker_hears_so_once(
    session: AsyncSession, help_channel: str
):
    question_id = await ask(session)
    await stay_out(session, EVERYWHERE, user_id=BEN)

    for seconds in (60, 70):
        assert not await hear(session, replied(seconds=seconds), now=at(seconds))
    assert await answer(session, by=PIA, seconds=80)

    notes = [each for each in await owed(session) if each[0] == "stayed_out_note"]
    assert notes == [("stayed_out_note", str(question_id))]
    assert await count(session, Answer) == 1


async def test_what_they_say_still_ends_the_wait_for_more(session: AsyncSession, help_channel: str):
    await ask(session)
    await stay_out(session, EVERYWHERE, user_id=BEN)

    await hear(session, said("Good morning", by=BEN, seconds=20), now=at(20))

    assert (await question_of(session, ts())).interrupted_ts == ts(20)


async def test_they_come_back_where_they_say(session: AsyncSession, help_channel: str):
    await stay_out(session, EVERYWHERE, HELP)
    await stay_out(session, HELP)
    places, is_everywhere = await list_places(session, team_id=TEAM, user_id=ANA)

    assert (places[0].is_out, is_everywhere) == (True, False)

    await stay_out(session)

    assert await list_where(session, team_id=TEAM, user_id=ANA) == []
    assert await ask(session)


async def test_the_first_time_something_is_kept_they_are_told(
    session: AsyncSession, help_channel: str
):
    await ask(session)
    await answer(session)
    await answer(session, seconds=70)
    await ask(session, seconds=3_600)

    told = {subject for kind, subject in await owed(session) if kind == "kept_notice"}

    assert told == {f"{HELP}:{ts()}:{ANA}", f"{HELP}:{ts(60)}:{BEN}"}
