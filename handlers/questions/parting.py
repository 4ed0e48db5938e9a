"""A follow-up that is a question of its own: chosen in the card's menu, and in the modal."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.questions.parting import list_follow_ups, part_by_choice
from handlers.blocks.experts.cards import MORE, PART
from handlers.blocks.questions.parting import CALLBACK, parting_modal
from handlers.payloads import Payload, chosen
from handlers.pressed import Pressed, chose
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(MORE, matchers=[chose(PART)])(on_part)
    app.view(CALLBACK)(on_parted)


async def on_part(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    about = replace(pressed, value=pressed.parts[1])
    async with sessions.read() as session:
        follow_ups = await list_follow_ups(session, **about.question)
    modal = parting_modal(about.number, follow_ups)
    await client.views_open(trigger_id=pressed.trigger_id, view=modal)
    await ack()


async def on_parted(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await part_by_choice(
            session,
            **pressed.question,
            message_ts=chosen(view, "follow_up") or "",
        )
    await ack()
