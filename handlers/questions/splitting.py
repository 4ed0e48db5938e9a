"""A reply that is a question of its own: the modal, and what is chosen in it."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.experts.topics import list_topics
from bot.questions.splitting import get_splittable, split
from handlers.blocks.questions.splitting import CALLBACK, split_modal
from handlers.payloads import Payload, chosen, number_of
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.view(CALLBACK)(on_split)


async def offer_to_split(
    pressed: Pressed, message_ts: str, client: AsyncWebClient, sessions: Sessions
) -> bool:
    """Open the modal for a reply to a question; False when the message is none."""
    async with sessions.read() as session:
        reply = await get_splittable(
            session, **pressed.who, channel_id=pressed.channel_id, message_ts=message_ts
        )
        topics = await list_topics(session, **pressed.who)
    if reply is None:
        return False
    await client.views_open(trigger_id=pressed.trigger_id, view=split_modal(reply, topics))
    return True


async def on_split(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await split(
            session,
            team_id=pressed.team_id,
            answer_id=pressed.number,
            user_id=pressed.user_id,
            topic_id=number_of(chosen(view, "topic") or "") or None,
            later_ids=[number_of(each) for each in chosen(view, "later") or []],
            now=pressed.now,
        )
    await ack()
