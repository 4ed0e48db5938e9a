"""Staying out: where nothing of somebody is kept."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.privacy.staying_out import EVERYWHERE, list_places, set_where
from handlers.blocks.privacy.my_data import OUT
from handlers.blocks.privacy.staying_out import CALLBACK, CHOSEN, staying_out_modal
from handlers.blocks.text import note_modal
from handlers.payloads import Payload, chosen
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(OUT)(on_stay_out)
    app.view(CALLBACK)(on_chosen)


async def on_stay_out(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        places, is_everywhere = await list_places(session, **pressed.who)
    view = staying_out_modal(places, is_everywhere=is_everywhere)
    show = client.views_push if body.get("view", {}).get("type") == "modal" else client.views_open
    await show(trigger_id=pressed.trigger_id, view=view)
    await ack()


async def on_chosen(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    everywhere = [EVERYWHERE] if chosen(view, "everywhere") else []
    channels = chosen(view, "channels") or []
    async with sessions.begin() as session:
        await set_where(
            session, **pressed.who, channel_ids=[*everywhere, *channels], now=pressed.now
        )
    await ack(response_action="update", view=note_modal(CHOSEN))
