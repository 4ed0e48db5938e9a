"""The least a Bolt app does with a message. Arguments: API address, bot token, app token."""

import asyncio
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def on_message() -> None:
    """Nothing at all."""


async def main(api_url: str, bot_token: str, app_token: str) -> None:
    client = AsyncWebClient(token=bot_token, base_url=api_url)
    app = AsyncApp(client=client, process_before_response=True)
    app.event("message")(on_message)
    handler: Any = AsyncSocketModeHandler(app, app_token)  # it says nothing of types
    await handler.start_async()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
