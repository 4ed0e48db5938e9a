"""/ask: a modal, from any channel."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.channels import list_channels_to_ask
from bot.experts.topics import list_topics
from bot.people import read_out
from bot.questions.capture import ask_by_command
from handlers.blocks.finding.find import ASK
from handlers.blocks.questions.ask import CALLBACK, ask_modal
from handlers.payloads import Payload, chosen, question_id_of, team_of, written
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.command("/ask")(on_ask)
    app.action(ASK)(on_ask_instead)
    app.view(CALLBACK)(on_asked)


async def on_ask(
    ack: Any,
    command: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    await open_modal(
        client,
        sessions,
        trigger_id=command["trigger_id"],
        team_id=team_of(context),
        user_id=command["user_id"],
        channel_id=command["channel_id"],
        text=command.get("text", ""),
    )
    await ack()


async def on_ask_instead(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    await open_modal(
        client,
        sessions,
        trigger_id=body["trigger_id"],
        team_id=team_of(context),
        user_id=body["user"]["id"],
        channel_id=body.get("channel", {}).get("id", ""),
        text=action["value"],
    )
    await ack()


async def open_modal(
    client: AsyncWebClient,
    sessions: Sessions,
    *,
    trigger_id: str,
    team_id: str,
    user_id: str,
    channel_id: str,
    text: str,
) -> None:
    async with sessions.read() as session:
        channels = await list_channels_to_ask(
            session, team_id=team_id, user_id=user_id, channel_id=channel_id
        )
        topics = await list_topics(session, team_id=team_id)
        text = await read_out(session, team_id=team_id, text=text)
    modal = ask_modal(text=text, channels=channels, channel_id=channel_id, topics=topics)
    await client.views_open(trigger_id=trigger_id, view=modal)


async def on_asked(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    async with sessions.begin() as session:
        await ask_by_command(
            session,
            team_id=team_of(context),
            channel_id=chosen(view, "channel") or "",
            asker_id=body["user"]["id"],
            text=written(view, "question"),
            topic_id=question_id_of(chosen(view, "topic") or "") or None,
            now=clock(),
        )
    await ack()
