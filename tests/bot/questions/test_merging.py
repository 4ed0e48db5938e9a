import asyncio
import random
from contextlib import suppress

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.home import get_home
from bot.errors import (
    AlreadyMerged,
    AlreadySolved,
    AskedElsewhere,
    CannotBeMerged,
    NothingIsTheSame,
    OnlyAskerOrExpertMayMerge,
    QuestionIsGone,
    UserError,
)
from bot.experts import steps
from bot.experts.cards import MergedView, ReusedView
from bot.experts.claims import claim, pass_on, refer
from bot.experts.offer_notes import get_offer_note
from bot.finding.reuse import note_helped
from bot.questions.capture import call_not_a_question, reopen
from bot.questions.merging import get_merged_note, list_candidates, merge, unmerge
from bot.questions.messages import erase, hear
from bot.questions.solutions import settle
from bot.questions.suggestions import accept_suggestion, decline_suggestions, get_suggestions
from bot.recognition.kudos import get_effect
from bot.workspaces import join_workspace
from storage import outbox
from storage.database import Sessions, is_passing
from storage.questions import questions
from storage.recognition import channel_digest, kudos
from storage.tables import Question
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
    add_topic,
    ask,
    at,
    card_of,
    find,
    learn,
    learn_help_channel,
    owed,
    said,
    settle_in,
    tick,
    ts,
)

AGAIN = "Where can I correct a tariff code when the form is rejected?"
FIRST, SECOND = 0, 5000  # when they are asked


async def both(session: AsyncSession) -> tuple[int, int]:
    """Ana asks, and Pia asks the same later."""
    return await ask(session), await ask(session, AGAIN, by=PIA, seconds=SECOND)


async def say_same(
    session: AsyncSession, question_id: int, into_id: int, by: str = PIA, team_id: str = TEAM
) -> bool:
    return await merge(
        session,
        team_id=team_id,
        question_id=question_id,
        into_id=into_id,
        user_id=by,
        now=at(6000),
    )


async def say_two(session: AsyncSession, question_id: int, by: str = PIA) -> bool:
    return await unmerge(session, team_id=TEAM, question_id=question_id, user_id=by, now=at(7000))


async def reply(session: AsyncSession, to: float, seconds: float, by: str = BEN) -> str:
    """Reply to what was asked that many seconds after now; the reply's ts."""
    message = said("Press Amend.", by=by, seconds=seconds, thread_ts=ts(to))
    assert await hear(session, message, now=message.sent_at)
    return message.message_ts


async def candidates(session: AsyncSession, question_id: int, by: str = PIA) -> list[int]:
    found = await list_candidates(
        session, team_id=TEAM, question_id=question_id, user_id=by, now=at(6000)
    )
    return [each.question_id for each in found]


async def row(session: AsyncSession, question_id: int) -> Question:
    found = await questions.get(session, TEAM, question_id)
    assert found is not None
    return found


async def press(session: AsyncSession, act, question_id: int, by: str, **more):
    return await act(
        session, team_id=TEAM, question_id=question_id, user_id=by, now=at(8000), **more
    )


async def solved_for(session: AsyncSession, user_id: str = BEN) -> tuple[int, int]:
    effect = await get_effect(session, team_id=TEAM, user_id=user_id, viewer_id=ANA)
    return effect.solved, effect.reused


# Choosing


async def test_the_most_alike_come_first(session: AsyncSession, help_channel):
    other = await ask(session, "How do I paint a pallet?", seconds=-9000)
    solved = await ask(session, "How is a tariff code corrected?", seconds=-5000)
    await tick(session, await reply(session, -5000, -4000), seconds=-3000)
    first, second = await both(session)

    assert await candidates(session, second) == [first, solved, other]


async def test_what_waits_for_another_is_not_offered(session: AsyncSession, help_channel):
    first, second = await both(session)
    third = await ask(session, "How do I mend the rejected form?", by=EVA, seconds=9000)
    await say_same(session, second, first)
    withdrawn = await ask(session, "What is the right tariff code?", seconds=12000)
    await press(session, call_not_a_question, withdrawn, ANA)

    assert await candidates(session, third, EVA) == [first]


