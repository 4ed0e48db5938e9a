import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyAdmins, ProposalIsSettled
from bot.experts.proposals import (
    MOST_SHOWN,
    WITHIN,
    ProposalNote,
    Proposed,
    accept,
    add_proposed,
    decline,
    get_proposal_note,
    list_proposed,
    note_posted,
    propose_if_due,
    put_off,
)
from bot.experts.topics import get_topic, leave_topic
from bot.people import learn_group
from bot.questions.messages import hear
from storage.database import Sessions
from storage.tables import Kudos, Proposal, Question
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
    at,
    count,
    learn,
    owed,
    said,
    settle_in,
    tick,
    ts,
)

CUSTOMS = 2  # the first topic is the channel's own
BEN_IS_ASKED = ("proposal_note", f"{CUSTOMS}:{BEN}")
MONTH = 30 * 86_400


async def solve(
    session: AsyncSession, number: int, *, by: str = BEN, asker: str = ANA, seconds: float = 0
) -> str:
    """A question about customs that this person solves; the reply's ts."""
    start = seconds + number * 1000
    await hear(
        session, said(f"How is customs form {number} done?", by=asker, seconds=start), now=at(start)
    )
    reply = said("Press Amend.", by=by, seconds=start + 60, thread_ts=ts(start))
    await hear(session, reply, now=at(start + 60))
    await tick(session, reply.message_ts, by=asker, seconds=start + 120)
    return reply.message_ts


async def solve_three(session: AsyncSession, *, by: str = BEN) -> list[str]:
    return [
        await solve(session, number, by=by, asker=asker)
        for number, asker in enumerate((ANA, EVA, ANA))
    ]


async def customs(session: AsyncSession, **changes) -> int:
    return (await add_topic(session, **{"keywords": "form", **changes})).topic_id


async def note_of(
    session: AsyncSession, user_id: str = BEN, team_id: str = TEAM
) -> ProposalNote | None:
    return await get_proposal_note(session, team_id, CUSTOMS, user_id)


async def shown(session: AsyncSession, viewer_id: str = ADA, team_id: str = TEAM) -> list[str]:
    """Whom an admin sees as possible experts."""
    seen = await list_proposed(session, team_id=team_id, viewer_id=viewer_id)
    return [each.user_id for each in seen]


def answered(user_id: str = BEN, team_id: str = TEAM, **changes) -> dict:
    about = {"team_id": team_id, "topic_id": CUSTOMS, "user_id": user_id, "now": at(10_000)}
    return {**about, **changes}


async def experts(session: AsyncSession) -> tuple[str, ...]:
    topic = await get_topic(session, team_id=TEAM, name="customs")
    assert topic is not None
    return topic.member_ids


async def test_who_solved_three_questions_of_two_askers_is_asked(
    session: AsyncSession, help_channel
):
    topic_id = await customs(session)
    for number, asker in enumerate((ANA, EVA)):
        await solve(session, number, asker=asker)
    assert await count(session, Proposal) == 0

    await solve(session, 2)

    assert BEN_IS_ASKED in await owed(session)
    assert await note_of(session) == ProposalNote(topic_id, "Customs", BEN, 3)
    assert await list_proposed(session, team_id=TEAM, viewer_id=ADA) == (
        Proposed(topic_id, "Customs", BEN, 3, 2),
    )


async def test_three_questions_of_one_asker_are_a_friendship(session: AsyncSession, help_channel):
    await customs(session)
    for number in range(4):
        await solve(session, number)

    assert await count(session, Proposal) == 0


async def test_two_answers_to_one_question_are_one_question(session: AsyncSession, help_channel):
    await customs(session)
    await solve(session, 0, asker=EVA)
    await solve(session, 1)
    again = said("Or resend it.", by=BEN, seconds=1200, thread_ts=ts(1000))
    await hear(session, again, now=at(1200))
    await tick(session, again.message_ts, seconds=1300)

    assert await count(session, Proposal) == 0


async def test_help_of_long_ago_and_on_other_topics_does_not_count(
    session: AsyncSession, help_channel
):
    await customs(session)
    await solve(session, 0, asker=EVA)
    await solve(session, 1, seconds=4 * MONTH)
    await solve(session, 2, seconds=4 * MONTH)
    await add_topic(session, "Payroll", keywords="payslip")
    asked = said("Where is my payslip?", by=EVA, seconds=4 * MONTH + 5000)
    await hear(session, asked, now=asked.sent_at)
    reply = said("There.", by=BEN, seconds=4 * MONTH + 5060, thread_ts=asked.message_ts)
    await hear(session, reply, now=reply.sent_at)
    await tick(session, reply.message_ts, by=EVA, seconds=4 * MONTH + 5100)

    assert timedelta(seconds=4 * MONTH) > WITHIN
    assert await count(session, Proposal) == 0


