"""What assistants may ask: a window of App Home."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.experts.assistants import get_choices, refuse, set_way
from handlers.blocks.experts.assistants import CALLBACK, NONE, OPEN, SAVED, assistants_modal
from handlers.blocks.text import note_modal
from handlers.payloads import Payload, chosen, number_of
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.view(CALLBACK)(on_chosen)


async def on_open(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        choices = await get_choices(session, **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=assistants_modal(choices))
    await ack()


async def on_chosen(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    way, share = chosen(view, "way"), chosen(view, "share")
    async with sessions.begin() as session:
        refuses = NONE in (chosen(view, "mine") or [])
        await refuse(session, **pressed.who, refuses=refuses)
        if way and share:
            about: dict[str, Any] = {"way": way, "share": number_of(share), "now": pressed.now}
            await set_way(session, team_id=pressed.team_id, user_id=pressed.user_id, **about)
    await ack(response_action="update", view=note_modal(SAVED))
