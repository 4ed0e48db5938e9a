"""Taking values out of what Slack sends."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.errors import OpenItAgain
from bot.text import LONGEST_TITLE, FileFacts, Message, clean, shorten
from handlers.blocks.text import escape

Payload = dict[str, Any]

SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{1,31}")  # of a person, a user group or a channel
SNIPPET = "snippet"  # a text file, of which Slack shows the beginning
GONE_FILES = ("tombstone", "hidden_by_limit")
A_FILE = "file"
LONGEST_ACT = 64  # characters of a client_msg_id; Slack's have 36


@dataclass(frozen=True)
class Identity:
    """The workspace the bot is in, the organisation that it belongs to, if any, and who the bot
    is there."""

    team_id: str
    enterprise_id: str | None
    bot_user_id: str


def time_of(ts: str) -> datetime:
    """Slack's own time of an event or message, from its ts (seconds since 1970)."""
    return datetime.fromtimestamp(float(ts), UTC)


def team_of(context: AsyncBoltContext) -> str:
    """The workspace that an event came for; Bolt refuses those that name none."""
    return context.team_id or ""


def identity_of(context: AsyncBoltContext) -> Identity:
    authorized = context.authorize_result
    enterprise_id = authorized.enterprise_id if authorized else None
    return Identity(team_of(context), enterprise_id, context.bot_user_id or "")


def date(body: Payload, now: datetime) -> None:
    """An event that does not say when it happened has its envelope's time, or now."""
    event = body.get("event")
    if isinstance(event, dict) and not event.get("event_ts"):
        event["event_ts"] = str(body.get("event_time") or now.timestamp())


def message_of(event: Payload, *, team_id: str, bot_user_id: str | None) -> Message:
    """A posted message, without the bot's name where somebody called it."""
    thread_ts = event.get("thread_ts")
    edited_ts = event.get("edited", {}).get("ts")
    text, files = words_of(event, bot_user_id), files_of(event)
    return Message(
        team_id=team_id,
        channel_id=event["channel"],
        user_id=event["user"],
        message_ts=event["ts"],
        thread_ts=thread_ts if thread_ts != event["ts"] else None,
        text=text or "\n".join(each.title for each in files),
        sent_at=time_of(event["ts"]),
        files=files,
        is_wordless=not text,
        is_in_own_thread=event.get("parent_user_id") == event["user"],
        is_broadcast=event.get("subtype") == "thread_broadcast",
        edited_at=time_of(edited_ts) if edited_ts else None,
        client_msg_id=(event.get("client_msg_id") or "")[:LONGEST_ACT] or None,
    )


def words_of(message: Payload, bot_user_id: str | None) -> str:
    """What was written, with the words of messages that were forwarded."""
    written = without_mention(message.get("text") or "", bot_user_id).strip()
    forwarded = [text_of(each.get("text")).strip() for each in forwarded_in(message)]
    return "\n".join(words for words in (written, *forwarded) if words)


def forwarded_in(message: Payload) -> list[Payload]:
    """The messages that were forwarded with it; what Slack adds to a link to a page is none."""
    attachments = message.get("attachments")
    if not isinstance(attachments, list):
        return []
    return [each for each in attachments if each.get("is_share") or each.get("is_msg_unfurl")]


def files_of(message: Payload) -> tuple[FileFacts, ...]:
    """The files that came with it, or with what it forwards; a deleted one leaves a tombstone."""
    sources = [message, *forwarded_in(message)]
    raw = [each for source in sources for each in source.get("files") or []]
    return tuple(
        FileFacts(
            file_id=each["id"],
            title=title_of(each),
            is_picture=text_of(each.get("mimetype")).startswith("image/"),
            words=text_of(each.get("preview")) if each.get("mode") == SNIPPET else "",
        )
        for each in raw
        if id_of(each.get("id")) and each.get("mode") not in GONE_FILES
    )


def title_of(file: Payload) -> str:
    title = text_of(file.get("title") or file.get("name"))
    return shorten(title, LONGEST_TITLE) or A_FILE


def without_mention(text: str, bot_user_id: str | None) -> str:
    return text.replace(f"<@{bot_user_id}>", "").strip() if bot_user_id else text


def has_author(message: Payload) -> bool:
    """Whether somebody stands as its author: a person, or an app as its own user."""
    return bool(message.get("user")) and message["user"] != "USLACKBOT"


def thread_of(body: Payload) -> str | None:
    """The thread of the message with the pressed button, where that is a reply. Of one that a
    person alone sees, Slack sends no message."""
    ts = body.get("message", {}).get("thread_ts") or body.get("container", {}).get("thread_ts")
    return ts if isinstance(ts, str) else None


def code_of(error: SlackApiError) -> str:
    """Slack's word for why it refused; empty where the answer was none of Slack's."""
    response: Any = error.response
    data = response.get("data") if isinstance(response, dict) else getattr(response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def is_retried(request_headers: Mapping[str, Sequence[str]]) -> bool:
    """Whether Slack delivers it again. Over HTTP a first delivery has no such header; over Socket
    Mode each envelope counts its retries from 0."""
    return request_headers.get("x-slack-retry-num", ["0"])[0] != "0"


def chosen(view: Payload, block_id: str) -> Any:
    """What a person put into an input of a modal, which is the only one of its block."""
    state: Payload = next(iter(view["state"]["values"].get(block_id, {}).values()), {})
    match state.get("type"):
        case "static_select" | "radio_buttons":
            return text_of((state.get("selected_option") or {}).get("value")) or None
        case "multi_static_select" | "checkboxes":
            return [text_of(option["value"]) for option in state.get("selected_options") or []]
        case "datepicker":
            return text_of(state.get("selected_date"))
        case "timepicker":
            return text_of(state.get("selected_time"))
        case "users_select":
            return id_of(state.get("selected_user"))
        case "conversations_select":
            return id_of(state.get("selected_conversation"))
        case "multi_users_select":
            return [each for each in map(id_of, state.get("selected_users") or []) if each]
        case _:
            return text_of(state.get("value"))


def written(view: Payload, block_id: str) -> str:
    """What a person wrote into an input of a modal, in Slack's wire form, as it comes with
    messages and commands: modals alone tell it as it was typed."""
    return escape(chosen(view, block_id))


def text_of(value: object) -> str:
    """Text as it can be kept; nothing where it is none."""
    return clean(value) if isinstance(value, str) else ""


def id_of(value: object) -> str | None:
    """The id of somebody or something in Slack; None where it is none."""
    return value if isinstance(value, str) and SLACK_ID.fullmatch(value) else None


def number_of(value: object) -> int:
    """A row's number in a button's value; 0, which no row has, when it was tampered with."""
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()):
        return 0
    return int(value) if len(value) < 18 else 0


def read_back(written: str, **kinds: type | tuple[type, ...]) -> Payload:
    """What we wrote as JSON into a button or modal: values of these kinds, by their names.
    OpenItAgain where it is something else by now. Texts are as they can be kept, and numbers are
    those that a row can have."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        raise OpenItAgain() from None
    values = {name: found.get(name) if isinstance(found, dict) else ... for name in kinds}
    for name, value in values.items():
        if type(value) not in as_tuple(kinds[name]) or not is_kept(value):
            raise OpenItAgain()
    return values


def as_tuple(kinds: type | tuple[type, ...]) -> tuple[type, ...]:
    return kinds if isinstance(kinds, tuple) else (kinds,)


def is_kept(value: object) -> bool:
    if isinstance(value, str):
        return clean(value) == value
    return not isinstance(value, int) or 0 <= value < 10**17
