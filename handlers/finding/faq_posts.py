"""An admin picks a channel's FAQ in App Home; its one message is posted, then edited."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.finding.faq_posts import forget_page, get_page, list_offered, list_places, note_page, pick
from bot.kinds import FAQ_POST
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.finding.faq_posts import (
    CHANNEL_CALLBACK,
    OPEN,
    PICK_CALLBACK,
    channel_modal,
    faq_page,
    pick_modal,
)
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, number_of, read_back
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(OPEN)(on_open)
    app.view(CHANNEL_CALLBACK)(on_channel)
    app.view(PICK_CALLBACK)(on_picked)


async def on_open(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.read() as session:
        places = await list_places(session, **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=channel_modal(places))
    await ack()


async def on_channel(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.read() as session:
        picking = await list_offered(
            session, **pressed.who, channel_id=chosen(view, "channel") or ""
        )
    await ack(response_action="update", view=pick_modal(picking))


async def on_picked(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, channel=str)
    async with sessions.begin() as session:
        await pick(
            session,
            **pressed.who,
            channel_id=about["channel"],
            question_ids=[number_of(each) for each in chosen(view, "answers") or []],
            now=pressed.now,
        )
    await ack()


async def show_page(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """As it is now, where it stands. Where nothing is picked any more, it goes."""
    async with sessions.read() as session:
        page = await get_page(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    place = {"team_id": owed.team_id, "channel_id": owed.subject}
    shown = faq_page(page, url)
    if page.message_ts is None:
        if not page.results:
            return None
        message_ts = await slack.post(
            key=owed.key, is_uncertain=owed.is_uncertain, channel=owed.subject, **shown
        )
        return lambda session: note_page(session, **place, message_ts=message_ts)
    at = {"channel": owed.subject, "ts": page.message_ts}
    if page.is_given_up:
        await slack.touch("chat.delete", **at)
        return lambda session: forget_page(session, **place)
    await slack.touch("chat.update", **at, **shown)
    return None


KINDS = (delivers(FAQ_POST, show_page),)
