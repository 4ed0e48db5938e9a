"""Asking somebody to be an expert, and what they and an admin say to it."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.proposals import (
    accept,
    add_proposed,
    decline,
    get_proposal_note,
    note_posted,
    put_off,
)
from bot.kinds import PROPOSAL_NOTE, TopicAndPerson
from bot.outbox import Owed, owe_home
from handlers.blocks.experts.proposals import (
    ADD,
    DECLINE,
    JOIN,
    PUT_OFF,
    declined,
    proposal_note,
)
from handlers.blocks.experts.topics import joined
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, id_of, number_of
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(JOIN)(on_join)
    app.action(DECLINE)(on_decline)
    app.action(ADD)(on_decided)
    app.action(PUT_OFF)(on_decided)


def proposal_of(pressed: Pressed) -> dict[str, Any]:
    """Which topic a button is about, who pressed it, and when."""
    return {**pressed.who, "topic_id": number_of(pressed.parts[0]), "now": pressed.now}


async def on_join(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        topic, _ = await accept(session, **proposal_of(pressed))
    await respond(replace_original=True, text=joined(topic))
    await ack()


async def on_decline(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        topic, is_declined = await decline(session, **proposal_of(pressed))
    await respond(replace_original=True, text=declined(topic, is_declined))
    await ack()


async def on_decided(ack: Any, pressed: Pressed, action: Payload, sessions: Sessions) -> None:
    """An admin asks the person to be an expert, or puts it off."""
    decide = add_proposed if action["action_id"] == ADD else put_off
    async with sessions.begin() as session:
        await decide(session, **proposal_of(pressed), expert_id=id_of(pressed.parts[1]) or "")
        await owe_home(session, **pressed.who, now=pressed.now)
    await ack()


async def send_proposal_note(
    owed: Owed[TopicAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    topic_id, user_id = owed.subject
    async with sessions.read() as session:
        asked = await get_proposal_note(session, owed.team_id, topic_id, user_id)
    if asked is None:
        return None
    _, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=user_id, **proposal_note(asked)
    )

    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            topic_id=asked.topic_id,
            user_id=user_id,
            message_ts=message_ts,
        )

    return note


KINDS = (delivers(PROPOSAL_NOTE, send_proposal_note),)
