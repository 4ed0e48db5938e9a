import asyncio
from collections.abc import Iterable
from contextlib import suppress

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AlreadySplit,
    NotAnAnswer,
    NothingToAsk,
    OnlyThoseMaySplit,
    ReplyIsGone,
    UserError,
)
from bot.experts.cards import AskedByCommand, Source, get_asked_by_command
from bot.questions.capture import call_not_a_question, note_posted
from bot.questions.messages import capture_pointed_at, erase, hear, reword
from bot.questions.solutions import accept_solution, check_may_accept, settle
from bot.questions.splitting import Splittable, get_splittable, split
from bot.recognition.kudos import get_effect
from storage.database import Sessions
from storage.questions import answers, questions
from storage.recognition import kudos
from storage.tables import Answer, Question
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
    answer,
    ask,
    at,
    card_of,
    count,
    find,
    learn,
    learn_help_channel,
    owed,
    replied,
    said,
    settle_in,
    tick,
    ts,
)

ANOTHER = "And how do I print the seal?"
POSTED = ts(5000)


async def second_question(session: AsyncSession, by: str = PIA) -> tuple[str, str, str]:
    """In the thread of Ana's question Ben replies, somebody asks another thing, and Eva
    replies to that; the ts of the three."""
    await ask(session)
    first = await answer(session, "Press Amend.", seconds=60)
    another = await answer(session, ANOTHER, by=by, seconds=90)
    return first, another, await answer(session, "On the label printer.", by=EVA, seconds=120)


async def row(session: AsyncSession, message_ts: str) -> Answer:
    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": message_ts}
    found = await answers.get_by_message(session, **place)
    assert found is not None
    return found


async def offered(
    session: AsyncSession, message_ts: str, by: str = ANA, team_id: str = TEAM
) -> Splittable | None:
    return await get_splittable(
        session, team_id=team_id, channel_id=HELP, message_ts=message_ts, user_id=by
    )


async def split_off(
    session: AsyncSession,
    message_ts: str,
    later: Iterable[str] = (),
    *,
    by: str = ANA,
    topic_id: int | None = None,
    team_id: str = TEAM,
) -> int:
    return await split(
        session,
        team_id=team_id,
        answer_id=(await row(session, message_ts)).id,
        user_id=by,
        topic_id=topic_id,
        later_ids=[(await row(session, each)).id for each in later],
        now=at(4990),
    )


async def post(session: AsyncSession, question_id: int) -> None:
    await note_posted(
        session, team_id=TEAM, question_id=question_id, message_ts=POSTED, now=at(5000)
    )


async def question(session: AsyncSession, question_id: int) -> Question:
    found = await questions.get(session, TEAM, question_id)
    assert found is not None
    return found


async def shown(session: AsyncSession, question_id: int) -> AskedByCommand:
    found = await get_asked_by_command(session, TEAM, question_id)
    assert found is not None
    return found


async def solved(session: AsyncSession, user_id: str) -> int:
    effect = await get_effect(session, team_id=TEAM, user_id=user_id, viewer_id=ANA)
    return effect.solved


# Asked


async def test_a_reply_becomes_its_authors_question(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN], keywords="seal")
    _, another, _ = await second_question(session)

    new = await split_off(session, another)

    assert ("question_post", str(new)) in await owed(session)
    assert await shown(session, new) == AskedByCommand(
        HELP, PIA, ANOTHER, None, False, Source(another, ts()), "U_Pia"
    )
    await post(session, new)
    card = await card_of(session, new)
    assert (card.asker_id, card.thread_ts, card.asked_ids) == (PIA, POSTED, (BEN,))
    assert (await shown(session, new)).message_ts == POSTED


