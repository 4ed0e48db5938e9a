"""A conversation with an agent: what could be asked, what it is doing, what a thread is called."""

from datetime import timedelta

import pytest

from sandbox import Sandbox
from tests.sandbox.conftest import MANIFEST

PROMPT = {"title": "Help", "message": "What can you do?"}
VIEW = {"agent_description": "Helps.", "suggested_prompts": [PROMPT]}


def manifest(view: object = VIEW, *, scope: str = "assistant:write", **features: object) -> dict:
    scopes = [*MANIFEST["oauth_config"]["scopes"]["bot"], *([scope] if scope else [])]
    given = {**MANIFEST["features"], **({"agent_view": view} if view else {}), **features}
    return {**MANIFEST, "features": given, "oauth_config": {"scopes": {"bot": scopes}}}


@pytest.fixture
async def slack():
    async with Sandbox(manifest()) as sandbox:
        yield sandbox


async def test_prompts_stand_above_the_conversation(slack, call, as_maria, logistics):
    place, mine = as_maria.dm_channel.id, [{"title": "A", "message": "b"}]
    assert as_maria.prompts == [PROMPT]

    method = "assistant.threads.setSuggestedPrompts"
    assert (await call(method, channel_id=place, prompts=mine, title="T"))["ok"]
    assert as_maria.prompts == mine
    ts = await as_maria.post(place, "hello")
    ignored = [{"title": "C", "message": "d"}]
    assert (await call(method, channel_id=place, prompts=ignored, thread_ts=ts))["ok"]
    assert as_maria.prompts == mine

    for prompts in ([], [PROMPT] * 5, "x", [{"title": "A"}], ["A"]):
        answer = await call(method, channel_id=place, prompts=prompts)
        assert answer["error"] == "invalid_arguments"
    assert (await call(method, channel_id=logistics.id, prompts=mine))["error"] == (
        "channel_not_found"
    )


async def test_a_status_goes_when_the_app_says_something_or_after_two_minutes(
    slack, call, as_maria
):
    place = as_maria.dm_channel.id
    ts = await as_maria.post(place, "hello")
    about = {"channel_id": place, "thread_ts": ts}

    await call("assistant.threads.setStatus", **about, status="is thinking…")
    assert as_maria.status(ts) == "is thinking…"
    await call("chat.postMessage", channel=place, thread_ts=ts, text="Hello.")
    assert as_maria.status(ts) == ""

    await call("assistant.threads.setStatus", **about, status="is thinking…")
    slack.clock.advance(timedelta(minutes=2))
    assert as_maria.status(ts) == ""
    assert (await call("assistant.threads.setStatus", **about))["error"] == "invalid_arguments"
    wrong = {"channel_id": place, "thread_ts": "1.0", "status": "x"}
    assert (await call("assistant.threads.setStatus", **wrong))["error"] == "invalid_thread_ts"


async def test_a_thread_has_a_title(slack, call, as_maria):
    place = as_maria.dm_channel.id
    ts = await as_maria.post(place, "hello")

    await call("assistant.threads.setTitle", channel_id=place, thread_ts=ts, title="Greetings")

    assert as_maria.title(ts) == "Greetings"


async def test_an_app_without_an_agent_view_has_none_of_it():
    async with Sandbox(MANIFEST) as slack:
        assert slack.act_as(slack.add_user("bob")).prompts == []
        assert not slack.manifest.agent_view


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (manifest(scope=""), "need each other"),
        (manifest(None), "need each other"),
        (manifest({"suggested_prompts": []}), "agent_description has 1 to 300"),
        (manifest({"agent_description": "x" * 301}), "agent_description has 1 to 300"),
        (manifest({**VIEW, "suggested_prompts": [PROMPT] * 5}), "At most 4 prompts"),
        (manifest({**VIEW, "suggested_prompts": [{"title": "x"}]}), "a title and a message"),
        (manifest(assistant_view={}), "no assistant_view any more"),
    ],
)
def test_a_manifest_that_slack_does_not_take_is_refused(given: dict, problem: str):
    with pytest.raises(ValueError, match=problem):
        Sandbox(given)