async def test_what_was_solved_long_ago_is_not_offered(session: AsyncSession, help_channel):
    month = -40 * 86_400
    await ask(session, seconds=month)
    await tick(session, await reply(session, month, month + 60), seconds=month + 100)
    second = await ask(session, AGAIN, by=PIA, seconds=SECOND)

    with pytest.raises(NothingIsTheSame):
        await candidates(session, second)


async def test_what_not_everybody_here_can_read_is_neither_offered_nor_taken(
    session: AsyncSession, help_channel
):
    await learn_help_channel(session, "C_SECRET", is_private=True, user_ids=[PIA, ANA])
    secret = said(AGAIN, by=ANA, channel_id="C_SECRET")
    await hear(session, secret, now=secret.sent_at)
    hidden = await session.scalar(select(Question.id).where(Question.channel_id == "C_SECRET"))
    second = await ask(session, AGAIN, by=PIA, seconds=SECOND)
    assert hidden is not None

    with pytest.raises(NothingIsTheSame):
        await candidates(session, second)
    with pytest.raises(CannotBeMerged):
        await say_same(session, second, hidden)


@pytest.mark.parametrize("act", [candidates, lambda s, q, by: say_same(s, q, q - 1, by)])
async def test_only_the_asker_an_expert_or_an_admin_may(session: AsyncSession, help_channel, act):
    await add_topic(session, experts=[BEN], keywords="tariff")
    _, second = await both(session)

    with pytest.raises(OnlyAskerOrExpertMayMerge, match=PIA):
        await act(session, second, EVA)
    for user_id in (PIA, BEN, ADA):
        await act(session, second, user_id)
        with suppress(UserError):
            await say_two(session, second, user_id)


async def test_another_workspace_knows_nothing_of_it(session: AsyncSession, help_channel):
    first, second = await both(session)
    await learn(session, PIA, team_id=OTHER_TEAM)

    with pytest.raises(QuestionIsGone):
        await say_same(session, second, first, team_id=OTHER_TEAM)


@pytest.mark.parametrize("forged", [0, 999])
async def test_what_is_not_there_cannot_be_chosen(session: AsyncSession, help_channel, forged: int):
    _, second = await both(session)

    for into_id in (forged, second):
        with pytest.raises(CannotBeMerged):
            await say_same(session, second, into_id)


async def test_what_is_solved_or_withdrawn_is_not_merged(session: AsyncSession, help_channel):
    first, second = await both(session)
    await tick(session, await reply(session, FIRST, 60))

    with pytest.raises(AlreadySolved):
        await say_same(session, first, second, by=ANA)
    await press(session, call_not_a_question, second, PIA)
    with pytest.raises(QuestionIsGone):
        await say_same(session, second, first)


# Merged


async def test_the_card_links_to_the_other_question(session: AsyncSession, help_channel):
    first, second = await both(session)

    assert await say_same(session, second, first) is True

    assert (await card_of(session, second)).merged == MergedView(HELP, ts())
    assert ("question_card", str(second)) in await owed(session)
    assert (await card_of(session, first)).merged is None


async def test_the_same_submission_again_changes_nothing(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)

    assert await say_same(session, second, first) is False
    third = await ask(session, "How is a tariff code corrected?", by=EVA, seconds=9000)
    with pytest.raises(AlreadyMerged):
        await say_same(session, second, third)


