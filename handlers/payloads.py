"""Taking values out of what Slack sends."""

from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from bot.text import Message

Payload = dict[str, Any]


def time_of(ts: str) -> datetime:
    """Slack's own time of an event or message, from its ts (seconds since 1970)."""
    return datetime.fromtimestamp(float(ts), UTC)


def team_of(context: AsyncBoltContext) -> str:
    """The workspace that an event came for; Bolt refuses those that name none."""
    return context.team_id or ""


def message_of(event: Payload, *, team_id: str, bot_user_id: str | None) -> Message:
    """A posted message, without the bot's name where somebody called it."""
    thread_ts = event.get("thread_ts")
    edited_ts = event.get("edited", {}).get("ts")
    return Message(
        team_id=team_id,
        channel_id=event["channel"],
        user_id=event["user"],
        message_ts=event["ts"],
        thread_ts=thread_ts if thread_ts != event["ts"] else None,
        text=without_mention(event.get("text") or "", bot_user_id),
        sent_at=time_of(event["ts"]),
        has_files=bool(event.get("files")),
        edited_at=time_of(edited_ts) if edited_ts else None,
    )


def without_mention(text: str, bot_user_id: str | None) -> str:
    return text.replace(f"<@{bot_user_id}>", "").strip() if bot_user_id else text


def code_of(error: SlackApiError) -> str:
    """Slack's word for why it refused; empty where the answer was none of Slack's."""
    response: Any = error.response
    data = response.get("data") if isinstance(response, dict) else getattr(response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def is_by_person(message: Payload) -> bool:
    """Other apps' messages reach us too; answering them could go round for ever."""
    author = message.get("user")
    return bool(author) and author != "USLACKBOT" and not message.get("bot_id")


def is_retried(request_headers: Payload, body: Payload) -> bool:
    """Whether Slack delivers it again, over HTTP or Socket Mode."""
    return "x-slack-retry-num" in request_headers or bool(body.get("retry_attempt"))


def chosen(view: Payload, block_id: str) -> Any:
    """What a person put into an input of a modal (each has the action_id "value")."""
    state = view["state"]["values"].get(block_id, {}).get("value", {})
    match state.get("type"):
        case "static_select" | "radio_buttons":
            option = state.get("selected_option")
            return option["value"] if option else None
        case "multi_static_select" | "checkboxes":
            return [option["value"] for option in state.get("selected_options") or []]
        case "datepicker":
            return state.get("selected_date") or ""
        case "timepicker":
            return state.get("selected_time") or ""
        case "users_select":
            return state.get("selected_user")
        case "conversations_select":
            return state.get("selected_conversation")
        case "multi_users_select":
            return state.get("selected_users") or []
        case _:
            return state.get("value") or ""


def number_of(value: str) -> int:
    """A row's number in a button's value; 0, which no row has, when it was tampered with."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0
