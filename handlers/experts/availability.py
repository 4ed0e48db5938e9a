"""When somebody can be asked: `/experts away`, `back`, `hours`, `limit` and `messages`, and the
modal behind App Home's button."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.availability import (
    DAILY_LIMIT,
    come_back,
    get_choices,
    go_away,
    save_choices,
    set_country,
    set_hours,
    set_limit,
    set_messages,
)
from bot.experts.webhooks import Networks
from bot.outbox import owe_home
from handlers.blocks.experts import availability as words
from handlers.blocks.experts.availability import CALLBACK, CHANGE, OWN, availability_modal
from handlers.blocks.text import Block, sentence
from handlers.payloads import Payload, chosen, number_of
from handlers.pressed import Pressed
from storage.database import Sessions

DAYS = [str(day) for day in range(7)]  # as the modal offers them; Monday is 0
Change = Callable[[AsyncSession, str, str, str, datetime], Awaitable[str]]


def register(app: AsyncApp) -> None:
    app.action(CHANGE)(on_change_availability)
    app.view(CALLBACK)(on_availability_saved)


async def on_change_availability(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        choices = await get_choices(session, **pressed.who, now=pressed.now)
    await client.views_open(trigger_id=pressed.trigger_id, view=availability_modal(choices))
    await ack()


async def on_availability_saved(
    ack: Any, pressed: Pressed, view: Payload, sessions: Sessions, helpdesk_networks: Networks
) -> None:
    async with sessions.begin() as session:
        await save_choices(
            session,
            **pressed.who,
            topic_ids=[number_of(each) for each in chosen(view, "topics") or []],
            hours=chosen_hours(view),
            limit=chosen(view, "limit") or str(DAILY_LIMIT),
            messages=chosen(view, "messages") or "",
            back_on=chosen(view, "back_on"),
            reminders=chosen(view, "reminders"),
            country=chosen(view, "country") or "",
            calendar=chosen(view, "calendar") or "",
            networks=helpdesk_networks,
            now=pressed.now,
        )
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack()


def chosen_hours(view: Payload) -> tuple[list[int], str, str] | None:
    if chosen(view, "when") != OWN:
        return None
    days = [int(day) for day in chosen(view, "days") or [] if day in DAYS]
    return days, chosen(view, "starts") or "00:00", chosen(view, "ends") or "00:00"


async def say_when(pressed: Pressed, sessions: Sessions, verb: str, rest: str) -> Block:
    """Note what this person says of when they can be asked; what was understood."""
    async with sessions.begin() as session:
        change = CHANGES[verb]
        said = await change(session, pressed.team_id, pressed.user_id, rest, pressed.now)
        return sentence(said)


async def away(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    until = await go_away(session, team_id=team_id, user_id=user_id, written=written, now=now)
    return words.gone(until)


async def back(session: AsyncSession, team_id: str, user_id: str, _: str, now: datetime) -> str:
    await come_back(session, team_id=team_id, user_id=user_id, now=now)
    return words.BACK


async def hours(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    if not written:
        return words.when(await get_choices(session, team_id=team_id, user_id=user_id, now=now))
    own, is_taken_for_day = await set_hours(
        session, team_id=team_id, user_id=user_id, written=written
    )
    return words.taken_for_day(own) if own and is_taken_for_day else words.asked_in(own)


async def holidays(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    if not written:
        choices = await get_choices(session, team_id=team_id, user_id=user_id, now=now)
        return words.off_in(choices.country)
    country = await set_country(session, team_id=team_id, user_id=user_id, written=written)
    return words.off_in(country)


async def limit(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    most = await set_limit(session, team_id=team_id, user_id=user_id, written=written)
    return words.asked_at_most(most)


async def messages(
    session: AsyncSession, team_id: str, user_id: str, written: str, now: datetime
) -> str:
    wants = await set_messages(session, team_id=team_id, user_id=user_id, written=written)
    return words.told_of(wants)


CHANGES: dict[str, Change] = {
    "away": away,
    "back": back,
    "hours": hours,
    "holidays": holidays,
    "limit": limit,
    "messages": messages,
}
