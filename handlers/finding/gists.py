"""Showing who searched a short answer, once a language model put it together from what they found.

They have what they found already; this comes after it, or does not."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.finding.find import find_solved
from bot.finding.gists import Gist, list_sources, list_waiting, prompt_of, read_gist
from bot.kinds import GIST
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.finding.gists import gist_message, gist_modal
from handlers.blocks.text import Block
from handlers.model import Model
from handlers.outbox import Delivery, Note, delivers
from handlers.slack import NotNow, Refused, Slack, Unclear
from storage.database import Sessions

LOOKED_FOR = timedelta(minutes=5)  # nobody waits longer
GONE = (NotNow, Refused, Unclear)

logger = logging.getLogger("askaround.model")


@dataclass(frozen=True)
class Shown:
    """A gist, for whom it was made."""

    gist: Gist
    may_reply: bool  # somebody waits for their answer
    workspace_url: str


async def put_together(
    model: Model | None,
    sessions: Sessions,
    *,
    team_id: str,
    user_id: str,
    words: str,
    now: datetime,
) -> Shown | None:
    """A gist from what this person finds; None where there is no model, or nothing to show.

    What it cites must be as it was, and theirs to read, when it is shown too: the model is slow."""
    asked: dict[str, Any] = {"team_id": team_id, "user_id": user_id, "words": words, "now": now}
    if model is None:
        return None
    async with sessions.read() as session:
        sources = await list_sources(session, **asked)
    written = await model.write(prompt_of(words, sources)) if sources else None
    gist = read_gist(written, words, sources) if written else None
    if gist is None:
        if written:
            logger.info("What the language model wrote is not all in its sources: left out.")
        return None
    async with sessions.read() as session:
        still = {says(each) for each in await list_sources(session, **asked)}
        may_reply = bool(await list_waiting(session, team_id=team_id, user_id=user_id))
        url = await get_url(session, team_id)
    return Shown(gist, may_reply, url) if {says(each) for each in gist.cited} <= still else None


def says(source: Any) -> tuple[int, str]:
    return source.question_id, source.solution


async def send_gist(
    owed: Owed[str], slack: Slack, sessions: Sessions, model: Model | None = None
) -> Note | None:
    """Put it where they searched. It is for a moment: what does not come is not tried again."""
    now, asked = slack.clock(), owed.payload
    if now - owed.owed_at > LOOKED_FOR:
        return None
    who = {"team_id": owed.team_id, "user_id": asked["user_id"], "words": asked["words"]}
    shown = await put_together(model, sessions, **who, now=now)
    if shown is None:
        return None
    if asked["view_id"]:
        async with sessions.read() as session:
            results = await find_solved(session, **who, now=now)
        view = gist_modal(results, shown.gist, shown.workspace_url, may_reply=shown.may_reply)
        await put_into(slack, asked["view_id"], view)
    else:
        said = gist_message(shown.gist, shown.workspace_url, may_reply=shown.may_reply)
        await whisper(slack, asked["response_url"], said)
    return None


async def put_into(slack: Slack, view_id: str, view: Block) -> None:
    try:
        await slack.call("views.update", view_id=view_id, view=view)
    except GONE as error:  # it was closed meanwhile
        logger.info("A short answer found no window any more: %s", error)


async def whisper(slack: Slack, url: str, message: Block) -> None:
    """By `response_url`, which goes where they searched, also where the bot is not."""
    hook = AsyncWebhookClient(url, session=slack.client.session, proxy=slack.client.proxy)
    try:
        answer = await hook.send_dict({"response_type": "ephemeral", **message})
    except (SlackApiError, TimeoutError, OSError) as error:
        logger.info("A short answer could not be shown: %s", type(error).__name__)
        return
    if answer.status_code != 200:
        logger.info("A short answer could not be shown: %d", answer.status_code)


KINDS = (delivers(GIST, send_gist),)


def composing(model: Model | None) -> Delivery:
    """The kind that asks the model, as the operator set it."""
    return delivers(GIST, partial(send_gist, model=model))
