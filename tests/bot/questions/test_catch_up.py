from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import set_help_channel
from bot.experts.steps import take_due_steps
from bot.questions.absences import get_last_caught_up, move_absences_on
from bot.questions.answers import reword
from bot.questions.catch_up import (
    Seen,
    Thread,
    get_reading,
    get_thread,
    take_in_late,
    take_in_page,
    take_in_thread,
)
from bot.questions.hearing import come_back, note_heard
from bot.questions.marking import mark
from bot.questions.messages import hear
from bot.recognition.digests import has_due_digests
from bot.text import Message
from bot.workspaces import join_workspace
from storage.questions import answers
from storage.tables import Absence, Answer, CatchUp, Offer, Outbox, Question
from tests.bot.conftest import (
    ADA,
    ANA,
    ASKED,
    BEN,
    EVA,
    HELP,
    NOW,
    PIA,
    TEAM,
    add_topic,
    answer,
    ask,
    at,
    card_of,
    count,
    find,
    learn,
    owed,
    question_of,
    replied,
    said,
    settle_in,
    solve,
    tick,
    ts,
)

AWAY = timedelta(hours=3)
BACK = NOW + AWAY  # noon in London, on a Monday
CHECKED = frozenset({ANA})


def seen(message: Message, **changes: Any) -> Seen:
    shown = Seen(message.message_ts, message, thread_ts=message.thread_ts)
    return replace(shown, **changes)


async def go_away(session: AsyncSession, *, back: datetime = BACK) -> None:
    """The bot was off from now until then."""
    await join_workspace(session, team_id=TEAM, name="Acme", url="", bot_user_id="U_BOT", now=NOW)
    await note_heard(session, team_id=TEAM, until=NOW, now=NOW)
    assert await come_back(session, team_id=TEAM, now=back)


async def read_page(
    session: AsyncSession, *page: Seen, has_more: bool = False, now: datetime = BACK
) -> None:
    reading = await get_reading(session, TEAM, HELP)
    assert reading is not None
    upto_ts = reading.upto_ts or f"{now.timestamp():.6f}"
    await take_in_page(session, TEAM, reading, page, upto_ts=upto_ts, has_more=has_more, now=now)


async def known(session: AsyncSession, thread_ts: str | None = None) -> Thread:
    return await get_thread(session, team_id=TEAM, channel_id=HELP, thread_ts=thread_ts or ts())


async def read_thread(
    session: AsyncSession,
    *page: Seen,
    thread: Thread | None = None,
    gone: Sequence[str] = (),
    thread_ts: str | None = None,
    now: datetime = BACK,
) -> None:
    absence_id = (await session.scalars(select(Absence.id).order_by(Absence.id.desc()))).first()
    assert absence_id is not None
    await take_in_thread(
        session,
        team_id=TEAM,
        channel_id=HELP,
        thread_ts=thread_ts or ts(),
        absence_id=absence_id,
        thread=thread or await known(session, thread_ts),
        seen=page,
        gone=gone,
        now=now,
    )


async def offered(session: AsyncSession) -> set[str]:
    return set((await session.scalars(select(Offer.user_id))).all())


async def deliver_all(session: AsyncSession) -> None:
    """Everything that was owed is done."""
    for row in (await session.scalars(select(Outbox))).all():
        await session.delete(row)
    await session.flush()


@pytest.fixture
async def away(session: AsyncSession) -> None:
    """Ben in Rome and Eva in Tokyo help on customs; the bot was off for three hours."""
    await settle_in(session)
    await learn(session, EVA, timezone="Asia/Tokyo")
    await add_topic(session, experts=[BEN, EVA], channel_id=HELP, is_channel_topic=True)
    await go_away(session)


asked = said(ASKED, seconds=600)


# A channel's history


