"""The digest that tells a person what their help did."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import PERSONAL_DIGEST, Slot
from bot.outbox import Owed
from bot.recognition.digests import PERSONAL, note_posted, note_quiet
from bot.recognition.naming import choose_digests
from bot.recognition.personal import (
    PersonalDigest,
    get_personal_digest,
    preview_personal_digest,
)
from bot.workspaces import get_url
from handlers.blocks.recognition.kudos import CHOSEN
from handlers.blocks.recognition.personal import NO_MORE, PREVIEW, personal_digest, preview_modal
from handlers.outbox import Note, delivers
from handlers.payloads import Payload, time_of
from handlers.pressed import Pressed
from handlers.replying import open_view
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(NO_MORE)(on_no_more)
    app.action(PREVIEW)(on_preview)


async def on_no_more(ack: Any, respond: Any, pressed: Pressed, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await choose_digests(
            session,
            **pressed.who,
            wants_digests=False,
            now=pressed.now,
        )
    await respond(response_type="ephemeral", replace_original=False, text=CHOSEN["digests", "off"])
    await ack()


async def on_preview(
    ack: Any, pressed: Pressed, body: Payload, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        digest = await preview_personal_digest(session, **pressed.who, now=pressed.now)
        url = await get_url(session, pressed.team_id)
    await open_view(client, body, preview_modal(digest, url))
    await ack()


async def send_personal_digest(owed: Owed[Slot], slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the person, or make what was told say how things stand now."""
    user_id, slot = owed.subject
    async with sessions.read() as session:
        digest = await get_personal_digest(
            session, team_id=owed.team_id, user_id=user_id, slot=slot
        )
        url = await get_url(session, owed.team_id)
    if digest is None:
        return None
    if not digest.has_news:
        return await keep_quiet(digest, slot, owed, slack)
    words = personal_digest(digest, url)
    if digest.channel_id is None or digest.message_ts is None:
        channel_id, message_ts = await slack.post_privately(
            key=owed.key, is_uncertain=owed.is_uncertain, user_id=user_id, **words
        )
    else:
        channel_id, message_ts = digest.channel_id, digest.message_ts
        await slack.touch("chat.update", channel=channel_id, ts=message_ts, **words)
    return posted(owed, digest, slot, channel_id, message_ts)


async def keep_quiet(digest: PersonalDigest, slot: str, owed: Owed[Slot], slack: Slack) -> Note:
    """Nothing is left to tell: say nothing, and take back what was said."""
    if digest.channel_id is not None and digest.message_ts is not None:
        await slack.touch("chat.delete", channel=digest.channel_id, ts=digest.message_ts)
    where = {"team_id": owed.team_id, "kind": PERSONAL, "subject": digest.help.user_id}
    return lambda session: note_quiet(session, **where, slot=slot, now=owed.owed_at)


def posted(
    owed: Owed[Slot], digest: PersonalDigest, slot: str, channel_id: str, message_ts: str
) -> Note:
    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=owed.team_id,
            kind=PERSONAL,
            subject=digest.help.user_id,
            slot=slot,
            channel_id=channel_id,
            message_ts=message_ts,
            told=digest.told,
            now=time_of(message_ts),
        )

    return note


KINDS = (delivers(PERSONAL_DIGEST, send_personal_digest),)
