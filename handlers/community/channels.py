"""Which channels the bot is in, and who else is."""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import (
    ChannelFacts,
    join_channel,
    learn_all_channels,
    learn_members,
    leave_channel,
    lose_channel,
    owe_members,
    rename_channel,
)
from bot.kinds import READ_CHANNEL
from bot.outbox import Owed
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, team_of, time_of
from handlers.slack import Refused, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.event("member_joined_channel")(on_member_joined)
    app.event("member_left_channel")(on_member_left)
    for gone in ("channel_left", "group_left", "channel_deleted", "group_deleted"):
        app.event(gone)(on_channel_gone)
    for archived in ("channel_archive", "group_archive"):
        app.event(archived)(on_channel_gone)
    for back in ("channel_unarchive", "group_unarchive"):
        app.event(back)(on_channel_back)
    for renamed in ("channel_rename", "group_rename"):
        app.event(renamed)(on_channel_renamed)


async def on_member_joined(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    now = time_of(event["event_ts"])
    place = {"team_id": team_of(context), "channel_id": event["channel"]}
    async with sessions.begin() as session:
        if event["user"] == context.bot_user_id:
            await owe_members(session, **place, now=now)
        else:
            await join_channel(session, **place, user_id=event["user"], now=now)


async def on_member_left(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    place = {"team_id": team_of(context), "channel_id": event["channel"]}
    async with sessions.begin() as session:
        if event["user"] == context.bot_user_id:
            await lose_channel(session, **place, now=time_of(event["event_ts"]))
        else:
            await leave_channel(session, **place, user_id=event["user"])


async def on_channel_gone(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await lose_channel(
            session,
            team_id=team_of(context),
            channel_id=event["channel"],
            now=time_of(event["event_ts"]),
        )


async def on_channel_back(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await owe_members(
            session, team_of(context), event["channel"], now=time_of(event["event_ts"])
        )


async def on_channel_renamed(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await rename_channel(
            session,
            team_id=team_of(context),
            channel_id=event["channel"]["id"],
            name=event["channel"]["name"],
        )


async def learn_channels(
    slack: Slack, sessions: Sessions, team_id: str, clock: Callable[[], datetime]
) -> int:
    """At start: which channels the bot is in; how many."""
    found = await slack.read_all(
        "users.conversations",
        "channels",
        types="public_channel,private_channel",
        exclude_archived=True,
    )
    async with sessions.begin() as session:
        await learn_all_channels(
            session,
            team_id=team_id,
            present=[facts_of(channel) for channel in found],
            now=clock(),
        )
    return len(found)


def facts_of(channel: Payload) -> ChannelFacts:
    return ChannelFacts(
        channel_id=channel["id"],
        name=channel.get("name") or channel["id"],
        is_private=bool(channel.get("is_private")),
        is_shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
    )


async def read_channel(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """What a channel is called and who is in it; nothing when the bot is not."""
    try:
        info = await slack.read("conversations.info", channel=owed.subject)
        members = await slack.read_all("conversations.members", "members", channel=owed.subject)
    except Refused as refusal:
        if refusal.code != "channel_not_found":
            raise
        info, members = {"channel": {}}, []
    channel = info["channel"]
    if not channel.get("is_member") or channel.get("is_archived"):
        return lambda session: lose_channel(
            session, team_id=owed.team_id, channel_id=owed.subject, now=owed.owed_at
        )

    async def note(session: AsyncSession) -> None:
        await learn_members(
            session,
            team_id=owed.team_id,
            channel=facts_of(channel),
            user_ids=members,
            now=slack.clock(),
        )

    return note


KINDS = (delivers(READ_CHANNEL, read_channel),)
