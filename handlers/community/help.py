"""All commands, from the button under the help."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.community.help import ALL_COMMANDS, commands_modal
from handlers.pressed import Pressed


def register(app: AsyncApp) -> None:
    app.action(ALL_COMMANDS)(on_all_commands)


async def on_all_commands(ack: Any, pressed: Pressed, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=pressed.trigger_id, view=commands_modal())
    await ack()
