"""Asking the author of a message, privately, whether it is a question."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.kinds import UNSURE_LINE, MessageAt
from bot.outbox import Owed
from bot.questions.unsure import answer_line, get_line
from handlers.blocks.questions.unsure import (
    ASK_THEM,
    ASKED_ALREADY,
    ASKING,
    LEFT_ALONE,
    NO_QUESTION,
    unsure_line,
)
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.replying import IN_PLACE
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(ASK_THEM)(on_ask_them)
    app.action(NO_QUESTION)(on_no_question)


async def on_ask_them(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    await answer(pressed, sessions, is_asked=True)
    await respond(**IN_PLACE, text=ASKING)
    await ack()


async def on_no_question(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    is_question = await answer(pressed, sessions, is_asked=False)
    await respond(**IN_PLACE, text=ASKED_ALREADY if is_question else LEFT_ALONE)
    await ack()


async def answer(pressed: Pressed, sessions: Sessions, *, is_asked: bool) -> bool:
    async with sessions.begin() as session:
        return await answer_line(
            session,
            **pressed.who,
            channel_id=pressed.channel_id,
            message_ts=pressed.value,
            is_asked=is_asked,
            now=pressed.now,
        )


async def send_line(owed: Owed[MessageAt], slack: Slack, sessions: Sessions) -> Note | None:
    """Ask its author. Private, so it cannot be looked up: at most once."""
    if owed.is_uncertain:
        return None
    async with sessions.read() as session:
        line = await get_line(session, owed.team_id, owed.subject, now=slack.clock())
    if line is not None:
        await slack.call(
            "chat.postEphemeral",
            channel=line.channel_id,
            user=line.author_id,
            **unsure_line(line),
        )
    return None


KINDS = (delivers(UNSURE_LINE, send_line),)
