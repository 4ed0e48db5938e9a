import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    CannotTellThem,
    CannotTellYourself,
    NoteIsGone,
    NothingToTell,
    NothingWritten,
    ToldEnoughToday,
    UserError,
)
from bot.people import learn_person
from bot.questions.capture import call_not_a_question
from bot.questions.messages import hear
from bot.recognition.managers import (
    MAX_TEXT,
    TOLD_A_DAY,
    WEEK,
    YEAR,
    Note,
    draft,
    get_last_manager,
    get_manager_note,
    note_told,
    send_note,
    write_note,
)
from bot.recognition.thanking import get_teller, thank_teller
from handlers.blocks.recognition.managers import first_words, manager_message, preview_modal
from storage.database import Sessions
from storage.tables import Kudos, ManagerNote, Question
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    ask,
    count,
    learn,
    learn_help_channel,
    leave_help_channel,
    owed,
    profile,
    said,
    settle_in,
    solve,
    tick,
    ts,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + HOUR
URL = "https://acme.slack.com/"
HOSTILE = "  *I* & <!channel>, <@U1|x> <https://evil.example|good>\n> `code` \u202e&amp; 💥\n"


async def begin(session: AsyncSession, **changes):
    asked = {"team_id": TEAM, "user_id": BEN, "manager_id": ADA, "period": WEEK, "now": LATER}
    return await draft(session, **{**asked, **changes})


async def write(session: AsyncSession, text: str = "I helped.", **changes) -> Note:
    asked = {
        "team_id": TEAM,
        "user_id": BEN,
        "manager_id": ADA,
        "period": WEEK,
        "question_ids": range(1000),
        "now": LATER,
    }
    return await write_note(session, text=text, **{**asked, **changes})


async def send(session: AsyncSession, note: Note, **changes) -> str:
    asked = {"team_id": TEAM, "user_id": BEN, "note_id": note.note_id, "now": LATER}
    return await send_note(session, **{**asked, **changes})


async def sent(session: AsyncSession, note: Note) -> Note:
    found = await get_manager_note(session, TEAM, note.note_id)
    assert found is not None
    return found


async def test_it_begins_with_what_the_help_came_to(session: AsyncSession, help_channel):
    question_id = await solve(session)

    begun = await begin(session)

    assert first_words(begun) == "I solved 1 question for 1 person."
    assert [each.question_id for each in begun.told] == [question_id]


async def test_what_others_wrote_to_thank_somebody_is_not_passed_on(
    session: AsyncSession, help_channel
):
    await thanked(session)

    begun = await begin(session)

    assert first_words(begun) == "I was thanked once."


async def thanked(session: AsyncSession) -> None:
    session.add(
        Kudos(
            team_id=TEAM,
            kind="thanked",
            giver_id=ANA,
            receiver_id=BEN,
            reason="for our secret",
            given_at=NOW,
        )
    )
    await session.flush()


async def test_nothing_is_sent_before_its_writer_agrees(session: AsyncSession, help_channel):
    await solve(session)

    note = await write(session)

    assert await get_manager_note(session, TEAM, note.note_id) is None
    assert "manager_note" not in {kind for kind, _ in await owed(session)}


@pytest.mark.parametrize("text", ["I helped.", HOSTILE, "x" * MAX_TEXT, "é\u0000\ud800"])
async def test_what_is_sent_is_what_was_shown_word_for_word(
    session: AsyncSession, help_channel, text: str
):
    await solve(session)
    note = await write(session, text)
    shown = preview_modal(note, URL)["blocks"]

    assert await send(session, note) == ADA

    message = manager_message(await sent(session, note), URL)
    assert message["blocks"][:-1] == shown[1:]
    assert note.text == text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert "<!channel>" not in message["text"]
    assert ("manager_note", str(note.note_id)) in await owed(session)


