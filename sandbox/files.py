"""Files as they come with messages, messages that are forwarded, and forms that workflows post."""

import mimetypes
from collections.abc import Sequence

from sandbox import events, posting
from sandbox.errors import SlackError
from sandbox.slack import Slack
from sandbox.workspace import Channel, Message, Payload, User

SNIPPET_SHOWN = 1_000  # characters of a text file that Slack sends with the message
Given = str | Payload  # a file's name, or more of it: title, mimetype, content


def file_of(slack: Slack, author: User, given: Given) -> Payload:
    """The file as Slack writes it. One with a content is a snippet, of which that is shown."""
    about = {"name": given} if isinstance(given, str) else dict(given)
    name = about.get("name") or about.get("title") or "untitled"
    content = about.pop("content", None)
    file_id = slack.workspace.new_id("F")
    address = f"https://files.slack.com/files-pri/{slack.workspace.team_id}-{file_id}/{name}"
    shape: Payload = {
        "id": file_id,
        "created": slack.seconds(),
        "timestamp": slack.seconds(),
        "name": name,
        "title": about.get("title") or name,
        "mimetype": about.get("mimetype") or mimetypes.guess_type(name)[0] or "text/plain",
        "filetype": name.rpartition(".")[2] or "text",
        "user": author.id,
        "user_team": author.team_id,
        "editable": content is not None,
        "size": len(content or ""),
        "mode": "hosted" if content is None else "snippet",
        "is_external": False,
        "is_public": True,
        "url_private": address,
        "permalink": address,
        "file_access": "visible",
    }
    if content is not None:
        shown = content[:SNIPPET_SHOWN]
        shape |= {"preview": shown, "preview_is_truncated": len(shown) < len(content)}
    return shape


def delete_file(slack: Slack, user: User, file_id: str) -> None:
    """Its messages stay and show a tombstone; apps are told the file's id alone."""
    holding = [
        (channel, message, file)
        for channel in slack.workspace.channels.values()
        for message in channel.messages.values()
        for file in message.files
        if file["id"] == file_id and file["mode"] != "tombstone"
    ]
    if not holding:
        raise SlackError("file_not_found")
    if any(file["user"] != user.id for _, _, file in holding):
        raise SlackError("cant_delete_file")
    for channel, message, file in holding:
        message.files = [
            {"id": file_id, "mode": "tombstone"} if each is file else each for each in message.files
        ]
        slack.changes.note(channel.id, message.ts)
    channel_ids = [channel.id for channel, _, _ in holding]
    slack.emit(events.file_deleted(file_id, channel_ids, slack.clock.ts()))


def forwarded(slack: Slack, message: Message) -> Payload:
    """The attachment that a forwarded message becomes."""
    shape: Payload = {
        "ts": message.ts,
        "channel_id": message.channel_id,
        "channel_team": slack.workspace.team_id,
        "author_id": message.user,
        "is_msg_unfurl": True,
        "is_share": True,
        "text": message.text,
        "fallback": message.text,
        "mrkdwn_in": ["text"],
        "message_blocks": [{"team": message.team_id, "message": {"blocks": message.blocks}}],
    }
    return shape | ({"files": message.files} if message.files else {})


def post_form(
    slack: Slack, channel: Channel, workflow: str, text: str, blocks: Sequence[Payload] = ()
) -> Message:
    """What a workflow posts in its own name: nobody stands as its author."""
    message = Message(
        ts=slack.clock.ts(),
        channel_id=channel.id,
        user="",
        text=text,
        team_id=slack.workspace.team_id,
        subtype="bot_message",
        notice={"username": workflow, "bot_id": slack.workspace.new_id("B")},
    )
    posting.dress(message, list(blocks))
    posting.post(slack, message, channel)
    return message