async def test_a_missed_question_is_seen_once_its_thread_is_read(session: AsyncSession, away):
    await read_page(session, seen(asked))
    question = await question_of(session, ts(600))

    assert question.asked_at == at(600)
    assert ("question_card", str(question.id)) not in await owed(session)
    assert await offered(session) == set()

    await read_thread(session, seen(asked), thread_ts=ts(600))

    assert ("question_card", str(question.id)) in await owed(session)
    assert await offered(session) == {BEN}  # it is evening in Tokyo


async def test_what_is_read_twice_has_one_effect(session: AsyncSession, away):
    for _ in range(2):
        await read_thread(session, seen(asked), thread_ts=ts(600))
    await read_page(session, seen(asked), seen(asked))
    for _ in range(2):
        await read_thread(session, seen(asked), thread_ts=ts(600))

    absence = (await session.scalars(select(Absence))).one()
    assert (await count(session, Question), absence.questions) == (1, 1)


async def test_the_oldest_page_is_taken_in_first(session: AsyncSession, away):
    """Slack gives the newest first; a follow-up means nothing before its question."""
    follow_up = said("It is the one for Norway.", seconds=660)

    await read_page(session, seen(follow_up), has_more=True)
    assert await count(session, Question) == 0
    await read_page(session, seen(asked))
    await read_page(session, seen(follow_up))

    question = await question_of(session, ts(600))
    assert question.text == f"{ASKED}\nIt is the one for Norway."
    assert await count(session, CatchUp) == 0


async def test_another_absence_in_the_middle_starts_where_reading_had_come_to(
    session: AsyncSession, away
):
    await read_page(session, seen(asked), has_more=True)
    before = await get_reading(session, TEAM, HELP)
    assert before is not None

    await come_back(session, team_id=TEAM, now=BACK + AWAY)
    await take_in_page(
        session, TEAM, before, [seen(asked)], upto_ts=ts(600), has_more=False, now=BACK
    )

    assert await count(session, Question) == 0  # the page belongs to another reading
    after = await get_reading(session, TEAM, HELP)
    assert after is not None and (after.read_ts, after.upto_ts) == (before.read_ts, None)


async def test_what_was_said_before_it_was_a_help_channel_is_talk(session: AsyncSession, away):
    for is_help in (False, True):
        await set_help_channel(
            session, team_id=TEAM, channel_id=HELP, user_id=ADA, is_help=is_help, now=at(700)
        )

    await read_page(session, seen(asked), seen(said("Who has the key?", by=PIA, seconds=800)))

    assert (await session.scalars(select(Question.message_ts))).all() == [ts(800)]


async def test_a_question_mark_on_an_older_message_counts(session: AsyncSession, away):
    older = said("The scanner is dead again", by=PIA, seconds=-7200)

    await read_page(session, seen(older), seen(replace(older, message_ts=ts(-3600))))
    assert await count(session, Question) == 0
    await come_back(session, team_id=TEAM, now=BACK + AWAY)
    await read_page(session, seen(older, is_pointed_at=True))

    assert (await question_of(session, ts(-7200))).text == "The scanner is dead again"


async def test_a_thread_that_goes_on_is_read(session: AsyncSession, away):
    await read_page(session, seen(asked))
    await deliver_all(session)
    await come_back(session, team_id=TEAM, now=BACK + AWAY)
    await deliver_all(session)

    talk = said("Lunch at noon", by=PIA, seconds=500)
    late = f"{(BACK + timedelta(hours=1)).timestamp():.6f}"
    await read_page(
        session, seen(talk, latest_reply=late), seen(asked, latest_reply=late), now=BACK + AWAY
    )

    assert ("catch_up_thread", f"{HELP}:{ts(600)}") in await owed(session)
    assert ("catch_up_thread", f"{HELP}:{ts(500)}") not in await owed(session)
    await deliver_all(session)
    await move_absences_on(session, now=BACK + AWAY)
    assert ("catch_up_thread", f"{HELP}:{ts(500)}") in await owed(session)


