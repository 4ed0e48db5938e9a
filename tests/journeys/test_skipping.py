"""*Next thing that happens*: the demo's clock stops where the bot says something by itself."""

from datetime import timedelta

import pytest

from operating.bot import Bot, InSandbox
from sandbox import Sandbox, SlackError
from sandbox.skipping import skip_to_next
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected T1 form?"


@pytest.fixture
def people(ready: Community, bot: Bot) -> Community:
    ready.slack.due_after = InSandbox(bot).due_after
    return ready


async def test_the_clock_stops_where_the_bot_goes_on_and_not_before(people: Community):
    slack, before = people.slack, people.slack.clock.now()
    ts = await people.ask(people.bob, QUESTION)

    said = await skip_to_next(slack)

    card = people.card(ts)
    assert card is not None
    assert {"channel": people.channel.id, "ts": card["ts"], "thread_ts": ts, "for": ""} in said
    assert before < slack.clock.now() < before + timedelta(days=4)


async def test_what_one_person_is_told_says_whom(people: Community):
    slack = people.slack
    await people.solve(people.bob, people.ken, QUESTION, "Press Amend first.")

    readers: set[str] = set()
    while "this week" not in str(slack.act_as(people.ken).dm()):  # until his Friday
        said = await skip_to_next(slack)
        assert said, "something is due each week"
        readers |= {each["for"] for each in said}

    assert "ken" in readers


async def test_a_bare_slack_has_nothing_to_skip_to():
    with pytest.raises(SlackError, match="nothing_to_skip_to"):
        await skip_to_next(Sandbox({"display_information": {"name": "Nobody"}}))
