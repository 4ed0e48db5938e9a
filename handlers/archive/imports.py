"""An admin stops an import, goes on with it, or has it taken out again."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.archive.history import go_on
from bot.archive.imports import stop, undo
from bot.outbox import owe_home
from handlers.blocks.archive.imports import GO_ON, STOP, UNDO
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(STOP)(on_stop)
    app.action(GO_ON)(on_go_on)
    app.action(UNDO)(on_undo)


async def on_stop(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await stop(session, **pressed.who, import_id=pressed.number, now=pressed.now)
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack()


async def on_go_on(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await go_on(session, **pressed.who, import_id=pressed.number, now=pressed.now)
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack()


async def on_undo(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await undo(
            session,
            team_id=pressed.team_id,
            user_id=pressed.user_id,
            import_id=pressed.number,
            now=pressed.now,
        )
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack()
