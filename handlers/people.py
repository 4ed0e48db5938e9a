"""Who people are: read when they first matter, kept fresh by Slack's events."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import SlackDoesNotSay
from bot.kinds import READ_GROUP, READ_PEOPLE, READ_PERSON
from bot.outbox import Owed
from bot.people import (
    PEOPLE_STAY_FRESH,
    Profile,
    is_person,
    learn_group,
    learn_page,
    learn_person,
    learn_profile,
    list_group_members,
    list_read_at,
    owe_group,
)
from bot.rights import check_may_act
from bot.statuses import out_until
from handlers.logs import named
from handlers.outbox import Note, delivers
from handlers.payloads import (
    Identity,
    Payload,
    has_author,
    id_of,
    identity_of,
    team_of,
    text_of,
    time_of,
)
from handlers.slack import Refused, Slack, Unclear
from handlers.workspaces import Workspaces
from storage.database import Sessions

LONGEST_LOOK = 2.0  # seconds; who acts waits, and Slack for at most three
LOOKED_AT_ONCE = 12  # people
PEOPLE_A_PAGE = 200  # as Slack recommends
NAMED = re.compile(r"<@([UW][A-Z0-9]+)")
NAMED_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)")
EVER = datetime.fromtimestamp(0, UTC)
IS_UNREAD = "is_unread"  # in the context: Slack did not say who acts

logger = logging.getLogger("askaround")


def register(app: AsyncApp) -> None:
    app.middleware(Introduce())
    app.event("user_change")(on_user_changed)
    app.event("subteam_members_changed")(on_group_changed)
    app.event("subteam_updated")(on_group_updated)


class Introduce(AsyncMiddleware):
    """Before a person acts through us, ask Slack who they are, and who those are whom they name,
    unless it told lately: what they may do and see depends on it."""

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[Any]],
    ) -> None:
        if acts_through_us(req.body):
            await introduce(req.body, req.context)
            await keep_out(req.context)
        await next()


async def introduce(body: Payload, context: AsyncBoltContext) -> None:
    context[IS_UNREAD] = False
    if not context.user_id or context.client is None or not is_ours(context):
        return
    now = context["clock"]()
    members = await list_in_groups(body, context["sessions"], team_of(context))
    unread = await meet(
        context.client,
        context["sessions"],
        identity=identity_of(context),
        user_ids=[context.user_id, *list_named(body), *members][:LOOKED_AT_ONCE],
        fresh_since=max(now - PEOPLE_STAY_FRESH, context["started_at"]),
        now=now,
    )
    context[IS_UNREAD] = context.user_id in unread
    if context[IS_UNREAD] and body.get("type") != "event_callback":
        raise SlackDoesNotSay()


async def keep_out(context: AsyncBoltContext) -> None:
    """Nothing is done for an account that is closed by now, nor for an app's."""
    if context.user_id and context.team_id:
        sessions: Sessions = context["sessions"]
        async with sessions.read() as session:
            await check_may_act(session, context.team_id, context.user_id)


def is_ours(context: AsyncBoltContext) -> bool:
    """Whether it came for the workspace whose people Slack tells us of."""
    authorized = context.authorize_result
    return authorized is not None and authorized.team_id == context.team_id


def acts_through_us(body: Payload) -> bool:
    """Commands, buttons, modals, the Home tab, and what people write to the bot itself; not what
    they say in channels."""
    event = body.get("event", {})
    is_written = event.get("channel_type") == "im" and "user" in event  # an edit names nobody
    is_to_us = event.get("type") == "app_home_opened" or is_written
    return body.get("type") != "event_callback" or is_to_us


def list_named(body: Payload) -> list[str]:
    """Those whom a person names in a command, a menu or a modal."""
    named = [*NAMED.findall(body.get("text") or "")] if "command" in body else []
    blocks = body.get("view", {}).get("state", {}).get("values", {}).values()
    chosen = [state for block in blocks for state in block.values()]
    for state in [*chosen, *body.get("actions", [])]:
        named += [state.get("selected_user"), *(state.get("selected_users") or [])]
    return [*dict.fromkeys(user_id for each in named if (user_id := id_of(each)))]


async def list_in_groups(body: Payload, sessions: Sessions, team_id: str) -> list[str]:
    """Those in the user groups that a person names in a command."""
    group_ids = NAMED_GROUP.findall(body.get("text") or "") if "command" in body else []
    if not group_ids:
        return []
    async with sessions.read() as session:
        return [
            user_id
            for group_id in dict.fromkeys(group_ids)
            for user_id in await list_group_members(session, team_id, group_id)
        ]


