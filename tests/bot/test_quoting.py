"""Private messages that quote what is changed or deleted."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.questions.messages import erase, reword
from bot.quoting import forget_quote, note_quoting
from bot.text import MASK
from storage.tables import Quote
from tests.bot.conftest import (
    ASKED,
    BEN,
    EVA,
    HELP,
    TEAM,
    answer,
    ask,
    at,
    count,
    owed,
    said,
    settle_in,
    ts,
)

NOTE = {"team_id": TEAM, "channel_id": "D_BEN", "message_ts": ts(90)}
GONE = ("quote_gone", f"D_BEN:{ts(90)}")


async def quoting(session: AsyncSession, words: tuple[str, ...], user_id: str = BEN) -> None:
    await settle_in(session)
    question_id = await ask(session)
    await answer(session)
    await note_quoting(session, {question_id: words}, **NOTE, user_id=user_id, now=at(90))


async def test_what_stays_as_it_was_stays_quoted(session: AsyncSession):
    await quoting(session, (ASKED, "Press Amend."))
    await answer(session, "Then Send.", by=EVA, seconds=95)
    assert GONE not in await owed(session)


async def test_a_deleted_question_leaves_what_quotes_it(session: AsyncSession):
    await quoting(session, (ASKED,))
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(100))
    assert GONE in await owed(session)


async def test_a_reworded_reply_leaves_what_quotes_it(session: AsyncSession):
    await quoting(session, (ASKED, "Press Amend."))
    edited = said("Press Correct.", by=BEN, seconds=60, thread_ts=ts(), edited_at=at(100))
    await reword(session, edited, now=at(100))
    assert GONE in await owed(session)

    await forget_quote(session, **NOTE)
    assert await count(session, Quote) == 0


async def test_what_changed_while_the_message_was_on_its_way_leaves_it(session: AsyncSession):
    await quoting(session, ("How do I correct it?",))
    assert GONE in await owed(session)


async def test_nothing_tells_which_message_went_to_a_nameless_asker(session: AsyncSession):
    await quoting(session, (ASKED,), user_id=f"{MASK}1")
    assert await count(session, Quote) == 0
