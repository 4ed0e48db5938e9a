"""What is said in channels: posted, edited, deleted, and the bot's name called."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import RepliesDoNotReachMe
from bot.kinds import EARLY_CHANGE, MessageAt
from bot.outbox import Owed
from bot.questions.deleted_files import forget_file
from bot.questions.early import UNDER_WAY, follow_early, is_reading, look_again, note_early
from bot.questions.emoji import ASKING
from bot.questions.messages import (
    ask_about,
    erase,
    hear,
    is_just_talk,
    is_known_channel,
    reword,
)
from bot.text import Message
from handlers.outbox import Note, delivers
from handlers.payloads import (
    Payload,
    code_of,
    has_author,
    identity_of,
    is_retried,
    message_of,
    team_of,
    time_of,
    words_of,
)
from handlers.people import is_by_person
from handlers.slack import NotNow, Slack
from storage.database import Sessions

# Nobody reads, answers and sends sooner, nor edits nor deletes.
SOONEST_REPLY = timedelta(seconds=2)
POSTED = (None, "file_share", "thread_broadcast", "me_message")


def register(app: AsyncApp) -> None:
    app.middleware(LetTalkPass())
    app.event("message", matchers=[is_posted])(on_message)
    app.event("message", matchers=[is_edited])(on_message_edited)
    app.event("message", matchers=[is_deleted])(on_message_deleted)
    app.event("file_deleted")(on_file_deleted)
    app.event("app_mention", matchers=[is_posted])(on_mention)
    app.event("reaction_added", matchers=[is_question_reaction])(on_question_reaction)


class LetTalkPass(AsyncMiddleware):
    """Most of what comes is talk: it is answered before Bolt asks one listener after the other."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],
    ) -> BoltResponse | None:
        event = req.body.get("event", {})
        is_said = event.get("type") == "message" and event.get("subtype") in POSTED
        if is_said and is_in_channel(event) and has_author(event):
            message, mentions_bot = heard(event, req.context)
            async with req.context["sessions"].glance() as connection:
                if await is_just_talk(connection, message, mentions_bot=mentions_bot):
                    return BoltResponse(status=200)
        await next()
        return None


async def is_posted(
    event: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> bool:
    if event.get("subtype") not in POSTED or not is_in_channel(event):
        return False
    if is_bare_call(event, context):
        return False
    identity = identity_of(context)
    return await is_by_person(event, client, sessions, identity=identity, now=clock())


def is_in_channel(event: Payload) -> bool:
    """What is written to the bot itself is another matter: see `handlers/finding/pane.py`."""
    return event.get("channel_type") != "im"


def is_bare_call(event: Payload, context: AsyncBoltContext) -> bool:
    """Only the bot's name was said. That comes as app_mention too, which is answered."""
    calls = f"<@{context.bot_user_id}>" in (event.get("text") or "")
    has_more = event.get("files") or words_of(event, context.bot_user_id)
    return event["type"] == "message" and calls and not has_more


async def is_edited(
    event: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> bool:
    message = event.get("message", {})
    if event.get("subtype") != "message_changed" or message.get("subtype") not in POSTED:
        return False
    if not is_in_channel(event):
        return False
    identity = identity_of(context)
    return await is_by_person(message, client, sessions, identity=identity, now=clock())


async def is_deleted(event: Payload) -> bool:
    """A deleted message that has replies stays in Slack as a "tombstone"."""
    if not is_in_channel(event):
        return False
    if event.get("subtype") == "message_changed":
        return bool(event.get("message", {}).get("subtype") == "tombstone")
    return event.get("subtype") == "message_deleted"


async def is_question_reaction(event: Payload) -> bool:
    return event["reaction"] in ASKING and event["item"]["type"] == "message"


async def on_message(
    event: Payload,
    request: AsyncBoltRequest,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    message, mentions_bot = heard(event, context)
    async with sessions.begin() as session:
        await hear(session, message, mentions_bot=mentions_bot, now=message.sent_at)
    # Who dies before this has not answered Slack, which sends it again.
    if is_retried(request.headers) or clock() - message.sent_at > SOONEST_REPLY:
        async with sessions.begin() as session:
            await look_again(session, message, now=clock())


def heard(event: Payload, context: AsyncBoltContext) -> tuple[Message, bool]:
    """What was said, and whether it calls the bot by its name."""
    message = message_of(event, team_id=team_of(context), bot_user_id=context.bot_user_id)
    return message, f"<@{context.bot_user_id}>" in (event.get("text") or "")


async def on_mention(
    event: Payload,
    request: AsyncBoltRequest,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    await check_replies_reach_us(client, sessions, team_of(context), event["channel"])
    await on_message(event, request, context, sessions, clock)


async def check_replies_reach_us(
    client: AsyncWebClient, sessions: Sessions, team_id: str, channel_id: str
) -> None:
    """People call the bot in group conversations too, of which it is told nothing else."""
    async with sessions.read() as session:
        is_known = await is_known_channel(session, team_id=team_id, channel_id=channel_id)
    if is_known:
        return
    try:
        channel = (await client.conversations_info(channel=channel_id))["channel"]
    except SlackApiError as error:
        if code_of(error) == "missing_scope":
            raise RepliesDoNotReachMe() from error
        raise
    if channel.get("is_mpim"):
        raise RepliesDoNotReachMe()


async def on_message_edited(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    edited = {**event["message"], "channel": event["channel"]}
    message = message_of(edited, team_id=team_of(context), bot_user_id=context.bot_user_id)
    told_at = time_of(event["ts"])
    async with sessions.begin() as session:
        if not await reword(session, message, now=told_at):
            await note_early(session, **message.place, now=told_at)


async def on_message_deleted(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    place = {
        "team_id": team_of(context),
        "channel_id": event["channel"],
        "message_ts": event.get("deleted_ts") or event["message"]["ts"],
    }
    told_at = time_of(event["ts"])
    async with sessions.begin() as session:
        if not await erase(session, **place, now=told_at):
            await note_early(session, **place, now=told_at)


async def on_file_deleted(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await forget_file(
            session,
            team_id=team_of(context),
            file_id=event["file_id"],
            now=time_of(event["event_ts"]),
        )


async def on_question_reaction(
    event: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await ask_about(
            session,
            team_id=team_of(context),
            channel_id=event["item"]["channel"],
            message_ts=event["item"]["ts"],
            user_id=event["user"],
            now=time_of(event["event_ts"]),
        )


async def follow(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """An edit or a deletion came before what it is about; perhaps that is here now."""
    channel_id, message_ts = owed.subject
    async with sessions.read() as session:
        if await is_reading(session, team_id=owed.team_id, channel_id=channel_id):
            raise NotNow(UNDER_WAY.total_seconds())
    place = {"team_id": owed.team_id, "channel_id": channel_id, "message_ts": message_ts}
    return lambda session: follow_early(session, **place, now=slack.clock())


KINDS = (delivers(EARLY_CHANGE, follow),)
