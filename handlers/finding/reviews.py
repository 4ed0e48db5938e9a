"""No longer works: asking who knows whether a solution is still true."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.finding.reviews import call_outdated, confirm, doubt, get_review_note, note_posted
from bot.kinds import REVIEW_NOTE
from bot.outbox import Owed
from bot.workspaces import get_url
from handlers.blocks.finding.find import DOUBT
from handlers.blocks.finding.reviews import CONFIRM, OUTDATED, doubted, review_note
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, time_of
from handlers.pressed import Pressed
from handlers.replying import reply
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(DOUBT)(on_doubt)
    app.action(CONFIRM)(on_confirm)
    app.action(OUTDATED)(on_outdated)


async def on_doubt(
    ack: Any,
    respond: Any,
    pressed: Pressed,
    body: Payload,
    client: AsyncWebClient,
    sessions: Sessions,
) -> None:
    async with sessions.begin() as session:
        asked = await doubt(session, **pressed.question)
    await reply(doubted(asked), body, client, respond)
    await ack()


async def on_confirm(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await confirm(session, **pressed.question)
    await ack()


async def on_outdated(ack: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await call_outdated(session, **pressed.question)
    await ack()


async def send_review_note(owed: Owed[str], slack: Slack, sessions: Sessions) -> Note | None:
    """Make the reviewer's message list what they are asked about now, or post the next one."""
    async with sessions.read() as session:
        note = await get_review_note(session, owed.team_id, owed.subject, now=slack.clock())
        url = await get_url(session, owed.team_id)
    if note is None:
        return None
    shown = review_note(note, url)
    if note.message_ts is not None:
        await slack.call("chat.update", channel=note.channel_id, ts=note.message_ts, **shown)
        return None
    channel_id, message_ts = await slack.post_privately(
        key=owed.key, is_uncertain=owed.is_uncertain, user_id=note.reviewer_id, **shown
    )

    async def note_it(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            reviewer_id=note.reviewer_id,
            channel_id=channel_id,
            message_ts=message_ts,
            now=time_of(message_ts),
        )

    return note_it


KINDS = (delivers(REVIEW_NOTE, send_review_note),)