async def test_the_reply_is_no_answer_any_more(session: AsyncSession, help_channel):
    _, another, _ = await second_question(session)
    old = (await row(session, another)).question_id
    assert (await card_of(session, old)).answers == 3

    await split_off(session, another)

    assert (await card_of(session, old)).answers == 2
    assert ("question_card", str(old)) in await owed(session)
    late = replied(ANOTHER, by=PIA, seconds=90)
    await hear(session, late, now=late.sent_at)  # Slack delivers it again
    assert (await card_of(session, old)).answers == 2
    with pytest.raises(NotAnAnswer):
        await check_may_accept(
            session, team_id=TEAM, channel_id=HELP, message_ts=another, user_id=ANA
        )


async def test_the_asker_too_may_have_asked_two_things(session: AsyncSession, help_channel):
    _, another, later = await second_question(session, by=ANA)

    new = await split_off(session, another, [later])
    await post(session, new)

    assert (await question(session, new)).asker_id == ANA
    assert (await card_of(session, new)).answers == 1


async def test_what_is_chosen_with_it_is_listed(session: AsyncSession, help_channel):
    _, another, later = await second_question(session)

    reply = await offered(session, another)

    assert reply is not None and (reply.author_id, reply.text) == (PIA, ANOTHER)
    assert [(each.author, each.text) for each in reply.later] == [
        (EVA.title(), "On the label printer.")
    ]
    assert reply.later[0].answer_id == (await row(session, later)).id


async def test_the_topic_may_be_chosen(session: AsyncSession, help_channel):
    topic = await add_topic(session, "Printing")
    _, another, _ = await second_question(session)

    new = await split_off(session, another, topic_id=topic.topic_id)

    assert (await question(session, new)).topic_id == topic.topic_id


async def test_what_its_author_says_next_in_the_channel_is_another_thing(
    session: AsyncSession, help_channel
):
    _, another, _ = await second_question(session)
    new = await split_off(session, another)
    await post(session, new)
    more = said("It is urgent.", by=PIA, seconds=5010)
    await hear(session, more, now=more.sent_at)

    assert (await question(session, new)).text == ANOTHER


# Who may, and what


async def test_only_those_it_concerns_may(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN], keywords="tariff")
    _, another, _ = await second_question(session)

    for act in (offered, split_off):
        with pytest.raises(OnlyThoseMaySplit, match=PIA):
            await act(session, another, by=EVA)
    for user_id in (PIA, ANA, BEN, ADA):
        assert await offered(session, another, by=user_id) is not None


async def test_who_cannot_read_it_learns_nothing(session: AsyncSession, help_channel):
    _, another, _ = await second_question(session)
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])
    await learn(session, PIA, team_id=OTHER_TEAM)

    for stranger in ({"by": PIA}, {"team_id": OTHER_TEAM}):
        with pytest.raises(ReplyIsGone):
            await split_off(session, another, **stranger)
        assert await offered(session, another, **stranger) is None


async def test_what_is_no_reply_is_asked_about_as_ever(session: AsyncSession, help_channel):
    await ask(session)

    assert await offered(session, ts()) is None
    assert await offered(session, ts(777)) is None


async def test_the_same_reply_is_split_once(session: AsyncSession, help_channel):
    _, another, _ = await second_question(session)
    await split_off(session, another)

    for act in (offered, split_off):
        with pytest.raises(AlreadySplit):
            await act(session, another)


