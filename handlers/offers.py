"""The buttons with which people take a question, or pass it on."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.offers import claim, pass_on
from handlers.blocks.questions import CLAIM, PASS
from handlers.payloads import Payload, who_and_what
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(CLAIM)(on_claim)
    app.action(PASS)(on_pass)


async def on_claim(
    ack: Any, action: Payload, body: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await claim(session, **who_and_what(action, body, context))
    await ack()


async def on_pass(
    ack: Any, action: Payload, body: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await pass_on(session, **who_and_what(action, body, context))
    await ack()
