"""Getting to know Slack at start: who the bot is, and which channels it is in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.people import owe_people
from bot.settings import BadSetting
from bot.workspaces import join_workspace
from handlers.logs import named
from handlers.payloads import code_of
from handlers.slack import NotNow, Refused, Slack, Unclear
from storage.database import Sessions

LONGEST_PAUSE = 30.0

Answer = TypeVar("Answer")

logger = logging.getLogger("askaround")


async def patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Slack's answer, however long Slack is away."""
    pause = 1.0
    while True:
        try:
            return await ask()
        except (Unclear, NotNow) as error:
            logger.warning("Slack cannot be reached (%s); again in %.0f s.", error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def identify(slack: Slack, token: str) -> tuple[AuthorizeResult, str, str]:
    """Who the bot is, the workspace's name and address."""
    try:
        answer = await patiently(lambda: slack.call("auth.test"))
    except Refused as refusal:
        raise BadSetting(
            f"Slack does not accept SLACK_BOT_TOKEN ({refusal.code}): "
            "copy it again from your app's page, OAuth & Permissions."
        ) from refusal
    identity = AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"),
        team_id=answer["team_id"],
        bot_user_id=answer["user_id"],
        bot_id=answer["bot_id"],
        bot_token=token,
    )
    return identity, answer["team"], answer["url"]


async def check_app_token(slack: Slack, app_token: str) -> None:
    """A wrong token is told at once; a Slack that is away is waited for by the connection."""
    try:
        await slack.client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        code = code_of(error)
        if code in ("invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope"):
            raise BadSetting(
                f"Slack does not accept SLACK_APP_TOKEN ({code}): make one with the scope "
                "connections:write on your app's page, Basic Information, App-Level Tokens."
            ) from error
        logger.warning("Slack gives no connection yet: %s", code)
    except (TimeoutError, aiohttp.ClientError) as error:
        logger.warning("Slack cannot be reached yet: %s", named(error))


async def settle_in(
    sessions: Sessions,
    identity: AuthorizeResult,
    name: str,
    url: str,
    clock: Callable[[], datetime],
) -> None:
    async with sessions.begin() as session:
        await join_workspace(
            session,
            team_id=identity.team_id or "",
            name=name,
            url=url,
            bot_user_id=identity.bot_user_id or "",
            now=clock(),
        )
        await owe_people(session, team_id=identity.team_id or "", now=clock())