async def test_twice_at_once_is_one_question(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        _, another, later = await second_question(session)

    async def go() -> None:
        with suppress(UserError):
            async with sessions.begin() as session:
                await split_off(session, another, [later])

    await asyncio.gather(*[go() for _ in range(5)])

    async with sessions.read() as session:
        assert await count(session, Question) == 2


async def test_withdrawn_it_can_be_asked_again(session: AsyncSession, help_channel):
    _, another, _ = await second_question(session)
    new = await split_off(session, another)
    await post(session, new)
    who = {"team_id": TEAM, "question_id": new, "user_id": PIA}
    await call_not_a_question(session, **who, now=at(6000))

    assert await offered(session, another) is None
    await capture_pointed_at(
        session,
        replied(ANOTHER, by=PIA, seconds=90),
        team_id=TEAM,
        channel_id=HELP,
        user_id=PIA,
        now=at(7000),
    )
    assert (await question(session, new)).withdrawn_at is None


async def test_a_deleted_reply_cannot_be_split(session: AsyncSession, help_channel):
    _, another, _ = await second_question(session)
    answer_id = (await row(session, another)).id
    await delete(session, another)

    assert await offered(session, another) is None
    with pytest.raises(ReplyIsGone):
        await split_off(session, another)
    with pytest.raises(ReplyIsGone):
        await split(
            session,
            team_id=TEAM,
            answer_id=answer_id + 999,
            user_id=ANA,
            topic_id=None,
            later_ids=[],
            now=at(),
        )


async def test_a_reply_without_words_asks_nothing(session: AsyncSession, help_channel):
    await ask(session)
    picture = await answer(session, "", by=PIA)

    with pytest.raises(NothingToAsk):
        await split_off(session, picture)


async def test_only_later_replies_of_the_thread_go_with_it(session: AsyncSession, help_channel):
    first, another, later = await second_question(session)
    await ask(session, seconds=10_000, by=BEN)
    elsewhere = said("Elsewhere.", by=EVA, seconds=10_060, thread_ts=ts(10_000))
    await hear(session, elsewhere, now=elsewhere.sent_at)
    gone = await answer(session, "Gone.", by=EVA, seconds=150)
    await delete(session, gone)

    new = await split_off(session, another, [first, another, later, elsewhere.message_ts, gone])

    moved = [each.message_ts for each in await answers.list_of(session, new)]
    assert moved == [later]


async def delete(session: AsyncSession, message_ts: str, seconds: float = 3000) -> None:
    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": message_ts}
    await erase(session, **place, now=at(seconds))


# Credit


async def test_a_mark_on_what_went_with_it_solves_the_new_question(
    session: AsyncSession, help_channel
):
    _, another, later = await second_question(session)
    new = await split_off(session, another, [later])
    await post(session, new)

    await tick(session, later, by=PIA, seconds=6000)

    solution = (await card_of(session, new)).solutions[0]
    assert (solution.author_id, solution.thread_ts) == (EVA, ts())
    assert await solved(session, EVA) == 1
    found = (await find(session, "seal")).results[0]
    assert (found.thread_ts, found.solution_thread_ts) == (POSTED, ts())


async def test_marks_from_before_go_with_the_reply(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN], keywords="tariff, seal")
    first, another, later = await second_question(session)
    old = (await row(session, first)).question_id
    for message_ts in (first, later):
        await tick(session, message_ts, seconds=200)
    await tick(session, later, by=PIA, seconds=210)
    assert len((await card_of(session, old)).solutions) == 2

    new = await split_off(session, another, [later])
    await post(session, new)

    assert [each.author_id for each in (await card_of(session, old)).solutions] == [BEN]
    card = await card_of(session, new)
    assert [each.author_id for each in card.solutions] == [EVA]
    assert (card.asked, (await question(session, new)).step_at) == ((), None)
    assert (await solved(session, BEN), await solved(session, EVA)) == (1, 1)
    for question_id in (old, new):
        assert not await settle(session, TEAM, question_id, now=at(9000))


async def test_a_solved_thread_opens_again_where_its_solution_went(
    session: AsyncSession, help_channel
):
    _, another, later = await second_question(session)
    old = (await row(session, another)).question_id
    await tick(session, later, seconds=200)
    assert (await find(session)).total == 1

    await split_off(session, another, [later])

    old_question = await question(session, old)
    assert old_question.solved_at is None and old_question.step_at is not None
    assert (await find(session)).total == 0
    assert await kudos.list_of_question(session, old) == []