async def test_nobody_is_asked_about_a_merged_question(session: AsyncSession, help_channel):
    await learn_help_channel(session, user_ids=(ANA, BEN, EVA, PIA, ADA))
    await add_topic(session, experts=[BEN, EVA], keywords="tariff")
    first, second = await both(session)
    await say_same(session, second, first)

    assert (await row(session, second)).step_at is None
    home = await get_home(session, team_id=TEAM, user_id=BEN, now=NOW)
    assert [each.question_id for each in home.waiting] == [first]
    period = channel_digest.Period(TEAM, HELP, at(-9), at(9000))
    waiting, _ = await channel_digest.list_waiting(session, period, limit=5)
    assert [each.id for each in waiting] == [first]
    for act, more in ((claim, {}), (refer, {"to_id": ADA})):
        with pytest.raises(AskedElsewhere):
            await press(session, act, second, EVA, **more)
    asked = (await card_of(session, second)).asked
    await press(session, pass_on, second, BEN)
    assert len((await card_of(session, second)).asked) == len(asked) - 1


async def test_it_leaves_the_messages_of_those_who_were_asked(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN], keywords="tariff")
    first, second = await both(session)
    await press(session, refer, second, PIA, to_id=EVA)
    await session.flush()
    for offer in (await get_offer_note(session, TEAM, EVA), None):
        if offer is not None:
            assert [each.question_id for each in offer.items] == [second]

    await say_same(session, second, first)

    note = await get_offer_note(session, TEAM, EVA)
    assert note is None or note.items == ()


async def test_a_follow_up_of_a_merged_question_asks_nobody(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)
    await add_topic(session, experts=[BEN], keywords="seal")
    more = said("The seal too.", by=PIA, seconds=SECOND + 20)
    await hear(session, more, now=more.sent_at)

    assert (await card_of(session, second)).asked == ()
    assert (await row(session, second)).step_at is None


async def test_its_asker_sees_no_suggestions_any_more(session: AsyncSession, help_channel):
    _, second = await both(session)
    await tick(session, await reply(session, FIRST, 60))
    third = await ask(session, AGAIN, by=EVA, seconds=9000)
    assert await get_suggestions(session, TEAM, third) is not None

    await say_same(session, third, second, by=EVA)

    assert await get_suggestions(session, TEAM, third) is None


# Chains


async def test_merged_into_what_is_merged_goes_to_its_end(session: AsyncSession, help_channel):
    first, second = await both(session)
    third = await ask(session, "How is a tariff code corrected?", by=EVA, seconds=9000)
    await say_same(session, second, first)
    await say_same(session, third, second, by=EVA)

    assert (await row(session, third)).merged_into_id == first


async def test_what_was_merged_into_it_goes_with_it(session: AsyncSession, help_channel):
    first, second = await both(session)
    third = await ask(session, "How is a tariff code corrected?", by=EVA, seconds=9000)
    await say_same(session, third, second, by=EVA)
    await say_same(session, second, first)

    assert (await row(session, third)).merged_into_id == first


async def test_there_are_no_circles(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)

    with pytest.raises(CannotBeMerged):
        await say_same(session, first, second, by=ANA)


