"""Private reminders of what somebody took, and the buttons of reminders."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.experts.claims import keep
from bot.experts.nudges import get_claim_note, mute
from bot.kinds import CLAIM_NUDGE, RELEASED_NOTE, QuestionAndPerson
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.buttons import MUTE
from handlers.blocks.experts.nudges import KEEP, NO_MORE, claim_nudge, kept, released_note
from handlers.outbox import Note, delivers
from handlers.pressed import Pressed
from handlers.quoting import post_quoting
from handlers.replying import BESIDE
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(KEEP)(on_keep)
    app.action(MUTE)(on_mute)


async def on_keep(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        is_theirs = await keep(session, **pressed.question)
    await respond(replace_original=True, text=kept(is_theirs))
    await ack()


async def on_mute(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await mute(session, **pressed.who, kind=pressed.value)
    await respond(**BESIDE, text=NO_MORE)
    await ack()


async def send_claim_nudge(
    owed: Owed[QuestionAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    return await send_claim_note(owed, slack, sessions, claim_nudge)


async def send_released_note(
    owed: Owed[QuestionAndPerson], slack: Slack, sessions: Sessions
) -> Note | None:
    return await send_claim_note(owed, slack, sessions, released_note)


async def send_claim_note(
    owed: Owed[QuestionAndPerson], slack: Slack, sessions: Sessions, words: Any
) -> Note | None:
    question_id, user_id = owed.subject
    async with sessions.read() as session:
        note = await get_claim_note(session, owed.team_id, question_id, user_id)
        url = await get_url(session, owed.team_id)
    if note is None:
        return None
    return await post_quoting(owed, slack, user_id, {question_id: (note.text,)}, words(note, url))


KINDS = (
    delivers(CLAIM_NUDGE, send_claim_nudge),
    delivers(RELEASED_NOTE, send_released_note),
)
