"""What is said in channels: posted, edited, deleted, and the bot's name called."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse

from bot.questions.messages import ask_about, erase, hear, is_just_talk, reword
from bot.text import Message
from handlers.payloads import (
    Payload,
    is_by_person,
    is_retried,
    message_of,
    team_of,
    time_of,
)
from storage.database import Sessions

POSTED = (None, "file_share", "thread_broadcast", "me_message")
QUESTION_REACTIONS = ("question", "grey_question")


def register(app: AsyncApp) -> None:
    app.middleware(LetTalkPass())
    app.event("message", matchers=[is_posted])(on_message)
    app.event("message", matchers=[is_edited])(on_message_edited)
    app.event("message", matchers=[is_deleted])(on_message_deleted)
    app.event("app_mention", matchers=[is_posted])(on_message)
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
        if event.get("type") == "message" and await is_posted(event):
            message, mentions_bot = heard(event, req.context)
            async with req.context["sessions"].glance() as connection:
                if await is_just_talk(connection, message, mentions_bot=mentions_bot):
                    return BoltResponse(status=200)
        await next()
        return None


async def is_posted(event: Payload) -> bool:
    return event.get("subtype") in POSTED and is_by_person(event)


async def is_edited(event: Payload) -> bool:
    message = event.get("message", {})
    return (
        event.get("subtype") == "message_changed"
        and message.get("subtype") in POSTED
        and is_by_person(message)
    )


async def is_deleted(event: Payload) -> bool:
    """A deleted message that has replies stays in Slack as a "tombstone"."""
    if event.get("subtype") == "message_changed":
        return bool(event.get("message", {}).get("subtype") == "tombstone")
    return event.get("subtype") == "message_deleted"


async def is_question_reaction(event: Payload) -> bool:
    return event["reaction"] in QUESTION_REACTIONS and event["item"]["type"] == "message"


async def on_message(
    event: Payload,
    body: Payload,
    request: AsyncBoltRequest,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    message, mentions_bot = heard(event, context)
    async with sessions.begin() as session:
        await hear(
            session,
            message,
            mentions_bot=mentions_bot,
            is_late=is_retried(request.headers, body),
            now=message.sent_at,
        )


def heard(event: Payload, context: AsyncBoltContext) -> tuple[Message, bool]:
    """What was said, and whether it calls the bot by its name."""
    message = message_of(event, team_id=team_of(context), bot_user_id=context.bot_user_id)
    return message, f"<@{context.bot_user_id}>" in (event.get("text") or "")


async def on_message_edited(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    edited = {**event["message"], "channel": event["channel"]}
    message = message_of(edited, team_id=team_of(context), bot_user_id=context.bot_user_id)
    async with sessions.begin() as session:
        await reword(session, message, now=time_of(event["ts"]))


async def on_message_deleted(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    deleted: Any = event.get("deleted_ts") or event.get("message", {}).get("ts")
    async with sessions.begin() as session:
        await erase(
            session,
            team_id=team_of(context),
            channel_id=event["channel"],
            message_ts=deleted,
            now=time_of(event["ts"]),
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
            now=time_of(event["event_ts"]),
        )
