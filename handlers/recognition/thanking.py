"""Say thanks, where a manager reads what somebody's help did."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.recognition.thanking import get_teller, thank_teller
from handlers.blocks.recognition.thanking import CALLBACK, THANK, thank_modal, thanked
from handlers.blocks.text import note_modal
from handlers.payloads import Payload, chosen
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(THANK)(on_thank)
    app.view(CALLBACK)(on_thanked)


async def on_thank(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    note_id = pressed.number
    async with sessions.read() as session:
        user_id = await get_teller(
            session, team_id=pressed.team_id, manager_id=pressed.user_id, note_id=note_id
        )
    await client.views_open(trigger_id=pressed.trigger_id, view=thank_modal(user_id, note_id))
    await ack()


async def on_thanked(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        user_id = await thank_teller(
            session,
            team_id=pressed.team_id,
            manager_id=pressed.user_id,
            note_id=pressed.number,
            reason=chosen(view, "reason"),
            now=pressed.now,
        )
    await ack(response_action="update", view=note_modal(thanked(user_id)))