async def test_help_that_was_taken_back_does_not_count(session: AsyncSession, help_channel):
    await customs(session)
    first = await solve(session, 0, asker=EVA)
    await solve(session, 1)
    await tick(session, first, by=EVA, seconds=1500, on=False)
    await solve(session, 2)

    assert await count(session, Proposal) == 0


async def test_what_is_taken_back_afterwards_is_not_asked_or_shown(
    session: AsyncSession, help_channel
):
    await customs(session)
    replies = await solve_three(session)
    await tick(session, replies[0], seconds=9000, on=False)

    assert await note_of(session) is None
    assert await shown(session) == []


@pytest.mark.parametrize("experts", [[BEN], ["S_CUSTOMS"]])
async def test_an_expert_is_not_asked_to_be_one(
    session: AsyncSession, help_channel, experts: list[str]
):
    await customs(session, experts=experts)
    await learn_group(session, team_id=TEAM, usergroup_id="S_CUSTOMS", user_ids=[BEN], now=at())
    await solve_three(session)

    assert await count(session, Proposal) == 0


@pytest.mark.parametrize("flag", ["is_guest", "is_external", "is_bot", "is_deactivated"])
async def test_only_full_members_are_asked(session: AsyncSession, help_channel, flag: str):
    await customs(session)
    await learn(session, BEN, **{flag: True})
    await solve_three(session)

    assert await count(session, Proposal) == 0


async def test_who_is_no_member_any_more_is_neither_asked_nor_shown_nor_added(
    session: AsyncSession, help_channel
):
    await customs(session)
    await solve_three(session)
    await learn(session, BEN, is_deactivated=True)

    assert await note_of(session) is None
    assert await shown(session) == []
    with pytest.raises(ProposalIsSettled):
        await add_proposed(session, **answered(ADA), expert_id=BEN)


async def test_of_whom_we_know_nothing_slack_is_asked(session: AsyncSession, help_channel):
    await customs(session)
    await solve_three(session, by="U_ZOE")
    assert ("read_person", "U_ZOE") in await owed(session)
    assert await count(session, Proposal) == 0

    await learn(session, "U_ZOE")
    await solve(session, 3, by="U_ZOE")
    assert await shown(session) == ["U_ZOE"]


async def test_nobody_is_asked_twice(session: AsyncSession, help_channel):
    await customs(session)
    replies = await solve_three(session)
    await note_posted(session, team_id=TEAM, topic_id=CUSTOMS, user_id=BEN, message_ts=ts())
    await solve(session, 3, asker=EVA)
    await tick(session, replies[0], seconds=9000, on=False)
    await tick(session, replies[0], seconds=9100)

    assert await count(session, Proposal) == 1
    assert await note_of(session) is None


async def test_who_joins_is_an_expert_and_settles_it(session: AsyncSession, help_channel):
    await customs(session)
    await solve_three(session)

    assert await accept(session, **answered()) == ("Customs", True)
    assert await accept(session, **answered()) == ("Customs", False)
    assert await decline(session, **answered()) == ("Customs", False)
    assert await experts(session) == (BEN,)
    assert await shown(session) == []
    assert await note_of(session) is None


async def test_who_declines_is_never_asked_or_shown_again(session: AsyncSession, help_channel):
    await customs(session)
    await solve_three(session)

    for _ in range(2):
        assert await decline(session, **answered()) == ("Customs", True)
    await solve(session, 3, asker=EVA)

    assert await experts(session) == ()
    assert await shown(session) == []
    assert await note_of(session) is None
    with pytest.raises(ProposalIsSettled):
        await add_proposed(session, **answered(ADA), expert_id=BEN)


@pytest.mark.parametrize("answer", [accept, decline])
@pytest.mark.parametrize(("user_id", "team_id"), [(PIA, TEAM), (BEN, OTHER_TEAM)])
async def test_only_who_was_asked_can_answer(
    session: AsyncSession, help_channel, answer, user_id: str, team_id: str
):
    await customs(session)
    await solve_three(session)

    with pytest.raises(ProposalIsSettled):
        await answer(session, **answered(user_id, team_id))
    assert await experts(session) == ()


