"""Say thanks, where a manager or a sponsor reads what somebody's help did."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.kinds import SPONSOR_THANKS
from bot.outbox import Owed
from bot.recognition.thanking import (
    draft_thanks,
    get_said_thanks,
    get_teller,
    thank_from_digest,
    thank_teller,
)
from bot.workspaces import get_url
from handlers.blocks.recognition.sponsors import THANK_FROM_DIGEST
from handlers.blocks.recognition.thanking import (
    DIGEST_CALLBACK,
    HERE,
    TELLER_CALLBACK,
    THANK_TELLER,
    digest_modal,
    said_thanks,
    teller_modal,
    thanked,
)
from handlers.blocks.text import note_modal
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, number_of, read_back, written
from handlers.pressed import Pressed
from handlers.recognition.kudos import said
from handlers.replying import open_view
from handlers.slack import Refused, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(THANK_TELLER)(on_thank_teller)
    app.view(TELLER_CALLBACK)(on_teller_thanked)
    app.action(THANK_FROM_DIGEST)(on_thank_from_digest)
    app.view(DIGEST_CALLBACK)(on_thanked_from_digest)


async def on_thank_teller(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    note_id = pressed.number
    async with sessions.read() as session:
        user_id = await get_teller(
            session, team_id=pressed.team_id, manager_id=pressed.user_id, note_id=note_id
        )
    await open_view(client, body, teller_modal(user_id, note_id))
    await ack()


async def on_teller_thanked(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        user_id = await thank_teller(
            session,
            team_id=pressed.team_id,
            manager_id=pressed.user_id,
            note_id=pressed.number,
            reason=written(view, "reason"),
            now=pressed.now,
        )
    await ack(response_action="update", view=note_modal(thanked(user_id)))


async def on_thank_from_digest(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    slot, fact_id = pressed.parts
    async with sessions.read() as session:
        draft = await draft_thanks(
            session,
            team_id=pressed.team_id,
            sponsor_id=pressed.user_id,
            slot=slot,
            fact_id=number_of(fact_id),
        )
        url = await get_url(session, pressed.team_id)
    await client.views_open(trigger_id=pressed.trigger_id, view=digest_modal(draft, url))
    await ack()


async def on_thanked_from_digest(
    ack: Any, pressed: Pressed, view: Payload, sessions: Sessions
) -> None:
    about = read_back(pressed.value, slot=str, fact_id=int)
    async with sessions.begin() as session:
        await thank_from_digest(
            session,
            team_id=pressed.team_id,
            sponsor_id=pressed.user_id,
            slot=about["slot"],
            fact_id=about["fact_id"],
            reason=written(view, "reason"),
            is_public=chosen(view, "where") == HERE,
            now=pressed.now,
        )
    await ack()


async def send_sponsor_thanks(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """Say it where the sponsor wished, or privately where that is not possible any more."""
    async with sessions.read() as session:
        thanks = await get_said_thanks(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if thanks is None:
        return None
    how: Payload = {"key": owed.key, "is_uncertain": owed.is_uncertain}
    if thanks.post is not None:  # somebody in it was erased since
        where, ts = thanks.post
        await slack.touch("chat.update", channel=where, ts=ts, **said_thanks(thanks, url))
        return None
    if thanks.channel_id is not None:
        try:
            ts = await slack.post(channel=thanks.channel_id, **how, **said_thanks(thanks, url))
            return said(owed, thanks.channel_id, ts)
        except Refused as refusal:
            if refusal.about not in ("thing", "place"):
                raise
            thanks = thanks.privately()
    place = await slack.post_privately(
        user_id=thanks.receiver_id, **how, **said_thanks(thanks, url)
    )
    return said(owed, *place)


KINDS = (delivers(SPONSOR_THANKS, send_sponsor_thanks),)
