"""How a community does, for its admins and sponsors: counted each day, shown in App Home and by
`/askaround health`, sent each month to who wants it."""

import asyncio
from datetime import UTC, date, datetime, time
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.health import (
    Health,
    count_up,
    find_part,
    get_health,
    get_health_digest,
    get_part,
    go_on_counting,
    list_all,
    list_by_topic,
    read_community,
    save_reading,
    set_monthly,
    take_table,
)
from bot.community.weeks import WHOLE, read_past
from bot.errors import OnlyAdminsAndSponsors
from bot.kinds import HEALTH_DIGEST, HEALTH_READING, HEALTH_TABLE, Slot, TableFor
from bot.outbox import Owed, owe_home
from bot.recognition.digests import HEALTH, note_posted
from handlers.blocks.community.health import (
    BY_TOPIC,
    COMES,
    COMES_NO_MORE,
    DEFINITIONS,
    DETAILS,
    EXPORT,
    FILE_COMES,
    FILE_NAME,
    FILE_TITLE,
    HERE_IT_IS,
    MONTHLY,
    ON,
    by_topic_modal,
    definitions_modal,
    details_modal,
    health_page,
    to_csv,
)
from handlers.blocks.text import Block, note_modal, sentence
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, time_of
from handlers.pressed import Pressed
from handlers.replying import BESIDE, open_view
from handlers.slack import File, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(DETAILS)(on_details)
    app.action(DEFINITIONS)(on_definitions)
    app.action(BY_TOPIC)(on_by_topic)
    app.action(EXPORT)(on_export)
    app.action(MONTHLY)(on_monthly)


async def show_health(pressed: Pressed, sessions: Sessions) -> Block:
    """Answer `/askaround health`."""
    async with sessions.read() as session:
        page = await get_health(session, **pressed.who)
    if page is None:
        raise OnlyAdminsAndSponsors()
    return health_page(page)


async def on_definitions(ack: Any, body: Payload, client: AsyncWebClient) -> None:
    await open_view(client, body, definitions_modal())
    await ack()


async def on_details(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    await open_view(client, body, details_modal(await part_of(pressed, sessions)))
    await ack()


async def part_of(pressed: Pressed, sessions: Sessions) -> Health:
    async with sessions.read() as session:
        return await get_part(session, **pressed.who, subject=subject_of(pressed))


async def on_by_topic(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        parts = await list_by_topic(session, **pressed.who)
    await open_view(client, body, by_topic_modal(parts))
    await ack()


async def on_export(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        about = subject_of(pressed)
        await take_table(session, **pressed.who, subject=about, now=pressed.now)
    await open_view(client, body, note_modal(FILE_COMES))
    await ack()


def subject_of(pressed: Pressed) -> str:
    return WHOLE if pressed.value == "whole" else pressed.value


async def on_monthly(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    is_wanted = pressed.value == ON
    async with sessions.begin() as session:
        await set_monthly(session, **pressed.who, is_wanted=is_wanted, now=pressed.now)
        if pressed.in_home:
            await owe_home(session, **pressed.who, now=pressed.now)
    await ack()
    if not pressed.in_home:
        await respond(**BESIDE, text=COMES if is_wanted else COMES_NO_MORE)


async def take_reading(owed: Owed[date], slack: Slack, sessions: Sessions) -> Note | None:
    """Count, outside any transaction that others wait for. A long past that nobody counted yet
    is counted first, step by step."""
    until = datetime.combine(owed.subject, time.min, UTC)
    async with sessions.read() as session:
        past = await read_past(session, team_id=owed.team_id, until=until)
    if past:
        return lambda session: go_on_counting(
            session, past, team_id=owed.team_id, until=until, now=slack.clock()
        )
    async with sessions.read() as session:
        community = await read_community(session, team_id=owed.team_id, until=until)
    figures = await asyncio.to_thread(count_up, community)

    async def note(session: AsyncSession) -> None:
        await save_reading(
            session,
            team_id=owed.team_id,
            until=until,
            figures=figures,
            weeks=community.weeks,
        )

    return note


async def send_health_digest(owed: Owed[Slot], slack: Slack, sessions: Sessions) -> Note | None:
    user_id, slot = owed.subject
    about = {"team_id": owed.team_id, "user_id": user_id, "slot": slot}
    async with sessions.read() as session:
        page = await get_health_digest(session, **about)
    if page is None:
        return None
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=user_id, **health_page(page)
    )
    return lambda session: note_posted(
        session,
        team_id=owed.team_id,
        kind=HEALTH,
        subject=user_id,
        slot=slot,
        channel_id=channel_id,
        message_ts=message_ts,
        now=time_of(message_ts),
    )


async def send_table(owed: Owed[TableFor], slack: Slack, sessions: Sessions) -> Note | None:
    user_id, subject = owed.subject
    about = {"team_id": owed.team_id, "user_id": user_id, "subject": subject}
    async with sessions.read() as session:
        part = await find_part(session, **about)
    if part is None:  # they may not see it any more
        return None
    await slack.send_files(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=user_id,
        files=[File(FILE_NAME, FILE_TITLE, to_csv([part]).encode())],
        **sentence(HERE_IT_IS),
    )
    return None


async def export_all(sessions: Sessions) -> str:
    """Everything, for the operator."""
    async with sessions.read() as session:
        return to_csv(await list_all(session))


KINDS = (
    delivers(HEALTH_READING, take_reading),
    delivers(HEALTH_DIGEST, send_health_digest),
    delivers(HEALTH_TABLE, send_table),
)
