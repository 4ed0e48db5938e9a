"""Trouble on demand."""

import time

import pytest
from aiohttp import ClientConnectionError
from slack_sdk.errors import SlackApiError


async def test_a_rate_limit_says_when_to_come_back(slack, client, logistics):
    slack.faults.add(method="chat.postMessage", kind="rate_limited", retry_after=7)

    with pytest.raises(SlackApiError, match="ratelimited") as refused:
        await client.chat_postMessage(channel=logistics.id, text="hello")

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "7"
    assert (await client.chat_postMessage(channel=logistics.id, text="hello"))["ok"]


@pytest.mark.parametrize(("kind", "kept"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_with_and_without_effect(
    slack, client, as_maria, logistics, kind, kept
):
    slack.faults.add(method="chat.postMessage", kind=kind)

    with pytest.raises(ClientConnectionError):
        await client.chat_postMessage(channel=logistics.id, text="hello")

    assert len(as_maria.sees(logistics)) == kept


async def test_errors_delays_and_every_method(slack, client):
    slack.faults.add(method="auth.test", kind="error", error="account_inactive")
    slack.faults.add(method="*", kind="server_error")
    slack.faults.add(method="*", kind="delay", seconds=0.05)

    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    with pytest.raises(SlackApiError, match="service_unavailable"):
        await client.auth_test()
    began = time.monotonic()
    await client.auth_test()
    assert time.monotonic() - began >= 0.05


async def test_faults_count_down_and_can_be_cleared(slack, client):
    slack.faults.add(method="auth.test", kind="error", times=5)
    slack.faults.clear()

    assert (await client.auth_test())["ok"]


async def test_a_misspelt_fault_is_refused(slack):
    with pytest.raises(ValueError, match="rate_limited"):
        slack.faults.add(method="auth.test", kind="ratelimit")