async def test_a_call_without_words_gets_no_answer_after_all_this_time(session: AsyncSession, away):
    await read_page(session, seen(said("", seconds=600), mentions_bot=True))

    assert await count(session, Question) == 0


# Who is asked


async def test_what_was_answered_meanwhile_calls_nobody(session: AsyncSession, away):
    await read_page(session, seen(asked))
    reply = replace(replied(by=PIA, seconds=900), thread_ts=ts(600))
    await read_thread(session, seen(asked), seen(reply), thread_ts=ts(600))

    question = await question_of(session, ts(600))
    assert await offered(session) == set()
    assert question.next_step == "remind"
    assert ("question_card", str(question.id)) in await owed(session)


async def test_what_was_solved_meanwhile_gets_a_reaction_and_no_card(session: AsyncSession, away):
    await read_page(session, seen(asked))
    reply = replace(replied(by=BEN, seconds=900), thread_ts=ts(600))
    await read_thread(session, seen(asked), seen(reply, marked_by=CHECKED), thread_ts=ts(600))

    question = await question_of(session, ts(600))
    assert question.solved_at == at(900)  # as early as it can have been
    assert ("question_card", str(question.id)) not in await owed(session)
    assert ("question_marker", str(question.id)) in await owed(session)
    assert (await find(session)).total == 1


async def test_nobody_is_asked_at_night_and_all_the_same_in_the_morning(session: AsyncSession):
    await settle_in(session)
    await add_topic(session, experts=[BEN], channel_id=HELP, is_channel_topic=True)
    night = NOW + timedelta(hours=18)  # 4 o'clock in Rome
    await go_away(session, back=night)
    await read_page(session, seen(asked), now=night)
    await read_thread(session, seen(asked), thread_ts=ts(600), now=night)

    await take_due_steps(session, now=night + timedelta(hours=1))
    assert await offered(session) == set()
    await take_due_steps(session, now=NOW + timedelta(hours=23))  # 9 o'clock

    assert await offered(session) == {BEN}


async def test_what_is_older_than_a_day_waits_for_its_askers_word(session: AsyncSession):
    await settle_in(session)
    await add_topic(session, experts=[BEN], channel_id=HELP, is_channel_topic=True)
    later = NOW + timedelta(days=2)
    await go_away(session, back=later)
    await read_page(session, seen(asked), now=later)
    await read_thread(session, seen(asked), thread_ts=ts(600), now=later)
    assert await offered(session) == set()

    await take_due_steps(session, now=later + timedelta(hours=1))

    assert await offered(session) == {BEN}


async def test_steps_that_fell_due_meanwhile_wait_for_the_thread(session: AsyncSession):
    await settle_in(session)
    await add_topic(session, experts=[BEN, EVA, PIA], channel_id=HELP, is_channel_topic=True)
    await ask(session)
    first_asked = await offered(session)

    await go_away(session)
    await take_due_steps(session, now=BACK)
    assert await offered(session) == first_asked

    await read_thread(session, seen(said(ASKED)))
    assert (await question_of(session, ts())).step_at is not None


async def test_a_reminder_that_fell_due_meanwhile_comes_in_the_askers_hours(
    session: AsyncSession,
):
    await settle_in(session)
    await ask(session)
    await answer(session)
    saturday = NOW + timedelta(days=5)
    await go_away(session, back=saturday)
    await read_thread(session, seen(said(ASKED)), seen(replied()), now=saturday)

    await take_due_steps(session, now=saturday)
    assert not {kind for kind, _ in await owed(session)} & {"mark_nudge"}
    await take_due_steps(session, now=NOW + timedelta(days=7))

    assert "mark_nudge" in {kind for kind, _ in await owed(session)}


