"""The buttons with which experts take a question, pass it on, or name somebody else."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.experts.claims import claim, pass_on, pause_topic, refer
from bot.outbox import owe_home
from handlers.blocks.buttons import CLAIM
from handlers.blocks.experts.cards import PASS
from handlers.blocks.experts.claims import PAUSE, REFER, asked_first, passed, paused, referred
from handlers.payloads import Payload, id_of, number_of, text_of
from handlers.pressed import Pressed
from handlers.replying import BESIDE, IN_PLACE, in_thread
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(CLAIM)(on_claim)
    app.action(PASS)(on_pass)
    app.action(REFER)(on_refer)
    app.action(PAUSE)(on_pause)


async def on_claim(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await claim(session, **pressed.question)
        if pressed.in_home:
            await owe_home(session, **pressed.who, now=pressed.now)
    await ack()


async def on_pass(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        done = await pass_on(session, **pressed.question)
    await respond(**BESIDE, **in_thread(pressed.thread_ts), **passed(pressed.number, done))
    await ack()


async def on_refer(
    ack: Any, respond: Any, pressed: Pressed, action: Payload, sessions: Sessions
) -> None:
    named = id_of(action.get("selected_user"))
    if named:  # else the choice was taken back
        question_id = number_of(text_of(action.get("block_id")).partition(":")[2])
        about = {**pressed.question, "question_id": question_id}
        async with sessions.begin() as session:
            is_asked = await refer(session, **about, to_id=named)
        await respond(**IN_PLACE, text=referred(named) if is_asked else asked_first(named))
    await ack()


async def on_pause(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        topic = await pause_topic(session, **pressed.question)
    await respond(**IN_PLACE, text=paused(topic))
    await ack()
