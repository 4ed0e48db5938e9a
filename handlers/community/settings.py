"""Every setting has its window in App Home, and each change can be taken back."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.settings import (
    CHANNEL,
    CONSENT,
    DIGEST,
    LEADERBOARD,
    MARKS,
    MY_DIGEST,
    NOTES,
    OWN,
    SPONSOR_DIGEST,
    About,
    change_setting,
    get_setting,
    undo,
)
from bot.errors import OpenItAgain
from bot.experts.webhooks import Networks
from bot.outbox import owe_home
from bot.people import check_is_admin
from bot.recognition.sponsors import list_sponsoring
from handlers.blocks.buttons import UNDO
from handlers.blocks.community.settings import (
    CALLBACK,
    CHANGE,
    ON,
    OPEN_ALL,
    SILENCE_TOO,
    SPONSORS,
    UNDONE,
    all_settings_modal,
    changed_modal,
    setting_modal,
    sponsors_modal,
)
from handlers.blocks.recognition.sponsors import sponsor_plans
from handlers.blocks.text import note_modal
from handlers.payloads import Payload, chosen, read_back
from handlers.pressed import Pressed
from handlers.replying import open_view, show_instead
from storage.database import Sessions

ABOUT: dict[str, Any] = {"setting": str, "subject": str, "seen": str}


def register(app: AsyncApp) -> None:
    app.action(OPEN_ALL)(on_open_all)
    app.action(SPONSORS)(on_sponsors)
    app.action(CHANGE)(on_change)
    app.view(CALLBACK)(on_saved)
    app.action(UNDO)(on_undo)


async def on_open_all(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        await check_is_admin(session, **pressed.who)
    await open_view(client, body, all_settings_modal())
    await ack()


async def on_sponsors(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        plans = sponsor_plans(await list_sponsoring(session, **pressed.who))
    await open_view(client, body, sponsors_modal(plans))
    await ack()


async def on_change(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    """`value`: the setting, and after a colon its subject."""
    setting, subject = pressed.parts
    about = about_of(pressed, setting, subject)
    async with sessions.read() as session:
        shown = await get_setting(session, checked(setting), about)
    await open_view(client, body, setting_modal(shown))
    await ack()


def about_of(
    pressed: Pressed, setting: str, subject: str, helpdesk_networks: Networks = ()
) -> About:
    if subject and setting != CHANNEL:
        raise OpenItAgain()
    subject = pressed.user_id if setting in OWN else subject
    return About(pressed.team_id, pressed.user_id, subject, pressed.now, helpdesk_networks)


def checked(setting: str) -> str:
    if setting not in GIVEN:
        raise OpenItAgain()
    return setting


async def on_saved(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    about = read_back(pressed.value, **ABOUT)
    setting = checked(about["setting"])
    async with sessions.begin() as session:
        change_id = await change_setting(
            session,
            setting,
            about_of(pressed, setting, about["subject"]),
            value=GIVEN[setting](view),
            seen=about["seen"],
        )
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack(response_action="update", view=changed_modal(change_id))


async def on_undo(
    ack: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
    helpdesk_networks: Networks,
) -> None:
    async with sessions.begin() as session:
        await undo(
            session,
            **pressed.who,
            change_id=pressed.number,
            helpdesk_networks=helpdesk_networks,
            now=pressed.now,
        )
        await owe_home(session, **pressed.who, now=pressed.now)
    await show_instead(client, body, note_modal(UNDONE))
    await ack()


# What was chosen in each window


def digest_in(view: Payload) -> dict[str, Any]:
    return {
        "comes": chosen(view, "comes") == ON,
        "day": chosen(view, "day") or "",
        "at": chosen(view, "at") or "",
        "timezone": chosen(view, "timezone").strip(),
        "skips": bool(chosen(view, "skips")),
    }


def own_digest_in(view: Payload) -> dict[str, Any]:
    return {
        "comes": chosen(view, "comes") == ON,
        "day": chosen(view, "day") or "",
        "at": chosen(view, "at") or "",
        "skips": bool(chosen(view, "skips")),
    }


def marks_in(view: Payload) -> dict[str, Any]:
    return {"names": chosen(view, "marks").replace("::", ": :").split()}


def leaderboard_in(view: Payload) -> dict[str, Any]:
    return {"is_on": chosen(view, "is_on") == ON}


def consent_in(view: Payload) -> dict[str, Any]:
    return {"silence_is_yes": chosen(view, "consent") == SILENCE_TOO}


def channel_in(view: Payload) -> dict[str, Any]:
    lines = [line.strip() for line in chosen(view, "forms").splitlines()]
    return {
        "is_help": chosen(view, "is_help") == ON,
        "mode": chosen(view, "mode") or "",
        "forms": [line for line in lines if line],
    }


def notes_in(view: Payload) -> dict[str, Any]:
    return {
        "digests": chosen(view, "digests") == ON,
        "named": chosen(view, "named") == ON,
        "reminders": chosen(view, "reminders") or [],
    }


GIVEN: Mapping[str, Callable[[Payload], dict[str, Any]]] = {
    DIGEST: digest_in,
    MARKS: marks_in,
    LEADERBOARD: leaderboard_in,
    CONSENT: consent_in,
    CHANNEL: channel_in,
    NOTES: notes_in,
    MY_DIGEST: own_digest_in,
    SPONSOR_DIGEST: own_digest_in,
}
