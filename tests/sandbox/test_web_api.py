"""The Web API refuses what Slack refuses, with Slack's codes."""

import json

import pytest

from sandbox import Sandbox
from tests.sandbox.conftest import MANIFEST

REFUSED = [
    ("no.such_method", {}, "unknown_method"),
    ("chat.postMessage", {"text": "hello"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "{channel}"}, "no_text"),
    ("chat.postMessage", {"channel": "C0NOWHERE", "text": "hello"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "{private}", "text": "hello"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "{elsewhere}", "text": "hello"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "{archived}", "text": "hello"}, "is_archived"),
    ("chat.postMessage", {"channel": "{channel}", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "{channel}", "blocks": "[{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "{channel}", "blocks": [{"type": "?"}]}, "invalid_blocks"),
    (
        "chat.postMessage",
        {"channel": "{channel}", "blocks": [{"type": "divider"}] * 51},
        "invalid_blocks",
    ),
    (
        "chat.postMessage",
        {"channel": "{channel}", "text": "hello", "attachments": [3]},
        "invalid_attachments",
    ),
    (
        "chat.postMessage",
        {"channel": "{channel}", "text": "hello", "metadata": {"event_type": "a"}},
        "invalid_metadata_format",
    ),
    (
        "chat.postMessage",
        {"channel": "{channel}", "text": "hello", "thread_ts": "1.000001"},
        "thread_not_found",
    ),
    (
        "chat.postEphemeral",
        {"channel": "{channel}", "user": "{stranger}", "text": "hello"},
        "user_not_in_channel",
    ),
    (
        "chat.update",
        {"channel": "{channel}", "ts": "{message}", "text": "mine now"},
        "cant_update_message",
    ),
    ("chat.update", {"channel": "{channel}", "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": "{channel}", "ts": "{message}"}, "cant_delete_message"),
    (
        "reactions.add",
        {"channel": "{channel}", "timestamp": "{message}", "name": "Not One"},
        "invalid_name",
    ),
    (
        "reactions.add",
        {"channel": "{channel}", "timestamp": "yesterday", "name": "eyes"},
        "bad_timestamp",
    ),
    (
        "reactions.remove",
        {"channel": "{channel}", "timestamp": "{message}", "name": "eyes"},
        "no_reaction",
    ),
    ("reactions.get", {}, "no_item_specified"),
    ("conversations.history", {"channel": "{elsewhere}"}, "not_in_channel"),
    ("conversations.history", {"channel": "{channel}", "oldest": "noon"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": "{channel}", "cursor": "?"}, "invalid_cursor"),
    ("conversations.history", {"channel": "{channel}", "limit": 2000}, "invalid_limit"),
    ("conversations.replies", {"channel": "{channel}", "ts": "1.000001"}, "thread_not_found"),
    ("conversations.list", {"types": "rooms"}, "invalid_types"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.join", {"channel": "{archived}"}, "is_archived"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
    ("team.info", {}, "missing_scope"),
    ("dnd.info", {}, "missing_scope"),
    ("bots.info", {"bot": "B0OTHER"}, "bot_not_found"),
    ("views.open", {"view": {}, "trigger_id": ""}, "invalid_arguments"),
    ("views.publish", {"user_id": "U0NOBODY", "view": {"type": "home"}}, "invalid_arguments"),
    ("blocks.validate", {}, "invalid_arguments"),
    ("api.test", {"error": "my_error"}, "my_error"),
]


@pytest.fixture
async def names(slack, maria, logistics, as_maria) -> dict[str, str]:
    """What stands for {…} in the table."""
    archived = slack.add_channel("archived", [maria, slack.bot])
    await slack.archive(archived, maria)
    return {
        "{channel}": logistics.id,
        "{private}": slack.add_channel("secret", [maria], is_private=True).id,
        "{elsewhere}": slack.add_channel("elsewhere", [maria]).id,
        "{archived}": archived.id,
        "{stranger}": slack.add_user("stranger").id,
        "{message}": await as_maria.post(logistics, "hello"),
    }


@pytest.mark.parametrize(
    ("method", "args", "error"), REFUSED, ids=[f"{each[0]}-{each[2]}" for each in REFUSED]
)
async def test_what_slack_refuses_is_refused(call, names, method, args, error):
    filled = {
        name: names.get(value, value) if isinstance(value, str) else value
        for name, value in args.items()
    }

    answer = await call(method, **filled)

    assert (answer["ok"], answer["error"]) == (False, error)


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("{app}", "not_allowed_token_type")],
)
async def test_a_token_must_be_the_right_one(slack, call, token, error):
    answer = await call("auth.test", token=slack.app_token if token == "{app}" else token)

    assert answer["error"] == error


async def test_a_missing_scope_is_named(call):
    answer = await call("team.info")

    assert answer["needed"] == "team:read"
    assert "chat:write" in answer["provided"].split(",")


async def test_every_conversation_type_needs_its_own_scope(call):
    assert (await call("conversations.list", types="public_channel,im"))["ok"]
    assert (await call("conversations.list", types="mpim"))["needed"] == "mpim:read"


async def test_private_channels_stay_hidden_without_the_bot_in_them(slack, maria, call):
    slack.add_channel("secret", [maria], is_private=True)
    slack.add_channel("team", [maria, slack.bot], is_private=True)

    answer = await call("conversations.list", types="public_channel,private_channel")

    assert [channel["name"] for channel in answer["channels"]] == ["team"]


async def test_arguments_come_as_form_as_query_and_as_json(slack, http, logistics):
    url = slack.api_url + "chat.postMessage"
    form = {"token": slack.bot_token, "channel": logistics.id, "text": "form"}
    form["blocks"] = json.dumps([{"type": "divider"}])
    async with http.post(url, data=form) as response:
        by_form = await response.json()
    async with http.get(slack.api_url + "auth.test", params={"token": slack.bot_token}) as response:
        by_query = await response.json()

    assert by_form["message"]["blocks"][0]["type"] == "divider"
    assert by_query["user_id"] == slack.bot_user_id


async def test_a_token_inside_a_json_body_does_not_count(slack, http):
    body = {"token": slack.bot_token}
    async with http.post(slack.api_url + "auth.test", json=body) as response:
        assert (await response.json())["error"] == "not_authed"


async def test_the_same_reaction_twice_is_already_reacted(client, call, as_maria, logistics):
    ts = await as_maria.post(logistics, "hello")
    await client.reactions_add(channel=logistics.id, timestamp=ts, name="eyes")

    again = await call("reactions.add", channel=logistics.id, timestamp=ts, name="eyes")

    assert again["error"] == "already_reacted"


async def test_posting_to_a_user_opens_the_conversation_with_them(client, maria, as_maria):
    posted = await client.chat_postMessage(channel=maria.id, text="only you")
    opened = await client.conversations_open(users=maria.id)

    assert posted["channel"] == opened["channel"]["id"]
    assert [message["text"] for message in as_maria.dm()] == ["only you"]


@pytest.mark.parametrize(
    "odd", [[], {}, 7, True, None, "", "null", "\x00", [["x"]], {"a": {}}, -1, "9" * 400]
)
async def test_odd_arguments_get_an_answer_from_every_method(slack, call, names, odd):
    from sandbox.api.registry import METHODS

    plain = {"channel": names["{channel}"], "ts": names["{message}"], "text": "hello"}
    odd_names = "channel ts text blocks attachments metadata thread_ts user users user_id".split()
    odd_names += "view view_id trigger_id hash limit cursor oldest latest types name".split()
    odd_names += "timestamp message_ts usergroup bot message team error".split()
    for method in METHODS:
        for name in odd_names:
            answer = await call(method, **(plain | {name: odd}))
            assert answer["ok"] or answer["error"]


async def test_a_manifest_that_asks_for_an_event_without_its_scope_is_refused():
    settings = {"event_subscriptions": {"bot_events": ["team_join", "message.mpim"]}}

    with pytest.raises(ValueError, match=r"message\.mpim needs mpim:history"):
        Sandbox(MANIFEST | {"settings": settings})
