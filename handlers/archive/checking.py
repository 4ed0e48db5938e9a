"""Was this the answer? What somebody says of a reply that only the archive calls one."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.archive.checking import (
    call_answer,
    call_no_answer,
    call_other_answer,
    list_other_replies,
    switch_checks,
)
from handlers.blocks.archive.checking import CALLBACK, other_replies_modal
from handlers.blocks.finding.reviews import (
    ASK_AGAIN,
    NO_ANSWER,
    OTHER_ANSWER,
    STOP_ASKING,
    WAS_ANSWER,
)
from handlers.payloads import Payload, chosen, number_of
from handlers.pressed import Pressed
from handlers.replying import open_view
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(WAS_ANSWER)(on_answer)
    app.action(NO_ANSWER)(on_no_answer)
    app.action(OTHER_ANSWER)(on_other_answer)
    app.view(CALLBACK)(on_other_chosen)
    app.action(STOP_ASKING)(on_stop_asking)
    app.action(ASK_AGAIN)(on_ask_again)


async def on_answer(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await call_answer(session, **pressed.question)
    await ack()


async def on_no_answer(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await call_no_answer(session, **pressed.question)
    await ack()


async def on_other_answer(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        replies = await list_other_replies(session, **pressed.who, question_id=pressed.number)
    await open_view(client, body, other_replies_modal(pressed.number, replies))
    await ack()


async def on_other_chosen(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    answer_id = number_of(chosen(view, "reply") or "")
    async with sessions.begin() as session:
        await call_other_answer(session, **pressed.question, answer_id=answer_id)
    await ack()


async def on_stop_asking(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await switch_checks(session, **pressed.who, is_on=False, now=pressed.now)
    await ack()


async def on_ask_again(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await switch_checks(session, **pressed.who, is_on=True, now=pressed.now)
    await ack()
