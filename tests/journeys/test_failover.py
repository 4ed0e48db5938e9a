"""The database's first server dies while people ask, and the second takes over: nothing is lost,
and nothing is said twice."""

import asyncio
from dataclasses import replace

import pytest

from bench._postgres_pair import postgres_pair
from bot.settings import Settings
from operating.bot import running
from sandbox import Sandbox
from tests.journeys.conftest import TICK, a_community, until_it_hears

QUESTIONS = 12


@pytest.mark.own_engines
async def test_a_failover_loses_nothing_and_says_nothing_twice(slack: Sandbox, settings: Settings):
    slack.time_scale = 0.01  # what was not acknowledged comes again soon
    slack.patience = 180.0  # one post a second, on a machine that may be busy
    community = a_community(slack)
    people = [slack.add_user(f"asker{number}") for number in range(QUESTIONS)]
    with postgres_pair() as pair:
        ours = replace(settings, database_url=pair.url)
        for person in people:
            await slack.join(person, community.channel)
        async with running(ours, slack.clock.now, ticks_every=TICK) as bot:
            await slack.until(lambda: slack.connections)
            await until_it_hears(bot)
            await community.set_up()
            asked = []
            for number, person in enumerate(people):
                if number == QUESTIONS // 3:
                    await asyncio.to_thread(pair.fail)
                if number == 2 * QUESTIONS // 3:
                    await asyncio.to_thread(pair.promote)
                question = "How do I correct the tariff code of a rejected form?"
                asked.append(await slack.act_as(person).post(community.channel, question))
                await asyncio.sleep(0.1)

            # `card` fails where there is more than one.
            await slack.until(lambda: all(community.card(ts) for ts in asked))
            await slack.delivered()
