"""How long things are kept, for admins."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.privacy.retention import get_rules, preview_rule, read_kind, read_months, set_rule
from bot.questions.ask import list_help_channels
from handlers.blocks.privacy.my_data import RETENTION
from handlers.blocks.privacy.retention import (
    CALLBACK,
    EVERYWHERE,
    SAVED,
    SURE_CALLBACK,
    retention_modal,
    sure_modal,
)
from handlers.blocks.text import note_modal
from handlers.payloads import Payload, chosen, read_back
from handlers.pressed import Pressed
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(RETENTION)(on_retention)
    app.view(CALLBACK)(on_chosen)
    app.view(SURE_CALLBACK)(on_sure)


async def on_retention(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        rules = await get_rules(session, **pressed.who)
        places = await list_help_channels(session, **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=retention_modal(rules, places))
    await ack()


async def on_chosen(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    where = chosen(view, "channel") or EVERYWHERE
    about: dict[str, Any] = {
        "channel_id": "" if where == EVERYWHERE else where,
        "kind": read_kind(chosen(view, "kind")),
        "months": read_months(chosen(view, "months")),
    }
    async with sessions.read() as session:
        who: dict[str, Any] = dict(pressed.who)
        erased = await preview_rule(session, **who, **about, now=pressed.now)
    await ack(response_action="update", view=sure_modal(**about, erased=erased))


async def on_sure(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    about = read_back(pressed.value, channel=str, kind=str, months=int)
    async with sessions.begin() as session:
        await set_rule(
            session,
            **pressed.who,
            channel_id=about["channel"],
            kind=read_kind(about["kind"]),
            months=read_months(str(about["months"])),
            now=pressed.now,
        )
    await ack(response_action="update", view=note_modal(SAVED))
