"""Who helped hears that it worked, once and together."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.nudges import NUDGES
from bot.finding.reuse import note_helped
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution
from bot.recognition.worked import WORKED, WorkedNote, get_worked_note, note_told
from storage.experts import nudges
from tests.bot.conftest import (
    ADA,
    ANA,
    ASKED,
    BEN,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    learn,
    learn_help_channel,
    owed,
    said,
    solve,
    tick,
)

DAY = 24 * 3600


async def note_for(
    session: AsyncSession, user_id: str = BEN, *, team_id: str = TEAM, seconds: float = 600
) -> WorkedNote | None:
    return await get_worked_note(session, team_id, user_id, now=at(seconds))


async def tell(session: AsyncSession, note: WorkedNote | None) -> None:
    assert note is not None
    await note_told(session, team_id=TEAM, user_id=BEN, told=note.listed, now=at(600))


async def test_who_helped_hears_a_little_later_and_once(session: AsyncSession, help_channel):
    await solve(session)
    assert ("worked_note", BEN) not in await owed(session, now=at(120))
    assert ("worked_note", BEN) in await owed(session, now=at(600))

    note = await note_for(session)
    assert note is not None
    [worked] = note.listed
    assert (worked.text, worked.asker, worked.said_by) == (ASKED, "U_Ana", None)
    assert await note_for(session, team_id=OTHER_TEAM) is None

    await tell(session, note)
    assert await note_for(session) is None


async def test_several_come_together(session: AsyncSession, help_channel):
    await solve(session)
    await hear(session, said("Where is the spare key?", by=PIA, seconds=300), now=at(300))
    key = said("In the drawer.", by=BEN, seconds=360, thread_ts=f"{at(300).timestamp():.6f}")
    await hear(session, key, now=at(360))
    await tick(session, key.message_ts, by=PIA, seconds=400)

    note = await note_for(session)

    assert note is not None and [each.asker for each in note.listed] == ["U_Ana", "U_Pia"]


async def test_a_mark_that_is_off_again_tells_nothing_and_on_again_nothing_new(
    session: AsyncSession, help_channel
):
    await ask(session)
    reply = await answer(session)
    await tick(session, reply)
    await tick(session, reply, seconds=130, on=False)
    assert await note_for(session) is None

    await tick(session, reply, seconds=140)
    await tell(session, await note_for(session))
    await tick(session, reply, seconds=150, on=False)
    await tick(session, reply, seconds=160)

    assert await note_for(session) is None


async def test_whose_word_it_is_is_told(session: AsyncSession, help_channel):
    question_id = await ask(session)
    reply = await answer(session)
    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": reply}
    await accept_solution(session, **place, user_id=ADA, now=at(120))
    about = {"team_id": TEAM, "question_id": question_id, "user_id": PIA}
    await note_helped(session, **about, now=at(200))

    note = await note_for(session)

    assert note is not None
    told = [(each.said_by, each.helped) for each in note.listed]
    assert told == [("U_Ada", None), (None, "U_Pia")]


async def test_who_wants_none_who_cannot_read_it_and_what_is_old_is_told_nothing(
    session: AsyncSession, help_channel
):
    await solve(session)
    assert await note_for(session, seconds=3 * DAY) is None

    await nudges.mute(session, team_id=TEAM, user_id=BEN, kind=WORKED)
    assert await note_for(session) is None
    await nudges.set_muted(session, team_id=TEAM, user_id=BEN, kinds=(), among=NUDGES)

    await learn_help_channel(session, user_ids=(ANA, PIA, ADA), is_private=True)
    assert await note_for(session) is None


@pytest.mark.parametrize("flag", ["is_bot", "is_deactivated"])
async def test_an_app_or_a_closed_account_is_told_nothing(
    session: AsyncSession, help_channel, flag: str
):
    await solve(session)
    await learn(session, BEN, **{flag: True})

    assert await note_for(session) is None
