"""The pane: somebody writes to the bot itself, in Slack's agent view, and gets what was solved."""

import asyncio
import logging
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.detection import is_chatter
from bot.errors import SlackDoesNotSay
from bot.finding.find import find_solved
from bot.finding.pane import list_prompts, owe_answer
from bot.kinds import PANE_ANSWER, MessageAt
from bot.outbox import Owed
from bot.quoting import Quoted, note_quoting
from bot.text import shorten
from bot.workspaces import get_url
from handlers.blocks.finding.pane import (
    LOOKING,
    PROMPTS_TITLE,
    asks_how,
    found,
    how_it_works,
    nothing_found,
    prompts_of,
    reaches_only_me,
)
from handlers.blocks.text import Block
from handlers.finding.gists import put_together
from handlers.model import Model
from handlers.outbox import Delivery, Note, delivers
from handlers.payloads import Payload, code_of, has_author, team_of, time_of, words_of
from handlers.people import IS_UNREAD
from handlers.slack import NotNow, Refused, Slack, Unclear
from storage.database import Sessions

WRITTEN = (None, "file_share", "me_message")
LONGEST_COURTESY = 3.0  # seconds: a status or a title that takes longer is left out
LONGEST_TITLE = 80  # characters

logger = logging.getLogger("askaround")


def register(app: AsyncApp) -> None:
    app.event("message", matchers=[is_written_to_us])(on_written)


async def is_written_to_us(event: Payload) -> bool:
    is_by_person = has_author(event) and not event.get("bot_id")
    return event.get("channel_type") == "im" and event.get("subtype") in WRITTEN and is_by_person


async def suggest(
    event: Payload, client: AsyncWebClient, context: AsyncBoltContext, sessions: Sessions
) -> None:
    """Suggest what helped others here. Where there is nothing yet, the manifest's prompts stand."""
    who = {"team_id": team_of(context), "user_id": event["user"]}
    async with sessions.read() as session:
        asked = await list_prompts(session, **who, now=time_of(event["event_ts"]))
    if not asked:
        return
    prompts = {"title": PROMPTS_TITLE, "prompts": prompts_of(asked)}
    try:  # without a thread: in the agent view they stand above the conversation
        await client.api_call(
            "assistant.threads.setSuggestedPrompts",
            json={"channel_id": event["channel"], **prompts},
        )
    except SlackApiError as error:  # an app that was installed before it had a pane
        logger.info("Nothing could be suggested: %s", code_of(error))


async def on_written(event: Payload, context: AsyncBoltContext, sessions: Sessions) -> None:
    if context[IS_UNREAD]:
        raise SlackDoesNotSay()
    async with sessions.begin() as session:
        await owe_answer(
            session,
            team_id=team_of(context),
            user_id=event["user"],
            channel_id=event["channel"],
            message_ts=event["ts"],
            thread_ts=event.get("thread_ts"),
            words=words_of(event, context.bot_user_id),
            is_reply_to_us=event.get("parent_user_id") == context.bot_user_id,
            now=time_of(event["ts"]),
        )


async def send_answer(
    owed: Owed[MessageAt], slack: Slack, sessions: Sessions, model: Model | None = None
) -> Note | None:
    """Answer below what they wrote, from what they may read at this moment."""
    channel_id, message_ts = owed.subject
    thread_ts = owed.payload["thread_ts"] or message_ts
    place = {"channel_id": channel_id, "thread_ts": thread_ts}
    await courteously(slack, "assistant.threads.setStatus", **place, status=LOOKING)
    answer, quoted = await answer_to(owed, slack, sessions, model)
    posted_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=channel_id,
        thread_ts=thread_ts,
        **answer,
    )
    title = shorten(owed.payload["words"], LONGEST_TITLE)
    if title and thread_ts == message_ts:
        await courteously(slack, "assistant.threads.setTitle", **place, title=title)
    return lambda session: note_quoting(
        session,
        quoted,
        team_id=owed.team_id,
        channel_id=channel_id,
        message_ts=posted_ts,
        user_id=owed.payload["user_id"],
        now=slack.clock(),
    )


async def answer_to(
    owed: Owed[MessageAt], slack: Slack, sessions: Sessions, model: Model | None
) -> tuple[Block, Quoted]:
    """What they are told, and whose words are in it."""
    if owed.payload["is_reply_to_us"]:
        return reaches_only_me(), {}
    words, now = owed.payload["words"].strip(), slack.clock()
    if asks_how(words):
        return how_it_works(), {}
    asked = {"team_id": owed.team_id, "user_id": owed.payload["user_id"], "words": words}
    async with sessions.read() as session:
        results = await find_solved(session, **asked, now=now)
        url = await get_url(session, owed.team_id)
    if results.results:
        shown = await put_together(model, sessions, **asked, now=now)
        gist, may_reply = (shown.gist, shown.may_reply) if shown else (None, False)
        quoted = {each.question_id: (each.question, each.solution) for each in results.results}
        return found(results, gist, url, may_reply=may_reply), quoted
    return (how_it_works() if is_chatter(words) else nothing_found(words)), {}


async def courteously(slack: Slack, method: str, **arguments: Any) -> None:
    """What is pleasant and not needed: an app that has no pane yet may do without."""
    try:
        async with asyncio.timeout(LONGEST_COURTESY):
            await slack.call(method, **arguments)
    except (NotNow, Refused, Unclear, TimeoutError) as error:
        logger.debug("%s is left out: %s", method, error)


KINDS = (delivers(PANE_ANSWER, send_answer),)


def answering(model: Model | None) -> Delivery:
    """The kind that may ask the model, as the operator set it."""
    return delivers(PANE_ANSWER, partial(send_answer, model=model))
