"""What is outside Slack can be tried in the demo too: a calendar, and a helpdesk's system."""

from dataclasses import replace
from ipaddress import ip_network

import aiohttp
import pytest

from bot.settings import Settings
from sandbox import Sandbox
from sandbox.page.traffic import newest
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected T1 form?"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As in the demo."""
    return replace(settings, helpdesk_networks=(ip_network("127.0.0.1/32"),))


async def test_who_is_in_the_demo_s_workshop_is_not_asked(ready: Community):
    ken = ready.as_(ready.ken)
    address = f"{ready.slack.address}/outside/calendar.ics"

    said = ""
    await ken.command("/experts", f"calendar {address}", ready.channel)
    while "I last read your calendar" not in said:
        await ready.slack.until(lambda: True)
        said = str(await ken.command("/experts", "calendar", ready.channel))

    card = await ready.card_saying(await ready.ask(ready.bob, QUESTION), "Customs")
    assert ready.ken.id not in card["text"]


async def test_what_the_demo_s_helpdesk_is_told_stands_in_the_traffic(slack: Sandbox):
    told = {"type": "question.handed_off", "data": {"text": QUESTION}}

    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{slack.address}/outside/helpdesk", json=told) as answer,
    ):
        assert (await answer.json())["reference"].startswith("HD-")

    assert newest(slack)[-1]["what"] == "helpdesk: question.handed_off"
