"""Reading in Slack what was said while the bot was away: page by page, at Slack's pace."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import CATCH_UP, CATCH_UP_THREAD, MessageAt
from bot.outbox import Owed
from bot.questions.absences import move_absences_on, ts_of
from bot.questions.catch_up import (
    Seen,
    Thread,
    get_reading,
    get_thread,
    stop_reading,
    take_in_page,
    take_in_thread,
)
from bot.questions.emoji import ASKING, bare, list_emoji
from handlers.blocks.questions.catch_up import in_words
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, message_of
from handlers.questions.messages import POSTED
from handlers.questions.reading import is_by_person
from handlers.slack import GONE, Refused, Slack
from storage.database import Sessions

PAGE = 100  # messages taken in by one transaction
HISTORY, REPLIES = "conversations.history", "conversations.replies"
A_DAY = timedelta(days=1)
DELETED = ("thread_not_found", "message_not_found")

logger = logging.getLogger("askaround")


async def read_channel(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """The next page of a channel's history."""
    async with sessions.read() as session:
        reading = await get_reading(session, owed.team_id, owed.subject)
    if reading is None:
        return None
    upto_ts = reading.upto_ts or ts_of(slack.clock())
    try:
        messages, next_cursor = await read_page(
            owed,
            slack,
            HISTORY,
            channel=reading.channel_id,
            oldest=reading.read_ts,
            latest=upto_ts,
            inclusive=True,
        )
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
        return lambda session: stop_reading(session, owed.team_id, owed.subject)
    page = [await seen_of(each, slack, sessions, reading.channel_id) for each in reversed(messages)]
    return lambda session: take_in_page(
        session,
        owed.team_id,
        reading,
        page,
        upto_ts=upto_ts,
        has_more=bool(next_cursor),
        now=slack.clock(),
    )


