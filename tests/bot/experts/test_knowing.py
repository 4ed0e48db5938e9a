"""What is said of those who are asked is true."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.steps import take_due_steps
from bot.questions.messages import hear
from storage.experts import learning, offers
from storage.search import asks_alike
from tests.bot.conftest import ASKED, BEN, EVA, HELP, PIA, add_topic, ask, at, said, solve, tick, ts


@pytest.fixture
async def topic(session: AsyncSession, help_channel: str) -> None:
    await add_topic(session, experts=(BEN, EVA, PIA), is_channel_topic=True, channel_id=HELP)


async def solved_like(session: AsyncSession, question_id: int) -> dict[str, int]:
    return {each.user_id: each.solved_like for each in await offers.list_of(session, question_id)}


async def test_who_solved_the_same_is_said_to_have(session: AsyncSession, topic: None):
    await solve(session)

    again = await ask(
        session, "How can I correct the tariff code of my rejected form?", seconds=900
    )

    assert (await solved_like(session, again))[BEN] == 1


async def test_eight_others_solved_say_nothing_of_plants(session: AsyncSession, topic: None):
    for number, about in enumerate(("stapler", "printer", "scanner", "badge")):
        await ask(session, f"How do I order a new {about} for the office?", seconds=900 * number)
        reply = said("Ask Eva.", by=BEN, seconds=900 * number + 60, thread_ts=ts(900 * number))
        await hear(session, reply, now=reply.sent_at)
        await tick(session, reply.message_ts, seconds=900 * number + 120)

    plants = await ask(
        session, "Who waters the plants of the office over Christmas?", seconds=9_000
    )

    assert set((await solved_like(session, plants)).values()) == {0}


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        (ASKED, "How can I correct the tariff code of a form that was rejected?", True),
        (ASKED, "How do I print the tariff code on a form?", False),
        (ASKED, "Who waters the plants?", False),
        ("Printer?", "Printer?", False),  # one word means too many things
        ("", "", False),
    ],
)
def test_alike_is_what_asks_for_the_same(one: str, other: str, are_alike: bool):
    assert asks_alike(one, other) is are_alike


async def test_the_next_few_are_asked_by_what_was_known_at_first(
    session: AsyncSession, topic: None
):
    await solve(session)
    question_id = await ask(session, seconds=900)
    kept = (await learning.list_kept(session, [question_id]))[question_id]

    await take_due_steps(session, now=at(900) + timedelta(hours=4))

    assert set(kept.figures) == {BEN, EVA, PIA}
    assert len(await offers.list_of(session, question_id)) == 3
    assert await learning.list_kept(session, [question_id]) == {question_id: kept}
