"""Asking experts to take a question: their one message, and the buttons with which they take
it, pass it on, or name somebody else."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.claims import claim, pass_on, pause_topic, refer
from bot.experts.offer_notes import get_note, note_posted
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.buttons import CLAIM
from handlers.blocks.experts.cards import PASS
from handlers.blocks.experts.claims import PAUSE, REFER, offer_note, passed
from handlers.blocks.text import escape, mention
from handlers.community.home import is_in_home, redraw_home
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, time_of, who_and_what
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(CLAIM)(on_claim)
    app.action(PASS)(on_pass)
    app.action(REFER)(on_refer)
    app.action(PAUSE)(on_pause)


async def on_claim(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    pressed = who_and_what(action, body, context)
    async with sessions.begin() as session:
        await claim(session, **pressed)
    await ack()
    if is_in_home(body):
        await redraw_home(client, sessions, pressed["team_id"], pressed["user_id"], pressed["now"])


async def on_pass(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    pressed = who_and_what(action, body, context)
    async with sessions.begin() as session:
        topic = await pass_on(session, **pressed)
    await respond(
        response_type="ephemeral",
        replace_original=False,
        **in_thread(body),
        **passed(pressed["question_id"], topic),
    )
    await ack()


def in_thread(body: Payload) -> Payload:
    thread_ts = body.get("message", {}).get("thread_ts")
    return {"thread_ts": thread_ts} if thread_ts else {}


async def on_refer(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    named = action.get("selected_user")
    if not named:  # the choice was taken back
        await ack()
        return
    about = {**action, "value": action["block_id"].partition(":")[2]}
    async with sessions.begin() as session:
        await refer(session, **who_and_what(about, body, context), to_id=named)
    text = f"Thank you. I am asking {mention(named)}, and I remember it for the next time."
    await respond(response_type="ephemeral", replace_original=True, text=text)
    await ack()


async def on_pause(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        topic = await pause_topic(session, **who_and_what(action, body, context))
    text = (
        f"Done. I ask you nothing about *{escape(topic)}* until you say "
        f"`/experts join {escape(topic)}`."
        if topic
        else "That question has no topic any more."
    )
    await respond(response_type="ephemeral", replace_original=True, text=text)
    await ack()


async def send_offer_note(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Make the person's message list what waits for them now. Something new comes as a new
    message, which they are told of; the old one goes."""
    async with sessions.read() as session:
        note = await get_note(session, owed.team_id, owed.subject)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None
    shown = offer_note(note, url)
    if note.message_ts is not None and not note.is_new:
        await slack.touch("chat.update", channel=note.channel_id or "", ts=note.message_ts, **shown)
        return None
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=note.user_id, **shown
    )
    if note.message_ts not in (None, message_ts):
        await slack.touch("chat.delete", channel=channel_id, ts=note.message_ts)

    async def note_it(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            user_id=note.user_id,
            question_ids=[item.question_id for item in note.items],
            channel_id=channel_id,
            message_ts=message_ts,
            now=time_of(message_ts),
        )

    return note_it


KINDS: dict[str, Deliver] = {"offer_note": send_offer_note}
