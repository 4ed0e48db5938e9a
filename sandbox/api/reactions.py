"""reactions.*: the bot's own reactions, and everybody's on a message."""

import re

from sandbox import posting
from sandbox.api.chat import permalink
from sandbox.api.registry import method
from sandbox.api.request import Request
from sandbox.errors import SlackError
from sandbox.shapes import show_some
from sandbox.workspace import Channel, Message, Payload

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
TS = re.compile(r"\d{10}\.\d{6}")
MAX_KINDS_ON_A_MESSAGE = 50


@method("reactions.add", scopes=("reactions:write",), required=("channel", "name", "timestamp"))
def add(request: Request) -> Payload:
    channel, message = _target(request)
    request.check_open(channel)
    name = _name(request)
    if name not in message.reactions and len(message.reactions) >= MAX_KINDS_ON_A_MESSAGE:
        raise SlackError("too_many_emoji")
    posting.react(request.slack, request.bot, message, channel, name)
    return {}


@method("reactions.remove", scopes=("reactions:write",), required=("name",))
def remove(request: Request) -> Payload:
    channel, message = _target(request)
    posting.unreact(request.slack, request.bot, message, channel, _name(request))
    return {}


@method("reactions.get", scopes=("reactions:read",))
def get(request: Request) -> Payload:
    channel, message = _target(request)
    shape = request.slack.message_shape(message)
    if not request.flag("full"):
        show_some(shape)
    shape |= {"permalink": permalink(request, message)}
    return {"type": "message", "channel": channel.id, "message": shape}


def _target(request: Request) -> tuple[Channel, Message]:
    if not request.text("channel") or not request.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = request.joined_channel()
    timestamp = request.text("timestamp")
    if not TS.fullmatch(timestamp):
        raise SlackError("bad_timestamp")
    message = channel.message(timestamp)
    if message.subtype == "tombstone":
        raise SlackError("message_not_found")
    return channel, message


def _name(request: Request) -> str:
    name = request.text("name").strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name
