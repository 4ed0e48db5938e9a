"""History, threads and pages."""

from datetime import UTC, datetime

import pytest

from sandbox import SlackError


async def test_history_walks_back_page_by_page(client, as_maria, logistics):
    for number in range(5):
        await as_maria.post(logistics, str(number))

    pages = []
    async for page in await client.conversations_history(channel=logistics.id, limit=2):
        pages.append([message["text"] for message in page["messages"]])

    assert pages == [["4", "3"], ["2", "1"], ["0"]]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"oldest": 1}, ["3", "2"]),
        ({"oldest": 1, "inclusive": True}, ["3", "2", "1"]),
        ({"latest": 2}, ["1", "0"]),
        ({"latest": 2, "inclusive": True}, ["2", "1", "0"]),
        ({"oldest": 0, "latest": 2}, ["1"]),
    ],
)
async def test_history_between_two_moments(client, as_maria, logistics, bounds, expected):
    posted = [await as_maria.post(logistics, str(number)) for number in range(4)]
    moments = {
        name: posted[value] if name in ("oldest", "latest") else value
        for name, value in bounds.items()
    }

    answer = await client.conversations_history(channel=logistics.id, **moments)

    assert [message["text"] for message in answer["messages"]] == expected


async def test_a_thread_brings_its_parent_and_its_replies(client, as_maria, as_bob, logistics):
    parent = await as_maria.post(logistics, "How?")
    reply = await as_bob.post(logistics, "Like this", parent)

    thread = (await client.conversations_replies(channel=logistics.id, ts=parent))["messages"]
    alone = (await client.conversations_replies(channel=logistics.id, ts=reply))["messages"]
    history = (await client.conversations_history(channel=logistics.id))["messages"]

    assert [message["ts"] for message in thread] == [parent, reply]
    assert thread[0]["reply_count"] == 1
    assert thread[0]["latest_reply"] == reply
    assert thread[1]["parent_user_id"] == as_maria.user.id
    assert [message["thread_ts"] for message in alone] == [parent]
    assert [message["ts"] for message in history] == [parent]


async def test_long_threads_come_in_pages(client, as_maria, logistics):
    parent = await as_maria.post(logistics, "0")
    for number in range(1, 6):
        await as_maria.post(logistics, str(number), parent)

    texts = []
    thread = {"channel": logistics.id, "ts": parent, "limit": 4}
    async for page in await client.conversations_replies(**thread):
        texts += [message["text"] for message in page["messages"]]

    assert texts == ["0", "1", "2", "3", "4", "5"]


async def test_a_broadcast_reply_stands_in_the_channel_too(client, as_maria, logistics):
    parent = await as_maria.post(logistics, "How?")
    await client.chat_postMessage(
        channel=logistics.id, text="Done", thread_ts=parent, reply_broadcast=True
    )

    assert [message["text"] for message in as_maria.sees(logistics)] == ["How?", "Done"]
    assert as_maria.sees(logistics)[1]["subtype"] == "thread_broadcast"


async def test_metadata_is_kept_and_shown_only_when_asked_for(client, logistics):
    metadata = {"event_type": "card", "event_payload": {"key": "k1"}}
    await client.chat_postMessage(channel=logistics.id, text="card", metadata=metadata)

    plain = await client.conversations_history(channel=logistics.id)
    full = await client.conversations_history(channel=logistics.id, include_all_metadata=True)

    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_a_replayed_message_stands_where_its_time_puts_it(as_maria, logistics):
    await as_maria.post(logistics, "today")
    ts = await as_maria.post(logistics, "long ago", at=datetime(2020, 5, 1, 12, tzinfo=UTC))

    assert ts == "1588334400.000000"
    assert [message["text"] for message in as_maria.sees(logistics)] == ["long ago", "today"]


async def test_a_deleted_parent_leaves_a_tombstone_until_its_replies_are_gone(
    as_maria, as_bob, logistics
):
    parent = await as_maria.post(logistics, "How?")
    reply = await as_bob.post(logistics, "Like this", parent)

    await as_maria.delete(logistics, parent)
    tombstone = as_maria.sees(logistics)[0]
    await as_bob.delete(logistics, reply)

    assert (tombstone["subtype"], tombstone["user"]) == ("tombstone", "USLACKBOT")
    assert as_maria.sees(logistics) == []


async def test_members_are_listed_in_pages(client, logistics):
    members = []
    async for page in await client.conversations_members(channel=logistics.id, limit=2):
        members += page["members"]

    assert members == list(logistics.members)


async def test_people_see_only_what_they_may_read(slack, maria, bob, as_bob):
    secret = slack.add_channel("secret", [maria], is_private=True)
    public = slack.add_channel("public", [maria])
    guest = slack.act_as(slack.add_user("guest", is_guest=True))

    assert as_bob.can_read(public)
    assert not as_bob.can_read(secret)
    assert not guest.can_read(public)
    with pytest.raises(SlackError, match="channel_not_found"):
        as_bob.sees(secret)
    with pytest.raises(SlackError, match="not_in_channel"):
        await as_bob.post(public, "hello")


async def test_users_carry_their_time_zone_and_locale(client, maria):
    user = (await client.users_info(user=maria.id, include_locale=True))["user"]

    assert (user["tz"], user["locale"]) == ("Europe/Rome", "it-IT")
    assert user["tz_offset"] in (3600, 7200)


async def test_an_update_keeps_the_blocks_unless_it_brings_others(client, as_maria, logistics):
    blocks = [{"type": "divider", "block_id": "line"}]
    ts = (await client.chat_postMessage(channel=logistics.id, text="a", blocks=blocks))["ts"]

    await client.chat_update(channel=logistics.id, ts=ts, text="b")
    kept = as_maria.sees(logistics)[0]
    await client.chat_update(channel=logistics.id, ts=ts, text="c", blocks=[])
    removed = as_maria.sees(logistics)[0]

    assert (kept["text"], kept["blocks"]) == ("b", blocks)
    assert removed["blocks"][0]["type"] == "rich_text"
