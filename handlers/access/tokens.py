"""Tokens for programs: a window from App Home."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.access.tokens import (
    end_token,
    list_all_tokens,
    list_tokens,
    make_token,
)
from bot.people import is_admin
from handlers.blocks.access.tokens import (
    ALL,
    CALLBACK,
    END,
    EVERYBODYS,
    MAKE,
    OPEN,
    everybodys_modal,
    make_modal,
    secret_modal,
    tokens_modal,
)
from handlers.blocks.text import Block
from handlers.payloads import Payload, chosen, number_of
from handlers.pressed import Pressed
from handlers.replying import open_view, show_instead
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.action(MAKE)(on_make)
    app.view(CALLBACK)(on_made)
    app.action(END)(on_end)
    app.action(ALL)(on_all)


async def on_open(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions, api_url: str
) -> None:
    async with sessions.read() as session:
        view = await draw_mine(session, pressed, api_url)
    await client.views_open(trigger_id=pressed.trigger_id, view=view)
    await ack()


async def draw_mine(session: AsyncSession, pressed: Pressed, api_url: str) -> Block:
    tokens = await list_tokens(session, **pressed.who, now=pressed.now)
    return tokens_modal(tokens, api_url, is_admin=await is_admin(session, **pressed.who))


async def draw_all(session: AsyncSession, pressed: Pressed) -> Block:
    return everybodys_modal(await list_all_tokens(session, **pressed.who, now=pressed.now))


async def on_make(ack: Any, body: Payload, client: AsyncWebClient) -> None:
    await open_view(client, body, make_modal())
    await ack()


async def on_made(
    ack: Any,
    pressed: Pressed,
    view: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
    api_url: str,
) -> None:
    async with sessions.begin() as session:
        made = await make_token(
            session,
            **pressed.who,
            name=chosen(view, "name") or "",
            scopes=chosen(view, "scopes") or [],
            days=number_of(chosen(view, "days")),
            now=pressed.now,
        )
        mine = await draw_mine(session, pressed, api_url)
    below = view.get("previous_view_id")  # the list, which has one more now
    if below:
        await client.views_update(view_id=below, view=mine)
    await ack(response_action="update", view=secret_modal(made, api_url))


async def on_end(
    ack: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
    api_url: str,
) -> None:
    which, token_id = pressed.parts
    async with sessions.begin() as session:
        await end_token(session, **pressed.who, token_id=number_of(token_id), now=pressed.now)
        if which == EVERYBODYS:
            view = await draw_all(session, pressed)
        else:
            view = await draw_mine(session, pressed, api_url)
    await show_instead(client, body, view)
    await ack()


async def on_all(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        view = await draw_all(session, pressed)
    await open_view(client, body, view)
    await ack()
