"""Commands, cards and modals of another version: a sentence, never a failure that Slack shows."""

import pytest

from sandbox import Sandbox
from sandbox.delivery import ACKED
from tests.journeys.conftest import Community
from tests.journeys.test_bad_input import QUESTION

SENTENCE = "I no longer know this"


@pytest.fixture(params=["socket", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_a_command_of_another_version_is_answered(ready: Community):
    answer = await ready.as_(ready.bob).command("/older", "words", ready.channel)

    assert SENTENCE in answer["text"]


async def test_a_button_of_an_old_card_is_answered_privately(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    card = ready.card(ts)
    assert card is not None
    rename_buttons(ready, card["ts"])

    await ready.as_(ready.ana).click(card["ts"], "older", channel=ready.channel, value="1")

    await ready.slack.until(lambda: SENTENCE in whispered(ready, ts))
    assert ready.slack.deliveries[-1].status == ACKED
    assert SENTENCE not in str(ready.as_(ready.bob).sees(ready.channel))


async def test_an_old_modal_that_is_sent_off_is_answered_in_it(ready: Community):
    ana = ready.as_(ready.ana)
    await ana.command("/ask", QUESTION, ready.channel)
    view = ready.slack.surfaces.top(ready.ana.id)
    assert view is not None
    view["callback_id"] = "older"

    await ana.submit()

    assert SENTENCE in str(ana.view)


async def test_an_old_shortcut_is_answered_privately(ready: Community):
    ana = ready.as_(ready.ana)
    ts = await ready.as_(ready.bob).post(ready.channel, "Good morning.")

    await ana.shortcut("older", ready.channel, ts)
    await ready.slack.until(lambda: SENTENCE in whispered(ready))
    await ana.shortcut("older")

    await ready.slack.until(lambda: SENTENCE in str(ana.dm()))


async def test_a_menu_that_asks_for_options_gets_none(ready: Community):
    answer = await ready.slack.outbound.ask("interactive", options_request(ready.slack, ready))

    assert answer == {"options": []}


def options_request(slack: Sandbox, community: Community) -> dict:
    return {
        "type": "block_suggestion",
        "team": {"id": slack.team_id, "domain": "sandbox"},
        "user": {"id": community.ana.id, "team_id": slack.team_id},
        "api_app_id": slack.app_id,
        "token": slack.app.verification_token,
        "action_id": "older",
        "block_id": "older",
        "value": "cus",
        "container": {"type": "view", "view_id": "V1"},
    }


def rename_buttons(community: Community, ts: str) -> None:
    message = community.slack.channels[community.channel.id].messages[ts]
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button":
                element["action_id"], element["value"] = "older", "1"
                return


def whispered(community: Community, thread_ts: str | None = None) -> str:
    seen = community.as_(community.ana).sees(community.channel, thread_ts=thread_ts)
    return str([each for each in seen if each.get("is_ephemeral")])
