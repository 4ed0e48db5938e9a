"""assistant.threads.*: what a conversation with the app shows beside its messages."""

from sandbox.api.registry import method
from sandbox.api.request import Request
from sandbox.errors import SlackError, invalid_arguments
from sandbox.workspace import Channel, Payload

MAX_PROMPTS = 4
MAX_LOADING_MESSAGES = 10
AGENT = ("assistant:write",)


@method(
    "assistant.threads.setStatus",
    scopes=("chat:write", "assistant:write"),
    required=("channel_id", "thread_ts"),
)
def set_status(request: Request) -> Payload:
    channel, thread_ts = _thread(request)
    if "status" not in request.args:
        raise invalid_arguments("missing required field: status")
    loading = request.structure("loading_messages", error="invalid_arguments") or []
    if len(loading) > MAX_LOADING_MESSAGES:
        raise invalid_arguments("no more than 10 items allowed [json-pointer:/loading_messages]")
    slack = request.slack
    slack.conversing.set_status(channel.id, thread_ts, request.text("status"), now=slack.seconds())
    return _noted(request)


@method("assistant.threads.setTitle", scopes=AGENT, required=("channel_id", "thread_ts", "title"))
def set_title(request: Request) -> Payload:
    channel, thread_ts = _thread(request)
    request.slack.conversing.titles[channel.id, thread_ts] = request.text("title")
    return _noted(request)


@method("assistant.threads.setSuggestedPrompts", scopes=AGENT, required=("channel_id", "prompts"))
def set_suggested_prompts(request: Request) -> Payload:
    """An agent's stand above the conversation: with a thread, Slack says ok and does nothing."""
    if not request.slack.manifest.agent_view:
        raise SlackError("not_agent_app")
    channel = _conversation(request)
    prompts = request.structure("prompts", error="invalid_arguments")
    if not isinstance(prompts, list) or not 0 < len(prompts) <= MAX_PROMPTS:
        raise invalid_arguments("must have 1 to 4 items [json-pointer:/prompts]")
    for number, each in enumerate(prompts):
        _check_prompt(each, f"/prompts/{number}")
    if not request.text("thread_ts"):
        request.slack.conversing.prompts[channel.id] = prompts
    return _noted(request)


def _check_prompt(prompt: object, pointer: str) -> None:
    if not isinstance(prompt, dict):
        raise invalid_arguments(f"must be an object [json-pointer:{pointer}]")
    for name in ("title", "message"):
        if not isinstance(prompt.get(name), str) or not prompt[name].strip():
            raise invalid_arguments(f"missing required field: {name} [json-pointer:{pointer}]")


def _conversation(request: Request) -> Channel:
    channel = request.channel("channel_id")
    if channel.kind != "im":
        raise SlackError("channel_not_found")
    return channel


def _thread(request: Request) -> tuple[Channel, str]:
    channel, thread_ts = request.channel("channel_id"), request.text("thread_ts")
    message = channel.messages.get(thread_ts)
    if message is None or message.thread_ts not in (None, thread_ts):
        raise SlackError("invalid_thread_ts")
    request.check_member(channel)
    return channel, thread_ts


def _noted(request: Request) -> Payload:
    request.slack.bell.ring()
    return {}