async def test_each_into_the_other_at_once_is_one_merge(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        first, second = await both(session)

    async def say(question_id: int, into_id: int, by: str) -> None:
        with suppress(UserError):
            async with sessions.begin() as session:
                await say_same(session, question_id, into_id, by)

    await asyncio.gather(*[say(first, second, ANA), say(second, first, PIA)] * 3)

    async with sessions.read() as session:
        merged = [(await row(session, each)).merged_into_id for each in (first, second)]
    assert merged in ([None, first], [second, None])


# Solved together


async def test_it_is_solved_with_the_other_and_its_asker_is_told_once(
    session: AsyncSession, help_channel
):
    first, second = await both(session)
    await say_same(session, second, first)
    answer_ts = await reply(session, FIRST, 6100)
    await tick(session, answer_ts, seconds=6200)

    card = await card_of(session, second)
    assert card.reused == ReusedView(HELP, ts(), BEN.title()) and card.merged is not None
    assert ("merged_note", str(second)) in await owed(session)
    note = await get_merged_note(session, TEAM, second)
    assert note is not None and note.asker_id == PIA
    assert note.result.solution == "Press Amend."

    await finish_owed(session)
    await tick(session, answer_ts, seconds=6300, on=False)
    assert await get_merged_note(session, TEAM, second) is None
    await tick(session, answer_ts, seconds=6400)
    assert (await card_of(session, second)).reused is not None
    assert ("merged_note", str(second)) not in await owed(session)


async def finish_owed(session: AsyncSession) -> None:
    for each in await outbox.claim_due(session, now=at(), seconds=0, limit=1000, claim="test"):
        await outbox.finish(session, each, claim="test")


async def test_a_solved_one_solves_it_at_once(session: AsyncSession, help_channel):
    first, second = await both(session)
    await tick(session, await reply(session, FIRST, 60))

    await say_same(session, second, first)

    assert (await row(session, second)).solved_at is not None
    assert ("merged_note", str(second)) in await owed(session)


async def test_credit_comes_from_its_askers_own_word(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)
    await tick(session, await reply(session, FIRST, 6100), seconds=6200)
    assert await solved_for(session) == (1, 0)

    await press(session, note_helped, first, PIA)

    assert await solved_for(session) == (1, 1)


async def test_it_opens_again_with_the_other(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)
    answer_ts = await reply(session, FIRST, 6100)
    await tick(session, answer_ts, seconds=6200)
    await tick(session, answer_ts, seconds=6300, on=False)

    card = await card_of(session, second)
    assert (card.reused, card.merged) == (None, MergedView(HELP, ts()))
    question = await row(session, second)
    assert question.solved_at is None and question.step_at is None


async def test_a_mark_in_its_own_thread_comes_first(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)
    own = await reply(session, SECOND, 6050, by=EVA)
    await tick(session, own, by=PIA, seconds=6060)
    await tick(session, await reply(session, FIRST, 6100), seconds=6200)

    assert [each.author_id for each in (await card_of(session, second)).solutions] == [EVA]
    assert (await row(session, second)).solved_at == at(6060)
    assert ("merged_note", str(second)) not in await owed(session)
    assert await solved_for(session, EVA) == (1, 0)
    assert len((await find(session)).results) == 2

    await tick(session, own, by=PIA, seconds=6300, on=False)
    assert (await row(session, second)).solved_at == at(6200)
    assert (await card_of(session, second)).reused is not None


async def test_it_is_solved_by_what_solved_the_other_for_its_asker(
    session: AsyncSession, help_channel
):
    earlier = await ask(session, seconds=-9000)
    await tick(session, await reply(session, -9000, -8000), seconds=-7000)
    first = await ask(session, AGAIN, by=EVA)
    second = await ask(session, "Where is the rejected form?", by=PIA, seconds=SECOND)
    await say_same(session, second, first)

    await press(session, accept_suggestion, first, EVA, solved_id=earlier)
    card = await card_of(session, second)
    assert card.reused is not None and card.reused.thread_ts == ts(-9000)
    note = await get_merged_note(session, TEAM, second)
    assert note is not None and note.result.question_id == earlier

    await press(session, decline_suggestions, first, EVA)
    assert (await row(session, second)).solved_at is None


async def test_the_askers_own_find_stays_theirs(session: AsyncSession, help_channel):
    earlier = await ask(session, seconds=-9000)
    await tick(session, await reply(session, -9000, -8000), seconds=-7000)
    first = await ask(session, "Where is the rejected form?", by=EVA)
    second = await ask(session, AGAIN, by=PIA, seconds=SECOND)
    await say_same(session, second, first)
    await press(session, accept_suggestion, second, PIA, solved_id=earlier)

    answer_ts = await reply(session, FIRST, 6100)
    await tick(session, answer_ts, by=EVA, seconds=6200)
    assert (await row(session, second)).reused_id == earlier

    await press(session, decline_suggestions, second, PIA)
    assert (await row(session, second)).reused_id == first
    await press(session, note_helped, first, PIA)
    await press(session, decline_suggestions, second, PIA)  # of the suggestion, not of the merge
    assert (await row(session, second)).reused_id == first
    assert await solved_for(session) == (2, 1)


async def test_who_asked_both_or_answered_is_not_told(session: AsyncSession, help_channel):
    first, second = await both(session)
    own = await ask(session, "How is the code of a rejected form corrected?", seconds=9000)
    await say_same(session, second, first)
    await say_same(session, own, first, by=ANA)
    await tick(session, await reply(session, FIRST, 10_000, by=PIA), seconds=10_100)

    assert ("merged_note", str(own)) not in await owed(session)
    assert await get_merged_note(session, TEAM, second) is None


async def test_what_the_asker_may_not_read_any_more_is_not_told(
    session: AsyncSession, help_channel
):
    first, second = await both(session)
    await say_same(session, second, first)
    await tick(session, await reply(session, FIRST, 6100), seconds=6200)
    await learn(session, PIA, is_deactivated=True)

    assert await get_merged_note(session, TEAM, second) is None


# Parted


async def test_not_the_same_goes_on_asking(session: AsyncSession, help_channel):
    await add_topic(session, experts=[BEN], keywords="tariff")
    first, second = await both(session)
    await say_same(session, second, first)

    assert await say_two(session, second) is True
    assert await say_two(session, second) is False

    question = await row(session, second)
    assert (question.stage, question.merged_into_id) == (steps.FEW, None)
    assert question.step_at is not None
    assert (await card_of(session, second)).merged is None


async def test_not_the_same_opens_what_the_other_solved(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)
    await tick(session, await reply(session, FIRST, 6100), seconds=6200)

    await say_two(session, second)

    question = await row(session, second)
    assert (question.solved_at, question.reused_id) == (None, None)


async def test_who_took_it_still_has_it_then(session: AsyncSession, help_channel):
    first, second = await both(session)
    await press(session, claim, second, BEN)
    await say_same(session, second, first)
    await say_two(session, second)

    assert (await card_of(session, second)).claimed_by == BEN
    assert (await row(session, second)).next_step == steps.RELEASE


async def test_only_those_who_may_merge_may_part(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)

    with pytest.raises(OnlyAskerOrExpertMayMerge):
        await say_two(session, second, by=ANA)


@pytest.mark.parametrize("how", ["called none", "deleted"])
async def test_it_is_asked_about_again_when_the_other_goes(
    session: AsyncSession, help_channel, how: str
):
    await add_topic(session, experts=[BEN], keywords="tariff")
    first, second = await both(session)
    await say_same(session, second, first)

    if how == "deleted":
        place = {"team_id": TEAM, "channel_id": HELP, "message_ts": ts()}
        await erase(session, **place, now=at(7000))
    else:
        await press(session, call_not_a_question, first, ANA)

    question = await row(session, second)
    assert question.merged_into_id is None and question.step_at is not None


async def test_what_the_other_solved_stays_solved_when_it_goes(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)
    await tick(session, await reply(session, FIRST, 6100), seconds=6200)

    await press(session, call_not_a_question, first, ANA)

    assert (await row(session, second)).solved_at is not None
    await say_two(session, second)
    assert (await row(session, second)).solved_at is None


async def test_a_withdrawn_one_is_merged_no_more(session: AsyncSession, help_channel):
    first, second = await both(session)
    await say_same(session, second, first)
    await tick(session, await reply(session, FIRST, 6100), seconds=6200)
    await press(session, call_not_a_question, second, PIA)
    await reopen(session, team_id=TEAM, question_id=second, now=at(9000))

    question = await row(session, second)
    assert (question.merged_into_id, question.solved_at) == (None, None)


# In any order


async def test_a_merge_and_a_mark_at_once_solve_both(sessions: Sessions):
    for round_ in range(3):
        base = 100_000 * (round_ + 1)
        async with sessions.begin() as session:
            await settle_in(session)
            first = await ask(session, seconds=base)
            second = await ask(session, AGAIN, by=PIA, seconds=base + SECOND)
            answer_ts = await reply(session, base, base + 6000)

        async def say(question_id: int, into_id: int) -> None:
            async with sessions.begin() as session:
                await say_same(session, question_id, into_id)

        async def mark(message_ts: str, seconds: float) -> None:
            async with sessions.begin() as session:
                await tick(session, message_ts, seconds=seconds)

        await asyncio.gather(say(second, first), mark(answer_ts, base + 6100))

        async with sessions.read() as session:
            assert (await row(session, second)).reused_id == first


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_the_order_no_question_is_lost(
    session: AsyncSession, help_channel, seed: int
):
    chance = random.Random(seed)
    await add_topic(session, experts=[BEN, EVA], keywords="tariff")
    asked = [0.0, 5000, 10_000, 15_000]
    ids = [await ask(session, by=by, seconds=at) for at, by in zip(asked, ACTORS, strict=True)]
    replies = [await reply(session, at, at + 400, by=EVA) for at in asked]
    for second in range(20_000, 20_060):
        question_id = chance.choice(ids)
        with suppress(UserError):
            match chance.randrange(6):
                case 0 | 1:
                    await say_same(session, question_id, chance.choice(ids), by=ADA)
                case 2:
                    await say_two(session, question_id, by=ADA)
                case 3:
                    mark = {"by": chance.choice(ACTORS), "on": chance.random() < 0.6}
                    await tick(session, chance.choice(replies), seconds=second, **mark)
                case 4:
                    await press(session, call_not_a_question, question_id, ADA)
                case 5:
                    await reopen(session, team_id=TEAM, question_id=question_id, now=at(second))
        await check_all(session, ids)


ACTORS = [ANA, PIA, BEN, EVA]


async def check_all(session: AsyncSession, ids: list[int]) -> None:
    await session.flush()
    rows = {each: await row(session, each) for each in ids}
    for question in rows.values():
        other = rows[question.merged_into_id] if question.merged_into_id else None
        if other is not None:
            assert question.withdrawn_at is None
            assert other.merged_into_id is None  # no chains, no circles
            assert (question.reused_id == other.id) == (other.solved_at is not None)
            assert question.solved_at or other.withdrawn_at is None
        elif question.solved_at is None and question.withdrawn_at is None:
            assert question.step_at or question.stage in (steps.HAND_OFF, steps.REST)
        if question.withdrawn_at is None:
            assert not await settle(session, TEAM, question.id, now=at())  # as the marks say
        facts = await kudos.list_of_question(session, question.id)
        assert len(facts) == len({(f.kind, f.giver_id, f.answer_id) for f in facts})


async def test_all_at_once_none_stands_in_anothers_way(sessions: Sessions):
    chance = random.Random(7)
    async with sessions.begin() as session:
        known = {"team_id": TEAM, "name": "Acme", "url": "", "bot_user_id": "U_BOT"}
        await join_workspace(session, **known, now=at())
        await settle_in(session)
        await add_topic(session, experts=[BEN, EVA], keywords="tariff")
        ids = [await ask(session, by=by, seconds=at * 5000) for at, by in enumerate(ACTORS)]
        replies = [await reply(session, at * 5000, at * 5000 + 400, by=EVA) for at in range(4)]

    async def act(second: int) -> None:
        question_id, into_id = chance.sample(ids, 2)
        kind, message_ts, is_on = chance.randrange(5), chance.choice(replies), second % 3 > 0

        async def once() -> None:
            async with sessions.begin() as session:
                match kind:
                    case 0 | 1:
                        await say_same(session, question_id, into_id, by=ADA)
                    case 2:
                        await say_two(session, question_id, by=ADA)
                    case 3:
                        await tick(session, message_ts, seconds=second, on=is_on)
                    case 4:
                        await press(session, call_not_a_question, question_id, ADA)

        with suppress(UserError):
            try:
                await once()
            except DBAPIError as error:
                # Merges and marks within milliseconds: the database takes one back, it comes again.
                assert is_passing(error)
                await once()

    for start in range(20_000, 20_100, 20):
        await asyncio.gather(*[act(start + each) for each in range(20)])
        async with sessions.begin() as session:
            for question_id in ids:
                await reopen(session, team_id=TEAM, question_id=question_id, now=at(start))

    async with sessions.begin() as session:
        await check_all(session, ids)
