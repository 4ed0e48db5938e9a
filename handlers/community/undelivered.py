"""An admin has tried again what Slack did not take."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.community.undelivered import try_again
from handlers.blocks.community.undelivered import TRY_AGAIN
from handlers.payloads import Payload, team_of, time_of
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(TRY_AGAIN)(on_try_again)


async def on_try_again(
    ack: Any, action: Payload, body: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await try_again(
            session,
            team_id=team_of(context),
            user_id=body["user"]["id"],
            now=time_of(action["action_ts"]),
        )
    await ack()
