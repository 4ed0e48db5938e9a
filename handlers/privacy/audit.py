"""The audit, for admins: a window from App Home, and the whole as a file."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OpenItAgain
from bot.kinds import AUDIT_FILE
from bot.outbox import Owed
from bot.privacy.audit import get_older, get_page, list_all, take_all
from handlers.blocks.privacy.audit import (
    AUDIT,
    COMES,
    CSV,
    DEEPEST,
    FILE_NAME,
    FILE_TITLE,
    HERE_IT_IS,
    OLDER,
    audit_modal,
    to_csv,
)
from handlers.blocks.text import note_modal, sentence
from handlers.outbox import Note, delivers
from handlers.payloads import number_of
from handlers.pressed import Pressed
from handlers.slack import File, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(AUDIT)(on_audit)
    app.action(OLDER)(on_older)
    app.action(CSV)(on_csv)


async def on_audit(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        page = await get_page(session, team_id=pressed.team_id, user_id=pressed.user_id)
    await client.views_open(trigger_id=pressed.trigger_id, view=audit_modal(page))
    await ack()


async def on_older(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    before, depth = map(number_of, pressed.parts)
    if not 0 < depth < DEEPEST:
        raise OpenItAgain()
    async with sessions.read() as session:
        page = await get_older(session, **pressed.who, before=before)
    view = audit_modal(page, depth=depth + 1)
    await client.views_push(trigger_id=pressed.trigger_id, view=view)
    await ack()


async def on_csv(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await take_all(session, **pressed.who, now=pressed.now)
    await client.views_push(trigger_id=pressed.trigger_id, view=note_modal(COMES))
    await ack()


async def send_all(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        entries = await list_all(session, team_id=owed.team_id, user_id=owed.subject)
    await slack.send_files(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=owed.subject,
        files=[File(FILE_NAME, FILE_TITLE, to_csv(entries).encode())],
        **sentence(HERE_IT_IS),
    )
    return None


KINDS = (delivers(AUDIT_FILE, send_all),)
