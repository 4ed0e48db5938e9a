"""Was this the answer? Asked of people, where an archive alone tells that it was."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.archive.archives import Place
from bot.archive.checking import (
    A_WEEK,
    AGAIN_AFTER,
    WEEK,
    ask_unsure,
    call_answer,
    call_no_answer,
    call_other_answer,
    has_unsure,
    list_other_replies,
    switch_checks,
)
from bot.archive.preparing import Who, prepare_all
from bot.archive.taking_in import take_in
from bot.errors import AlreadyTold, NoOtherReply, OnlyWhoKnowsMayConfirm
from bot.finding.find import find_solved
from bot.finding.reviews import ReviewNote, confirm, doubt, get_review_note, note_posted
from handlers.blocks.finding.reviews import review_note
from storage.questions import archived
from storage.tables import Archived, Import, Kudos, Question
from tests.bot.archive.conftest import conversation, ts
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    PIA,
    TEAM,
    add_topic,
    count,
    owed,
    settle_in,
    tick,
)
from tests.conftest import NOW
from tests.databases import Scene

MINUTES = (
    f"{ANA}: How do I correct the tariff code of a rejected form?",
    f"{EVA}: You can also call customs in Basel, they do it for you.",
    f"{BEN}: Open the form, press Amend, and enter the new code there.",
)
PLACE = Place(HELP, "help")
HOUR = 3600


@pytest.fixture
def scene() -> Scene:
    return settle_in


async def bring(session: AsyncSession, *conversations: tuple[str, ...]) -> list[int]:
    """Take these in, an hour apart, as an archive that is read whole; the questions' numbers."""
    row = Import(
        team_id=TEAM, source="slack", name="e.zip", checksum="1", started_at=NOW, ended_at=NOW
    )
    session.add(row)
    await session.flush()
    told = []
    for at, lines in enumerate(conversations):
        posts = [
            post._replace(ts=f"{float(post.ts) + HOUR * at:.6f}")
            for post in conversation(*lines).posts
        ]
        told.append(conversation(*lines)._replace(posts=tuple(posts)))
    await take_in(session, row, {}, PLACE, prepare_all(told, Who()), now=NOW)
    return [*await session.scalars(select(Question.id).order_by(Question.id))]


@pytest.fixture
async def question_id(session: AsyncSession) -> int:
    """Ana asked, Eva and Ben replied, and nobody said what worked: by the rules it was Ben's."""
    [found] = await bring(session, MINUTES)
    return found


async def note_for(session: AsyncSession, user_id: str) -> ReviewNote | None:
    return await get_review_note(session, TEAM, user_id, now=NOW)


async def asked_about(session: AsyncSession, user_id: str) -> list[int]:
    note = await note_for(session, user_id)
    return [item.result.question_id for item in note.items] if note else []


async def shown_to(session: AsyncSession, user_id: str) -> str:
    note = await note_for(session, user_id)
    assert note is not None
    return str(review_note(note, "https://acme.slack.com/"))


async def row_of(session: AsyncSession, question_id: int) -> Archived:
    return (await archived.list_of(session, [question_id]))[question_id]


async def found_by_pia(session: AsyncSession) -> list[tuple[str, bool]]:
    found = await find_solved(session, team_id=TEAM, user_id=PIA, words="tariff code", now=NOW)
    return [(each.solution, each.is_unconfirmed) for each in found.results]


def by(user_id: str, question_id: int) -> dict:
    return {"team_id": TEAM, "question_id": question_id, "user_id": user_id, "now": NOW}


async def test_who_answered_is_asked_once_in_the_message_of_their_reviews(
    session: AsyncSession, question_id: int
):
    assert await has_unsure(session, now=NOW)
    assert await ask_unsure(session, now=NOW) == 1
    assert not await has_unsure(session, now=NOW)

    assert ("review_note", BEN) in await owed(session)
    assert await asked_about(session, BEN) == [question_id]
    assert await asked_about(session, EVA) == []
    assert "was this the answer?" in await shown_to(session, BEN)
    assert "still_true" not in await shown_to(session, BEN)


async def test_confirmed_it_says_so_and_is_asked_about_no_more(
    session: AsyncSession, question_id: int
):
    await ask_unsure(session, now=NOW)
    assert [each for _, each in await found_by_pia(session)] == [True]

    await call_answer(session, **by(BEN, question_id))

    assert [each for _, each in await found_by_pia(session)] == [False]
    row = await row_of(session, question_id)
    assert (row.confirmed_by, row.confirmed_at, row.ask_at) == (BEN, NOW, None)
    assert await asked_about(session, BEN) == []
    assert await count(session, Kudos) == 0
    for again in (call_answer, call_no_answer):
        with pytest.raises(AlreadyTold):
            await again(session, **by(BEN, question_id))


async def test_what_is_confirmed_stands_above_the_same_that_is_not(session: AsyncSession):
    words = [f"{BEN}: Open the form, press Amend, and enter the code {n}." for n in (1, 2)]
    first, second = await bring(session, *[(MINUTES[0], each) for each in words])

    for chosen, at in ((first, 0), (second, 1)):
        row = await row_of(session, chosen)
        await archived.confirm(session, chosen, user_id=BEN, at=NOW)
        assert (await found_by_pia(session))[0] == (words[at].removeprefix(f"{BEN}: "), False)
        await archived.confirm(session, chosen, user_id=None, at=None)
        assert row.confirmed_at is None


