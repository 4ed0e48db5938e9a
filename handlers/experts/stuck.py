"""Still stuck: the asking goes on."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.experts.stuck import call_stuck
from bot.outbox import owe_home
from handlers.blocks.experts.cards import STUCK
from handlers.blocks.experts.stuck import asked_on
from handlers.pressed import Pressed
from handlers.replying import BESIDE, in_thread
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(STUCK)(on_stuck)


async def on_stuck(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        is_anew = await call_stuck(session, **pressed.question)
        if pressed.in_home:
            await owe_home(session, **pressed.who, now=pressed.now)
    if not pressed.in_home:
        await respond(**BESIDE, **in_thread(pressed.thread_ts), text=asked_on(is_anew))
    await ack()
