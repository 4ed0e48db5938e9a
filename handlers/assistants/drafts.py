"""What somebody says of a question that their assistant wrote: ask it, change it, leave it."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.assistants.drafts import ask, get_card, get_draft, note_shown, refuse
from bot.kinds import DRAFT
from bot.outbox import Owed
from bot.people import read_out
from bot.workspaces import get_url
from handlers.blocks.assistants.drafts import (
    ASK,
    CALLBACK,
    CHANGE,
    REFUSE,
    change_modal,
    draft_card,
)
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, written
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(ASK)(on_ask)
    app.action(CHANGE)(on_change)
    app.action(REFUSE)(on_refuse)
    app.view(CALLBACK)(on_changed)


async def on_ask(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await ask(session, **pressed.who, draft_id=pressed.number, now=pressed.now)
    await ack()


async def on_change(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        draft = await get_draft(session, **pressed.who, draft_id=pressed.number)
        words = await read_out(session, team_id=pressed.team_id, text=draft.text)
    await client.views_open(trigger_id=pressed.trigger_id, view=change_modal(draft, words))
    await ack()


async def on_changed(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about: dict[str, Any] = {"draft_id": pressed.number, "text": written(view, "question")}
    async with sessions.begin() as session:
        await ask(
            session,
            team_id=pressed.team_id,
            user_id=pressed.user_id,
            **about,
            now=pressed.now,
        )
    await ack()


async def on_refuse(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await refuse(session, **pressed.who, draft_id=pressed.number, now=pressed.now)
    await ack()


async def send_card(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Ask its person, and let the card say what became of it."""
    about: dict[str, Any] = {"team_id": owed.team_id, "draft_id": owed.subject}
    async with sessions.read() as session:
        draft = await get_card(session, **about, now=slack.clock())
        url = await get_url(session, owed.team_id)
    if draft is None:
        return None
    card = draft_card(draft, url)
    if draft.posted_in and draft.message_ts:
        await slack.touch("chat.update", channel=draft.posted_in, ts=draft.message_ts, **card)
        return None
    posted_in, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=draft.user_id, **card
    )
    place: dict[str, Any] = {"posted_in": posted_in, "message_ts": message_ts}
    return lambda session: note_shown(session, **about, **place)


KINDS = (delivers(DRAFT, send_card),)
