"""Asking which question a message of the channel answers."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.kinds import CHOOSE_QUESTION, MessageAndPerson
from bot.outbox import Owed
from bot.questions.elsewhere import choose, get_choice
from handlers.blocks.questions.elsewhere import ANSWERS_THIS, THANKS, choice_message
from handlers.outbox import Note, delivers
from handlers.payloads import number_of
from handlers.pressed import Pressed
from handlers.replying import IN_PLACE
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(ANSWERS_THIS)(on_answers_this)


async def on_answers_this(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    question_id, message_ts = pressed.parts
    async with sessions.begin() as session:
        await choose(
            session,
            **pressed.who,
            question_id=number_of(question_id),
            message_ts=message_ts,
            now=pressed.now,
        )
    await respond(**IN_PLACE, text=THANKS)
    await ack()


async def send_choice(
    owed: Owed[MessageAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    """What one person alone sees cannot be looked up, so it is said at most once."""
    if owed.is_uncertain:
        return None
    channel_id, message_ts, user_id = owed.subject
    async with sessions.read() as session:
        choice = await get_choice(
            session,
            team_id=owed.team_id,
            channel_id=channel_id,
            message_ts=message_ts,
            user_id=user_id,
        )
    if choice is not None:
        await slack.call(
            "chat.postEphemeral", channel=channel_id, user=user_id, **choice_message(choice)
        )
    return None


KINDS = (delivers(CHOOSE_QUESTION, send_choice),)
