"""Say thanks, where a manager reads what somebody's help did."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.recognition.thanking import get_teller, thank_teller
from handlers.blocks.recognition.thanking import CALLBACK, THANK, thank_modal
from handlers.blocks.text import mention, note_modal
from handlers.payloads import Payload, question_id_of, team_of, written
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(THANK)(on_thank)
    app.view(CALLBACK)(on_thanked)


async def on_thank(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    note_id = question_id_of(action.get("value", ""))
    async with sessions.read() as session:
        user_id = await get_teller(
            session, team_id=team_of(context), manager_id=body["user"]["id"], note_id=note_id
        )
    await client.views_open(trigger_id=body["trigger_id"], view=thank_modal(user_id, note_id))
    await ack()


async def on_thanked(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    async with sessions.begin() as session:
        user_id = await thank_teller(
            session,
            team_id=team_of(context),
            manager_id=body["user"]["id"],
            note_id=question_id_of(view["private_metadata"]),
            reason=written(view, "reason"),
            now=clock(),
        )
    thanked = f"I told {mention(user_id)}, and it counts among their kudos."
    await ack(response_action="update", view=note_modal(thanked))
