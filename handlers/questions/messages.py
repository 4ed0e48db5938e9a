"""What is said in channels: posted, edited, deleted, and the bot's name called."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest

from bot.questions.messages import ask_about, erase, hear, is_just_talk, reword
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
    app.event("message", matchers=[is_posted])(on_message)
    app.event("message", matchers=[is_edited])(on_message_edited)
    app.event("message", matchers=[is_deleted])(on_message_deleted)
    app.event("app_mention", matchers=[is_posted])(on_message)
    app.event("reaction_added", matchers=[is_question_reaction])(on_question_reaction)


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
    message = message_of(event, team_id=team_of(context), bot_user_id=context.bot_user_id)
    mentions_bot = f"<@{context.bot_user_id}>" in (event.get("text") or "")
    async with sessions.glance() as connection:
        if await is_just_talk(connection, message, mentions_bot=mentions_bot):
            return
    async with sessions.begin() as session:
        await hear(
            session,
            message,
            mentions_bot=mentions_bot,
            is_late=is_retried(request.headers, body),
            now=message.sent_at,
        )


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