async def test_what_is_open_again_calls_nobody_outside_their_hours(session: AsyncSession):
    await settle_in(session)
    await learn(session, EVA, timezone="Asia/Tokyo")
    await add_topic(session, experts=[BEN, EVA, PIA], channel_id=HELP, is_channel_topic=True)
    await ask(session)
    await tick(session, await answer(session))
    before = await offered(session)
    await go_away(session)

    await read_thread(session, seen(said(ASKED)), gone=[ts(60)])
    await take_due_steps(session, now=BACK)

    assert await offered(session) == before
    assert (await question_of(session, ts())).next_step is not None


async def test_a_reminder_lists_no_thread_that_is_still_to_be_read(session: AsyncSession):
    await settle_in(session)
    for seconds in (0, 600):
        await ask(session, seconds=seconds)
        reply = replace(replied(seconds=seconds + 60), thread_ts=ts(seconds))
        await hear(session, reply, now=reply.sent_at)
    later = NOW + timedelta(days=2)
    await go_away(session, back=later)
    await read_thread(session, seen(said(ASKED)), seen(replied()), now=later)

    await take_due_steps(session, now=later)

    (payload,) = await session.scalars(select(Outbox.payload).where(Outbox.kind == "mark_nudge"))
    assert payload["question_ids"] == [(await question_of(session, ts())).id]


# A thread


async def test_missed_replies_edits_and_deletions_are_followed(session: AsyncSession):
    await settle_in(session)
    await ask(session)
    kept = await answer(session, "Press Amend.", seconds=60)
    gone = await answer(session, "Call 4711.", by=PIA, seconds=120)
    await go_away(session)

    edited = replace(replied("Press Correct.", seconds=60), edited_at=at(3600))
    new = replied("Or ask the broker.", by=EVA, seconds=3600)
    await read_thread(session, seen(said(ASKED)), seen(edited), seen(new), gone=[gone])

    answers = (await session.scalars(select(Answer))).all()
    assert {each.message_ts: each.text for each in answers} == {
        kept: "Press Correct.",
        gone: "",
        ts(3600): "Or ask the broker.",
    }
    absence = (await session.scalars(select(Absence))).one()
    assert (absence.replies, absence.edits, absence.deletions) == (1, 1, 1)


async def test_missed_replies_under_a_follow_up_are_taken_in(session: AsyncSession):
    await settle_in(session)
    question_id = await ask(session)
    await hear(session, said("It is form 4711.", seconds=30), now=at(30))
    await go_away(session)
    under = seen(said("Press Amend.", by=BEN, seconds=3600, thread_ts=ts(30)))

    follow_up = seen(said("It is form 4711.", seconds=30))
    for _ in range(2):
        await read_thread(session, follow_up, under, thread_ts=ts(30))

    assert (await card_of(session, question_id)).answers == 1


async def test_a_deleted_question_is_forgotten(session: AsyncSession):
    await settle_in(session)
    await solve(session)
    await go_away(session)

    await read_thread(session, gone=[ts()])

    assert (await find(session)).total == 0
    assert (await question_of(session, ts())).text == ""


async def test_a_deleted_reply_does_not_come_back_late(session: AsyncSession):
    await settle_in(session)
    await ask(session)
    await go_away(session)
    await read_thread(session, seen(said(ASKED)), gone=[ts(60)])

    await hear(session, replied(), now=at(60))

    assert await count(session, Answer) == 0


async def test_what_is_heard_while_it_is_read_is_newer(session: AsyncSession):
    await settle_in(session)
    await ask(session)
    await answer(session, "Press Amend.")
    await go_away(session)
    thread = await known(session)
    await reword(session, replied("Press Correct."), now=BACK)

    await read_thread(session, seen(said(ASKED)), seen(replied("Press Amend!")), thread=thread)

    assert (await session.scalars(select(Answer.text))).one() == "Press Correct."


async def test_marks_put_on_and_taken_off_are_followed(session: AsyncSession):
    await settle_in(session)
    await ask(session)
    await answer(session)
    await go_away(session)

    await read_thread(session, seen(said(ASKED)), seen(replied(), marked_by=CHECKED))
    assert (await question_of(session, ts())).solved_at == at(60)  # its reply's time
    await read_thread(session, seen(said(ASKED)), seen(replied()))

    assert (await question_of(session, ts())).solved_at is None