async def read_thread(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """The next page of a thread, with what it takes to know what of it was deleted."""
    channel_id, thread_ts = owed.subject
    place = {"team_id": owed.team_id, "channel_id": channel_id, "thread_ts": thread_ts}
    async with sessions.read() as session:
        known = await get_thread(session, **place)
    after, cursor = owed.payload.get("after", ""), owed.payload.get("cursor", "")
    is_readable, more = True, None
    seen: list[Seen] = []
    try:
        messages, next_cursor = await read_page(
            owed, slack, REPLIES, channel=channel_id, ts=thread_ts, cursor=cursor
        )
        messages = [each for each in messages if each["ts"] > after]
        await complete_marks(slack, sessions, channel_id, messages)
        seen = [await seen_of(each, slack, sessions, channel_id) for each in messages]
        if next_cursor and seen:
            more = {"cursor": next_cursor, "after": seen[-1].message_ts}
    except Refused as refusal:
        if refusal.code not in GONE:
            raise
        is_readable = refusal.code in DELETED
    upto = more["after"] if more else ""
    gone: list[str] = []
    if is_readable:
        gone = await list_gone(owed, slack, channel_id, known, seen, after, upto)
    if not cursor and seen:
        follow_ups, gone_too = await read_follow_ups(
            owed, slack, sessions, channel_id, thread_ts, known
        )
        seen, gone = [*seen, *follow_ups], [*gone, *gone_too]

    async def note(session: AsyncSession) -> None:
        await take_in_thread(
            session,
            **place,
            absence_id=owed.payload["absence_id"],
            thread=known,
            seen=seen,
            gone=gone,
            more=more,
            now=slack.clock(),
        )

    return note


async def read_page(
    owed: Owed[Any], slack: Slack, method: str, **arguments: Any
) -> tuple[list[Payload], str]:
    """The page's messages in Slack's order, and the cursor of the next one."""
    page = await slack.read_gently(method, key=owed.key, limit=PAGE, **arguments)
    messages: list[Payload] = page["messages"]
    cursor = page.get("response_metadata", {}).get("next_cursor", "")
    slack.reading.got(method, len(messages), has_more=bool(cursor))
    return messages, cursor


async def read_follow_ups(
    owed: Owed[Any],
    slack: Slack,
    sessions: Sessions,
    channel_id: str,
    thread_ts: str,
    known: Thread,
) -> tuple[list[Seen], list[str]]:
    """What the asker said right after the question stands in the channel: what is there, and
    what was deleted."""
    follow_ups = known.follow_ups()
    if not follow_ups:
        return [], []
    messages, next_cursor = await read_page(
        owed,
        slack,
        HISTORY,
        channel=channel_id,
        oldest=min(thread_ts, follow_ups[0]),  # a picture may have come before the question
        latest=follow_ups[-1],
        inclusive=True,
    )
    seen = [await seen_of(each, slack, sessions, channel_id) for each in reversed(messages)]
    there = {each.message_ts for each in seen}
    is_whole = thread_ts in there and not next_cursor
    gone = [each for each in follow_ups if each not in there] if is_whole else []
    return [each for each in seen if each.message_ts in follow_ups], gone


async def list_gone(
    owed: Owed[Any],
    slack: Slack,
    channel_id: str,
    known: Thread,
    seen: Sequence[Seen],
    after: str,
    upto: str,
) -> list[str]:
    """The messages we keep that are not there, though something older is. What is older than all
    that Slack shows may be hidden by the plan, or taken by retention, which leaves a day at least:
    it stays."""
    there = {each.message_ts for each in seen if not each.is_deleted}
    missing = sorted(
        ts
        for ts, kept in known.kept.items()
        if kept.is_in_thread and ts > after and (not upto or ts <= upto) and ts not in there
    )
    if not missing:
        return []
    oldest = min(there | ({after} if after else set()), default=None)
    if (oldest is not None and oldest < missing[0]) or missing[0] >= ts_of(slack.clock() - A_DAY):
        return missing
    page = await slack.read_gently(
        HISTORY, key=f"{owed.key}:older", channel=channel_id, latest=missing[0], limit=1
    )
    if page["messages"]:
        return missing
    return [ts for ts in missing if oldest is not None and ts > oldest]


async def complete_marks(
    slack: Slack, sessions: Sessions, channel_id: str, messages: Sequence[Payload]
) -> None:
    """Slack names only some of those who reacted, where they are many."""
    async with sessions.glance() as connection:
        marking = await list_emoji(connection, slack.identity.team_id)
    for message in messages:
        if any(
            reaction["count"] > len(reaction["users"])
            for reaction in message.get("reactions", [])
            if bare(reaction["name"]) in marking
        ):
            whole = await slack.read(
                "reactions.get", channel=channel_id, timestamp=message["ts"], full=True
            )
            message["reactions"] = whole["message"].get("reactions", [])


async def seen_of(raw: Payload, slack: Slack, sessions: Sessions, channel_id: str) -> Seen:
    is_said = raw.get("subtype") in POSTED and await is_by_person(raw, slack, sessions)
    event = {**raw, "channel": channel_id}
    reactions: list[Payload] = raw.get("reactions", [])
    marking: Sequence[str] = ()
    if reactions:
        async with sessions.glance() as connection:
            marking = await list_emoji(connection, slack.identity.team_id)
    thread_ts = raw.get("thread_ts")
    return Seen(
        message_ts=raw["ts"],
        message=message_of(event, team_id=slack.identity.team_id, bot_user_id=slack.bot_user_id)
        if is_said
        else None,
        thread_ts=thread_ts if thread_ts != raw["ts"] else None,
        mentions_bot=f"<@{slack.bot_user_id}>" in (raw.get("text") or ""),
        is_deleted=raw.get("subtype") == "tombstone",
        latest_reply=raw.get("latest_reply"),
        marked_by=who_put(reactions, marking, slack.bot_user_id),
        is_pointed_at=bool(who_put(reactions, ASKING, slack.bot_user_id)),
    )


def who_put(
    reactions: Sequence[Payload], names: Collection[str], bot_user_id: str
) -> frozenset[str]:
    users = (user for each in reactions if bare(each["name"]) in names for user in each["users"])
    return frozenset(users) - {bot_user_id}


async def move_on(session: AsyncSession, *, now: datetime) -> None:
    """The tick that takes absences to their end, and says so."""
    for told in await move_absences_on(session, now=now):
        logger.info("%s", in_words(told))


KINDS = (delivers(CATCH_UP, read_channel), delivers(CATCH_UP_THREAD, read_thread))
