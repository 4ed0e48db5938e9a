"""The least a Bolt app does with a message: nothing; with `post` as the fourth argument, a post in
the thread of each question, of which nothing is kept. The first three: API address, bot token, app
token."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

sys.path.append(str(Path(__file__).parents[1]))  # it is started by its path
from bot.detection import asks_something


async def on_message() -> None:
    """Nothing at all."""


async def on_question(event: dict[str, Any], client: AsyncWebClient) -> None:
    if asks_something(event.get("text", "")):
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event["ts"], text="Somebody will look at it."
        )


async def main(api_url: str, bot_token: str, app_token: str, does: str = "nothing") -> None:
    client = AsyncWebClient(token=bot_token, base_url=api_url)
    app = AsyncApp(client=client, process_before_response=True)
    app.event("message")(on_question if does == "post" else on_message)
    handler: Any = AsyncSocketModeHandler(app, app_token)  # it says nothing of types
    await handler.start_async()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
