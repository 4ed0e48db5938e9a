"""Editing and deleting what the bot posted for somebody: entries of the card's menu, and their
modals."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.questions.posted import get_words, reword, take_back
from handlers.blocks.experts.cards import MORE, REWORD, TAKE_BACK
from handlers.blocks.questions.posted import REWORDED, TAKEN_BACK, reword_modal, take_back_modal
from handlers.payloads import Payload, written
from handlers.pressed import Pressed, chose
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(MORE, matchers=[chose(REWORD)])(on_reword)
    app.action(MORE, matchers=[chose(TAKE_BACK)])(on_take_back)
    app.view(REWORDED)(on_reworded)
    app.view(TAKEN_BACK)(on_taken_back)


async def on_reword(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    about = replace(pressed, value=pressed.parts[1])
    async with sessions.read() as session:
        words = await get_words(session, **about.question)
    modal = reword_modal(about.number, words)
    await client.views_open(trigger_id=pressed.trigger_id, view=modal)
    await ack()


async def on_reworded(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await reword(session, **pressed.question, text=written(view, "question"))
    await ack()


async def on_take_back(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    about = replace(pressed, value=pressed.parts[1])
    async with sessions.read() as session:
        words = await get_words(session, **about.question)
    modal = take_back_modal(about.number, words)
    await client.views_open(trigger_id=pressed.trigger_id, view=modal)
    await ack()


async def on_taken_back(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await take_back(session, **pressed.question)
    await ack()
