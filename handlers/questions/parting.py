"""A follow-up that is a question of its own: chosen in the card's menu, and in the modal."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.questions.parting import part_by_choice
from handlers.blocks.questions.parting import CALLBACK
from handlers.payloads import Payload, chosen
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.view(CALLBACK)(on_parted)


async def on_parted(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await part_by_choice(
            session,
            **pressed.question,
            message_ts=chosen(view, "follow_up") or "",
        )
    await ack()
