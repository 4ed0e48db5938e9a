"""Asking without a name: what reaches the asker, what they say through the bot, an admin's look."""

from datetime import timedelta
from secrets import randbelow
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import (
    NAMELESS_LOOKED,
    NAMELESS_NOTE,
    NAMELESS_REPLY,
    NAMELESS_WORD,
    MessageAt,
)
from bot.outbox import Owed
from bot.questions.nameless import (
    LONGEST_DELAY,
    ask_nameless,
    block,
    check_may_say_more,
    get_reply,
    get_thread,
    list_asked,
    look,
    note_said,
    say,
    set_allowed,
)
from bot.vault import Vault
from bot.workspaces import get_url
from handlers.blocks.questions.nameless import (
    BLOCKED,
    COMES,
    LOOK,
    LOOK_CALLBACK,
    SAID,
    SAY,
    SAY_CALLBACK,
    found,
    look_modal,
    looked_note,
    posted_note,
    reply_note,
    say_modal,
    switched,
    word,
)
from handlers.blocks.text import Block, note_modal, sentence
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, chosen, number_of, time_of, written
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(SAY)(on_say)
    app.view(SAY_CALLBACK)(on_said)
    app.action(LOOK)(on_look)
    app.view(LOOK_CALLBACK)(on_looked)


async def allow(
    pressed: Pressed, sessions: Sessions, vault: Vault | None, *, is_allowed: bool
) -> Block:
    """`/askaround channel nameless on` or `off`."""
    async with sessions.begin() as session:
        name = await set_allowed(
            session,
            vault,
            **pressed.who,
            channel_id=pressed.channel_id,
            is_allowed=is_allowed,
            now=pressed.now,
        )
    return sentence(switched(name, is_allowed=is_allowed))


async def on_asked_nameless(
    ack: Any, pressed: Pressed, view: Payload, sessions: Sessions, vault: Vault | None
) -> None:
    """The `/ask` modal, with “Without my name”."""
    delay = timedelta(seconds=randbelow(int(LONGEST_DELAY.total_seconds())))
    async with sessions.begin() as session:
        await ask_nameless(
            session,
            vault,
            **pressed.who,
            channel_id=chosen(view, "channel") or "",
            text=written(view, "question"),
            topic_id=number_of(chosen(view, "topic") or "") or None,
            delay=delay,
            now=pressed.now,
        )
    await ack(response_action="update", view=note_modal(COMES))


async def on_say(ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await check_may_say_more(session, **pressed.who, question_id=pressed.number)
    await client.views_open(trigger_id=pressed.trigger_id, view=say_modal(pressed.number))
    await ack()


async def on_said(ack: Any, pressed: Pressed, view: Payload, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await say(session, **pressed.question, text=written(view, "words"))
    await ack(response_action="update", view=note_modal(SAID))


async def on_look(
    ack: Any,
    pressed: Pressed,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.read() as session:
        asked = await list_asked(session, context["vault"], **pressed.who)
    await client.views_open(trigger_id=pressed.trigger_id, view=look_modal(asked))
    await ack()


async def on_looked(
    ack: Any, pressed: Pressed, view: Payload, context: AsyncBoltContext, sessions: Sessions
) -> None:
    about: dict[str, Any] = {
        "team_id": pressed.team_id,
        "admin_id": pressed.user_id,
        "question_id": number_of(chosen(view, "question")),
        "reason": written(view, "reason"),
        "now": pressed.now,
    }
    async with sessions.begin() as session:
        if chosen(view, "how") == "look":
            told = found(await look(session, context["vault"], **about))
        else:
            await block(session, context["vault"], **about)
            told = BLOCKED
    await ack(response_action="update", view=note_modal(told))


async def send_note(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        thread = await get_thread(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if thread is not None:
        note = posted_note(thread, owed.subject, url)
        await whisper(owed, slack, thread.asker_id, note)
    return None


async def send_reply(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        reply = await get_reply(session, team_id=owed.team_id, **owed.subject._asdict())
        url = await get_url(session, owed.team_id)
    if reply is not None:
        await whisper(owed, slack, reply.asker_id, reply_note(reply, url))
    return None


async def send_looked(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    async with sessions.read() as session:
        thread = await get_thread(session, owed.team_id, owed.payload["question_id"])
    if thread is not None:
        note = looked_note(owed.payload["by"], owed.payload["reason"])
        await whisper(owed, slack, thread.asker_id, note)
    return None


async def whisper(owed: Owed[Any], slack: Slack, mask: str, message: Block) -> None:
    await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=mask, **message
    )


async def send_word(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """Post what the asker says, and hear it as theirs."""
    question_id, text = owed.payload["question_id"], owed.payload["text"]
    async with sessions.read() as session:
        thread = await get_thread(session, owed.team_id, question_id)
    if thread is None:
        return None
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=thread.channel_id,
        thread_ts=thread.thread_ts,
        **word(text),
    )

    async def note(session: AsyncSession) -> None:
        about = {"question_id": question_id, "text": text, "message_ts": message_ts}
        await note_said(session, team_id=owed.team_id, **about, now=time_of(message_ts))

    return note


KINDS = (
    delivers(NAMELESS_NOTE, send_note),
    delivers(NAMELESS_REPLY, send_reply),
    delivers(NAMELESS_LOOKED, send_looked),
    delivers(NAMELESS_WORD, send_word),
)
