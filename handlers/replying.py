"""Answering a person's click, wherever they clicked."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from handlers.blocks.text import note_modal
from handlers.payloads import Payload, thread_of

# Where `respond` says something: beside the message with the button, or instead of it.
BESIDE = {"response_type": "ephemeral", "replace_original": False}
IN_PLACE = {"response_type": "ephemeral", "replace_original": True}


def in_thread(thread_ts: str | None) -> dict[str, str]:
    """What is said beside a button of a thread stands in the thread too."""
    return {"thread_ts": thread_ts} if thread_ts else {}


async def reply(text: str, body: Payload, client: AsyncWebClient, respond: Any) -> None:
    """A sentence for the person who clicked: below the message, or in a modal where the click
    was in none."""
    if body.get("response_url"):
        await respond(**BESIDE, **in_thread(thread_of(body)), text=text)
    elif body.get("view", {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=note_modal(text))
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=note_modal(text))


async def open_view(client: AsyncWebClient, body: Payload, view: Payload) -> str:
    """Show it, above the window that was clicked in; its id."""
    is_on_modal = body.get("view", {}).get("type") == "modal"
    show = client.views_push if is_on_modal else client.views_open
    opened = await show(trigger_id=body["trigger_id"], view=view)
    return str(opened["view"]["id"])


async def show_instead(client: AsyncWebClient, body: Payload, view: Payload) -> None:
    """This view, in place of the window that was clicked in; a new one where that was none."""
    shown = body.get("view") or {}
    if shown.get("type") == "modal":
        await client.views_update(view_id=shown["id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
