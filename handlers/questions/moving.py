"""Change topic: an entry of the card's menu, and its modal."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.questions.moving import list_other_topics, move
from handlers.blocks.experts.cards import MORE, MOVE
from handlers.blocks.questions.moving import CALLBACK, moving_modal
from handlers.payloads import Payload, chosen, number_of
from handlers.pressed import Pressed, chose
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(MORE, matchers=[chose(MOVE)])(on_move)
    app.view(CALLBACK)(on_moved)


async def on_move(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    about = replace(pressed, value=pressed.parts[1])
    async with sessions.read() as session:
        others = await list_other_topics(session, **about.question)
    modal = moving_modal(about.number, others)
    await client.views_open(trigger_id=pressed.trigger_id, view=modal)
    await ack()


async def on_moved(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await move(session, **pressed.question, topic_id=number_of(chosen(view, "topic") or ""))
    await ack()
