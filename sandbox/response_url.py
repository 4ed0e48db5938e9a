"""Answers by response_url, and those an app gives right in its acknowledgement of a command."""

from sandbox import posting
from sandbox.block_kit import check_blocks
from sandbox.errors import SlackError, invalid_blocks
from sandbox.slack import Slack
from sandbox.workspace import Channel, Message, Payload, User


def respond(slack: Slack, key: str, body: Payload) -> None:
    """What the app sent to a response_url, done."""
    check_answer(body)
    use = slack.response_urls.use(key)
    channel = slack.workspace.channel(use.channel_id)
    user = slack.workspace.user(use.user_id)
    original = _original(channel, user, use.message_ts)
    if original is not None and body.get("delete_original"):
        _delete(slack, original, channel)
    elif original is not None and body.get("replace_original"):
        _replace(slack, original, channel, body)
    else:
        say(slack, user, channel, body)


def say(slack: Slack, user: User, channel: Channel, body: Payload) -> None:
    """A new message: for this person alone, unless the app says in_channel."""
    message = posting.write(
        slack,
        slack.bot,
        channel,
        str(body.get("text") or ""),
        thread_ts=str(body.get("thread_ts") or "") or None,
        blocks=body.get("blocks"),
        attachments=body.get("attachments"),
    )
    if body.get("response_type") == "in_channel":
        posting.post(slack, message, channel)
    else:
        posting.show_privately(slack, message, channel, user)


def check_answer(body: Payload) -> None:
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    if body.get("delete_original"):
        return
    if not any(body.get(name) for name in ("text", "blocks", "attachments")):
        raise SlackError("no_text")
    problems = check_blocks(body["blocks"], surface="message") if body.get("blocks") else []
    if problems:
        raise invalid_blocks(problems)


def _original(channel: Channel, user: User, ts: str | None) -> Message | None:
    if ts in channel.messages:
        return channel.messages[ts]
    private = channel.ephemerals.get(user.id, [])
    return next((message for message in private if message.ts == ts), None)


def _delete(slack: Slack, message: Message, channel: Channel) -> None:
    if message.ephemeral_to is None:
        posting.delete(slack, message, channel)
        return
    posting.dismiss(slack, message, channel)


def _replace(slack: Slack, message: Message, channel: Channel, body: Payload) -> None:
    text, blocks = str(body.get("text") or ""), body.get("blocks") or []
    if message.ephemeral_to is None:
        posting.with_new_content(slack, slack.bot, message, channel, text=text, blocks=blocks)
        return
    posting.redress_privately(slack, message, text, blocks)
