"""A manager's card: who told them of their help, and whom to thank this month."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import SUGGESTED_THANKS, Slot
from bot.outbox import Owed
from bot.recognition.digests import MANAGER, note_posted, note_quiet
from bot.recognition.tellers import (
    Suggestion,
    get_suggestion,
    get_tellers_page,
    suggest_monthly,
)
from bot.workspaces import get_url
from handlers.blocks.recognition.tellers import (
    MONTHLY,
    ON,
    OPEN,
    SUGGESTED,
    SUGGESTED_NO_MORE,
    suggestion_message,
    tellers_modal,
)
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, time_of
from handlers.pressed import Pressed
from handlers.replying import open_view, reply
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.action(MONTHLY)(on_monthly)


async def on_open(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        page = await get_tellers_page(session, **pressed.who, now=pressed.now)
        url = await get_url(session, pressed.team_id)
    await open_view(client, body, tellers_modal(page, url))
    await ack()


async def on_monthly(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    is_wanted = pressed.value == ON
    async with sessions.begin() as session:
        await suggest_monthly(session, **pressed.who, is_wanted=is_wanted, now=pressed.now)
    await reply(SUGGESTED if is_wanted else SUGGESTED_NO_MORE, body, client, respond)
    await ack()


async def send_suggestion(owed: Owed[Slot], slack: Slack, sessions: Sessions) -> Note | None:
    """Say whom to thank this month, or make what was said say how it stands now."""
    manager_id, slot = owed.subject
    async with sessions.read() as session:
        suggestion = await get_suggestion(
            session, team_id=owed.team_id, manager_id=manager_id, slot=slot
        )
        url = await get_url(session, owed.team_id)
    if suggestion is None:
        return None
    where, ts = suggestion.channel_id, suggestion.message_ts
    if suggestion.user_id is None:
        if where is not None and ts is not None:
            await slack.touch("chat.delete", channel=where, ts=ts)
        return lambda session: note_quiet(session, **run_of(suggestion), now=owed.owed_at)
    words = suggestion_message(suggestion, url)
    if where is None or ts is None:
        where, ts = await slack.post_privately(
            key=owed.key, is_uncertain=owed.is_uncertain, user_id=manager_id, **words
        )
    else:
        await slack.touch("chat.update", channel=where, ts=ts, **words)
    return posted(suggestion, where, ts)


def posted(suggestion: Suggestion, channel_id: str, message_ts: str) -> Note:
    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            **run_of(suggestion),
            channel_id=channel_id,
            message_ts=message_ts,
            named=[suggestion.user_id] if suggestion.user_id else [],
            told=[each.question_id for each in suggestion.told],
            now=time_of(message_ts),
        )

    return note


def run_of(suggestion: Suggestion) -> dict[str, str]:
    return {
        "team_id": suggestion.team_id,
        "kind": MANAGER,
        "subject": suggestion.manager_id,
        "slot": suggestion.slot,
    }


KINDS = (delivers(SUGGESTED_THANKS, send_suggestion),)
