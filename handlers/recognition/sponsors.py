"""The sponsors' digests: sending them, thanking from them, and what App Home does about them."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import Owed
from bot.recognition.digests import SPONSOR, note_posted, note_quiet
from bot.recognition.sponsor_digests import (
    SponsorDigest,
    get_sponsor_digest,
    preview_sponsor_digest,
)
from bot.recognition.sponsor_thanks import draft_thanks, get_said_thanks, thank_from_digest
from bot.recognition.sponsors import (
    list_sponsoring,
    pause_sponsor_digest,
    resume_sponsor_digest,
    skip_sponsor_digest,
)
from bot.workspaces import get_url
from handlers.blocks.recognition.sponsors import (
    CALLBACK,
    HERE,
    PAUSE_DIGEST,
    PREVIEW,
    RESUME_DIGEST,
    SKIP_DIGEST,
    THANK,
    preview_modal,
    said_thanks,
    sponsor_digest,
    sponsor_plans,
    thanks_modal,
)
from handlers.blocks.text import Block
from handlers.community.home import redraw_home
from handlers.outbox import Deliver, Note
from handlers.payloads import Payload, chosen, question_id_of, team_of, time_of, written
from handlers.slack import Refused, Slack
from storage.database import Sessions


def register(app: AsyncApp) -> None:
    app.action(THANK)(on_say_thanks)
    app.view(CALLBACK)(on_thanks_said)
    app.action(PREVIEW)(on_preview)
    app.action(PAUSE_DIGEST)(on_pause)
    app.action(RESUME_DIGEST)(on_resume)
    app.action(SKIP_DIGEST)(on_skip)


async def on_say_thanks(
    ack: Any,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
) -> None:
    slot, _, fact_id = action["value"].partition(":")
    async with sessions.read() as session:
        draft = await draft_thanks(
            session,
            team_id=team_of(context),
            sponsor_id=body["user"]["id"],
            slot=slot,
            fact_id=question_id_of(fact_id),
        )
        url = await get_url(session, team_of(context))
    await client.views_open(trigger_id=body["trigger_id"], view=thanks_modal(draft, url))
    await ack()


async def on_thanks_said(
    ack: Any,
    view: Payload,
    body: Payload,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    about = json.loads(view["private_metadata"])
    async with sessions.begin() as session:
        await thank_from_digest(
            session,
            team_id=team_of(context),
            sponsor_id=body["user"]["id"],
            slot=about["slot"],
            fact_id=about["fact_id"],
            reason=written(view, "reason"),
            is_public=chosen(view, "where") == HERE,
            now=clock(),
        )
    await ack()


async def on_preview(
    ack: Any,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    async with sessions.read() as session:
        digest = await preview_sponsor_digest(
            session, team_id=team_of(context), user_id=body["user"]["id"], now=clock()
        )
        url = await get_url(session, team_of(context))
    await client.views_open(trigger_id=body["trigger_id"], view=preview_modal(digest, url))
    await ack()


async def on_pause(
    ack: Any,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    change = partial(pause_sponsor_digest, now=clock())
    await change_own(change, body, client, context, sessions, clock())
    await ack()


async def on_resume(
    ack: Any,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    change = partial(resume_sponsor_digest, now=clock())
    await change_own(change, body, client, context, sessions, clock())
    await ack()


async def on_skip(
    ack: Any,
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    clock: Callable[[], datetime],
) -> None:
    await change_own(skip_sponsor_digest, body, client, context, sessions, clock())
    await ack()


async def change_own(
    change: Callable[..., Awaitable[Any]],
    body: Payload,
    client: AsyncWebClient,
    context: AsyncBoltContext,
    sessions: Sessions,
    now: datetime,
) -> None:
    """Change when this person's digest comes, and show it in App Home."""
    who = {"team_id": team_of(context), "user_id": body["user"]["id"]}
    async with sessions.begin() as session:
        await change(session, **who)
    await redraw_home(client, sessions, who["team_id"], who["user_id"], now)


async def show_plans(sessions: Sessions, team_id: str, user_id: str) -> Block:
    async with sessions.read() as session:
        return sponsor_plans(await list_sponsoring(session, team_id=team_id, user_id=user_id))


async def send_sponsor_digest(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Tell the sponsor what the week has to say, or make what they have say how it is told now;
    a week with nothing to say stays quiet."""
    sponsor_id, slot = owed.subject.split(":")
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


async def keep_quiet(digest: SponsorDigest, owed: Owed, slack: Slack) -> Note:
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


async def send_sponsor_thanks(owed: Owed, slack: Slack, sessions: Sessions) -> Note | None:
    """Say it where the sponsor wished, or privately where that is not possible any more."""
    async with sessions.read() as session:
        thanks = await get_said_thanks(session, owed.team_id, int(owed.subject))
        url = await get_url(session, owed.team_id)
    if thanks is None:
        return None
    how: Payload = {"key": owed.key, "is_uncertain": owed.is_uncertain}
    if thanks.channel_id is not None:
        try:
            await slack.post(channel=thanks.channel_id, **how, **said_thanks(thanks, url))
            return None
        except Refused:
            thanks = thanks.privately()
    await slack.post_privately(user_id=thanks.receiver_id, **how, **said_thanks(thanks, url))
    return None


KINDS: dict[str, Deliver] = {
    "sponsor_digest": send_sponsor_digest,
    "sponsor_thanks": send_sponsor_thanks,
}
