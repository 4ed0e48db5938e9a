"""What people keep asking, for those whom an admin named: a page in App Home, and a table."""

import asyncio
from datetime import date, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.gaps import (
    GapPage,
    find_gaps,
    get_gap,
    get_month,
    gets_monthly,
    list_readers,
    mark_taught,
    may_read_gaps,
    name_readers,
    of_month,
    read_material,
    set_monthly,
    take_table,
)
from bot.errors import CannotBeTaughtYet
from bot.kinds import GAPS_DIGEST, GAPS_TABLE, Slot
from bot.outbox import Owed
from bot.people import is_admin
from bot.recognition.digests import GAPS, note_posted, note_quiet
from handlers.blocks.community.gaps import (
    COMES_EACH_MONTH,
    COMES_NO_MORE,
    CSV,
    FILE_COMES,
    FILE_NAME,
    FILE_TITLE,
    HERE_IT_IS,
    MARK,
    MARK_CALLBACK,
    MONTHLY,
    ON,
    OPEN,
    READERS,
    READERS_CALLBACK,
    gaps_modal,
    mark_modal,
    month_message,
    readers_modal,
    to_csv,
)
from handlers.blocks.text import note_modal, sentence
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, read_back, time_of
from handlers.pressed import Pressed
from handlers.replying import open_view, reply
from handlers.slack import File, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.action(CSV)(on_csv)
    app.action(MONTHLY)(on_monthly)
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
    return await read_page(sessions, pressed.team_id, pressed.user_id, pressed.now)


async def read_page(sessions: Sessions, team_id: str, user_id: str, now: datetime) -> GapPage:
    who = {"team_id": team_id, "user_id": user_id}
    async with sessions.read() as session:
        material = await read_material(session, **who, now=now)
        may_name = await is_admin(session, team_id, user_id)
        is_monthly = await gets_monthly(session, **who)
    gaps = await asyncio.to_thread(find_gaps, material)
    return GapPage(material.quarter, gaps, may_name, is_monthly)


async def on_csv(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await take_table(session, **pressed.who, now=pressed.now)
    await open_view(client, body, note_modal(FILE_COMES))
    await ack()


async def on_monthly(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    is_wanted = pressed.value == ON
    async with sessions.begin() as session:
        await set_monthly(session, **pressed.who, is_wanted=is_wanted, now=pressed.now)
    await reply(COMES_EACH_MONTH if is_wanted else COMES_NO_MORE, body, client, respond)
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


async def send_table(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        if not await may_read_gaps(session, team_id=owed.team_id, user_id=owed.subject):
            return None
    page = await read_page(sessions, owed.team_id, owed.subject, slack.clock())
    await slack.send_files(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=owed.subject,
        files=[File(FILE_NAME, FILE_TITLE, to_csv(page).encode())],
        **sentence(HERE_IT_IS),
    )
    return None


async def send_month(owed: Owed[Slot], slack: Slack, sessions: Sessions) -> Note | None:
    """Some of what people keep asking, for who wished so; where nothing is told, nothing comes."""
    user_id, slot = owed.subject
    async with sessions.read() as session:
        at = await get_month(session, team_id=owed.team_id, user_id=user_id, slot=slot)
    if at is None:
        return None
    page = of_month(await read_page(sessions, owed.team_id, user_id, at), at)
    if not page.gaps:
        run = {"team_id": owed.team_id, "kind": GAPS, "subject": user_id, "slot": slot}
        return lambda session: note_quiet(session, **run, now=owed.owed_at)
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=user_id, **month_message(page)
    )
    return lambda session: note_posted(
        session,
        team_id=owed.team_id,
        kind=GAPS,
        subject=user_id,
        slot=slot,
        channel_id=channel_id,
        message_ts=message_ts,
        now=time_of(message_ts),
    )


KINDS = (delivers(GAPS_TABLE, send_table), delivers(GAPS_DIGEST, send_month))
