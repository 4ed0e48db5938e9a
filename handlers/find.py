"""/find: solved questions, shown only to the person who searched."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.find import find_solved
from bot.workspaces import get_url
from handlers.blocks.find import MORE, results_page
from handlers.blocks.text import Block
from handlers.payloads import Payload, team_of
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.command("/find")(on_find)
    app.action(MORE)(on_more)


async def on_find(
    ack: Any,
    command: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    page = await page_of(
        sessions,
        clock,
        team_id=team_of(context),
        user_id=command["user_id"],
        words=command.get("text", ""),
    )
    await ack(response_type="ephemeral", **page)


async def on_more(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    wanted = json.loads(action["value"])
    page = await page_of(
        sessions,
        clock,
        team_id=team_of(context),
        user_id=body["user"]["id"],
        words=wanted["words"],
        offset=wanted["offset"],
    )
    await respond(response_type="ephemeral", replace_original=True, **page)
    await ack()


async def page_of(
    sessions: Sessions,
    clock: Callable[[], datetime],
    *,
    team_id: str,
    user_id: str,
    words: str,
    offset: int = 0,
) -> Block:
    async with sessions.read() as session:
        results = await find_solved(
            session,
            team_id=team_id,
            user_id=user_id,
            words=words.strip(),
            offset=offset,
            now=clock(),
        )
        url = await get_url(session, team_id)
    return results_page(results, url)
