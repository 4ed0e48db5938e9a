"""What happens when a listener fails.

What a person did wrong becomes a sentence for them alone. Where the database has trouble, Slack
hears 500 and sends the event again. Everything else is kept under a reference and run again; if
even that fails, it is 500 too."""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NoLongerKnown, SomethingFailed, UserError
from bot.failures import keep, new_reference
from handlers.blocks.text import plain_text, said, section
from handlers.logs import named
from handlers.payloads import Payload, code_of
from handlers.replying import reply
from storage.database import Sessions, is_passing

logger = logging.getLogger("askaround")
REPLAYED = (
    "x-askaround-replay"  # a header: this event failed before and is run again; its reference
)


def register(app: AsyncApp) -> None:
    app.error(on_error)


async def on_error(
    error: Exception,
    body: Payload,
    request: Any,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> BoltResponse | None:
    if isinstance(error, BoltUnhandledRequestError):
        return await answer_unknown(body, client, context)
    if isinstance(error, UserError):
        return await tell(error, body, client, context)
    is_event = body.get("type") == "event_callback"
    if is_event and is_passing(error):
        logger.warning("Slack sends an event again, because of: %s", named(error))
        return BoltResponse(status=500)
    if REPLAYED in request.headers:
        logger.error("Failed again, reference %s", request.headers[REPLAYED][0], exc_info=error)
        return None  # it is kept already
    reference = new_reference()
    logger.error("Failed, reference %s", reference, exc_info=error)
    if is_event:
        async with sessions.begin() as session:
            await keep(
                session,
                reference=reference,
                team_id=context.team_id,
                body=body,
                error="".join(traceback.format_exception(error)),
                now=clock(),
            )
        return BoltResponse(status=200)
    # A person is waiting, and Slack does not send these again.
    return await tell(SomethingFailed(reference), body, client, context)


async def answer_unknown(
    body: Payload, client: AsyncWebClient, context: AsyncBoltContext
) -> BoltResponse:
    """A command, button, modal or shortcut that nobody listens to: after an upgrade, an old card
    still stands. Slack would show a failure, and count it."""
    logger.info("Nobody listens to this %s.", body.get("type") or "command")
    match body.get("type"):
        case "block_suggestion" | "dialog_suggestion":
            return answer({"options": []})
        case "view_closed":
            return BoltResponse(status=200)
    return await tell(NoLongerKnown(), body, client, context)


async def tell(
    error: UserError, body: Payload, client: AsyncWebClient, context: AsyncBoltContext
) -> BoltResponse:
    """Say it to the person who acted, and to nobody else."""
    if "command" in body:
        return answer({"response_type": "ephemeral", "text": said(error)})
    if body.get("type") == "view_submission":
        return answer(view_answer(error, body["view"]))
    try:
        await whisper(said(error), body, client, context)
    except SlackApiError as refusal:  # they left, or the channel is gone: nobody to tell
        logger.info("A sentence could not be delivered: %s", code_of(refusal))
    return BoltResponse(status=200)


def answer(payload: Payload) -> BoltResponse:
    return BoltResponse(
        status=200, body=json.dumps(payload), headers={"content-type": ["application/json"]}
    )


def view_answer(error: UserError, view: Payload) -> Payload:
    if error.field and any(block["block_id"] == error.field for block in view["blocks"]):
        # Slack shows it beside the field as plain text.
        return {"response_action": "errors", "errors": {error.field: str(error)}}
    modal = {
        "type": "modal",
        "title": view["title"],
        "close": plain_text("Close"),
        "blocks": [section(said(error))],
    }
    return {"response_action": "update", "view": modal}


async def whisper(
    sentence: str, body: Payload, client: AsyncWebClient, context: AsyncBoltContext
) -> None:
    """Where they acted: in the thread, over the modal or Home, or in the channel."""
    is_pressed = body.get("response_url") or (body.get("view") and body.get("trigger_id"))
    if is_pressed and context.respond is not None:
        await reply(sentence, body, client, context.respond)
    elif context.user_id and context.channel_id:
        event = body.get("event", {})
        thread = {"thread_ts": event["thread_ts"]} if event.get("thread_ts") else {}
        await client.chat_postEphemeral(
            channel=context.channel_id, user=context.user_id, text=sentence, **thread
        )
    elif context.user_id:
        await client.chat_postMessage(channel=context.user_id, text=sentence)
