"""Messages and reactions as they come and go, whoever acts, with the events that follow."""

import uuid
from datetime import datetime

from sandbox import events
from sandbox.errors import SlackError
from sandbox.forms import with_ids
from sandbox.rich_text import rich_text
from sandbox.shapes import TOMBSTONE_TEXT
from sandbox.slack import Slack
from sandbox.workspace import Channel, Message, Payload, User

SAID = (None, "thread_broadcast", "file_share")  # by somebody, and no notice of Slack's


def write(
    slack: Slack,
    author: User,
    channel: Channel,
    text: str,
    *,
    at: datetime | None = None,
    thread_ts: str | None = None,
    broadcast: bool = False,
    blocks: list[Payload] | None = None,
    attachments: list[Payload] | None = None,
    files: list[Payload] | None = None,
    metadata: Payload | None = None,
    bot_profile: Payload | None = None,
) -> Message:
    """A message that stands nowhere yet. `bot_profile`: of the app that posts it for a person."""
    parent = thread_parent(channel, thread_ts) if thread_ts else None
    bot_profile = bot_profile or slack.bot_profile_of(author)
    message = Message(
        ts=slack.clock.ts(at),
        channel_id=channel.id,
        user=author.id,
        text=text,
        team_id=author.team_id,
        attachments=attachments or [],
        files=files or [],
        metadata=metadata,
        thread_ts=parent.ts if parent else None,
        parent_user=parent.user if parent else None,
        is_broadcast=bool(parent and broadcast),
        subtype=subtype_of(is_broadcast=bool(parent and broadcast), has_files=bool(files)),
        bot_profile=bot_profile,
        client_msg_id=None if bot_profile else str(uuid.uuid4()),
    )
    dress(message, blocks)
    return message


def subtype_of(*, is_broadcast: bool, has_files: bool) -> str | None:
    if is_broadcast:
        return "thread_broadcast"
    return "file_share" if has_files else None


def dress(message: Message, blocks: list[Payload] | None) -> None:
    """Give the message its blocks: those of the app, or the one Slack derives from its text."""
    message.has_own_blocks = bool(blocks)
    if blocks:
        message.blocks = with_ids(blocks)
    elif message.text:
        message.blocks = [rich_text(message.text, message.ts[-5:])]
    else:
        message.blocks = []


def thread_parent(channel: Channel, thread_ts: str) -> Message:
    found = channel.messages.get(thread_ts)
    if found is None:
        raise SlackError("thread_not_found")
    return channel.messages[found.thread_ts] if found.thread_ts else found


def post(slack: Slack, message: Message, channel: Channel) -> None:
    channel.add(message)
    slack.workspace.remember(message)
    if message.user == slack.bot.id:
        slack.conversing.clear(channel.id, message.thread_ts)
    shape = slack.message_shape(message)
    slack.emit(events.message_posted(shape, channel), channel)
    if _mentions_bot(slack, message) and channel.kind != "im":
        slack.emit(events.app_mention(shape, channel), channel)
    _note(slack, message)


def dismiss(slack: Slack, message: Message, channel: Channel) -> None:
    """Take an ephemeral message away."""
    assert message.ephemeral_to is not None
    channel.ephemerals[message.ephemeral_to].remove(message)
    _note(slack, message)


def redress_privately(slack: Slack, message: Message, text: str, blocks: list[Payload]) -> None:
    """Give an ephemeral message new content."""
    message.text = text
    dress(message, blocks)
    _note(slack, message)


def show_privately(slack: Slack, message: Message, channel: Channel, user: User) -> None:
    """An ephemeral message: seen by one person, kept in no history, told to nobody."""
    message.ephemeral_to = user.id
    channel.ephemerals.setdefault(user.id, []).append(message)
    slack.workspace.remember(message)
    _note(slack, message)


def with_new_content(
    slack: Slack,
    editor: User,
    message: Message,
    channel: Channel,
    *,
    text: str | None = None,
    blocks: list[Payload] | None = None,
    attachments: list[Payload] | None = None,
    metadata: Payload | None = None,
) -> None:
    """Replace what is given; None leaves as it was, an empty value removes.

    Blocks derived from the old text follow the new text, blocks of the app's own stay.
    """
    previous = slack.message_shape(message)
    message.text = message.text if text is None else text
    if blocks is not None or not message.has_own_blocks:
        dress(message, blocks)
    if attachments is not None:
        message.attachments = attachments
    if metadata is not None:
        message.metadata = metadata or None
    event_ts = slack.clock.ts()
    message.edited = {"user": editor.id, "ts": event_ts}
    shape = slack.message_shape(message)
    slack.emit(events.message_changed(shape, previous, channel, event_ts), channel)
    _note(slack, message)


def delete(slack: Slack, message: Message, channel: Channel) -> None:
    """A parent with replies leaves a tombstone, which goes with its last reply."""
    if message.replies:
        _bury(slack, message, channel)
        return
    previous = slack.message_shape(message)
    channel.remove(message)
    slack.emit(events.message_deleted(previous, channel, slack.clock.ts()), channel)
    parent = channel.messages.get(message.thread_ts or "")
    if parent and parent.subtype == "tombstone" and not parent.replies:
        delete(slack, parent, channel)
    _note(slack, message)


def react(slack: Slack, user: User, message: Message, channel: Channel, name: str) -> None:
    users = message.reactions.setdefault(name, {})
    if user.id in users:
        raise SlackError("already_reacted")
    users[user.id] = None
    _tell_reaction(slack, "reaction_added", user, message, channel, name)


def unreact(slack: Slack, user: User, message: Message, channel: Channel, name: str) -> None:
    users = message.reactions.get(name, {})
    if user.id not in users:
        raise SlackError("no_reaction")
    del users[user.id]
    if not users:
        del message.reactions[name]
    _tell_reaction(slack, "reaction_removed", user, message, channel, name)


def _tell_reaction(
    slack: Slack, kind: str, user: User, message: Message, channel: Channel, name: str
) -> None:
    event = events.reaction(kind, user, name, message, slack.clock.ts())
    slack.emit(event, channel)
    _note(slack, message)


def _bury(slack: Slack, message: Message, channel: Channel) -> None:
    previous = slack.message_shape(message)
    message.subtype = "tombstone"
    message.text = TOMBSTONE_TEXT
    message.user = "USLACKBOT"
    message.bot_profile = None
    message.blocks, message.attachments, message.files, message.metadata = [], [], [], None
    message.reactions.clear()
    shape = slack.message_shape(message)
    slack.emit(events.message_changed(shape, previous, channel, slack.clock.ts()), channel)
    _note(slack, message)


def _note(slack: Slack, message: Message) -> None:
    """A reply shows on its parent too: how many there are, and the latest."""
    slack.changes.note(message.channel_id, message.ts, message.ephemeral_to or "")
    if message.thread_ts is not None and message.ephemeral_to is None:
        slack.changes.note(message.channel_id, message.thread_ts)


def _mentions_bot(slack: Slack, message: Message) -> bool:
    bot_id = slack.app.bot_user_id
    is_said = message.subtype in SAID  # not a notice that names the bot
    return is_said and message.user != bot_id and f"<@{bot_id}" in message.text
