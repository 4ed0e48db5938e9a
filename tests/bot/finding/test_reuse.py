import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    HelpedYourself,
    NotAllCanRead,
    NotInChannel,
    QuestionIsGone,
)
from bot.finding.reuse import get_share, get_shared, note_helped, note_shared, share
from bot.questions.messages import erase, reword
from bot.recognition.kudos import get_effect
from handlers.blocks.experts.cards import question_card
from storage.tables import Outbox
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    OTHER_TEAM,
    PIA,
    TEAM,
    answer,
    ask,
    at,
    card_of,
    find,
    learn,
    learn_help_channel,
    owed,
    question_of,
    replied,
    said,
    solve,
    tick,
    ts,
)
from tests.bot.recognition.test_kudos import hear_and_mark

CAFE = "C_CAFE"


async def helped(session: AsyncSession, question_id: int, by: str = PIA, team_id: str = TEAM):
    return await note_helped(
        session, team_id=team_id, question_id=question_id, user_id=by, now=at(500)
    )


async def reused(session: AsyncSession, user_id: str = BEN) -> int:
    effect = await get_effect(session, team_id=TEAM, user_id=user_id, viewer_id=ANA)
    return effect.reused


async def test_what_helped_somebody_later_is_credited_to_its_author(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)

    assert await helped(session, question_id) == [BEN]

    assert await reused(session) == 1
    assert (await find(session)).results[0].helped == 2


async def test_one_person_says_so_once(session: AsyncSession, help_channel):
    question_id = await solve(session)
    for _ in range(3):
        await helped(session, question_id)

    assert await reused(session) == 1


