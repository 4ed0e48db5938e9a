"""Getting to know Slack at start: who the bot is, and which channels it is in."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from slack_bolt.authorization import AuthorizeResult

from bot.outbox import wake
from bot.people import owe_people
from bot.settings import BadSetting
from bot.workspaces import join_workspace
from handlers.refusals import ENDS_BY_ITSELF
from handlers.slack import NotNow, Refused, Slack, Unclear
from storage.database import Sessions

LONGEST_PAUSE = 30.0

Answer = TypeVar("Answer")

logger = logging.getLogger("askaround")


async def patiently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Slack's answer, however long Slack is away; BadSetting says what to do when it refuses."""
    pause = 1.0
    while True:
        try:
            return await ask()
        except (Unclear, NotNow) as error:
            problem: Exception = error
        except Refused as refusal:
            if refusal.code not in ENDS_BY_ITSELF:
                raise BadSetting(sentence_for(refusal)) from refusal
            problem = refusal
        logger.warning("Slack cannot be reached (%s); again in %.0f s.", problem, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def sentence_for(refusal: Refused) -> str:
    if refusal.code == "missing_scope":
        scope = f"the scope {refusal.needed}" if refusal.needed else "a scope"
        return (
            f"The Slack app lacks {scope}: update it with manifest.yml on your app's page, "
            "App Manifest, and reinstall it to your workspace."
        )
    if refusal.about == "standing":
        return (
            f"Slack does not accept SLACK_BOT_TOKEN ({refusal.code}): "
            "copy it again from your app's page, OAuth & Permissions."
        )
    return f"Slack refuses what I need to start ({refusal}): look up this word in Slack's help."


async def identify(slack: Slack, token: str) -> tuple[AuthorizeResult, str, str]:
    """Who the bot is, the workspace's name and address."""
    answer = await patiently(lambda: slack.call("auth.test"))
    if not answer.get("bot_id") or not answer.get("user_id") or not answer.get("team_id"):
        raise BadSetting(
            "SLACK_BOT_TOKEN is not a bot's token: copy the Bot User OAuth Token, which starts "
            "with xoxb-, from your app's page, OAuth & Permissions."
        )
    identity = AuthorizeResult(
        enterprise_id=answer.get("enterprise_id"),
        team_id=answer["team_id"],
        bot_user_id=answer["user_id"],
        bot_id=answer["bot_id"],
        bot_token=token,
    )
    return identity, str(answer.get("team") or ""), str(answer.get("url") or "")


async def check_app_token(slack: Slack) -> None:
    """`slack`: with the app's token. A wrong one is told at once; a Slack that is away is waited
    for by the connection."""
    try:
        await slack.call("apps.connections.open")
    except Refused as refusal:
        if refusal.about == "standing" and refusal.code not in ENDS_BY_ITSELF:
            raise BadSetting(
                f"Slack does not accept SLACK_APP_TOKEN ({refusal.code}): make one with the scope "
                "connections:write on your app's page, Basic Information, App-Level Tokens."
            ) from refusal
        logger.warning("Slack gives no connection yet: %s", refusal.code)
    except (Unclear, NotNow) as error:
        logger.warning("Slack cannot be reached yet: %s", error)


async def settle_in(
    sessions: Sessions,
    identity: AuthorizeResult,
    name: str,
    url: str,
    clock: Callable[[], datetime],
    *,
    catch_up_days: int,
) -> None:
    """Who the bot is here; and what waited for Slack is tried again after a start."""
    async with sessions.begin() as session:
        await wake(session, team_id=identity.team_id)
        await join_workspace(
            session,
            team_id=identity.team_id or "",
            name=name,
            url=url,
            bot_user_id=identity.bot_user_id or "",
            catch_up_days=catch_up_days,
            enterprise_id=identity.enterprise_id,
            now=clock(),
        )
        await owe_people(session, team_id=identity.team_id or "", now=clock())
