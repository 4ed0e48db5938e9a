"""Reading the history of channels: an admin starts it, and a look at Slack is owed at a time."""

import asyncio
from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.archive.archives import Conversation, Post
from bot.archive.history import (
    Glimpse,
    Look,
    Page,
    check_may_read,
    estimate,
    get_look,
    list_choices,
    skip_channel,
    start,
    take_in_page,
    take_in_thread,
)
from bot.kinds import HISTORY
from bot.outbox import Owed, owe_home
from bot.questions.emoji import list_emoji
from bot.text import moment_of
from handlers.blocks.archive.history import (
    CALLBACK,
    START_CALLBACK,
    estimate_modal,
    history_modal,
)
from handlers.blocks.archive.imports import OPEN
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, files_of, read_back, words_of
from handlers.pressed import Pressed
from handlers.questions.catch_up import HISTORY as PAGES
from handlers.questions.catch_up import REPLIES, complete_marks, read_page, who_put
from handlers.questions.messages import POSTED
from handlers.questions.reading import is_by_person
from handlers.slack import GONE, Refused, Slack
from storage.database import Sessions

GLIMPSE = 100  # messages that an estimate looks at in each channel


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.view(CALLBACK)(on_chosen)
    app.view(START_CALLBACK)(on_started)


async def on_open(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        choices = await list_choices(session, **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=history_modal(choices))
    await ack()


async def on_chosen(
    ack: Any, pressed: Pressed, view: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    """How much it would be, by the newest page of each channel."""
    channel_ids = chosen(view, "channels") or []
    months = months_of(chosen(view, "months"))
    async with sessions.read() as session:
        await check_may_read(session, **pressed.who, channel_ids=channel_ids, months=months)
    glimpses = await asyncio.gather(*(glimpse_of(client, each) for each in channel_ids))
    await ack(response_action="update", view=estimate_modal(estimate(glimpses, months)))


def months_of(written: object) -> int:
    """0, which nobody can choose, where it was tampered with."""
    is_number = isinstance(written, str) and written.isascii() and written.isdigit()
    return int(str(written)) if is_number and len(str(written)) < 4 else 0


async def glimpse_of(client: AsyncWebClient, channel_id: str) -> Glimpse:
    answer = await client.conversations_history(channel=channel_id, limit=GLIMPSE)
    messages: list[Payload] = answer["messages"]
    times = [moment_of(each["ts"]) for each in messages]
    days = (times[0] - times[-1]).total_seconds() / 86_400 if times else 0.0
    threads = sum(bool(each.get("reply_count")) for each in messages)
    replies = sum(each.get("reply_count") or 0 for each in messages)
    is_all = not answer.get("has_more")
    return Glimpse(channel_id, len(messages), replies, threads, days, is_all)


async def on_started(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, channels=list, months=int, in_all=int)
    channel_ids = [each for each in about["channels"] if isinstance(each, str)]
    async with sessions.begin() as session:
        await start(
            session,
            **pressed.who,
            channel_ids=channel_ids,
            months=about["months"],
            in_all=about["in_all"],
            now=pressed.now,
        )
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack()


# A look at a time


async def read_on(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        look = await get_look(session, owed.team_id, owed.subject)
    if look is None:
        return None
    try:
        if look.thread_ts is not None:
            return await read_thread(owed, look, slack, sessions)
        return await read_before(owed, look, slack, sessions)
    except Refused as refusal:
        if refusal.code not in GONE:
            return lambda session: skip_channel(session, owed.team_id, look, now=slack.clock())
        return lambda session: take_in_thread(
            session, owed.team_id, look, None, is_whole=True, now=slack.clock()
        )


async def read_before(owed: Owed[int], look: Look, slack: Slack, sessions: Sessions) -> Note:
    """The page before what is read: which of it has a thread."""
    messages, next_cursor = await read_page(
        owed,
        slack,
        PAGES,
        channel=look.channel_id,
        latest=look.before_ts,
        oldest=look.oldest_ts,
        inclusive=False,
    )
    threads, alone, notices = [], 0, 0
    for raw in messages:
        if raw.get("thread_ts") not in (None, raw["ts"]):
            continue  # a reply that was sent to the channel too: its thread has it
        if raw.get("subtype") not in POSTED or not await is_by_person(raw, slack, sessions):
            notices += 1
        elif raw.get("reply_count"):
            threads.append(raw["ts"])
        else:
            alone += 1
    oldest_ts = messages[-1]["ts"] if messages else None
    page = Page(tuple(threads), alone, notices, oldest_ts, bool(next_cursor))
    return lambda session: take_in_page(session, owed.team_id, look, page, now=slack.clock())


async def read_thread(owed: Owed[int], look: Look, slack: Slack, sessions: Sessions) -> Note:
    messages, next_cursor = await read_page(
        owed, slack, REPLIES, channel=look.channel_id, ts=look.thread_ts
    )
    await complete_marks(slack, sessions, look.channel_id, messages)
    async with sessions.glance() as connection:
        marking = await list_emoji(connection, owed.team_id)
    posts = []
    for raw in messages:
        is_said = raw.get("subtype") in POSTED and await is_by_person(raw, slack, sessions)
        posts.append(post_of(raw, marking, slack.bot_user_id, is_said=is_said))
    conversation = Conversation(tuple(posts)) if posts else None
    return lambda session: take_in_thread(
        session,
        owed.team_id,
        look,
        conversation,
        is_whole=not next_cursor,
        now=slack.clock(),
    )


def post_of(raw: Payload, marking: Sequence[str], bot_user_id: str, *, is_said: bool) -> Post:
    files = files_of(raw)
    words = words_of(raw, bot_user_id) or "\n".join(each.title for each in files)
    return Post(
        ts=raw["ts"],
        author_id=raw.get("user") or raw.get("bot_id") or "B",
        text=words,
        marked_by=tuple(sorted(who_put(raw.get("reactions", []), marking, bot_user_id))),
        is_by_app=not is_said,
        edited_ts=raw.get("edited", {}).get("ts", ""),
        files=tuple(
            (each.file_id, each.title, "picture" if each.is_picture else "file") for each in files
        ),
    )


KINDS = (delivers(HISTORY, read_on),)