async def test_a_mark_on_the_reply_that_was_split_solves_nothing(
    session: AsyncSession, help_channel
):
    _, another, _ = await second_question(session)
    old = (await row(session, another)).question_id
    await tick(session, another, seconds=200)
    assert (await question(session, old)).solved_at is not None

    new = await split_off(session, another)
    await post(session, new)
    await tick(session, another, by=PIA, seconds=6000)

    for each in (old, new):
        assert (await question(session, each)).solved_at is None
    assert await solved(session, PIA) == 0
    assert ("close_offer", str(new)) in await owed(session)  # no reply is left to it


async def test_a_mark_and_a_split_at_once_lose_nothing(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        _, another, later = await second_question(session)

    async def mark() -> None:
        place = {"team_id": TEAM, "channel_id": HELP, "message_ts": later}
        async with sessions.begin() as session:
            await accept_solution(session, **place, user_id=PIA, now=at(300))

    async def go() -> int:
        async with sessions.begin() as session:
            return await split_off(session, another, [later])

    new, _ = await asyncio.gather(go(), mark())

    async with sessions.read() as session:
        assert (await question(session, new)).solved_at is not None
        assert await solved(session, EVA) == 1


async def test_a_reply_in_the_new_thread_can_be_split_once_more(
    session: AsyncSession, help_channel
):
    _, another, later = await second_question(session)
    new = await split_off(session, another, [later])
    await post(session, new)

    third = await split_off(session, later, by=EVA)

    assert (await shown(session, third)).source == Source(later, ts())
    assert (await card_of(session, new)).answers == 0


# Edited and deleted


async def test_the_question_follows_the_reply_that_is_edited(session: AsyncSession, help_channel):
    _, another, _ = await second_question(session)
    new = await split_off(session, another)
    await post(session, new)

    edited = replied("How do I print two seals?", by=PIA, seconds=90)
    await reword(session, edited, now=at(6000))

    assert (await question(session, new)).text == "How do I print two seals?"
    assert (await shown(session, new)).text == "How do I print two seals?"
    assert ("question_post", str(new)) in await owed(session)


@pytest.mark.parametrize("is_posted", [True, False])
async def test_deleting_the_reply_withdraws_the_question_and_its_words(
    session: AsyncSession, help_channel, is_posted: bool
):
    _, another, _ = await second_question(session)
    new = await split_off(session, another)
    if is_posted:
        await post(session, new)
    await delete(session, another, 6000)
    if not is_posted:  # it was being posted
        await post(session, new)

    after = await shown(session, new)
    assert (after.text, after.is_withdrawn, after.message_ts) == ("", True, POSTED)
    assert ("question_post", str(new)) in await owed(session)
    assert (await question(session, new)).step_at is None
    assert ANOTHER not in str([vars(each) for each in await questions.list_parts(session, new)])


async def test_deleting_what_the_bot_posted_withdraws_it_too(session: AsyncSession, help_channel):
    _, another, _ = await second_question(session)
    new = await split_off(session, another)
    await post(session, new)
    await delete(session, POSTED, 6000)

    assert (await shown(session, new)).is_withdrawn
    assert (await question(session, new)).text == ""


@pytest.mark.parametrize("change", ["edited", "deleted"])
async def test_a_split_and_a_change_of_the_reply_at_once(sessions: Sessions, change: str):
    async with sessions.begin() as session:
        await settle_in(session)
        _, another, _ = await second_question(session)

    async def go() -> None:
        with suppress(UserError):
            async with sessions.begin() as session:
                await split_off(session, another)

    async def alter() -> None:
        async with sessions.begin() as session:
            if change == "edited":
                edited = replied("How do I print two seals?", by=PIA, seconds=90)
                await reword(session, edited, now=at(6000))
            else:
                await delete(session, another, 6000)

    await asyncio.gather(go(), alter())

    async with sessions.read() as session:
        place = {"team_id": TEAM, "channel_id": HELP, "message_ts": another}
        part = await questions.get_part(session, **place)
        text = (await question(session, part.question_id)).text if part else ""
    assert text == ("How do I print two seals?" if change == "edited" else "")
