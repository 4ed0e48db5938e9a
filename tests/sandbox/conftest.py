"""A local Slack with two people in a channel, and a real Bolt app that joins it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace

import pytest
from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox

MANIFEST = {
    "display_information": {"name": "Helper"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Helper"},
        "shortcuts": [
            {"type": "message", "callback_id": "keep_it", "name": "Keep"},
            {"type": "global", "callback_id": "look_up", "name": "Look up"},
        ],
        "slash_commands": [{"command": "/find"}],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("app_mentions:read", "commands", "chat:write", "channels:join"),
                *("channels:history", "channels:read", "groups:history", "groups:read"),
                *("files:read", "files:write", "im:history", "im:read", "im:write"),
                *("reactions:read", "reactions:write", "usergroups:read", "users:read"),
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                *("app_home_opened", "app_mention", "channel_archive", "channel_left"),
                *("channel_rename", "file_deleted", "group_rename", "member_joined_channel"),
                *("member_left_channel", "message.channels", "message.groups", "message.im"),
                *("reaction_added", "reaction_removed", "subteam_members_changed"),
                "team_join",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
    },
}


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST) as sandbox:
        sandbox.time_scale = 0.005
        yield sandbox


@pytest.fixture
def maria(slack):
    return slack.add_user("maria", "Maria Rossi", tz="Europe/Rome", locale="it-IT")


@pytest.fixture
def bob(slack):
    return slack.add_user("bob")


@pytest.fixture
def logistics(slack, maria, bob):
    return slack.add_channel("logistics", [maria, bob, slack.bot])


@pytest.fixture
def as_maria(slack, maria):
    return slack.act_as(maria)


@pytest.fixture
def as_bob(slack, bob):
    return slack.act_as(bob)


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def client(slack, http) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, slack.api_url, session=http, retry_handlers=[])


@pytest.fixture
def call(slack, http) -> Callable[..., Awaitable[dict]]:
    """Call a method and return its answer, whether ok or not."""

    async def call_method(method: str, *, token: str | None = None, **args: object) -> dict:
        headers = {"Authorization": f"Bearer {slack.bot_token if token is None else token}"}
        async with http.post(slack.api_url + method, json=args, headers=headers) as response:
            return await response.json()

    return call_method


@pytest.fixture
def sent(slack) -> Callable[..., list[dict]]:
    """The events sent to the app so far."""

    def events(kind: str | None = None, subtype: str | None = None) -> list[dict]:
        sent_events = [each.payload["event"] for each in slack.deliveries if each.is_event]
        return [
            event
            for event in sent_events
            if kind in (None, event["type"])
            and (subtype is None or subtype == event.get("subtype"))
        ]

    return events


@pytest.fixture
def bolt(slack, client) -> AsyncApp:
    """A Bolt app that knows the sandbox by its address alone."""
    return AsyncApp(
        client=client, signing_secret=slack.signing_secret, process_before_response=True
    )


@pytest.fixture
async def joined(slack, bolt) -> AsyncIterator[SimpleNamespace]:
    """The Bolt app, connected by Socket Mode."""
    handler = AsyncSocketModeHandler(bolt, slack.app_token, ping_interval=0.2)
    await handler.connect_async()
    await slack.until(lambda: slack.connections == 1)
    yield SimpleNamespace(app=bolt, handler=handler)
    await handler.close_async()
