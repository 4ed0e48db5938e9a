"""/ask: a modal, from any channel."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.experts.topics import list_topics
from bot.people import read_out
from bot.questions.ask import list_channels_to_ask
from bot.questions.capture import ask_by_command
from bot.questions.nameless import list_allowed
from bot.vault import Vault
from handlers.blocks.finding.find import ASK
from handlers.blocks.questions.ask import CALLBACK, ask_modal
from handlers.payloads import Payload, chosen, number_of, written
from handlers.pressed import Pressed
from handlers.questions.nameless import on_asked_nameless
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.command("/ask")(on_ask)
    app.action(ASK)(on_ask)
    app.view(CALLBACK)(on_asked)


async def on_ask(
    ack: Any,
    pressed: Pressed,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    await open_modal(
        client,
        sessions,
        context["vault"],
        trigger_id=pressed.trigger_id,
        **pressed.who,
        channel_id=pressed.channel_id,
        text=pressed.value,
    )
    await ack()


async def open_modal(
    client: AsyncWebClient,
    sessions: Sessions,
    vault: Vault | None,
    *,
    trigger_id: str,
    team_id: str,
    user_id: str,
    channel_id: str,
    text: str,
) -> None:
    async with sessions.read() as session:
        channels = await list_channels_to_ask(
            session, team_id=team_id, user_id=user_id, channel_id=channel_id, text=text
        )
        topics = await list_topics(session, team_id=team_id, user_id=user_id)
        text = await read_out(session, team_id=team_id, text=text)
        nameless = await list_allowed(session, vault, team_id)
    modal = ask_modal(
        text=text,
        channels=channels,
        channel_id=channel_id,
        topics=topics,
        may_be_nameless=any(each.channel_id in nameless for each in channels),
    )
    await client.views_open(trigger_id=trigger_id, view=modal)


async def on_asked(
    ack: Any, pressed: Pressed, view: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    if chosen(view, "nameless"):
        await on_asked_nameless(ack, pressed, view, sessions, context["vault"])
        return
    async with sessions.begin() as session:
        await ask_by_command(
            session,
            team_id=pressed.team_id,
            channel_id=chosen(view, "channel") or "",
            asker_id=pressed.user_id,
            text=written(view, "question"),
            topic_id=number_of(chosen(view, "topic") or "") or None,
            now=pressed.now,
        )
    await ack()
