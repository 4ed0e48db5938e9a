"""/find, and the search of App Home: solved questions, for the person who searches only."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.finding.find import Results, find_solved
from bot.finding.gists import owe_gist, sources_of
from bot.finding.misses import note_miss
from bot.vault import Vault
from bot.workspaces import get_url
from handlers.blocks.finding.find import (
    CALLBACK,
    MORE,
    SEARCH,
    results_modal,
    results_page,
    search_modal,
)
from handlers.payloads import Payload, read_back, written
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.command("/find")(on_find)
    app.action(MORE)(on_more)
    app.action(SEARCH)(on_search)
    app.view(CALLBACK)(on_searched)


async def on_find(
    ack: Any,
    pressed: Pressed,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    vault: Vault | None,
) -> None:
    results, url = await search(sessions, pressed, words=pressed.value)
    await keep_miss(sessions, pressed, results, vault)
    await ask_for_gist(context, pressed, sessions, results, response_url=body["response_url"])
    await ack(response_type="ephemeral", **results_page(results, url))


async def on_search(ack: Any, pressed: Pressed, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=pressed.trigger_id, view=search_modal())
    await ack()


async def on_searched(
    ack: Any,
    pressed: Pressed,
    view: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    vault: Vault | None,
) -> None:
    results, url = await search(sessions, pressed, words=written(view, "words"))
    await keep_miss(sessions, pressed, results, vault)
    await ask_for_gist(context, pressed, sessions, results, view_id=view["id"])
    await ack(response_action="update", view=results_modal(results, url))


async def on_more(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    wanted = read_back(pressed.value, words=str, offset=int)
    results, url = await search(sessions, pressed, words=wanted["words"], offset=wanted["offset"])
    if "view" in body:
        await client.views_update(view_id=body["view"]["id"], view=results_modal(results, url))
    else:
        page = results_page(results, url)
        await respond(response_type="ephemeral", replace_original=True, **page)
    await ack()


async def ask_for_gist(
    context: AsyncBoltContext,
    pressed: Pressed,
    sessions: Sessions,
    results: Results,
    **place: str,
) -> None:
    """Where the operator named a language model: below what was found comes a short answer."""
    if context["model"] is None or not sources_of(results.results):
        return
    async with sessions.begin() as session:
        await owe_gist(session, **pressed.who, words=results.words, **place, now=pressed.now)


async def search(
    sessions: Sessions, pressed: Pressed, *, words: str, offset: int = 0
) -> tuple[Results, str]:
    async with sessions.read() as session:
        results = await find_solved(
            session, **pressed.who, words=words.strip(), offset=offset, now=pressed.now
        )
        return results, await get_url(session, pressed.team_id)


async def keep_miss(
    sessions: Sessions, pressed: Pressed, results: Results, vault: Vault | None
) -> None:
    """What nobody finds is kept, without who looked for it."""
    if results.total == 0:
        async with sessions.begin() as session:
            await note_miss(
                session, **pressed.who, wanted=results.search, vault=vault, now=pressed.now
            )
