"""After a training: the weeks before and after side by side, for those who read gaps."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.gaps import check_may_read
from bot.community.trainings import look_after
from handlers.blocks.community.trainings import AFTER, CALLBACK, after_modal, compared_modal
from handlers.community.gaps import day_of
from handlers.payloads import Payload, chosen
from handlers.pressed import Pressed
from handlers.replying import open_view
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(AFTER)(on_after)
    app.view(CALLBACK)(on_compared)


async def on_after(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        await check_may_read(session, pressed.team_id, pressed.user_id)
    await open_view(client, body, after_modal())
    await ack()


async def on_compared(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    taught_on = day_of(chosen(view, "taught_on"))
    async with sessions.read() as session:
        told = await look_after(
            session,
            **pressed.who,
            channel_id=chosen(view, "channel") or "",
            taught_on=taught_on,
            now=pressed.now,
        )
    await ack(response_action="push", view=compared_modal(told))
