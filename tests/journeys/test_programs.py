"""Programs, from end to end: a token made in App Home, used over HTTP, ended again."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

from bot.access.webhooks import KINDS
from bot.settings import Settings
from sandbox import Person
from tests.journeys.conftest import Community, free_port

ASKED, SOLVED = "How do I correct the tariff code of a form?", "Press Amend in the register."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    inside = (ip_network("127.0.0.1/32"),)  # where the test's own system is
    return replace(settings, api_port=free_port(), helpdesk_networks=inside)


async def home_of(ready: Community, person: Person) -> dict[str, Any]:
    await person.open_home()
    home: dict[str, Any] = await ready.slack.until(lambda: person.home)
    return home


async def get(settings: Settings, path: str, secret: str) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {secret}"}
    address = f"{settings.api_address}/v1{path}"
    async with aiohttp.ClientSession(headers=headers) as http, http.get(address) as got:
        return got.status, await got.json()


async def make_token(ready: Community, person: Person) -> str:
    await person.click(await home_of(ready, person), "open_tokens")
    assert "You have no tokens." in str(person.view)
    await person.click(person.view, "make_token")
    await person.submit(
        {
            "name": {"value": "Search in our intranet"},
            "scopes": {"value": ["find", "experts"]},
            "days": {"value": "30"},
        }
    )
    found = re.search(r"askaround_[\w-]{43}", str(person.view))
    assert found
    return found.group()


@pytest.mark.on_both
async def test_a_program_finds_for_its_person_until_they_end_it(
    ready: Community, settings: Settings
):
    ana = ready.as_(ready.ana)
    await ready.solve(ready.bob, ready.ken, ASKED, SOLVED)
    secret = await make_token(ready, ana)

    status, found = await get(settings, "/search?q=tariff", secret)
    assert (status, found["results"][0]["answer"]) == (200, SOLVED)
    assert found["results"][0]["author"]["name"] == "Ken Sato"
    assert (await get(settings, "/me/kudos", secret))[0] == 403

    await ana.close_view()  # the secret: below it the list has the token
    assert "Search in our intranet" in str(ana.view)
    await ana.click(ana.view, "end_token")
    assert "You have no tokens." in str(ana.view)
    assert (await get(settings, "/search?q=tariff", secret))[0] == 401


class Receiver:
    """A system outside Slack that checks each call with the library of Standard Webhooks."""

    def __init__(self) -> None:
        self.secret = ""
        self.refuses = 0  # so many calls it does not take
        self.told: list[tuple[str, dict[str, Any]]] = []  # id and body of what it took

    async def on_call(self, request: web.Request) -> web.Response:
        body = await request.read()
        told = Webhook(self.secret).verify(body, dict(request.headers))
        if self.refuses:
            self.refuses -= 1
            return web.Response(status=503)
        self.told.append((request.headers["webhook-id"], told))
        return web.Response()

    @property
    def kinds(self) -> list[str]:
        return [told["type"] for _, told in self.told]


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/hook", receiver.on_call)
    server = TestServer(app)
    await server.start_server()
    yield receiver, str(server.make_url("/hook"))
    await server.close()


async def add_webhook(ready: Community, maria: Person, address: str, *kinds: str) -> str:
    await maria.click(await home_of(ready, maria), "open_webhooks")
    await maria.click(maria.view, "add_webhook")
    await maria.submit({"hand_off_url": {"value": address}, "kinds": {"value": [*kinds]}})
    found = re.search(r"whsec_[\w+/=]+", str(maria.view))
    assert found, maria.view
    await maria.close_view()
    return found.group()


@pytest.mark.on_both
async def test_a_webhook_is_told_what_happens_and_again_on_wish(
    ready: Community, receiver: tuple[Receiver, str]
):
    system, address = receiver
    maria = ready.as_(ready.maria)
    closed = ready.slack.add_channel(
        "board", members=[ready.maria, ready.bob, ready.slack.bot], is_private=True
    )
    await maria.command("/askaround", "channel on", closed)
    system.secret = await add_webhook(ready, maria, address, *KINDS)
    system.refuses = 1

    await ready.as_(ready.bob).post(closed, "Where is the plan for the layoffs of next year?")
    await ready.slack.delivered()
    await ready.solve(ready.bob, ready.ken, ASKED, SOLVED)
    await ready.slack.until(lambda: len(system.told) == 3)

    assert sorted(system.kinds) == ["question.answered", "question.opened", "question.solved"]
    (data,) = (told["data"] for _, told in system.told if told["type"] == "question.solved")
    assert data["question"]["asker"]["name"] == "Bob Miller"
    assert [each["text"] for each in data["solutions"]] == [SOLVED]
    assert "layoffs" not in str(system.told)

    await maria.click(maria.view, "webhook_calls")
    await ready.slack.until(lambda: "Told" in str(maria.view))
    await maria.click(maria.view, "webhook_again")
    await ready.slack.until(lambda: len(system.told) == 4)
    assert len({message_id for message_id, _ in system.told}) == 3


async def test_no_webhook_leads_inside_where_the_operator_does_not_allow_it(ready: Community):
    maria = ready.as_(ready.maria)

    await maria.click(await home_of(ready, maria), "open_webhooks")
    await maria.click(maria.view, "add_webhook")
    said = await maria.submit(
        {"hand_off_url": {"value": "https://10.0.0.7/hook"}, "kinds": {"value": ["gap.opened"]}}
    )

    assert "hand_off_url" in str(said)
