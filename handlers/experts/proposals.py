"""Asking somebody to be an expert, and what they and an admin say to it."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.proposals import accept, add_proposed, decline, get_note, note_posted, put_off
from bot.outbox import Owed
from handlers.blocks.experts.proposals import ADD, DECLINE, JOIN, PUT_OFF, proposal_note
from handlers.blocks.text import escape
from handlers.community.home import redraw_home
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, question_id_of, team_of, time_of
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(JOIN)(on_join)
    app.action(DECLINE)(on_decline)
    app.action(ADD)(on_add)
    app.action(PUT_OFF)(on_put_off)


def pressed(action: Payload, body: Payload, context: AsyncBoltContext) -> Payload:
    """Who pressed a button about which topic, and when."""
    return {
        "team_id": team_of(context),
        "topic_id": question_id_of(action.get("value", "").partition(":")[0]),
        "user_id": body["user"]["id"],
        "now": time_of(action["action_ts"]),
    }


async def on_join(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        topic, _ = await accept(session, **pressed(action, body, context))
    text = f"Thank you. Questions about *{escape(topic)}* will reach you from now on."
    await respond(replace_original=True, text=text)
    await ack()


async def on_decline(
    ack: Any,
    respond: Any,
    action: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        topic, is_declined = await decline(session, **pressed(action, body, context))
    name = escape(topic)
    text = (
        f"All right, I will not bring up *{name}* again. Your replies are as welcome as before."
        if is_declined
        else f"You help on *{name}* already. `/experts leave {name}` ends that."
    )
    await respond(replace_original=True, text=text)
    await ack()


async def on_add(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    about = pressed(action, body, context)
    async with sessions.begin() as session:
        await add_proposed(session, **about, expert_id=action["value"].partition(":")[2])
    await ack()
    await redraw_home(client, sessions, about["team_id"], about["user_id"], about["now"])


async def on_put_off(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    about = pressed(action, body, context)
    async with sessions.begin() as session:
        await put_off(session, **about, expert_id=action["value"].partition(":")[2])
    await ack()
    await redraw_home(client, sessions, about["team_id"], about["user_id"], about["now"])


async def send_proposal_note(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Ask the person; or tell them that an admin added them, in a new message, because an edit
    tells nobody. The old one goes."""
    topic_id, _, user_id = owed.subject.partition(":")
    async with sessions.read() as session:
        asked = await get_note(session, owed.team_id, int(topic_id), user_id)
    if asked is None:
        return None
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=user_id, **proposal_note(asked)
    )
    if asked.message_ts not in (None, message_ts):
        await slack.touch("chat.delete", channel=channel_id, ts=asked.message_ts)

    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            topic_id=asked.topic_id,
            user_id=user_id,
            message_ts=message_ts,
        )

    return note


KINDS: dict[str, Deliver] = {"proposal_note": send_proposal_note}
