"""/find, and the search of App Home: solved questions, for the person who searches only."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.finding.find import Results, find_solved
from bot.workspaces import get_url
from handlers.blocks.finding.find import (
    CALLBACK,
    MORE,
    SEARCH,
    results_modal,
    results_page,
    search_modal,
)
from handlers.payloads import Payload, team_of, written
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.command("/find")(on_find)
    app.action(MORE)(on_more)
    app.action(SEARCH)(on_search)
    app.view(CALLBACK)(on_searched)


async def on_find(
    ack: Any,
    command: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    results, url = await search(
        sessions,
        clock,
        team_id=team_of(context),
        user_id=command["user_id"],
        words=command.get("text", ""),
    )
    await ack(response_type="ephemeral", **results_page(results, url))


async def on_search(ack: Any, body: Payload, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=search_modal())
    await ack()


async def on_searched(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    results, url = await search(
        sessions,
        clock,
        team_id=team_of(context),
        user_id=body["user"]["id"],
        words=written(view, "words"),
    )
    await ack(response_action="update", view=results_modal(results, url))


async def on_more(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    wanted = json.loads(action["value"])
    results, url = await search(
        sessions,
        clock,
        team_id=team_of(context),
        user_id=body["user"]["id"],
        words=wanted["words"],
        offset=wanted["offset"],
    )
    if "view" in body:
        await client.views_update(view_id=body["view"]["id"], view=results_modal(results, url))
    else:
        page = results_page(results, url)
        await respond(response_type="ephemeral", replace_original=True, **page)
    await ack()


async def search(
    sessions: Sessions,
    clock: Callable[[], datetime],
    *,
    team_id: str,
    user_id: str,
    words: str,
    offset: int = 0,
) -> tuple[Results, str]:
    async with sessions.read() as session:
        results = await find_solved(
            session,
            team_id=team_id,
            user_id=user_id,
            words=words.strip(),
            offset=offset,
            now=clock(),
        )
        return results, await get_url(session, team_id)
