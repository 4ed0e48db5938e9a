"""The sponsors' digests: sending them, and looking at the next one."""

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import SPONSOR_DIGEST, Slot
from bot.outbox import Owed
from bot.recognition.digests import SPONSOR, note_posted, note_quiet
from bot.recognition.sponsor_digests import (
    SponsorDigest,
    get_sponsor_digest,
    preview_sponsor_digest,
)
from bot.recognition.sponsors import list_sponsoring
from bot.workspaces import get_url
from handlers.blocks.recognition.sponsors import (
    PREVIEW,
    preview_modal,
    sponsor_digest,
    sponsor_plans,
)
from handlers.blocks.text import Block
from handlers.outbox import Note, delivers
from handlers.payloads import time_of
from handlers.pressed import Pressed
from handlers.slack import Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(PREVIEW)(on_preview)


async def on_preview(
    ack: Any, pressed: Pressed, client: AsyncWebClient, sessions: Sessions
) -> None:
    async with sessions.read() as session:
        digest = await preview_sponsor_digest(session, **pressed.who, now=pressed.now)
        url = await get_url(session, pressed.team_id)
    await client.views_open(trigger_id=pressed.trigger_id, view=preview_modal(digest, url))
    await ack()


async def show_plans(pressed: Pressed, sessions: Sessions) -> Block:
    async with sessions.read() as session:
        return sponsor_plans(await list_sponsoring(session, **pressed.who))


async def send_sponsor_digest(owed: Owed[Slot], slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the sponsor what the week has to say, or make what they have say how it is told now;
    a week with nothing to say stays quiet."""
    sponsor_id, slot = owed.subject
    async with sessions.read() as session:
        digest = await get_sponsor_digest(
            session, team_id=owed.team_id, sponsor_id=sponsor_id, slot=slot
        )
        url = await get_url(session, owed.team_id)
    if digest is None:
        return None
    if not digest.has_news:
        return await keep_quiet(digest, owed, slack)
    shown = sponsor_digest(digest, url)
    if digest.message_ts is None:
        channel_id, message_ts = await slack.post_privately(
            key=owed.key, is_uncertain=owed.is_uncertain, user_id=sponsor_id, **shown
        )
    else:
        channel_id, message_ts = digest.channel_id or "", digest.message_ts
        await slack.touch("chat.update", channel=channel_id, ts=message_ts, **shown)
    return posted(digest, channel_id, message_ts)


async def keep_quiet(digest: SponsorDigest, owed: Owed[Slot], slack: Slack) -> Note:
    """Nothing is left to tell: say nothing, and take back what was said."""
    if digest.message_ts is not None:
        where = digest.channel_id or ""
        await slack.touch("chat.delete", channel=where, ts=digest.message_ts)
    return lambda session: note_quiet(session, **run_of(digest), now=owed.owed_at)


def posted(digest: SponsorDigest, channel_id: str, message_ts: str) -> Note:
    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            **run_of(digest),
            channel_id=channel_id,
            message_ts=message_ts,
            named=digest.named,
            told=digest.told,
            now=time_of(message_ts),
        )

    return note


def run_of(digest: SponsorDigest) -> dict[str, str]:
    return {
        "team_id": digest.team_id,
        "kind": SPONSOR,
        "subject": digest.sponsor_id,
        "slot": digest.slot,
    }


KINDS = (delivers(SPONSOR_DIGEST, send_sponsor_digest),)
