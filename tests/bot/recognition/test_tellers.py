from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people import learn_person
from bot.questions.capture import call_not_a_question
from bot.recognition.digests import MANAGER, note_posted, run_due_digests
from bot.recognition.naming import choose_to_be_named
from bot.recognition.tellers import (
    Suggestion,
    get_suggestion,
    get_tellers_page,
    list_tellers,
    suggest_monthly,
)
from bot.recognition.thanking import thank_teller
from handlers.blocks.recognition.tellers import suggestion_message, tellers_modal
from storage.tables import DigestRun, DigestSchedule, ManagerNote
from tests.bot.conftest import ADA, ANA, BEN, EVA, NOW, TEAM, owed, profile, solve
from tests.bot.recognition.test_managers import LATER, begin, send, thanked, write

URL = "https://acme.slack.com/"
FIRST_MONDAY = datetime(2026, 12, 7, 9, tzinfo=UTC)  # where Ada is it is later than that
AFTER = FIRST_MONDAY + timedelta(hours=3)


async def tell(session: AsyncSession, **changes) -> int:
    note = await write(session, **changes)
    await send(session, note)
    return note.note_id


async def suggested(session: AsyncSession) -> Suggestion | None:
    return await get_suggestion(session, team_id=TEAM, manager_id=ADA, slot="2026-12")


async def page_of(session: AsyncSession, user_id: str = ADA):
    return await get_tellers_page(session, team_id=TEAM, user_id=user_id, now=AFTER)


async def test_a_manager_sees_who_told_them_and_only_what_these_chose(
    session: AsyncSession, help_channel
):
    first = await solve(session)
    await thanked(session)
    [thanks] = (await begin(session)).thanks
    assert await list_tellers(session, team_id=TEAM, user_id=ADA, now=LATER) == ()

    await write(session, "A draft that nobody sent.")
    await tell(session, text="I helped Ana.", thanks_ids=[thanks.kudos_id])

    assert [
        each.user_id for each in await list_tellers(session, team_id=TEAM, user_id=ADA, now=LATER)
    ] == [BEN]
    [card] = (await page_of(session)).cards
    assert card.note.text == "I helped Ana."
    assert [each.question_id for each in card.note.told] == [first]
    assert [each.reason for each in card.note.thanks] == ["for our secret"]
    shown = str(tellers_modal(await page_of(session), URL))
    assert "for our secret" in shown and "thank_for_help" in shown
    assert "draft" not in shown
    assert (await page_of(session, EVA)).cards == ()


async def test_thanks_are_shown_only_where_they_are_chosen_and_without_who_wants_no_name(
    session: AsyncSession, help_channel
):
    await solve(session)
    await thanked(session)
    await tell(session)
    assert "for our secret" not in str(tellers_modal(await page_of(session), URL))

    [thanks] = (await begin(session)).thanks
    await tell(session, thanks_ids=[thanks.kudos_id])
    assert f"<@{ANA}> thanked them: for our secret" in str(
        tellers_modal(await page_of(session), URL)
    )

    who = {"team_id": TEAM, "user_id": ANA}
    await choose_to_be_named(session, **who, is_named=False, now=LATER)
    shown = str(tellers_modal(await page_of(session), URL))
    assert "A colleague thanked them: for our secret" in shown
    assert ANA not in shown


async def test_whom_they_thanked_is_told_and_not_offered_again(session: AsyncSession, help_channel):
    await solve(session)
    note_id = await tell(session)

    await thank_teller(
        session, team_id=TEAM, manager_id=ADA, note_id=note_id, reason="for it", now=AFTER
    )

    [card] = (await page_of(session)).cards
    assert card.thanked_at == AFTER
    assert "thank_for_help" not in str(tellers_modal(await page_of(session), URL))


async def test_each_month_one_is_suggested_who_was_not_thanked(session: AsyncSession, help_channel):
    await solve(session)
    note_id = await tell(session)

    assert await run_due_digests(session, now=AFTER) > 0

    suggestion = await suggested(session)
    assert suggestion is not None
    assert (suggestion.user_id, suggestion.note_id, suggestion.people) == (BEN, note_id, 1)
    said = suggestion_message(suggestion, URL)
    assert said["text"].startswith(f"<@{BEN}> showed you how they helped 1 person, most of all")
    await thank_teller(
        session, team_id=TEAM, manager_id=ADA, note_id=note_id, reason="for it", now=AFTER
    )
    suggestion = await suggested(session)
    assert suggestion is not None and suggestion.user_id is None


async def test_a_month_in_which_nobody_told_anything_brings_nothing(
    session: AsyncSession, help_channel
):
    await solve(session)
    await tell(session)
    await run_due_digests(session, now=AFTER)

    await run_due_digests(session, now=datetime(2027, 1, 4, 12, tzinfo=UTC))

    runs = (await session.scalars(select(DigestRun).where(DigestRun.kind == MANAGER))).all()
    assert [run.slot for run in runs] == ["2026-12"]


async def test_who_wants_no_suggestions_gets_none(session: AsyncSession, help_channel):
    await solve(session)
    await tell(session)
    who = {"team_id": TEAM, "user_id": ADA}

    assert await suggest_monthly(session, **who, is_wanted=False, now=LATER)
    await tell(session, text="Once more.")  # asks for nothing that they said no to
    await run_due_digests(session, now=AFTER)

    assert await suggested(session) is None
    assert not (await page_of(session)).is_monthly
    assert await suggest_monthly(session, **who, is_wanted=True, now=AFTER)
    assert (await page_of(session)).is_monthly


async def test_a_suggestion_stays_with_whom_it_names_and_goes_with_them(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await tell(session)
    await run_due_digests(session, now=AFTER)
    suggestion = await suggested(session)
    assert suggestion is not None
    await note_posted(
        session,
        team_id=TEAM,
        kind=MANAGER,
        subject=ADA,
        slot="2026-12",
        channel_id="D1",
        message_ts="9.0",
        named=[BEN],
        told=[question_id],
        now=AFTER,
    )

    await call_not_a_question(
        session, team_id=TEAM, question_id=question_id, user_id=ANA, now=AFTER
    )

    assert ("suggested_thanks", f"{ADA}:2026-12") in await owed(session, now=AFTER)
    edited = await suggested(session)
    assert edited is not None and (edited.user_id, edited.told) == (BEN, ())
    assert edited.message_ts == "9.0"
    await session.execute(delete(ManagerNote))
    gone = await suggested(session)
    assert gone is not None and gone.user_id is None


async def test_who_left_or_wants_no_digests_is_not_written_to(session: AsyncSession, help_channel):
    await solve(session)
    await tell(session)
    await run_due_digests(session, now=AFTER)
    left = profile(ADA, is_deactivated=True)
    await learn_person(session, team_id=TEAM, profile=left, now=AFTER)

    assert await suggested(session) is None


async def test_the_month_is_planned_once_where_the_manager_is(session: AsyncSession, help_channel):
    await solve(session)
    await tell(session)
    await tell(session, text="Again.")

    [row] = (
        await session.scalars(select(DigestSchedule).where(DigestSchedule.kind == MANAGER))
    ).all()
    assert (row.subject, row.cadence, row.timezone) == (ADA, "monthly", "Europe/Rome")
    assert NOW < row.next_run_at < AFTER