async def test_agreeing_twice_sends_once(session: AsyncSession, help_channel):
    await solve(session)
    note = await write(session)

    await send(session, note)
    first = await session.get(ManagerNote, note.note_id)
    await send(session, note, now=LATER + HOUR)

    assert first is not None and first.agreed_at == LATER


async def test_only_its_writer_agrees_and_in_their_workspace(session: AsyncSession, help_channel):
    await solve(session)
    note = await write(session)

    for forged in ({"user_id": EVA}, {"team_id": OTHER_TEAM}, {"note_id": note.note_id + 1}):
        with pytest.raises(NoteIsGone):
            await send(session, note, **forged)


async def test_a_question_that_was_not_chosen_is_not_shown(session: AsyncSession, help_channel):
    await solve(session)

    note = await write(session, question_ids=[])

    assert (note.told, note.elsewhere) == ((), 0)


async def test_the_manager_sees_nothing_they_cannot_read(session: AsyncSession, help_channel):
    await solve(session, "Where is the secret vault?")
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])

    note = await write(session)
    await send(session, note)

    message = str(manager_message(await sent(session, note), URL))
    assert "vault" not in message
    assert "archives" not in message
    assert "1 more question that I cannot show you." in message


async def test_nor_does_anybody_show_what_they_cannot_read_themselves(
    session: AsyncSession, help_channel
):
    await solve(session, "Where is the secret vault?")
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN, ADA])
    await leave_help_channel(session, BEN)

    assert (await begin(session)).told == ()


@pytest.mark.parametrize("change", ["left", "edited", "withdrawn", "taken back"])
async def test_until_it_is_sent_it_can_only_become_less(
    session: AsyncSession, help_channel, change: str
):
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN, ADA])
    question_id = await solve(session, "Where is the secret vault?")
    note = await write(session)
    assert len(note.told) == 1
    await send(session, note)

    if change == "left":
        await leave_help_channel(session, ADA)
    elif change == "edited":
        question = await session.get(Question, question_id)
        assert question is not None
        question.text = "Where is the other vault?"
    elif change == "withdrawn":
        await call_not_a_question(
            session, team_id=TEAM, question_id=question_id, user_id=ANA, now=LATER
        )
    else:
        await tick(session, ts(60), on=False, seconds=130)
    await session.flush()

    message = str(manager_message(await sent(session, note), URL))
    assert "vault" not in message


async def test_when_a_question_is_withdrawn_the_note_that_tells_it_is_edited(
    session: AsyncSession, help_channel
):
    question_id = await solve(session, "Where is the secret vault?")
    note = await write(session)
    await send(session, note)
    await note_told(session, team_id=TEAM, note_id=note.note_id, channel_id="D1", message_ts="1.5")

    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=LATER + DAY
    )

    assert ("manager_note", str(note.note_id)) in await owed(session)
    assert (await sent(session, note)).message_ts == "1.5"


@pytest.mark.parametrize(
    "who", ["is_guest", "is_external", "is_bot", "is_deactivated", "unknown", "another workspace"]
)
async def test_only_a_colleague_is_told(session: AsyncSession, help_channel, who: str):
    await solve(session)
    if who.startswith("is_"):
        await learn(session, "U_X", **{who: True})
    if who == "another workspace":
        await learn(session, "U_X", team_id=OTHER_TEAM)

    with pytest.raises(CannotTellThem):
        await begin(session, manager_id="U_X")
    with pytest.raises(CannotTellThem):
        await write(session, manager_id="U_X")


async def test_whose_account_is_closed_meanwhile_is_not_told(session: AsyncSession, help_channel):
    await solve(session)
    first, second = await write(session), await write(session)
    await send(session, first)

    await learn_person(session, team_id=TEAM, profile=profile(ADA, is_deactivated=True), now=LATER)
    session.expire_all()

    assert await get_manager_note(session, TEAM, first.note_id) is None
    with pytest.raises(CannotTellThem):
        await send(session, second)


