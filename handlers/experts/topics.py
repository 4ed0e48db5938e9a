"""The modal in which an admin creates or changes a topic."""

from types import NoneType
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.experts.topics import save_topic
from bot.experts.webhooks import Networks
from handlers.blocks.experts.topics import CALLBACK, secret_modal
from handlers.payloads import Payload, chosen, read_back
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.view(CALLBACK)(on_topic_saved)


async def on_topic_saved(
    ack: Any,
    pressed: Pressed,
    view: Payload,
    sessions: Sessions,
    helpdesk_networks: Networks,
) -> None:
    about = read_back(pressed.value, topic_id=(int, NoneType), channel_id=(str, NoneType))
    async with sessions.begin() as session:
        topic = await save_topic(
            session,
            **pressed.who,
            topic_id=about["topic_id"],
            name=chosen(view, "name"),
            keywords=chosen(view, "keywords"),
            member_ids=[*(chosen(view, "people") or []), *(chosen(view, "groups") or [])],
            sponsor_id=chosen(view, "sponsor") or None,
            channel_id=about["channel_id"],
            is_channel_topic="own" in (chosen(view, "own") or []),
            waits=chosen(view, "waits"),
            hand_off_channel_id=chosen(view, "hand_off") or None,
            hint=chosen(view, "hint"),
            hand_off_url=chosen(view, "hand_off_url"),
            wants_new_secret="new_secret" in (chosen(view, "new_secret") or []),
            helpdesk_networks=helpdesk_networks,
            now=pressed.now,
        )
    if topic.new_secret is not None:
        await ack(response_action="update", view=secret_modal(topic.new_secret))
    else:
        await ack()
