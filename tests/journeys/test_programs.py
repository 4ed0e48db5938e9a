"""Programs, from end to end: a token made in App Home, used over HTTP, ended again."""

import re
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.settings import Settings
from sandbox import Person
from tests.journeys.conftest import Community, free_port

ASKED, SOLVED = "How do I correct the tariff code of a form?", "Press Amend in the register."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, api_port=free_port())


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