async def test_nobody_tells_themselves(session: AsyncSession, help_channel):
    with pytest.raises(CannotTellYourself):
        await begin(session, manager_id=BEN)


async def test_there_must_be_something_to_tell_and_words_for_it(
    session: AsyncSession, help_channel
):
    with pytest.raises(NothingToTell):
        await begin(session)
    await solve(session)
    with pytest.raises(NothingToTell):
        await begin(session, now=LATER + 8 * DAY)
    for text in ("", "  \n", "\u200b"):
        with pytest.raises(NothingWritten):
            await write(session, text)


async def test_this_year_goes_back_to_its_first_day(session: AsyncSession, help_channel):
    await solve(session)

    assert (await begin(session, period=YEAR, now=LATER + 30 * DAY)).help.solved == 1
    with pytest.raises(NothingToTell):
        await begin(session, period=YEAR, now=LATER + 60 * DAY)


async def test_the_same_manager_is_told_a_few_times_a_day(session: AsyncSession, help_channel):
    await solve(session)
    for _ in range(TOLD_A_DAY):
        await send(session, await write(session))

    one_more = await write(session)
    with pytest.raises(ToldEnoughToday):
        await send(session, one_more)
    await send(session, await write(session, manager_id=EVA))
    await send(session, one_more, now=LATER + DAY + timedelta(seconds=1))


async def test_what_is_sent_at_the_same_time_is_no_more_than_a_day_has(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await solve(session)
        notes = [await write(session) for _ in range(TOLD_A_DAY + 2)]

    async def send_one(note: Note) -> UserError | None:
        try:
            async with sessions.begin() as session:
                await send(session, note)
        except UserError as refusal:
            return refusal
        return None

    refusals = await asyncio.gather(*(send_one(note) for note in notes))

    assert sum(isinstance(each, ToldEnoughToday) for each in refusals) == 2


async def test_whom_they_told_is_remembered_while_that_is_possible(
    session: AsyncSession, help_channel
):
    await solve(session)
    asked = {"team_id": TEAM, "user_id": BEN}
    await write(session, manager_id=PIA)
    assert await get_last_manager(session, **asked) is None

    await send(session, await write(session))
    assert await get_last_manager(session, **asked) == ADA
    await learn(session, ADA, is_deactivated=True)
    session.expire_all()
    assert await get_last_manager(session, **asked) is None


async def test_what_was_begun_and_not_sent_is_forgotten_after_a_day(
    session: AsyncSession, help_channel
):
    await solve(session)
    await send(session, await write(session))
    await write(session)

    await write(session, now=LATER + DAY + timedelta(seconds=1))

    assert await count(session, ManagerNote) == 2


async def test_the_manager_who_was_told_and_nobody_else_says_thanks(
    session: AsyncSession, help_channel
):
    await solve(session)
    note = await write(session)
    told = {"team_id": TEAM, "note_id": note.note_id}
    with pytest.raises(NoteIsGone):  # it is not sent yet
        await get_teller(session, manager_id=ADA, **told)
    await send(session, note)

    for forged in ({"manager_id": EVA}, {"team_id": OTHER_TEAM}, {"note_id": 0}):
        with pytest.raises(NoteIsGone):
            await get_teller(session, **{**told, "manager_id": ADA, **forged})
    thanked = await thank_teller(session, **told, manager_id=ADA, reason="for that", now=LATER)

    assert thanked == BEN
    assert "thanks" in {kind for kind, _ in await owed(session)}


async def test_of_many_questions_a_few_are_shown(session: AsyncSession, help_channel):
    for n in range(12):
        await ask(session, f"How do I paint pallet {n}?", seconds=100 * n)
        reply = said("So.", by=BEN, seconds=100 * n + 60, thread_ts=ts(100 * n))
        await hear(session, reply, now=reply.sent_at)
        await tick(session, reply.message_ts, seconds=100 * n + 70)

    note = await write(session)

    assert HELP in str(manager_message(note, URL))
    assert len(note.told) == 10
