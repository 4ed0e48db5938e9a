"""The buttons of a result: it helped me, and show it here."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import kinds
from bot.finding.reuse import (
    forget_shared,
    get_share,
    get_shared,
    note_helped,
    note_shared,
    share,
)
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.finding.find import HELPED, SHARE
from handlers.blocks.finding.reuse import GETTING_TO_KNOW_THEM, helped, shared
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, time_of
from handlers.pressed import Pressed
from handlers.replying import reply
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(HELPED)(on_helped)
    app.action(SHARE)(on_share)


async def on_helped(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        credited = await note_helped(session, **pressed.question)
    await reply(helped(credited), body, client, respond)
    await ack()


async def on_share(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        is_shared = await share(session, **pressed.question, channel_id=pressed.channel_id)
    if not is_shared:
        await reply(GETTING_TO_KNOW_THEM, body, client, respond)
    await ack()


async def send_share(owed: Owed[kinds.Shared], slack: Slack, sessions: Sessions) -> Note | None:
    """Show the solved question to the channel, in the words of who shares it."""
    channel_id, question_id, sharer_id = owed.subject
    async with sessions.read() as session:
        found = await get_share(session, owed.team_id, channel_id, question_id, sharer_id)
        url = await get_url(session, owed.team_id)
    if found is None:
        return None
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=channel_id,
        **shared(found.sharer_id, found.result, url),
    )
    return lambda session: note_shared(
        session,
        team_id=owed.team_id,
        channel_id=channel_id,
        question_id=question_id,
        sharer_id=sharer_id,
        message_ts=message_ts,
        now=time_of(message_ts),
    )


async def follow_shared(
    owed: Owed[kinds.SharedAt], slack: Slack, sessions: Sessions
) -> Note | None:
    """Make a post show the question as it is now; where that was deleted, it goes too."""
    channel_id, question_id, message_ts = owed.subject
    async with sessions.read() as session:
        is_there, shown = await get_shared(
            session, owed.team_id, channel_id, question_id, message_ts
        )
        url = await get_url(session, owed.team_id)
    if not is_there:
        return None
    place = {"channel": channel_id, "ts": message_ts}
    if shown is not None:
        await slack.touch("chat.update", **place, **shared(shown.sharer_id, shown.result, url))
        return None
    await slack.touch("chat.delete", **place)
    return lambda session: forget_shared(session, channel_id, question_id, message_ts)


KINDS = (delivers(kinds.SHARE, send_share), delivers(kinds.SHARED_POST, follow_shared))
