"""Those whom an admin named as experts are asked, and answer."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.availability import get_choices
from bot.experts.invitations import (
    InvitationNote,
    accept,
    decline,
    get_invitation_note,
    note_posted,
)
from bot.kinds import INVITATION, TopicAndPerson
from bot.outbox import Owed, owe_home
from handlers.blocks.experts.availability import availability_modal
from handlers.blocks.experts.invitations import (
    ACCEPT,
    CHOOSE_WHEN,
    REFUSE,
    declined,
    invitation_note,
)
from handlers.blocks.experts.topics import joined
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(ACCEPT)(on_accepted)
    app.action(REFUSE)(on_refused)
    app.action(CHOOSE_WHEN)(on_choose_when)


async def on_accepted(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    about: dict[str, Any] = {**pressed.who, "topic_id": pressed.number, "now": pressed.now}
    async with sessions.begin() as session:
        topic = await accept(session, **about)
        await owe_home(session, **pressed.who, now=pressed.now)
    await respond(replace_original=True, text=joined(topic))
    await ack()


async def on_refused(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    about: dict[str, Any] = {**pressed.who, "topic_id": pressed.number, "now": pressed.now}
    async with sessions.begin() as session:
        topic, is_declined = await decline(session, **about)
        await owe_home(session, **pressed.who, now=pressed.now)
    await respond(replace_original=True, text=declined(topic, is_declined))
    await ack()


async def on_choose_when(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    """The window in which they say when; saving it is their yes."""
    async with sessions.read() as session:
        choices = await get_choices(session, **pressed.who, now=pressed.now)
    topics = tuple(
        replace(each, is_asked=each.is_asked or each.topic_id == pressed.number)
        for each in choices.topics
    )
    view = availability_modal(replace(choices, topics=topics))
    await client.views_open(trigger_id=pressed.trigger_id, view=view)
    await ack()


async def send_invitation(
    owed: Owed[TopicAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    topic_id, user_id = owed.subject
    about: dict[str, Any] = {"team_id": owed.team_id, "topic_id": topic_id, "user_id": user_id}
    async with sessions.read() as session:
        told = await get_invitation_note(session, **about, now=slack.clock())
    if told is None:
        return None
    message_ts = await take_back(told, user_id, slack) or await ask(told, owed, slack)

    async def note(session: AsyncSession) -> None:
        await note_posted(session, **about, message_ts=message_ts)

    return note


async def take_back(told: InvitationNote, user_id: str, slack: Slack) -> str | None:
    """An admin named them no more: what asked them goes."""
    if told.withdrawn_ts is None:
        return None
    opened = await slack.call("conversations.open", users=user_id)
    await slack.touch("chat.delete", channel=opened["channel"]["id"], ts=told.withdrawn_ts)
    return told.withdrawn_ts


async def ask(told: InvitationNote, owed: Owed[TopicAndPerson], slack: Slack) -> str:
    _, message_ts = await slack.post_privately(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        user_id=owed.subject.user_id,
        **invitation_note(told),
    )
    return message_ts


KINDS = (delivers(INVITATION, send_invitation),)