async def test_who_marked_it_in_the_thread_has_said_so(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await tick(session, ts(60), by=PIA, seconds=130)
    await helped(session, question_id)
    await helped(session, question_id, by=ANA)  # she asked, and her ✅ says it

    assert await reused(session) == 0


async def test_everybody_who_solved_it_is_credited(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await tick(session, await answer(session, "Or call them.", by=EVA, seconds=70))

    assert await helped(session, question_id) == [BEN, EVA]
    assert (await reused(session, BEN), await reused(session, EVA)) == (1, 1)


async def test_nobody_is_credited_for_helping_themselves(session: AsyncSession, help_channel):
    question_id = await solve(session)

    with pytest.raises(HelpedYourself):
        await helped(session, question_id, by=BEN)


async def test_another_mark_leaves_it_credited(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await helped(session, question_id)
    await tick(session, ts(60), by=EVA, seconds=600)

    assert await reused(session) == 1


async def test_what_cannot_be_read_helps_nobody(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN])
    await learn(session, PIA, team_id=OTHER_TEAM)

    for team_id in (TEAM, OTHER_TEAM):
        with pytest.raises(QuestionIsGone):
            await helped(session, question_id, team_id=team_id)


async def test_what_helped_more_comes_first(session: AsyncSession, help_channel):
    ids = []
    for n in range(2):
        ids.append(await ask(session, f"How do I paint pallet {n}?", seconds=1000 * n))
        reply = said("So.", by=BEN, seconds=1000 * n + 60, thread_ts=ts(1000 * n))
        await hear_and_mark(session, reply, by=ANA)
    assert [each.question_id for each in (await find(session, "paint pallet")).results] == ids[::-1]

    for user_id in (PIA, EVA, ADA):
        await helped(session, ids[0], by=user_id)

    assert [each.question_id for each in (await find(session, "paint pallet")).results] == ids


async def share_in(session: AsyncSession, question_id: int, channel_id: str) -> bool:
    return await share(
        session,
        team_id=TEAM,
        question_id=question_id,
        user_id=PIA,
        channel_id=channel_id,
        now=at(500),
    )


async def test_it_is_shared_where_everybody_can_read_it(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await learn_help_channel(session, CAFE, is_private=True, user_ids=[PIA, EVA])

    await share_in(session, question_id, CAFE)

    assert ("share", f"{CAFE}:{question_id}:{PIA}") in await owed(session)
    shown = await get_share(session, TEAM, CAFE, question_id, PIA)
    assert shown is not None and shown.result.solution == "Press Amend."


@pytest.mark.parametrize("stranger", [{"is_guest": True}, {"is_external": True}])
async def test_it_is_not_shared_where_somebody_cannot_read_it(
    session: AsyncSession, help_channel, stranger: dict
):
    question_id = await solve(session)
    await learn(session, "U_GUEST", **stranger)
    await learn_help_channel(session, CAFE, user_ids=[PIA, "U_GUEST"])

    with pytest.raises(NotAllCanRead):
        await share_in(session, question_id, CAFE)


async def test_a_private_answer_is_shared_among_its_readers_only(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await learn_help_channel(session, is_private=True, user_ids=[ANA, BEN, PIA])
    await learn_help_channel(session, CAFE, user_ids=[PIA, EVA])

    with pytest.raises(NotAllCanRead):
        await share_in(session, question_id, CAFE)
    await share_in(session, question_id, HELP)


async def test_strangers_are_looked_up_before_anything_is_shared(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await learn_help_channel(session, CAFE, user_ids=[PIA, "U_NEW"])

    assert not await share_in(session, question_id, CAFE)

    assert ("read_person", "U_NEW") in await owed(session)


async def test_it_is_not_shared_where_the_bot_is_not(session: AsyncSession, help_channel):
    with pytest.raises(NotInChannel):
        await share_in(session, await solve(session), "C_ELSEWHERE")


async def test_what_became_unreadable_meanwhile_is_not_posted(session: AsyncSession, help_channel):
    question_id = await solve(session)
    await learn_help_channel(session, CAFE, user_ids=[PIA])
    await share_in(session, question_id, CAFE)
    await learn(session, "U_GUEST", is_guest=True)
    await learn_help_channel(session, CAFE, user_ids=[PIA, "U_GUEST"])

    assert await get_share(session, TEAM, CAFE, question_id, PIA) is None


async def post_share(session: AsyncSession) -> tuple[int, str]:
    """A solved question that is shown in the cafe; its id, and what is owed when it changes."""
    question_id = await solve(session)
    await learn_help_channel(session, CAFE, user_ids=[PIA])
    await share_in(session, question_id, CAFE)
    await note_shared(
        session,
        team_id=TEAM,
        channel_id=CAFE,
        question_id=question_id,
        sharer_id=PIA,
        message_ts=ts(600),
        now=at(600),
    )
    return question_id, f"{CAFE}:{question_id}:{ts(600)}"


async def shown_now(session: AsyncSession, question_id: int) -> str | None:
    is_there, shown = await get_shared(session, TEAM, CAFE, question_id, ts(600))
    assert is_there
    return shown.result.solution if shown else None


async def test_a_share_follows_what_it_shows(session: AsyncSession, help_channel):
    question_id, post = await post_share(session)
    assert ("shared_post", post) not in await owed(session)

    await reword(session, replied("Press Correct."), now=at(700))

    assert ("shared_post", post) in await owed(session)
    assert await shown_now(session, question_id) == "Press Correct."


@pytest.mark.parametrize("seconds", [0, 60], ids=["the question", "its solution"])
async def test_a_share_goes_with_what_it_shows(session: AsyncSession, help_channel, seconds: int):
    question_id, post = await post_share(session)

    place = {"team_id": TEAM, "channel_id": HELP, "message_ts": ts(seconds)}
    await erase(session, **place, now=at(700))

    assert ("shared_post", post) in await owed(session)
    assert await shown_now(session, question_id) is None


async def test_what_was_deleted_while_it_was_posted_is_taken_away(
    session: AsyncSession, help_channel
):
    question_id = await solve(session)
    await learn_help_channel(session, CAFE, user_ids=[PIA])
    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(700))
    posted = {"channel_id": CAFE, "question_id": question_id, "message_ts": ts(600)}

    await note_shared(session, team_id=TEAM, sharer_id=PIA, **posted, now=at(600))

    assert ("shared_post", f"{CAFE}:{question_id}:{ts(600)}") in await owed(session)


async def test_another_workspaces_share_is_none_of_ours(session: AsyncSession, help_channel):
    question_id, _ = await post_share(session)

    assert await get_shared(session, OTHER_TEAM, CAFE, question_id, ts(600)) == (False, None)


async def test_a_card_says_that_what_it_links_to_was_deleted(session: AsyncSession, help_channel):
    solved_id = await solve(session)
    asked_id = await ask(session, by=PIA, seconds=600)
    question = await question_of(session, ts(600))
    question.reused_id, question.reused_at, question.solved_at = solved_id, at(700), at(700)
    await session.execute(delete(Outbox))  # all that was owed is done

    await erase(session, team_id=TEAM, channel_id=HELP, message_ts=ts(), now=at(800))

    assert ("question_card", str(asked_id)) in await owed(session)
    assert "which was deleted since" in str(question_card(await card_of(session, asked_id), ""))
