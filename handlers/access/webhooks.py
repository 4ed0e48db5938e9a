"""Webhooks: a window from App Home, and calling them."""

import asyncio
import contextlib
import json
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.access.webhooks import (
    get_call,
    has_webhooks,
    list_calls,
    list_webhooks,
    make_webhook,
    note_failed,
    note_gaps,
    note_news,
    note_told,
    remove_webhook,
    send_again,
)
from bot.experts.webhooks import Networks
from bot.kinds import GAP_NEWS, QUESTION_NEWS, WEBHOOK_CALL
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.access.webhooks import (
    ADD,
    ADDRESS,
    AGAIN,
    CALLBACK,
    CALLS,
    OPEN,
    REMOVE,
    add_modal,
    body_of,
    calls_modal,
    webhook_secret_modal,
    webhooks_modal,
)
from handlers.experts.webhooks import Outside, post_signed
from handlers.outbox import Delivery, Note, delivers
from handlers.payloads import Payload, chosen
from handlers.pressed import Pressed
from handlers.replying import open_view, show_instead
from handlers.slack import Refused, Slack, Unclear
from storage.database import UNREACHABLE, Sessions

NOTHING_SET = Outside()
LOOK_EVERY = 20.0  # seconds


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.action(ADD)(on_add)
    app.view(CALLBACK)(on_added)
    app.action(REMOVE)(on_remove)
    app.action(CALLS)(on_calls)
    app.action(AGAIN)(on_again)


async def on_open(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        shown = await list_webhooks(session, **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=webhooks_modal(shown))
    await ack()


async def on_add(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        await list_webhooks(session, **pressed.who)  # for those who may see them alone
    await open_view(client, body, add_modal())
    await ack()


async def on_added(
    ack: Any,
    pressed: Pressed,
    view: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
    helpdesk_networks: Networks,
) -> None:
    async with sessions.begin() as session:
        made = await make_webhook(
            session,
            **pressed.who,
            address=chosen(view, ADDRESS) or "",
            kinds=chosen(view, "kinds") or [],
            networks=helpdesk_networks,
            now=pressed.now,
        )
        shown = await list_webhooks(session, **pressed.who)
    sessions.tells_of_questions = True
    below = view.get("previous_view_id")  # the list, which has one more now
    if below:
        await client.views_update(view_id=below, view=webhooks_modal(shown))
    await ack(response_action="update", view=webhook_secret_modal(made))


async def on_remove(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await remove_webhook(session, **pressed.who, webhook_id=pressed.number, now=pressed.now)
        shown = await list_webhooks(session, **pressed.who)
    await show_instead(client, body, webhooks_modal(shown))
    await ack()


async def on_calls(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        webhook, calls = await list_calls(session, **pressed.who, webhook_id=pressed.number)
    await open_view(client, body, calls_modal(webhook, calls))
    await ack()


async def on_again(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        webhook_id = await send_again(
            session, **pressed.who, call_id=pressed.number, now=pressed.now
        )
        webhook, calls = await list_calls(session, **pressed.who, webhook_id=webhook_id)
    await show_instead(client, body, calls_modal(webhook, calls))
    await ack()


async def look_for_news(owed: Owed[int], _slack: Slack, _sessions: Sessions) -> Note:
    """Something changed about the question: each webhook is owed what it was not told yet."""

    async def note(session: AsyncSession) -> None:
        await note_news(session, team_id=owed.team_id, question_id=owed.subject, now=owed.owed_at)

    return note


async def look_for_gaps(owed: Owed[str], _slack: Slack, _sessions: Sessions) -> Note:
    """Something is missing: each webhook is owed what it was not told yet."""

    async def note(session: AsyncSession) -> None:
        await note_gaps(session, team_id=owed.team_id, now=owed.owed_at)

    return note


async def call_webhook(
    owed: Owed[int], slack: Slack, sessions: Sessions, outside: Outside = NOTHING_SET
) -> Note | None:
    """Tell it, as things stand; what failed is noted, for the admins to see."""
    async with sessions.read() as session:
        call = await get_call(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if call is None:
        return None
    now, body = slack.clock(), json.dumps(body_of(call, url)).encode()
    team_id, call_id = owed.team_id, call.call_id
    try:
        await post_signed(
            call.address,
            call.secret,
            message_id=call.message_id,
            body=body,
            now=now,
            outside=outside,
        )
    except Refused as refusal:
        why = refusal.code
        return lambda session: note_failed(session, team_id, call_id, why=why, gave_up_at=now)
    except Unclear as trouble:
        why = str(trouble)
        if owed.is_last_try:
            return lambda session: note_failed(session, team_id, call_id, why=why, gave_up_at=now)
        async with sessions.begin() as session:
            await note_failed(session, team_id, call_id, why=why, gave_up_at=None)
        raise
    return lambda session: note_told(session, team_id, call_id, now=now)


async def look_for_webhooks(sessions: Sessions) -> None:
    """Whether there are any, for this process to know."""
    with contextlib.suppress(*UNREACHABLE):
        async with sessions.read() as session:
            sessions.tells_of_questions = await has_webhooks(session)


async def watch_for_webhooks(sessions: Sessions) -> None:
    """Another replica may have been told of one."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        await look_for_webhooks(sessions)


KINDS = (
    delivers(QUESTION_NEWS, look_for_news),
    delivers(GAP_NEWS, look_for_gaps),
    delivers(WEBHOOK_CALL, call_webhook),
)


def telling(outside: Outside) -> Delivery:
    """The kind that calls, as the operator set it."""
    return delivers(WEBHOOK_CALL, partial(call_webhook, outside=outside))
