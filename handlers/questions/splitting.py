"""A reply that is a question of its own: the modal, and what is chosen in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.experts.topics import list_topics
from bot.questions.splitting import get_splittable, split
from handlers.blocks.questions.splitting import CALLBACK, split_modal
from handlers.payloads import Payload, chosen, question_id_of, team_of
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.view(CALLBACK)(on_split)


async def offer_to_split(
    shortcut: Payload, client: AsyncWebClient, context: AsyncBoltContext, sessions: Sessions
) -> bool:
    """Open the modal for a reply to a question; False when the message is none."""
    async with sessions.read() as session:
        reply = await get_splittable(
            session,
            team_id=team_of(context),
            channel_id=shortcut["channel"]["id"],
            message_ts=shortcut["message"]["ts"],
            user_id=shortcut["user"]["id"],
        )
        topics = await list_topics(session, team_id=team_of(context))
    if reply is None:
        return False
    await client.views_open(trigger_id=shortcut["trigger_id"], view=split_modal(reply, topics))
    return True


async def on_split(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    async with sessions.begin() as session:
        await split(
            session,
            team_id=team_of(context),
            answer_id=question_id_of(view["private_metadata"]),
            user_id=body["user"]["id"],
            topic_id=question_id_of(chosen(view, "topic") or "") or None,
            later_ids=[question_id_of(each) for each in chosen(view, "later") or []],
            now=clock(),
        )
    await ack()
