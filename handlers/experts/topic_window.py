"""The window in which an admin makes, changes or ends a topic."""

from dataclasses import replace
from types import NoneType
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.experts.topic_changes import delete_topic, merge_topic
from bot.experts.topic_window import Given, SavedTopic, TopicForm, get_form, save_form
from bot.experts.webhooks import Networks
from bot.outbox import owe_home
from handlers.blocks.experts.topic_window import (
    CALLBACK,
    DELETE,
    OWN,
    PACE,
    PACES,
    TIMES,
    UNFOLD,
    saved_modal,
    topic_modal,
)
from handlers.blocks.experts.topics import secret_modal
from handlers.blocks.text import Block
from handlers.payloads import Payload, chosen, number_of, read_back
from handlers.pressed import Pressed
from handlers.replying import show_instead
from storage.database import Sessions

ABOUT: dict[str, Any] = {"topic_id": (int, NoneType), "channel_id": (str, NoneType), "seen": str}


def register(app: AsyncApp) -> None:
    app.view(CALLBACK)(on_topic_saved)
    app.action(UNFOLD)(on_redrawn)
    app.action(PACE)(on_redrawn)


async def read_form(pressed: Pressed, sessions: Sessions, **about: Any) -> TopicForm:
    """`about`: what `get_form` takes besides."""
    asked: dict[str, Any] = {**pressed.who, **about}
    async with sessions.read() as session:
        return await get_form(session, **asked)


async def on_redrawn(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    """All fields, and those for times of their own where they chose that. What was filled in
    stays, because each field keeps its name."""
    view = body.get("view") or {}
    about = read_back(str(view.get("private_metadata")), **ABOUT)
    place = {"topic_id": about["topic_id"], "channel_id": about["channel_id"]}
    form = await read_form(pressed, sessions, **place)
    # With the mark of what was first shown: what others changed since is noticed on saving.
    shown = replace(form, name=form.name or chosen(view, "name"), seen=about["seen"])
    await show_instead(client, body, await whole(shown, view, client))
    await ack()


async def whole(form: TopicForm, view: Payload, client: AsyncWebClient) -> Block:
    """The window with all fields; `view`: as it was until now."""
    has_own_times = chosen(view, "pace") == OWN if is_whole(view) else None
    return topic_modal(form, await list_groups(client), has_own_times=has_own_times)


def is_whole(view: Payload) -> bool:
    return "pace" in view["state"]["values"]


async def on_topic_saved(
    ack: Any,
    pressed: Pressed,
    view: Payload,
    sessions: Sessions,
    helpdesk_networks: Networks,
) -> None:
    about = read_back(pressed.value, **ABOUT)
    if (end := chosen(view, "end")) and about["topic_id"] is not None:
        await end_topic(pressed, about["topic_id"], end, sessions)
        await ack()
        return
    async with sessions.begin() as session:
        saved = await save_form(
            session,
            **pressed.who,
            topic_id=about["topic_id"],
            given=given_in(view),
            seen=about["seen"],
            channel_id=about["channel_id"],
            is_channel_topic="own" in (chosen(view, "own") or []),
            helpdesk_networks=helpdesk_networks,
            now=pressed.now,
        )
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack(response_action="update", view=view_of(saved))


def view_of(saved: SavedTopic) -> Block:
    if saved.topic.new_secret is not None:
        return secret_modal(saved.topic.new_secret)
    return saved_modal(saved)


def given_in(view: Payload) -> Given:
    """What was written and chosen; of what was folded, nothing."""
    people = chosen(view, "people") or []
    if not is_whole(view):
        return Given(chosen(view, "name"), people, is_whole=False)
    return Given(
        name=chosen(view, "name"),
        people=people,
        groups=chosen(view, "groups") or [],
        keywords=chosen(view, "keywords"),
        sponsor_id=chosen(view, "sponsor") or None,
        waits=waits_in(view),
        hand_off_channel_id=chosen(view, "hand_off") or None,
        hint=chosen(view, "hint"),
        hand_off_url=chosen(view, "hand_off_url"),
        wants_new_secret="new_secret" in (chosen(view, "new_secret") or []),
    )


def waits_in(view: Payload) -> str:
    pace = chosen(view, "pace")
    if pace != OWN:
        return PACES.get(pace or "", "")
    return ", ".join(each for each in (chosen(view, name) for name in TIMES) if each)


async def end_topic(pressed: Pressed, topic_id: int, end: str, sessions: Sessions) -> None:
    """`end`: that it is deleted, or the topic that it becomes a part of."""
    about: dict[str, Any] = {**pressed.who, "topic_id": topic_id, "now": pressed.now}
    async with sessions.begin() as session:
        if end == DELETE:
            await delete_topic(session, **about)
        else:
            await merge_topic(session, **about, into_id=number_of(end))


async def list_groups(client: AsyncWebClient) -> list[tuple[str, str]]:
    """The workspace's user groups; none where Slack will not say (free plans have none)."""
    try:
        response = await client.usergroups_list()
    except SlackApiError:
        return []
    return [(group["id"], group["handle"]) for group in response["usergroups"]]