async def test_where_nothing_was_the_answer_nobody_finds_it(
    session: AsyncSession, question_id: int
):
    await ask_unsure(session, now=NOW)

    await call_no_answer(session, **by(BEN, question_id))

    assert await found_by_pia(session) == []
    assert await asked_about(session, BEN) == []
    assert await ask_unsure(session, now=NOW + 2 * AGAIN_AFTER) == 0


async def test_another_reply_takes_its_place(session: AsyncSession, question_id: int):
    who = {"team_id": TEAM, "question_id": question_id, "user_id": BEN}
    [(answer_id, words)] = await list_other_replies(session, **who)
    assert "Basel" in words
    with pytest.raises(NoOtherReply):
        await call_other_answer(session, **who, answer_id=answer_id + 99, now=NOW)

    await call_other_answer(session, **who, answer_id=answer_id, now=NOW)

    assert await found_by_pia(session) == [(words, False)]
    assert await count(session, Kudos) == 0


async def test_only_who_answered_or_knows_may_say(session: AsyncSession, question_id: int):
    for say in (call_answer, call_no_answer):
        with pytest.raises(OnlyWhoKnowsMayConfirm):
            await say(session, **by(PIA, question_id))
    with pytest.raises(OnlyWhoKnowsMayConfirm):
        await list_other_replies(session, team_id=TEAM, question_id=question_id, user_id=ANA)

    await call_answer(session, **by(ADA, question_id))

    assert (await row_of(session, question_id)).confirmed_by == ADA


async def test_a_few_a_week_and_none_more_until_these_are_answered(session: AsyncSession):
    ids = await bring(session, *[MINUTES] * 5)

    assert await ask_unsure(session, now=NOW) == A_WEEK
    assert sorted(await asked_about(session, BEN)) == ids[-A_WEEK:]  # the newest
    assert await ask_unsure(session, now=NOW + WEEK) == 0  # they said nothing yet

    for each in ids[-A_WEEK:]:
        await call_answer(session, **by(BEN, each))
    assert await ask_unsure(session, now=NOW + 2 * WEEK) == 2


async def test_switched_off_nothing_is_asked_and_on_again_it_goes_on(session: AsyncSession):
    await bring(session, *[MINUTES] * 5)
    await ask_unsure(session, now=NOW)
    assert "stop_checks" in await shown_to(session, BEN)
    await note_posted(
        session, team_id=TEAM, reviewer_id=BEN, channel_id="D1", message_ts="9.0", now=NOW
    )

    await switch_checks(session, team_id=TEAM, user_id=BEN, is_on=False, now=NOW)

    assert await asked_about(session, BEN) == []
    assert "start_checks" in await shown_to(session, BEN)
    assert await ask_unsure(session, now=NOW + AGAIN_AFTER) == 0
    await switch_checks(session, team_id=TEAM, user_id=BEN, is_on=True, now=NOW)
    assert await ask_unsure(session, now=NOW + 2 * AGAIN_AFTER) == A_WEEK


async def test_what_somebody_doubts_is_asked_about_all_the_same(
    session: AsyncSession, question_id: int
):
    await doubt(session, **by(PIA, question_id))
    await switch_checks(session, team_id=TEAM, user_id=BEN, is_on=False, now=NOW)

    assert "still_true" in await shown_to(session, BEN)
    await confirm(session, **by(BEN, question_id))

    assert (await row_of(session, question_id)).confirmed_by == BEN


async def test_when_who_answered_is_gone_an_expert_is_asked(session: AsyncSession):
    await add_topic(session, channel_id=HELP, experts=(EVA,), is_channel_topic=True)
    [found] = await bring(session, (MINUTES[0], "U_GONE: Press Amend and enter the new code."))

    assert await ask_unsure(session, now=NOW) == 1
    assert await asked_about(session, EVA) == [found]


async def test_nobody_is_asked_while_it_is_read_or_taken_out(
    session: AsyncSession, question_id: int
):
    imported = (await session.scalars(select(Import))).one()
    for field, value in (("ended_at", None), ("undone_at", NOW)):
        before = getattr(imported, field)
        setattr(imported, field, value)
        await session.flush()
        assert await ask_unsure(session, now=NOW) == 0
        setattr(imported, field, before)
    await session.flush()
    assert await ask_unsure(session, now=NOW) == 1


@pytest.mark.parametrize(("marker", "is_confirmed"), [(ANA, True), (ADA, True), (PIA, False)])
async def test_a_mark_of_today_confirms_it_where_it_counts_and_taken_off_no_more(
    session: AsyncSession, question_id: int, marker: str, is_confirmed: bool
):
    await ask_unsure(session, now=NOW)

    await tick(session, ts(120), by=marker)

    row = await row_of(session, question_id)
    assert row.confirmed_by == (marker if is_confirmed else None)
    assert (await asked_about(session, BEN) == []) is is_confirmed
    await tick(session, ts(120), by=marker, seconds=200, on=False)
    assert (await row_of(session, question_id)).confirmed_at is None