async def test_an_admin_asks_them_to_be_an_expert(session: AsyncSession, help_channel):
    await customs(session)
    await solve_three(session)
    await note_posted(session, team_id=TEAM, topic_id=CUSTOMS, user_id=BEN, message_ts=ts())
    await owed(session)

    await add_proposed(session, **answered(ADA), expert_id=BEN)

    assert ("invitation", f"{CUSTOMS}:{BEN}") in await owed(session)
    assert await experts(session) == ()
    assert await shown(session) == []
    await accept(session, **answered())
    assert await experts(session) == (BEN,)


@pytest.mark.parametrize("change", [add_proposed, put_off])
async def test_only_admins_see_and_answer_for_others(session: AsyncSession, help_channel, change):
    await customs(session)
    await solve_three(session)

    assert await shown(session, PIA) == await shown(session, ADA, OTHER_TEAM) == []
    for user_id, team_id, error in (
        (PIA, TEAM, OnlyAdmins),
        (BEN, TEAM, OnlyAdmins),
        (ADA, OTHER_TEAM, OnlyAdmins),
    ):
        with pytest.raises(error):
            await change(session, **answered(user_id, team_id), expert_id=BEN)
    with pytest.raises(ProposalIsSettled):
        await change(session, **answered(ADA), expert_id=PIA)
    assert await experts(session) == ()


async def test_an_admin_of_another_workspace_reaches_nothing_here(
    session: AsyncSession, help_channel
):
    await customs(session)
    await solve_three(session)
    await learn(session, ADA, is_admin=True, team_id=OTHER_TEAM)

    assert await shown(session, ADA, OTHER_TEAM) == []
    with pytest.raises(ProposalIsSettled):
        await add_proposed(session, **answered(ADA, OTHER_TEAM), expert_id=BEN)


async def test_what_an_admin_puts_off_comes_again_with_more_help(
    session: AsyncSession, help_channel
):
    await customs(session)
    await solve_three(session)
    await put_off(session, **answered(ADA, now=at(3000)), expert_id=BEN)
    await solve(session, 4)
    await solve(session, 5)
    assert await shown(session) == []

    await solve(session, 6)
    assert await shown(session) == [BEN]


async def test_admins_see_a_few_who_solved_most_first(session: AsyncSession, help_channel):
    await customs(session)
    people = [f"U_{number}" for number in range(MOST_SHOWN + 2)]
    for place, user_id in enumerate(people):
        await learn(session, user_id)
        for number in range(3 + (user_id == people[-1])):
            asker = (ANA, EVA)[number % 2]
            await solve(session, number, by=user_id, asker=asker, seconds=place * 10_000)

    assert await shown(session) == [people[-1], *people[: MOST_SHOWN - 1]]


async def test_who_left_after_joining_is_not_shown_again(session: AsyncSession, help_channel):
    await customs(session)
    await solve_three(session)
    await accept(session, **answered())
    await leave_topic(session, team_id=TEAM, name="customs", user_id=BEN, now=NOW)

    assert await shown(session) == []


async def test_two_who_count_the_same_help_at_once_ask_once(sessions: Sessions):
    async with sessions.begin() as session:
        await settle_in(session)
        await customs(session)
        for number, asker in enumerate((ANA, EVA, PIA)):
            question = Question(
                team_id=TEAM,
                channel_id=HELP,
                asker_id=asker,
                text="form",
                topic_id=CUSTOMS,
                asked_at=at(),
            )
            session.add(question)
            await session.flush()
            session.add(fact(question, number))
        question_id = question.id

    async def propose() -> None:
        async with sessions.begin() as session:
            question = await session.get(Question, question_id)
            assert question is not None
            await propose_if_due(session, question, [BEN], now=at())

    await asyncio.gather(propose(), propose())

    async with sessions.begin() as session:
        assert await count(session, Proposal) == 1
        assert BEN_IS_ASKED in await owed(session)


def fact(question: Question, number: int) -> Kudos:
    return Kudos(
        team_id=TEAM,
        kind="solved",
        giver_id=question.asker_id,
        receiver_id=BEN,
        question_id=question.id,
        channel_id=HELP,
        given_at=at(number),
    )


async def test_who_solves_in_a_channel_without_a_topic_is_asked_to_help_there(
    session: AsyncSession, help_channel
):
    await solve_three(session)

    assert ("proposal_note", f"1:{BEN}") in await owed(session)
    note = await get_proposal_note(session, TEAM, 1, BEN)
    assert note is not None and (note.channel_id, note.solved) == (HELP, 3)
