"""Posting the weekly digests, and what `/askaround digest` does."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.kinds import CHANNEL_DIGEST, MORE_OF_DIGEST, MoreOfDigest, Slot
from bot.outbox import Owed
from bot.recognition.channel_digest import (
    WeeklyDigest,
    get_weekly_digest,
    note_more_posted,
    owe_more,
    preview_digest,
)
from bot.recognition.digests import (
    WEEKLY_DIGEST,
    get_digest_time,
    note_posted,
    note_quiet,
    pause_digest,
    resume_digest,
    set_digest_time,
    skip_digest,
)
from bot.workspaces import get_url
from handlers.blocks.recognition.channel_digest import NOTHING_YET, digest_plan, weekly_digest
from handlers.blocks.text import Block, sentence
from handlers.outbox import Note, delivers
from handlers.payloads import time_of
from handlers.pressed import Pressed
from handlers.recognition.sponsors import show_plans
from handlers.slack import Refused, Slack
from storage.database import Sessions

NOT_DRAWN = "invalid_blocks"  # what Slack says of a block that it does not know


async def change_digest(verb: str, pressed: Pressed, sessions: Sessions) -> list[Block]:
    """Answer `/askaround digest` and what follows it."""
    if verb.casefold() == "preview":
        return await preview(pressed, sessions)
    if verb.casefold() in ("sponsor", "sponsors"):
        return [await show_plans(pressed, sessions)]
    who, now = pressed.who, pressed.now
    async with sessions.begin() as session:
        match verb.casefold():
            case "":
                planned = await get_digest_time(session, team_id=pressed.team_id)
            case "pause":
                planned = await pause_digest(session, **who, now=now)
            case "resume":
                planned = await resume_digest(session, **who, now=now)
            case "skip":
                planned = await skip_digest(session, **who, now=now)
            case _:
                planned = await set_digest_time(session, **who, written=verb, now=now)
    return [sentence(digest_plan(planned))]


async def preview(pressed: Pressed, sessions: Sessions) -> list[Block]:
    """What would be posted now, for the admin who asks."""
    async with sessions.read() as session:
        digest = await preview_digest(
            session, **pressed.who, channel_id=pressed.channel_id, now=pressed.now
        )
        url = await get_url(session, pressed.team_id)
    return weekly_digest(digest, url) if digest.has_news else [sentence(NOTHING_YET)]


async def send_weekly_digest(owed: Owed[Slot], slack: Slack, sessions: Sessions) -> Note | None:
    """Post what the week has to say, or make what is posted say how it is told now; a week with
    nothing to say stays quiet."""
    channel_id, slot = owed.subject
    digest, url = await read_digest(sessions, owed.team_id, channel_id, slot)
    if digest is None:
        return None
    if not digest.has_news:
        return await keep_quiet(digest, slot, owed, slack)
    messages = weekly_digest(digest, url)
    drawn = weekly_digest(digest, url, has_charts=True)
    message_ts = await say(digest, messages, drawn, owed, slack)
    return posted(digest, slot, message_ts, len(messages))


async def say(
    digest: WeeklyDigest,
    messages: list[Block],
    drawn: list[Block],
    owed: Owed[Slot],
    slack: Slack,
) -> str:
    """Post it, or edit what is posted; the message's ts. Where this workspace's Slack does not
    draw charts yet, its weeks are bars of text."""
    try:
        return await speak(digest, drawn, owed, slack)
    except Refused as refusal:
        if refusal.code != NOT_DRAWN:
            raise
        return await speak(digest, messages, owed, slack)


async def speak(digest: WeeklyDigest, messages: list[Block], owed: Owed[Slot], slack: Slack) -> str:
    if digest.message_ts is not None:
        await edit(digest, messages, slack)
        return digest.message_ts
    return await slack.post(
        key=owed.key, is_uncertain=owed.is_uncertain, channel=digest.channel_id, **messages[0]
    )


async def read_digest(
    sessions: Sessions, team_id: str, channel_id: str, slot: str
) -> tuple[WeeklyDigest | None, str]:
    """The digest as it stands now, and the workspace's address."""
    async with sessions.read() as session:
        digest = await get_weekly_digest(session, team_id=team_id, channel_id=channel_id, slot=slot)
        url = await get_url(session, team_id)
    return digest, url


async def keep_quiet(digest: WeeklyDigest, slot: str, owed: Owed[Slot], slack: Slack) -> Note:
    """Nothing is left to tell: say nothing, and take back what was said."""
    for ts in posted_ts(digest):
        await slack.touch("chat.delete", channel=digest.channel_id, ts=ts)
    where = {"team_id": owed.team_id, "kind": WEEKLY_DIGEST, "subject": digest.channel_id}
    return lambda session: note_quiet(session, **where, slot=slot, now=owed.owed_at)


async def edit(digest: WeeklyDigest, messages: list[Block], slack: Slack) -> None:
    """Each message of it says how things stand now; one that has nothing left goes."""
    for number, ts in enumerate(posted_ts(digest)):
        if number < len(messages):
            await slack.touch("chat.update", channel=digest.channel_id, ts=ts, **messages[number])
        else:
            await slack.touch("chat.delete", channel=digest.channel_id, ts=ts)


def posted_ts(digest: WeeklyDigest) -> list[str]:
    return [*([digest.message_ts] if digest.message_ts else []), *digest.more_ts]


def posted(digest: WeeklyDigest, slot: str, message_ts: str, messages: int) -> Note:
    async def note(session: AsyncSession) -> None:
        await note_posted(
            session,
            team_id=digest.team_id,
            kind=WEEKLY_DIGEST,
            subject=digest.channel_id,
            slot=slot,
            channel_id=digest.channel_id,
            message_ts=message_ts,
            named=digest.named,
            told=digest.told,
            now=time_of(message_ts),
        )
        if digest.message_ts is None and messages > 1:
            await owe_more(
                session,
                team_id=digest.team_id,
                channel_id=digest.channel_id,
                slot=slot,
                number=1,
                now=time_of(message_ts),
            )

    return note


async def send_more_of_digest(
    owed: Owed[MoreOfDigest], slack: Slack, sessions: Sessions
) -> Note | None:
    """Post one of the messages in its thread; the next is owed then, so that they are in order."""
    channel_id, slot, number = owed.subject
    digest, url = await read_digest(sessions, owed.team_id, channel_id, slot)
    messages = weekly_digest(digest, url) if digest is not None else []
    if digest is None or digest.message_ts is None or number >= len(messages):
        return None
    if number <= len(digest.more_ts):
        return None  # posted already
    message_ts = await slack.post(
        key=owed.key,
        is_uncertain=owed.is_uncertain,
        channel=channel_id,
        thread_ts=digest.message_ts,
        **messages[number],
    )
    where = {"team_id": owed.team_id, "channel_id": channel_id, "slot": slot}

    async def note(session: AsyncSession) -> None:
        await note_more_posted(session, **where, message_ts=message_ts)
        if number + 1 < len(messages):
            await owe_more(session, **where, number=number + 1, now=time_of(message_ts))

    return note


KINDS = (
    delivers(CHANNEL_DIGEST, send_weekly_digest),
    delivers(MORE_OF_DIGEST, send_more_of_digest),
)