async def meet(
    client: AsyncWebClient,
    sessions: Sessions,
    *,
    identity: Identity,
    user_ids: Sequence[str],
    fresh_since: datetime,
    now: datetime,
) -> set[str]:
    """Ask Slack who these people are, unless it told since then; those of whom it did not say."""
    async with sessions.read() as session:
        known = await list_read_at(session, identity.team_id, user_ids)
    asked = [each for each in user_ids if each not in known or known[each] < fresh_since]
    if not asked:
        return set()
    profiles = await asyncio.gather(*(read_profile(client, each, identity) for each in asked))
    async with sessions.begin() as session:
        for profile in filter(None, profiles):
            await learn_profile(
                session,
                team_id=identity.team_id,
                profile=profile,
                known_at=known.get(profile.user_id),
                now=now,
            )
    return {each for each, profile in zip(asked, profiles, strict=True) if profile is None}


async def meet_one(
    workspaces: Workspaces, sessions: Sessions, team_id: str, user_id: str, now: datetime
) -> bool:
    """Ask Slack who this person is; False where it does not say."""
    slack = await workspaces.slack_of(team_id)
    if slack is None:
        return False
    identity = replace(slack.identity, team_id=team_id)
    unread = await meet(
        slack.client, sessions, identity=identity, user_ids=[user_id], fresh_since=now, now=now
    )
    return not unread


async def read_profile(client: AsyncWebClient, user_id: str, identity: Identity) -> Profile | None:
    """None when Slack does not say, at least not soon enough for somebody who waits."""
    try:
        async with asyncio.timeout(LONGEST_LOOK):
            response = await client.users_info(user=user_id)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        logger.warning("Slack did not say who %s is: %s", user_id, named(error))
        return None
    return profile_of(response["user"], identity)


async def is_by_person(
    message: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
    *,
    identity: Identity,
    now: datetime,
) -> bool:
    """Other apps' messages reach us too; answering them could go round for ever. What an app
    posts for a person who lets it counts as theirs: then Slack is asked who stands as author."""
    if not has_author(message) or message["user"] == identity.bot_user_id:
        return False
    if not message.get("bot_id"):
        return True
    author_id = message["user"]
    unread = await meet(
        client, sessions, identity=identity, user_ids=[author_id], fresh_since=EVER, now=now
    )
    if unread:
        raise Unclear(f"who {author_id} is")  # what they wrote is heard later
    async with sessions.read() as session:
        return await is_person(session, identity.team_id, author_id)


def profile_of(user: Payload, identity: Identity) -> Profile:
    is_here = is_of_workspace(user, identity.team_id)
    return Profile(
        user_id=user["id"],
        name=user.get("real_name") or user.get("name") or user["id"],
        timezone=user.get("tz"),
        is_admin=is_here and bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=not (is_here or is_of_organisation(user, identity.enterprise_id)),
        is_deactivated=bool(user.get("deleted")),
        out_until=status_of(user.get("profile") or {}),
    )


def status_of(profile: Payload) -> datetime | None:
    """Until when their status says that they are away; None where it says nothing of it."""
    expires = profile.get("status_expiration")
    return out_until(
        text_of(profile.get("status_text")),
        text_of(profile.get("status_emoji")),
        expires if isinstance(expires, int) else 0,
    )


def is_of_workspace(user: Payload, team_id: str) -> bool:
    """Slack names one workspace for a person; in an organisation they may be in several."""
    teams = (user.get("enterprise_user") or {}).get("teams") or []
    if team_id in teams:
        return True
    return not user.get("is_stranger") and user.get("team_id", team_id) == team_id


def is_of_organisation(user: Payload, enterprise_id: str | None) -> bool:
    theirs = (user.get("enterprise_user") or {}).get("enterprise_id")
    return enterprise_id is not None and theirs == enterprise_id


async def on_user_changed(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    profile = profile_of(event["user"], identity_of(context))
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


async def look_up(slack: Slack, user_id: str) -> Profile | None:
    """Who Slack says they are; None where it knows nobody by that id."""
    try:
        answer = await slack.read("users.info", user=user_id)
    except Refused as refusal:
        if refusal.code not in ("user_not_found", "user_not_visible"):
            raise
        return None
    return profile_of(answer["user"], slack.identity)


async def read_person(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    began_at = slack.clock()
    async with sessions.read() as session:
        known = await list_read_at(session, owed.team_id, [owed.subject])
    profile = await look_up(slack, owed.subject)
    if profile is None:
        return None
    return lambda session: learn_profile(
        session,
        team_id=owed.team_id,
        profile=profile,
        known_at=known.get(owed.subject),
        now=began_at,
    )


async def read_people(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """A page of all who are in the workspace."""
    began_at = slack.clock()
    cursor = owed.payload["cursor"]
    page = await slack.read("users.list", limit=PEOPLE_A_PAGE, cursor=cursor)
    return lambda session: learn_page(
        session,
        team_id=owed.team_id,
        number=owed.subject,
        profiles=[profile_of(user, slack.identity) for user in page["members"]],
        next_page=page.get("response_metadata", {}).get("next_cursor", ""),
        now=began_at,
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
    delivers(READ_PEOPLE, read_people),
    delivers(READ_GROUP, read_group),
)