async def test_what_a_button_marked_shows_no_reaction_and_stays(session: AsyncSession):
    await settle_in(session)
    question_id = await ask(session)
    await answer(session)
    found = await answers.get_by_message(session, **replied().place)
    assert found is not None
    await mark(
        session,
        team_id=TEAM,
        question_id=question_id,
        answer_id=found.id,
        user_id=ANA,
        now=at(120),
    )
    await go_away(session)

    await read_thread(session, seen(said(ASKED)), seen(replied()))

    assert (await question_of(session, ts())).solved_at == at(120)


async def test_a_mark_that_is_known_keeps_its_time(session: AsyncSession):
    await settle_in(session)
    await solve(session)
    await go_away(session)

    await read_thread(session, seen(said(ASKED)), seen(replied(), marked_by=CHECKED))

    assert (await question_of(session, ts())).solved_at == at(120)


async def test_a_mark_heard_while_it_is_read_is_newer(session: AsyncSession):
    await settle_in(session)
    await ask(session)
    reply = await answer(session)
    await go_away(session)
    thread = await known(session)
    await tick(session, reply, seconds=AWAY.total_seconds())

    await read_thread(session, seen(said(ASKED)), seen(replied()), thread=thread)

    assert (await question_of(session, ts())).solved_at == BACK


async def test_a_call_in_a_thread_asks_what_the_thread_is_about(session: AsyncSession, away):
    talk = said("The scanner is dead again", by=PIA, seconds=600)
    call = replace(replied("", by=ANA, seconds=700), thread_ts=ts(600))

    await read_thread(session, seen(talk), seen(call, mentions_bot=True), thread_ts=ts(600))

    assert (await question_of(session, ts(600))).asker_id == PIA
    assert ("catch_up_thread", f"{HELP}:{ts(600)}") in await owed(session)


# The end


async def test_once_all_is_taken_in_what_was_kept_is_looked_at_again(session: AsyncSession):
    await settle_in(session)
    await solve(session)
    await go_away(session)
    assert await move_absences_on(session, now=BACK) == []

    await read_page(session)
    await deliver_all(session)
    (first,) = await move_absences_on(session, now=BACK)
    assert not first.is_ended
    assert ("catch_up_thread", f"{HELP}:{ts()}") in await owed(session)
    await read_thread(session, gone=[ts()])
    await deliver_all(session)
    (last,) = await move_absences_on(session, now=BACK)

    assert last.is_ended and last.count.deletions == 1
    told = await get_last_caught_up(session, team_id=TEAM, now=BACK)
    assert told is not None and told.until - told.since == AWAY


async def test_digests_wait_until_what_was_said_is_taken_in(session: AsyncSession, help_channel):
    monday = NOW + timedelta(days=7)
    assert await has_due_digests(session, now=monday)
    await go_away(session, back=monday)

    assert not await has_due_digests(session, now=monday)
    assert await has_due_digests(session, now=monday + timedelta(hours=2))


# What came too early


async def test_what_came_too_early_is_read_late(session: AsyncSession):
    """Of the reply, the edit and the deletion we were told before we had what they are about."""
    await settle_in(session)
    await ask(session)
    await answer(session, "Ignore this.", by=EVA, seconds=30)
    edited = said("How do I correct the T1?", edited_at=at(20))

    await take_in_late(
        session,
        team_id=TEAM,
        channel_id=HELP,
        thread=await known(session),
        said=[edited, replied("Press Amend.")],
        there={ts(), ts(60)},
        now=at(90),
    )

    kept = {each.message_ts: each.text for each in await session.scalars(select(Answer))}
    assert (await question_of(session, ts())).text == "How do I correct the T1?"
    assert kept == {ts(30): "", ts(60): "Press Amend."}
