"""A short answer put together by a model, against a small endpoint of our own; and without it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.settings import ModelAddress, Settings
from operating.bot import Bot
from sandbox import Person
from tests.endpoint import Endpoint, gist, opened
from tests.journeys.conftest import Community
from tests.journeys.test_finding import ANSWER, QUESTION, solved
from tests.journeys.test_pane import ASKED, answered

SAYS = "Press Amend first; the field opens then."
MADE = "put together by a language model"


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with opened() as endpoint:
        endpoint.says = lambda given: gist((SAYS, [1]))
        yield endpoint


@pytest.fixture
def settings(settings: Settings, endpoint: Endpoint) -> Settings:
    return replace(settings, model=ModelAddress(endpoint.url, "small", "secret-key"))


async def below(ready: Community, person: Person) -> dict:
    """What comes below what `/find` showed."""

    def shown() -> list[dict]:
        seen = person.sees(ready.channel)
        return [each for each in seen if each.get("is_ephemeral") and MADE in each["text"]]

    await ready.slack.until(shown)
    return shown()[-1]


async def test_below_what_was_found_comes_a_short_answer_with_its_sources(
    ready: Community, endpoint: Endpoint
):
    await solved(ready)
    ana = ready.as_(ready.ana)

    found = await ready.find(ready.ana, "rejected form")
    assert ANSWER in found and MADE not in found, "the results wait for no model"
    short = await below(ready, ana)

    assert SAYS in str(short["blocks"]) and f"|{QUESTION}>" in str(short["blocks"])
    assert "A language model can be wrong" in str(short["blocks"])
    (given,) = endpoint.given
    assert given == {
        "question": "rejected form",
        "sources": [{"number": 1, "question": QUESTION, "answer": ANSWER}],
    }
    assert endpoint.keys == ["Bearer secret-key"]


async def test_the_pane_answers_shortly_and_shows_what_that_is_from(
    ready: Community, endpoint: Endpoint
):
    await solved(ready)
    ana = ready.as_(ready.ana)

    ts = await ana.post(ana.dm_channel, ASKED)
    found = await answered(ready, ana, ts)

    assert MADE in found["text"] and SAYS in found["text"]
    assert ANSWER in str(found["blocks"]) and "Ask the experts" in str(found["blocks"])


async def test_the_window_of_app_home_gets_it_too(ready: Community, endpoint: Endpoint):
    await solved(ready)
    ana = ready.as_(ready.ana)
    await ana.open_home()
    await ready.slack.until(lambda: ana.home)
    assert ana.home is not None
    await ana.click(ana.home, "open_search")
    await ana.submit({"words": {"value": "rejected form"}})

    await ready.slack.until(lambda: SAYS in str(ana.view))
    assert ANSWER in str(ana.view)


@pytest.mark.parametrize(
    "written",
    [
        gist((SAYS, [2])),
        gist(("Press Amend first [7].", [1])),
        gist(("Press Amend first.", [])),
        gist(("Press Amend 3 times.", [1])),
        gist(("See http://evil.example for more.", [1])),
        "I think you should press Amend.",
    ],
    ids=["not given", "cited within", "no source", "a number", "an address", "no gist"],
)
async def test_what_cannot_be_traced_is_not_shown(
    ready: Community, endpoint: Endpoint, written: str
):
    await solved(ready)
    endpoint.says = lambda given: written
    ana = ready.as_(ready.ana)

    ts = await ana.post(ana.dm_channel, ASKED)
    found = await answered(ready, ana, ts)

    assert endpoint.asked and MADE not in str(found)
    assert ANSWER in str(found["blocks"]) and "A solved question about" in found["text"]


async def test_what_is_not_in_the_answers_is_said(ready: Community, endpoint: Endpoint):
    await solved(ready)
    endpoint.says = lambda given: gist(is_complete=False)
    ana = ready.as_(ready.ana)

    ts = await ana.post(ana.dm_channel, ASKED)
    assert "It is not in the answers" in (await answered(ready, ana, ts))["text"]

    endpoint.says = lambda given: gist((SAYS, [1]), is_complete=False)
    ts = await ana.post(ana.dm_channel, ASKED)
    assert "Some of what you asked is not in the answers." in str(await answered(ready, ana, ts))


@pytest.mark.parametrize("trouble", ["refuses", "hangs", "is gone"])
async def test_a_model_in_trouble_leaves_the_sources(
    ready: Community, bot: Bot, endpoint: Endpoint, trouble: str
):
    await solved(ready)
    endpoint.status, endpoint.hangs = (500 if trouble == "refuses" else 200), trouble == "hangs"
    model = bot.model
    assert model is not None
    model.timeout = aiohttp.ClientTimeout(total=0.2)
    if trouble == "is gone":
        model.url = "http://127.0.0.1:9/v1/chat/completions"
    ana = ready.as_(ready.ana)

    ts = await ana.post(ana.dm_channel, ASKED)

    found = await answered(ready, ana, ts)
    assert ANSWER in str(found["blocks"]) and MADE not in str(found)


async def test_an_expert_makes_it_their_reply_with_one_press_and_is_credited(
    ready: Community, endpoint: Endpoint
):
    await solved(ready)
    ken = ready.as_(ready.ken)
    asked = await ready.ask(ready.ana, "Who knows the customs form that opens on Mondays?")
    await ken.command("/find", "rejected form", ready.channel)
    short = await below(ready, ken)

    await ken.click(short["ts"], "reply_with_gist", channel=ready.channel)
    assert ken.view is not None and SAYS in str(ken.view["blocks"])
    await ken.submit({"reply": {"value": "Press Amend first, on Mondays too."}})

    def reply() -> dict | None:
        thread = ready.as_(ready.maria).sees(ready.channel, thread_ts=asked)
        return next((each for each in thread if "Ken Sato: Press" in each["text"]), None)

    await ready.slack.until(reply)
    posted = reply()
    assert posted is not None and "with the help of a language model" in str(posted["blocks"])
    assert "|an earlier answer>" in str(posted["blocks"]) and QUESTION not in str(posted)
    await ready.slack.until(lambda: is_said_in(ready, asked, "1 reply so far, by Ken Sato"))
    await ready.as_(ready.ana).react(ready.channel, posted["ts"], "white_check_mark")
    await ready.slack.until(lambda: is_said_in(ready, asked, f"Solved by <@{ready.ken.id}>"))


def is_said_in(ready: Community, thread_ts: str, words: str) -> bool:
    thread = ready.as_(ready.maria).sees(ready.channel, thread_ts=thread_ts)
    return any(words in each["text"] for each in thread)


async def test_nothing_is_posted_by_itself_and_nobody_is_offered_what_they_cannot_use(
    ready: Community, endpoint: Endpoint
):
    await solved(ready)
    ana = ready.as_(ready.ana)
    await ana.command("/find", "rejected form", ready.channel)

    short = await below(ready, ana)

    assert "reply_with_gist" not in str(short), "no open question waits for her"
    said = ready.as_(ready.maria).sees(ready.channel)
    assert not [each for each in said if MADE in each["text"]]
