"""What people keep asking, for those whom an admin named: a page in App Home, and a table."""

import asyncio
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.gaps import (
    GapPage,
    find_gaps,
    get_gap,
    list_readers,
    mark_taught,
    name_readers,
    read_material,
)
from bot.errors import CannotBeTaughtYet
from bot.people import is_admin
from handlers.blocks.community.gaps import (
    CSV,
    MARK,
    MARK_CALLBACK,
    OPEN,
    READERS,
    READERS_CALLBACK,
    csv_modal,
    gaps_modal,
    mark_modal,
    readers_modal,
)
from handlers.payloads import Payload, chosen, read_back
from handlers.pressed import Pressed
from handlers.replying import open_view
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.action(CSV)(on_csv)
    app.action(MARK)(on_mark)
    app.action(READERS)(on_readers)
    app.view(MARK_CALLBACK)(on_marked)
    app.view(READERS_CALLBACK)(on_named)


async def on_open(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    await open_view(client, body, gaps_modal(await page_for(pressed, sessions)))
    await ack()


async def page_for(pressed: Pressed, sessions: Sessions) -> GapPage:
    """Found outside any transaction: it takes a moment."""
    async with sessions.read() as session:
        material = await read_material(session, **pressed.who, now=pressed.now)
        may_name = await is_admin(session, pressed.team_id, pressed.user_id)
    gaps = await asyncio.to_thread(find_gaps, material)
    return GapPage(material.quarter, gaps, may_name)


async def on_csv(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    await open_view(client, body, csv_modal(await page_for(pressed, sessions)))
    await ack()


async def on_mark(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    gap = get_gap(await page_for(pressed, sessions), pressed.value)
    await open_view(client, body, mark_modal(gap.key))
    await ack()


async def on_marked(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, key=str)
    gap = get_gap(await page_for(pressed, sessions), about["key"])
    taught_on = day_of(chosen(view, "taught_on"))
    async with sessions.begin() as session:
        await mark_taught(session, **pressed.who, gap=gap, taught_on=taught_on, now=pressed.now)
    await ack()


def day_of(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise CannotBeTaughtYet() from error


async def on_readers(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        user_ids = await list_readers(session, **pressed.who)
    await open_view(client, body, readers_modal(user_ids))
    await ack()


async def on_named(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await name_readers(
            session, **pressed.who, user_ids=chosen(view, "readers") or [], now=pressed.now
        )
    await ack()
