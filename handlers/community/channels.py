"""Which channels the bot is in, and who else is."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import (
    ChannelFacts,
    close_channel,
    forget_channel,
    get_closed_at,
    is_known_as_public,
    join_channel,
    learn_all_channels,
    learn_lost_channel,
    learn_members,
    leave_channel,
    lose_channel,
    owe_members,
    rename_channel,
)
from bot.community.set_up import owe_set_up_card
from bot.kinds import CHANNELS_READ, READ_CHANNEL
from bot.outbox import Owed
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, id_of, team_of, time_of
from handlers.slack import Refused, Slack
from storage.database import Sessions

PRIVATE = ("group", "G")  # a message's channel_type, and that of somebody who comes or goes


def register(app: AsyncApp) -> None:
    app.middleware(ClosePrivate())
    app.event("message", matchers=[is_made_private])(on_made_private)
    app.event("message", matchers=[is_made_public])(on_made_public)
    app.event("member_joined_channel")(on_member_joined)
    app.event("member_left_channel")(on_member_left)
    for gone in ("channel_left", "group_left"):
        app.event(gone)(on_channel_gone)
    for deleted in ("channel_deleted", "group_deleted"):
        app.event(deleted)(on_channel_deleted)
    for archived in ("channel_archive", "group_archive"):
        app.event(archived)(on_channel_gone)
    for back in ("channel_unarchive", "group_unarchive"):
        app.event(back)(on_channel_back)
    for renamed in ("channel_rename", "group_rename"):
        app.event(renamed)(on_channel_renamed)


class ClosePrivate(AsyncMiddleware):
    """Whatever Slack calls private is private from then on, even where we never heard that the
    channel was made so."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],
    ) -> None:
        event = req.body.get("event") or {}
        if event.get("channel_type") in PRIVATE and isinstance(event.get("channel"), str):
            await close_if_public(req.context, event["channel"])
        await next()


async def close_if_public(context: AsyncBoltContext, channel_id: str) -> None:
    sessions: Sessions = context["sessions"]
    place = {"team_id": team_of(context), "channel_id": channel_id}
    async with sessions.read() as session:
        is_held_as_public = await is_known_as_public(session, **place)
    if is_held_as_public:
        async with sessions.begin() as session:
            await close_channel(session, **place, now=context["clock"]())


async def is_made_private(event: Payload) -> bool:
    return event.get("subtype") == "channel_convert_to_private"


async def is_made_public(event: Payload) -> bool:
    return event.get("subtype") == "channel_convert_to_public"


async def on_made_private(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await close_channel(
            session,
            team_id=team_of(context),
            channel_id=event["channel"],
            now=time_of(event["event_ts"]),
        )


async def on_made_public(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await owe_members(
            session, team_of(context), event["channel"], now=time_of(event["event_ts"])
        )


async def on_member_joined(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    now = time_of(event["event_ts"])
    place = {"team_id": team_of(context), "channel_id": event["channel"]}
    async with sessions.begin() as session:
        if event["user"] == context.bot_user_id:
            await owe_members(session, **place, now=now)
            if inviter := id_of(event.get("inviter")):
                await owe_set_up_card(session, **place, user_id=inviter, now=now)
        else:
            await join_channel(session, **place, user_id=event["user"], now=now)


async def on_member_left(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    place = {"team_id": team_of(context), "channel_id": event["channel"]}
    async with sessions.begin() as session:
        if event["user"] == context.bot_user_id:
            await lose_channel(session, **place, now=time_of(event["event_ts"]))
        else:
            await leave_channel(
                session, **place, user_id=event["user"], now=time_of(event["event_ts"])
            )


async def on_channel_gone(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await lose_channel(
            session,
            team_id=team_of(context),
            channel_id=event["channel"],
            now=time_of(event["event_ts"]),
        )


async def on_channel_deleted(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await forget_channel(
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
    channel, now = event["channel"], time_of(event["event_ts"])
    place = {"team_id": team_of(context), "channel_id": channel["id"]}
    async with sessions.begin() as session:
        await rename_channel(session, **place, name=channel["name"])
        if event["type"] == "group_rename" or channel.get("is_private"):
            await close_channel(session, **place, now=now)


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


async def read_channels(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """The same, where it was installed while the bot runs."""
    await learn_channels(slack, sessions, owed.team_id, slack.clock)
    return None


def facts_of(channel: Payload) -> ChannelFacts:
    return ChannelFacts(
        channel_id=channel["id"],
        name=channel.get("name") or channel["id"],
        is_private=bool(channel.get("is_private")),
        is_shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
    )


async def read_channel(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """What a channel is called and who is in it; nothing when the bot is not."""
    began_at = slack.clock()
    async with sessions.read() as session:
        closed_at = await get_closed_at(session, team_id=owed.team_id, channel_id=owed.subject)
    try:
        info = await slack.read("conversations.info", channel=owed.subject)
        members = await slack.read_all("conversations.members", "members", channel=owed.subject)
    except Refused as refusal:
        if refusal.code != "channel_not_found":
            raise
        info, members = {"channel": {}}, []
    channel = info["channel"]
    if not channel.get("is_member") or channel.get("is_archived"):
        return lambda session: learn_lost_channel(
            session,
            team_id=owed.team_id,
            channel_id=owed.subject,
            is_public=channel.get("is_private") is False,
            now=began_at,
        )

    async def note(session: AsyncSession) -> None:
        await learn_members(
            session,
            team_id=owed.team_id,
            channel=facts_of(channel),
            user_ids=members,
            closed_at=closed_at,
            now=began_at,
        )

    return note


KINDS = (delivers(READ_CHANNEL, read_channel), delivers(CHANNELS_READ, read_channels))
