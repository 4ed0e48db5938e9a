"""Moving the clock to the next thing that the app does by itself, and stopping there."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sandbox.changes import Change
from sandbox.errors import SlackError
from sandbox.slack import Slack
from sandbox.workspace import Message, Payload

MOST_STEPS = 60  # without anything to see: of all that is due, most is
DONE_WITHIN = 4.0  # seconds for the app to do what is due
LOOKS_EVERY = 0.05
QUIET = 0.25  # seconds without news, after which it has said all of it
A_MOMENT = timedelta(seconds=1)
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


async def skip_to_next(slack: Slack) -> list[Payload]:
    """What the app said then, and whom it is for; nothing where nothing is due any more."""
    if slack.due_after is None:
        raise SlackError("nothing_to_skip_to")
    for _ in range(MOST_STEPS):
        due_at = await slack.due_after(slack.clock.now())
        if due_at is None:
            return []
        before = slack.changes.latest
        slack.clock.set(due_at + A_MOMENT)
        slack.changes.note()  # the page shows the new time
        if said := await listen(slack, before):
            return said
    return []


async def listen(slack: Slack, before: int) -> list[Payload]:
    """What the app says until it is quiet: it said something, or has nothing more to do."""
    said: list[Payload] = []
    waited, quiet = 0.0, 0.0
    while waited < DONE_WITHIN and quiet < QUIET:
        await asyncio.sleep(LOOKS_EVERY)
        waited += LOOKS_EVERY
        now = list(happenings(slack, slack.changes.since(before) or []))
        is_quiet = now == said and (bool(said) or not await has_more_to_do(slack))
        quiet = quiet + LOOKS_EVERY if is_quiet else 0.0
        said = now
    return said


async def has_more_to_do(slack: Slack) -> bool:
    assert slack.due_after is not None
    due_at = await slack.due_after(LONG_AGO)
    return due_at is not None and due_at <= slack.clock.now()


def happenings(slack: Slack, changes: list[Change]) -> Iterator[Payload]:
    for change in changes:
        channel = slack.workspace.channels.get(change.channel_id)
        message = channel.messages.get(change.ts) if channel else None
        if channel is not None and message is not None and message.user == slack.app.bot_user_id:
            yield {
                "channel": channel.id,
                "ts": message.ts,
                "thread_ts": message.thread_ts or "",
                "for": reader_of(slack, message),
            }


def reader_of(slack: Slack, message: Message) -> str:
    """The one person whom it is for; nobody's name where a channel reads it."""
    channel = slack.workspace.channels[message.channel_id]
    others = [each for each in channel.members if each != slack.app.bot_user_id]
    return slack.workspace.users[others[0]].name if channel.kind == "im" and others else ""
