"""Who people are: read when they first matter, kept fresh by Slack's events."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import READ_GROUP, READ_PERSON
from bot.outbox import Owed
from bot.people import Profile, is_known, learn_group, learn_person, owe_group
from bot.rights import check_may_act
from handlers.logs import named
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, team_of, time_of
from handlers.slack import Refused, Slack
from storage.database import Sessions

logger = logging.getLogger("askaround")


def register(app: AsyncApp) -> None:
    app.middleware(Introduce())
    app.event("user_change")(on_user_changed)
    app.event("subteam_members_changed")(on_group_changed)
    app.event("subteam_updated")(on_group_updated)


class Introduce(AsyncMiddleware):
    """Before a person acts through us for the first time, ask Slack who they are: what they
    may see depends on it."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],
    ) -> None:
        if acts_through_us(req.body):
            await introduce(req.context)
            await keep_out(req.context)
        await next()


async def introduce(context: AsyncBoltContext) -> None:
    if not context.user_id or not context.team_id:
        return
    sessions: Sessions = context["sessions"]
    async with sessions.read() as session:
        is_stranger = not await is_known(session, context.team_id, context.user_id)
    if is_stranger and context.client is not None:
        now = context["clock"]()
        await meet(context.client, sessions, context.team_id, context.user_id, now)


async def keep_out(context: AsyncBoltContext) -> None:
    """Nothing is done for an account that is closed by now, nor for an app's."""
    if context.user_id and context.team_id:
        sessions: Sessions = context["sessions"]
        async with sessions.read() as session:
            await check_may_act(session, context.team_id, context.user_id)


def acts_through_us(body: Payload) -> bool:
    """Commands, buttons, modals and the Home tab; not what people say in channels."""
    event = body.get("event", {})
    return body.get("type") != "event_callback" or event.get("type") == "app_home_opened"


async def meet(
    client: AsyncWebClient, sessions: Sessions, team_id: str, user_id: str, now: datetime
) -> None:
    try:
        profile = await read_profile(client, user_id, team_id)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        # They go on as a stranger, who is shown nothing that needs knowing them.
        logger.warning("Slack did not say who %s is: %s", user_id, named(error))
        return
    async with sessions.begin() as session:
        await learn_person(session, team_id=team_id, profile=profile, now=now)


async def read_profile(client: AsyncWebClient, user_id: str, team_id: str) -> Profile:
    response = await client.users_info(user=user_id)
    return profile_of(response["user"], team_id)


def profile_of(user: Payload, team_id: str) -> Profile:
    return Profile(
        user_id=user["id"],
        name=user.get("real_name") or user.get("name") or user["id"],
        timezone=user.get("tz"),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or user.get("team_id", team_id) != team_id,
        is_deactivated=bool(user.get("deleted")),
    )


async def on_user_changed(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    profile = profile_of(event["user"], team_of(context))
    async with sessions.begin() as session:
        await learn_person(
            session, team_id=team_of(context), profile=profile, now=time_of(event["event_ts"])
        )


async def on_group_changed(
    event: Payload, context: AsyncBoltContext, sessions: Sessions, clock: Callable[[], datetime]
) -> None:
    """The event tells who came and went; what counts is who is in it now."""
    await look_at_group(sessions, team_of(context), event["subteam_id"], clock())


async def on_group_updated(
    event: Payload, context: AsyncBoltContext, sessions: Sessions, clock: Callable[[], datetime]
) -> None:
    await look_at_group(sessions, team_of(context), event["subteam"]["id"], clock())


async def look_at_group(sessions: Sessions, team_id: str, usergroup_id: str, now: datetime) -> None:
    async with sessions.begin() as session:
        await owe_group(session, team_id=team_id, usergroup_id=usergroup_id, now=now)


async def look_up(slack: Slack, team_id: str, user_id: str) -> Profile | None:
    """Who Slack says they are; None where it knows nobody by that id."""
    try:
        answer = await slack.read("users.info", user=user_id)
    except Refused as refusal:
        if refusal.code not in ("user_not_found", "user_not_visible"):
            raise
        return None
    return profile_of(answer["user"], team_id)


async def read_person(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    profile = await look_up(slack, owed.team_id, owed.subject)
    if profile is None:
        return None
    return lambda session: learn_person(
        session, team_id=owed.team_id, profile=profile, now=owed.owed_at
    )


async def read_group(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """Who is in a user group, and who they are."""
    try:
        members = (await slack.read("usergroups.users.list", usergroup=owed.subject))["users"]
    except Refused as refusal:
        if refusal.code not in ("no_such_subteam", "subteam_not_found"):
            raise
        members = []

    async def note(session: AsyncSession) -> None:
        await learn_group(
            session,
            team_id=owed.team_id,
            usergroup_id=owed.subject,
            user_ids=members,
            now=owed.owed_at,
        )

    return note


KINDS = (
    delivers(READ_PERSON, read_person),
    delivers(READ_GROUP, read_group),
)
