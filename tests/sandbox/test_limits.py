"""What Slack lets an app read."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError


async def test_reading_is_refused_beyond_fifty_a_minute(slack, client, logistics):
    for _ in range(50):
        await client.conversations_history(channel=logistics.id)

    with pytest.raises(SlackApiError) as refusal:
        await client.conversations_history(channel=logistics.id)
    assert refusal.value.response.status_code == 429
    assert 0 < int(refusal.value.response.headers["Retry-After"]) <= 60
    slack.clock.advance(timedelta(minutes=1))
    await client.conversations_history(channel=logistics.id)


async def test_a_limited_app_reads_fifteen_objects_a_minute(slack, client, as_maria, logistics):
    slack.limits.is_limited = True
    parent = await as_maria.post(logistics, "0")
    for number in range(20):
        await as_maria.post(logistics, str(number))
        await as_maria.post(logistics, str(number), parent)

    history = await client.conversations_history(channel=logistics.id, limit=200)
    thread = await client.conversations_replies(channel=logistics.id, ts=parent, limit=200)

    assert (len(history["messages"]), history["has_more"]) == (15, True)
    assert (len(thread["messages"]), thread["has_more"]) == (15, True)
    with pytest.raises(SlackApiError):
        await client.conversations_history(channel=logistics.id)


async def test_a_free_plan_hides_what_is_old(slack, client, as_maria, logistics):
    old = await as_maria.post(logistics, "old")
    slack.clock.advance(timedelta(days=91))
    new = await as_maria.post(logistics, "new")
    slack.limits.hidden_after = timedelta(days=90)

    shown = (await client.conversations_history(channel=logistics.id))["messages"]

    assert [message["ts"] for message in shown] == [new]
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.conversations_replies(channel=logistics.id, ts=old)


async def test_only_some_of_those_who_reacted_are_named(slack, client, as_maria, logistics):
    ts = await as_maria.post(logistics, "Lunch?")
    for number in range(60):
        person = slack.add_user(f"person-{number}")
        await slack.join(person, logistics)
        await slack.act_as(person).react(logistics, ts, "+1")

    thread = await client.conversations_replies(channel=logistics.id, ts=ts)
    (reaction,) = thread["messages"][0]["reactions"]
    whole = await client.reactions_get(channel=logistics.id, timestamp=ts, full=True)

    assert (len(reaction["users"]), reaction["count"]) == (50, 60)
    assert len(whole["message"]["reactions"][0]["users"]) == 60
