"""Erase me; and an admin for somebody who has left."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.kinds import ERASED_NOTE, TAKE_BACK, MessageAt
from bot.outbox import Owed
from bot.people import check_is_admin
from bot.privacy.erasing import Erased, erase_me, erase_other, preview, preview_other
from handlers.blocks.privacy.erasing import (
    BEGUN,
    ME_CALLBACK,
    OTHER_CALLBACK,
    SURE_CALLBACK,
    erase_me_modal,
    erase_other_modal,
    receipt,
    sure_modal,
)
from handlers.blocks.privacy.my_data import ERASE, ERASE_OTHER
from handlers.blocks.text import note_modal
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, read_back, written
from handlers.pressed import Pressed
from handlers.slack import Refused, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(ERASE)(on_erase)
    app.view(ME_CALLBACK)(on_sure_of_me)
    app.action(ERASE_OTHER)(on_erase_other)
    app.view(OTHER_CALLBACK)(on_chosen)
    app.view(SURE_CALLBACK)(on_sure)


async def on_erase(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        seen = await preview(session, **pressed.who)
    show = client.views_push if body.get("view", {}).get("type") == "modal" else client.views_open
    await show(trigger_id=pressed.trigger_id, view=erase_me_modal(seen))
    await ack()


async def on_sure_of_me(
    ack: Any, pressed: Pressed, view: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await erase_me(
            session,
            context["vault"],
            **pressed.who,
            keeps_words=chosen(view, "words") == "keep",
            stays_out=bool(chosen(view, "out")),
            now=pressed.now,
        )
    await ack(response_action="update", view=note_modal(BEGUN))


async def on_erase_other(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        await check_is_admin(session, **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=erase_other_modal())
    await ack()


async def on_chosen(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.read() as session:
        seen = await preview_other(
            session,
            team_id=pressed.team_id,
            admin_id=pressed.user_id,
            user_id=chosen(view, "person") or "",
        )
    keeps_words = chosen(view, "words") == "keep"
    sure = sure_modal(seen, keeps_words=keeps_words, reason=written(view, "reason"))
    await ack(response_action="update", view=sure)


async def on_sure(
    ack: Any, pressed: Pressed, context: AsyncBoltContext, sessions: Sessions
) -> None:
    about = read_back(pressed.value, person=str, keeps_words=bool, reason=str)
    async with sessions.begin() as session:
        await erase_other(
            session,
            context["vault"],
            team_id=pressed.team_id,
            admin_id=pressed.user_id,
            user_id=about["person"],
            keeps_words=about["keeps_words"],
            reason=about["reason"],
            now=pressed.now,
        )
    await ack(response_action="update", view=note_modal(BEGUN))


async def send_receipt(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    done = Erased(
        owed.payload["questions"],
        owed.payload["answers"],
        bool(owed.payload["kept"]),
        bool(owed.payload["of_other"]),
    )
    await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=owed.subject, **receipt(done)
    )
    return None


async def take_back(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """Delete a message of ours, where it is still to be had."""
    channel_id, message_ts = owed.subject
    try:
        await slack.touch("chat.delete", channel=channel_id, ts=message_ts)
    except Refused as refusal:
        if refusal.about not in ("thing", "place"):
            raise
    return None


KINDS = (delivers(ERASED_NOTE, send_receipt), delivers(TAKE_BACK, take_back))
