"""chat.*: posting, editing and deleting as the bot."""

from urllib.parse import quote

from sandbox import posting
from sandbox.api.registry import method
from sandbox.api.request import Request
from sandbox.block_kit import MAX_MESSAGE_TEXT_LENGTH, blocks_text_length, check_blocks
from sandbox.errors import SlackError, invalid_blocks
from sandbox.workspace import Channel, Message, Payload

MAX_TEXT = 40_000
MAX_ATTACHMENTS = 100
MAX_METADATA = 8_000
WRITE = ("chat:write",)


@method("chat.postMessage", scopes=WRITE, required=("channel",))
def post_message(request: Request) -> Payload:
    channel = _channel_to_post_in(request)
    message = _new_message(request, channel, too_long="msg_blocks_too_long")
    posting.post(request.slack, message, channel)
    shape = request.slack.message_shape(message)
    shown = _with_metadata(shape, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


@method("chat.postEphemeral", scopes=WRITE, required=("channel", "user"))
def post_ephemeral(request: Request) -> Payload:
    channel = request.joined_channel()
    request.check_open(channel)
    user = request.slack.workspace.users.get(request.text("user"))
    if user is None or user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = _new_message(request, channel, too_long="msg_too_long")
    posting.show_privately(request.slack, message, channel, user)
    return {"message_ts": message.ts}


@method("chat.update", scopes=WRITE, required=("channel", "ts"))
def update(request: Request) -> Payload:
    channel, message = _own_message(request, "cant_update_message")
    request.check_open(channel)
    blocks = _blocks(request, too_long="msg_too_long")
    attachments = _attachments(request)
    given = request.args.get("text")
    text = None if given is None else request.text("text")
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    _check_length(text or "")
    metadata = _metadata(request)
    posting.with_new_content(
        request.slack,
        request.bot,
        message,
        channel,
        text=text,
        blocks=blocks,
        attachments=attachments,
        metadata=metadata,
    )
    shape = _with_metadata(request.slack.message_shape(message), message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


@method("chat.delete", scopes=WRITE, required=("channel", "ts"))
def delete(request: Request) -> Payload:
    channel, message = _own_message(request, "cant_delete_message")
    posting.delete(request.slack, message, channel)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", required=("channel", "message_ts"))
def get_permalink(request: Request) -> Payload:
    channel = request.channel()
    message = channel.message(request.text("message_ts"))
    return {"channel": channel.id, "permalink": permalink(request, message)}


def permalink(request: Request, message: Message) -> str:
    domain = request.slack.workspace.domain
    number = message.ts.replace(".", "")
    link = f"https://{domain}.slack.com/archives/{message.channel_id}/p{number}"
    if message.thread_ts:
        link += f"?thread_ts={quote(message.thread_ts)}&cid={message.channel_id}"
    return link


def _channel_to_post_in(request: Request) -> Channel:
    """A user's identifier stands for the conversation with them."""
    target = request.text("channel")
    user = request.slack.workspace.users.get(target)
    if user is not None:
        if user.deleted or user.is_bot:
            raise SlackError("channel_not_found")
        if not request.slack.manifest.messages_tab:
            raise SlackError("messages_tab_disabled")
        return request.slack.direct_channel(user)
    channel = request.channel()
    request.check_open(channel)
    if channel.is_private or "chat:write.public" not in request.slack.manifest.scopes:
        request.check_member(channel)
    return channel


def _new_message(request: Request, channel: Channel, *, too_long: str) -> Message:
    text = request.text("text")
    blocks = _blocks(request, too_long=too_long)
    attachments = _attachments(request)
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    _check_length(text)
    return posting.write(
        request.slack,
        request.bot,
        channel,
        text,
        thread_ts=request.text("thread_ts") or None,
        broadcast=request.flag("reply_broadcast"),
        blocks=blocks,
        attachments=attachments,
        metadata=_metadata(request),
    )


def _own_message(request: Request, not_own: str) -> tuple[Channel, Message]:
    channel = request.channel()
    message = channel.message(request.text("ts"))
    if message.user != request.bot.id or message.subtype not in (None, "thread_broadcast"):
        raise SlackError(not_own)
    return channel, message


def _check_length(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise SlackError("msg_too_long")


def _blocks(request: Request, *, too_long: str) -> list[Payload] | None:
    blocks: list[Payload] | None = request.structure("blocks", error="invalid_blocks_format")
    if blocks is None:
        return None
    problems = check_blocks(blocks, surface="message")
    if problems:
        raise invalid_blocks(problems)
    if blocks_text_length(blocks) > MAX_MESSAGE_TEXT_LENGTH:
        raise SlackError(too_long)
    return blocks


def _attachments(request: Request) -> list[Payload] | None:
    attachments: list[Payload] | None = request.structure(
        "attachments", error="invalid_attachments"
    )
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return [{"id": number} | each for number, each in enumerate(attachments, 1)]


def _metadata(request: Request) -> Payload | None:
    metadata = request.structure("metadata", error="invalid_metadata_format")
    if metadata is None or metadata == {}:
        return None if metadata is None else {}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise SlackError("invalid_metadata_schema")
    if len(str(metadata)) > MAX_METADATA:
        raise SlackError("metadata_too_large")
    return metadata


def _with_metadata(shape: Payload, message: Message) -> Payload:
    return shape | ({"metadata": message.metadata} if message.metadata else {})
