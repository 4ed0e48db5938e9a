"""Askaround is removed from a workspace, or an organisation takes one away from it.

Such news may come late, when it has been installed again already; so Slack itself is asked whether
it still lets us in."""

import logging
from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.installations import leave, uninstall
from handlers.payloads import Payload
from handlers.slack import NotNow, Refused, Slack
from handlers.workspaces import Workspaces
from storage.database import Sessions

NOT_HERE = frozenset("account_inactive app_not_installed invalid_auth token_revoked".split())

logger = logging.getLogger("askaround")


def register(app: AsyncApp) -> None:
    app.event("app_uninstalled")(on_uninstalled)
    app.event("tokens_revoked")(on_uninstalled)
    app.event("team_access_revoked")(on_access_revoked)


async def on_uninstalled(
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    workspaces: Workspaces,
    clock: Callable[[], datetime],
) -> None:
    place = place_of(body, context)
    await workspaces.renew(place)
    slack = await workspaces.slack_of(place)
    if slack is not None and await lets_in(slack):
        return  # installed anew since, or the tokens of people alone were revoked
    async with sessions.begin() as session:
        await uninstall(session, place, now=clock())
    await workspaces.renew(place)
    logger.warning("Askaround was removed from %s; what is kept there goes in a while.", place)


async def on_access_revoked(
    event: Payload, sessions: Sessions, workspaces: Workspaces, clock: Callable[[], datetime]
) -> None:
    """An organisation took some of its workspaces away."""
    team_ids = [str(each) for each in event.get("team_ids") or []]
    async with sessions.begin() as session:
        await leave(session, team_ids, now=clock())
    for team_id in team_ids:
        await workspaces.renew(team_id)


def place_of(body: Payload, context: AsyncBoltContext) -> str:
    """The workspace, or the organisation where it was installed for all of it."""
    if context.is_enterprise_install and context.enterprise_id:
        return context.enterprise_id
    return context.team_id or str(body.get("team_id") or "")


async def lets_in(slack: Slack) -> bool:
    try:
        await slack.call("auth.test")
    except NotNow:
        return True  # it knows who we are
    except Refused as refusal:
        if refusal.code not in NOT_HERE:
            raise  # that is no answer: the event is looked at again
        return False
    return True
