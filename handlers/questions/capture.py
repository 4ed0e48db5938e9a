"""What people call a question, and what not; and questions that the bot posts for them."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import (
    AskedByCommand,
    get_asked_by_command,
)
from bot.kinds import QUESTION_POST
from bot.outbox import Owed
from bot.questions.capture import call_not_a_question, note_posted
from bot.questions.messages import capture_pointed_at
from bot.workspaces import get_url
from handlers.blocks.experts.cards import NOT_A_QUESTION, asked_by_command
from handlers.outbox import Note, delivers
from handlers.payloads import (
    Payload,
    identity_of,
    message_of,
    time_of,
)
from handlers.people import is_by_person
from handlers.pressed import Pressed
from handlers.questions.forms import is_form, with_asker
from handlers.questions.splitting import offer_to_split
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(NOT_A_QUESTION)(on_not_a_question)
    app.shortcut("ask_about_message")(on_ask_about_message)


async def on_not_a_question(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await call_not_a_question(session, **pressed.question)
    await ack()


async def on_ask_about_message(
    ack: Any,
    pressed: Pressed,
    shortcut: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    if await offer_to_split(pressed, shortcut["message"]["ts"], client, sessions):
        await ack()
        return
    pointed_at = {**shortcut["message"], "channel": pressed.channel_id}
    identity = identity_of(context)
    if is_form(pointed_at):
        pointed_at = (
            await with_asker(
                pointed_at,
                client,
                sessions,
                identity=identity,
                pointed_by=pressed.user_id,
                now=pressed.now,
            )
            or pointed_at
        )
    is_theirs = await is_by_person(pointed_at, client, sessions, identity=identity, now=pressed.now)
    async with sessions.begin() as session:
        await capture_pointed_at(
            session,
            message_of(pointed_at, team_id=pressed.team_id, bot_user_id=context.bot_user_id)
            if is_theirs
            else None,
            **pressed.who,
            channel_id=pressed.channel_id,
            now=pressed.now,
        )
    await ack()


async def send_asked_by_command(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Post a question where it was asked; one that was split off goes on to say what the reply
    says."""
    async with sessions.read() as session:
        question = await get_asked_by_command(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if question is None:
        return None
    if question.message_ts is not None or question.is_withdrawn:
        await show_words(owed, slack, question, url)
        return None
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=question.channel_id,
        **asked_by_command(question, url),
    )

    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            question_id=owed.subject,
            message_ts=message_ts,
            now=time_of(message_ts),
        )

    return note


async def show_words(owed: Owed[int], slack: Slack, question: AskedByCommand, url: str) -> None:
    """Make the bot's message say what its asker, or the reply that it was split from, says now;
    where that was deleted, it goes too."""
    message_ts = question.message_ts
    if message_ts is None and owed.is_uncertain:
        message_ts = await slack.find_posted(question.channel_id, None, owed.key)
    if message_ts is None:
        return
    place = {"channel": question.channel_id, "ts": message_ts}
    if question.text:
        await slack.touch("chat.update", **place, **asked_by_command(question, url))
    else:
        await slack.touch("chat.delete", **place)


KINDS = (delivers(QUESTION_POST, send_asked_by_command),)
