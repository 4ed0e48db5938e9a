"""A question's card and the bot's reaction, and what people call a question or not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.cards import (
    AskedByCommand,
    get_asked_by_command,
    get_card,
    get_marker,
    note_card,
    note_marker,
)
from bot.outbox import Owed
from bot.questions.capture import call_not_a_question, note_posted
from bot.questions.messages import capture_pointed_at
from bot.workspaces import get_url
from handlers.blocks.experts.cards import NOT_A_QUESTION, asked_by_command, question_card
from handlers.outbox import Deliver, Note
from handlers.payloads import (
    Payload,
    identity_of,
    message_of,
    team_of,
    time_of,
    who_and_what,
)
from handlers.people import is_by_person
from handlers.questions.splitting import offer_to_split
from handlers.slack import GONE, Refused, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(NOT_A_QUESTION)(on_not_a_question)
    app.shortcut("ask_about_message")(on_ask_about_message)


async def on_not_a_question(
    ack: Any, action: Payload, body: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await call_not_a_question(session, **who_and_what(action, body, context))
    await ack()


async def on_ask_about_message(
    ack: Any,
    shortcut: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    if await offer_to_split(shortcut, client, context, sessions):
        await ack()
        return
    pointed_at = {**shortcut["message"], "channel": shortcut["channel"]["id"]}
    identity = identity_of(context)
    is_theirs = await is_by_person(pointed_at, client, sessions, identity=identity, now=clock())
    async with sessions.begin() as session:
        await capture_pointed_at(
            session,
            message_of(pointed_at, team_id=team_of(context), bot_user_id=context.bot_user_id)
            if is_theirs
            else None,
            team_id=team_of(context),
            channel_id=pointed_at["channel"],
            now=time_of(shortcut["action_ts"]),
        )
    await ack()


async def send_card(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Post the card, or make the posted one say how things stand now."""
    async with sessions.read() as session:
        card = await get_card(session, owed.team_id, int(owed.subject))
        url = await get_url(session, owed.team_id)
    if card is None:
        return None
    if card.is_withdrawn:
        return await delete_card(owed, slack, card.channel_id, card.card_ts, card.thread_ts)
    message = question_card(card, url)
    if card.card_ts is not None:
        await slack.call("chat.update", channel=card.channel_id, ts=card.card_ts, **message)
        return None
    card_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=card.channel_id,
        thread_ts=card.thread_ts,
        **message,
    )
    return lambda session: note_card(session, owed.team_id, card.question_id, card_ts)


async def delete_card(
    owed: Owed, slack: Slack, channel_id: str, card_ts: str | None, thread_ts: str
) -> Note | None:
    if card_ts is None and owed.is_uncertain:
        card_ts = await slack.find_posted(channel_id, thread_ts, owed.key)
    if card_ts is None:
        return None
    await slack.touch("chat.delete", channel=channel_id, ts=card_ts)
    return lambda session: note_card(session, owed.team_id, int(owed.subject), None)


async def send_marker(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Make the bot's reaction on the asker's message say how things stand now."""
    async with sessions.read() as session:
        marker = await get_marker(session, owed.team_id, int(owed.subject))
    if marker is None or marker.present == marker.wanted:
        return None
    place = {"channel": marker.channel_id, "timestamp": marker.message_ts}
    if marker.present:
        await react(slack, "reactions.remove", place, marker.present, fine="no_reaction")
    if marker.wanted:
        await react(slack, "reactions.add", place, marker.wanted, fine="already_reacted")
    return lambda session: note_marker(session, owed.team_id, int(owed.subject), marker.wanted)


async def react(slack: Slack, method: str, place: Payload, name: str, *, fine: str) -> None:
    try:
        await slack.call(method, **place, name=name)
    except Refused as refusal:
        if refusal.code not in (fine, *GONE):
            raise


async def send_asked_by_command(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Post a question where it was asked; one that was split off goes on to say what the reply
    says."""
    async with sessions.read() as session:
        question = await get_asked_by_command(session, owed.team_id, int(owed.subject))
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
            question_id=int(owed.subject),
            message_ts=message_ts,
            now=time_of(message_ts),
        )

    return note


async def show_words(owed: Owed, slack: Slack, question: AskedByCommand, url: str) -> None:
    """Make the bot's message of a split question say what the reply says now; where that was
    deleted, it goes too."""
    message_ts = question.message_ts
    if message_ts is None and owed.is_uncertain:
        message_ts = await slack.find_posted(question.channel_id, None, owed.key)
    if message_ts is None or question.source is None:
        return
    place = {"channel": question.channel_id, "ts": message_ts}
    if question.text:
        await slack.touch("chat.update", **place, **asked_by_command(question, url))
    else:
        await slack.touch("chat.delete", **place)


KINDS: dict[str, Deliver] = {
    "question_card": send_card,
    "question_marker": send_marker,
    "question_post": send_asked_by_command,
}
