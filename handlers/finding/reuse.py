"""The buttons of a result: it helped me, and show it here."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

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
from handlers.blocks.finding.find import HELPED, SHARE, shared
from handlers.blocks.text import listed, mention
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, time_of, who_and_what
from handlers.replying import reply
from handlers.slack import Slack
from storage.database import Sessions

GETTING_TO_KNOW_THEM = (
    "I do not know yet whether everybody here may read that. I am finding out: "
    "please try again in a minute."
)


def register(app: AsyncApp) -> None:
    app.action(HELPED)(on_helped)
    app.action(SHARE)(on_share)


async def on_helped(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        credited = await note_helped(session, **who_and_what(action, body, context))
    names = listed([mention(user_id) for user_id in credited])
    await reply(f"Good. It counts among the kudos of {names}.", body, client, respond)
    await ack()


async def on_share(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    asked = {**who_and_what(action, body, context), "channel_id": body["channel"]["id"]}
    async with sessions.begin() as session:
        is_shared = await share(session, **asked)
    if not is_shared:
        await reply(GETTING_TO_KNOW_THEM, body, client, respond)
    await ack()


async def send_share(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Show the solved question to the channel, in the words of who shares it."""
    channel_id, question_id, sharer_id = owed.subject.split(":")
    async with sessions.read() as session:
        found = await get_share(session, owed.team_id, channel_id, int(question_id), sharer_id)
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
        question_id=int(question_id),
        sharer_id=sharer_id,
        message_ts=message_ts,
        now=time_of(message_ts),
    )


async def follow_shared(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Make a post show the question as it is now; where that was deleted, it goes too."""
    channel_id, question_id, message_ts = owed.subject.split(":")
    async with sessions.read() as session:
        is_there, shown = await get_shared(
            session, owed.team_id, channel_id, int(question_id), message_ts
        )
        url = await get_url(session, owed.team_id)
    if not is_there:
        return None
    place = {"channel": channel_id, "ts": message_ts}
    if shown is not None:
        await slack.touch("chat.update", **place, **shared(shown.sharer_id, shown.result, url))
        return None
    await slack.touch("chat.delete", **place)
    return lambda session: forget_shared(session, channel_id, int(question_id), message_ts)


KINDS: dict[str, Deliver] = {"share": send_share, "shared": follow_shared}
