"""How long it would have taken without the answer, as the asker says."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.kinds import SAVED_TIME
from bot.outbox import Owed
from bot.recognition.saved import get_saved_question, say_saved
from handlers.blocks.recognition.saved import (
    SAID,
    SAY_DAY,
    SAY_HOUR,
    SAY_MINUTES,
    THANKS,
    saved_question,
)
from handlers.outbox import Note, delivers
from handlers.payloads import Payload
from handlers.pressed import Pressed
from handlers.replying import IN_PLACE
from handlers.slack import Refused, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(SAY_MINUTES)(on_said)
    app.action(SAY_HOUR)(on_said)
    app.action(SAY_DAY)(on_said)


async def on_said(
    ack: Any, respond: Any, pressed: Pressed, action: Payload, sessions: Sessions
) -> None:
    async with sessions.begin() as session:
        await say_saved(
            session,
            **pressed.who,
            question_id=pressed.number,
            said=SAID[action["action_id"]],
            now=pressed.now,
        )
    await respond(**IN_PLACE, text=THANKS)
    await ack()


async def send_saved_question(owed: Owed[int], slack: Slack, sessions: Sessions) -> Note | None:
    """In the thread, for the asker alone. It cannot be looked up there, so it is asked at most
    once."""
    async with sessions.read() as session:
        asked = await get_saved_question(session, owed.team_id, owed.subject)
    if asked is None or owed.is_uncertain:
        return None
    where = {"channel": asked.channel_id, "thread_ts": asked.thread_ts, "user": asked.user_id}
    try:
        await slack.call("chat.postEphemeral", **where, **saved_question(asked))
    except Refused as refusal:
        if refusal.about not in ("thing", "place"):
            raise
    return None


KINDS = (delivers(SAVED_TIME, send_saved_question),)
