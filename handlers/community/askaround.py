"""/askaround: help channels, topics and the weekly digest."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.community.channels import (
    get_hearing,
    set_form,
    set_help_channel,
    set_mode,
)
from bot.errors import UnknownCommand
from bot.text import plain
from bot.typed import nearest
from bot.vault import Vault
from handlers.blocks.community.askaround import (
    ALL_COMMANDS,
    MODE_WORDS,
    commands_modal,
    hearing_told,
    help_message,
    switched,
)
from handlers.blocks.experts.topic_window import topic_modal
from handlers.blocks.text import Block, sentence
from handlers.community.health import show_health
from handlers.experts.topic_window import list_groups, read_form
from handlers.experts.topics import change_topic
from handlers.payloads import Payload
from handlers.pressed import Pressed
from handlers.privacy.my_data import open_my_data
from handlers.questions.emoji import change_emoji
from handlers.questions.nameless import allow
from handlers.recognition.channel_digest import change_digest
from handlers.recognition.leaderboard import switch_leaderboard
from handlers.recognition.ledger import show_ledger
from storage.database import Sessions

VERBS = ("channel", "topic", "digest", "leaderboard", "health", "kudos", "me", "help")


def register(app: AsyncApp) -> None:
    app.command("/askaround")(on_askaround)
    app.action(ALL_COMMANDS)(on_all_commands)


async def on_all_commands(ack: Any, pressed: Pressed, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=pressed.trigger_id, view=commands_modal())
    await ack()


async def on_askaround(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    command: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    reply: Block | None  # None where a window opens
    more: list[Block] = []  # what one message does not hold
    verb, _, rest = pressed.typed.partition(" ")
    match verb.casefold(), rest.casefold():
        case "channel", _:
            reply = await change_channel(rest, pressed, sessions, context["vault"])
        case "topic", _:
            named = " ".join(plain(pressed.value).split()).partition(" ")[2]  # with its own signs
            reply = await change_or_open_topic(pressed, named, client, sessions)
        case "digest", _:
            reply, *more = await change_digest(rest, pressed, sessions)
        case "marks", _:
            reply = await change_emoji(rest, pressed, sessions)
        case "leaderboard", "on" | "off" as to:
            reply = await switch_leaderboard(to, pressed, sessions)
        case "me", _:
            await open_my_data(pressed, client, sessions)
            reply = None
        case ("health" | "kudos") as what, _:
            show = show_health if what == "health" else show_ledger
            reply = await show(pressed, sessions)
        case word, _ if word not in VERBS and (meant := nearest(word, VERBS)):
            raise UnknownCommand(f"/askaround {pressed.typed}", meant=f"/askaround {meant}")
        case _:
            reply = help_message()
    await ack(**({"response_type": "ephemeral"} | reply if reply else {}))
    for message in more:
        await respond(response_type="ephemeral", **message)


async def change_channel(
    rest: str, pressed: Pressed, sessions: Sessions, vault: Vault | None
) -> Block:
    """Whether and how much of this channel is heard, and which workflows ask."""
    match rest.casefold().split():
        case ["nameless", "on" | "off" as to]:
            return await allow(pressed, sessions, vault, is_allowed=to == "on")
    here = {**pressed.who, "channel_id": pressed.channel_id}
    async with sessions.begin() as session:
        match rest.casefold().split():
            case ["on" | "off" as to]:
                is_on = to == "on"
                name = await set_help_channel(session, **here, is_help=is_on, now=pressed.now)
                return sentence(switched(name, is_on))
            case [word] if word in MODE_WORDS:
                await set_mode(session, **here, mode=MODE_WORDS[word], now=pressed.now)
            case ["form", *_]:
                name = plain(rest[4:])
                await set_form(session, **here, name=name, is_asking=True, now=pressed.now)
            case ["no", "form", *_]:
                name = plain(rest[7:])
                await set_form(session, **here, name=name, is_asking=False, now=pressed.now)
            case []:
                pass
            case _:
                return help_message()
        return hearing_told(await get_hearing(session, **here))


async def change_or_open_topic(
    pressed: Pressed, written: str, client: AsyncWebClient, sessions: Sessions
) -> Block | None:
    changed = await change_topic(pressed, written, sessions)
    if changed is None:
        await open_topic(pressed, written, client, sessions)
    return changed


async def open_topic(
    pressed: Pressed, name: str, client: AsyncWebClient, sessions: Sessions
) -> None:
    form = await read_form(pressed, sessions, name=name, channel_id=pressed.channel_id)
    modal = topic_modal(form, await list_groups(client))
    await client.views_open(trigger_id=pressed.trigger_id, view=modal)
