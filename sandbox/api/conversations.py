"""conversations.*: channels, their members, and what was said in them."""

from bisect import bisect_left, bisect_right

from sandbox import membership
from sandbox.api.pages import next_page, page, read_cursor
from sandbox.api.registry import method
from sandbox.api.request import HISTORY_SCOPE, READ_SCOPE, Request
from sandbox.errors import SlackError
from sandbox.shapes import channel_shape, show_some
from sandbox.workspace import Channel, Message, Payload, User

READ = tuple(READ_SCOPE.values())
HISTORY = tuple(HISTORY_SCOPE.values())
KIND_OF_TYPE = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
MAX_MPIM = 9


@method("conversations.list", scopes=READ)
def list_conversations(request: Request) -> Payload:
    return _listing(request, request.bot, only_joined=False)


@method("users.conversations", scopes=READ)
def list_of_user(request: Request) -> Payload:
    user_id = request.text("user")
    user = request.slack.workspace.user(user_id) if user_id else request.bot
    return _listing(request, user, only_joined=True)


@method("conversations.info", scopes=READ, required=("channel",))
def info(request: Request) -> Payload:
    channel = _readable(request)
    shape = _shape(request, channel)
    if request.flag("include_num_members"):
        shape["num_members"] = len(channel.members)
    return {"channel": shape}


@method("conversations.members", scopes=READ, required=("channel",))
def members(request: Request) -> Payload:
    channel = _readable(request)
    ids, metadata = page(request, list(channel.members))
    return {"members": ids} | metadata


@method("conversations.history", scopes=HISTORY, required=("channel",))
def history(request: Request) -> Payload:
    channel = _channel_with_history(request)
    oldest, latest = request.moment("oldest"), request.moment("latest")
    limit = request.slack.limits.page(request.number("limit", 100, most=999))
    before = read_cursor(request, "next_ts", default="")
    first, end = _window(channel.timeline, oldest, latest, inclusive=request.flag("inclusive"))
    if before:
        end = min(end, bisect_right(channel.timeline, before))
    first = max(first, bisect_left(channel.timeline, request.slack.oldest_shown))
    end = max(first, end)
    start = max(first, end - limit)
    messages = [channel.messages[ts] for ts in reversed(channel.timeline[start:end])]
    more = start > first
    answer = {
        "messages": [_shown(request, message) for message in messages],
        "has_more": more,
        "pin_count": 0,
    }
    return answer | (next_page("next_ts", channel.timeline[start - 1]) if more else {})


@method("conversations.replies", scopes=HISTORY, required=("channel", "ts"))
def replies(request: Request) -> Payload:
    """The thread, oldest first. A reply's own ts brings that reply alone, as Slack does it."""
    channel = _channel_with_history(request)
    found = channel.messages.get(request.text("ts"))
    oldest_shown = request.slack.oldest_shown
    if found is None or found.ts < oldest_shown:
        raise SlackError("thread_not_found")
    thread = [found, *_replies_in_window(request, channel, found)]
    most = request.slack.limits.page(1000)
    shown, metadata = page(request, thread, default=most, most=most)
    more = bool(metadata["response_metadata"]["next_cursor"])
    answer = {"messages": [_shown(request, message) for message in shown], "has_more": more}
    return answer | (metadata if more else {})


@method(
    "conversations.open",
    scopes=("channels:manage", "groups:write", "im:write", "mpim:write"),
)
def open_conversation(request: Request) -> Payload:
    channel_id = request.text("channel")
    if channel_id:
        channel, existed = request.channel(), True
    else:
        users = _people_to_open(request)
        request.check_scope("im:write" if len(users) == 1 else "mpim:write")
        workspace = request.slack.workspace
        channel, existed = workspace.open_direct([*users, request.bot], request.slack.seconds())
    shape = _shape(request, channel) if request.flag("return_im") else {"id": channel.id}
    answer: Payload = {"channel": shape}
    return answer | ({"no_op": True, "already_open": True} if existed else {})


@method("conversations.join", scopes=("channels:join",), required=("channel",))
def join(request: Request) -> Payload:
    channel = request.channel()
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    request.check_open(channel)
    warning = "already_in_channel"
    already = request.bot.id in channel.members
    membership.join(request.slack, request.bot, channel)
    answer = {"channel": _shape(request, channel)}
    if not already:
        return answer
    return answer | {"warning": warning, "response_metadata": {"warnings": [warning]}}


@method(
    "conversations.leave",
    scopes=("channels:manage", "channels:write", "groups:write"),
    required=("channel",),
)
def leave(request: Request) -> Payload:
    channel = request.channel()
    if channel.kind in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")
    if request.bot.id not in channel.members:
        return {"not_in_channel": True}
    membership.leave(request.slack, request.bot, channel)
    return {}


def _listing(request: Request, user: User, *, only_joined: bool) -> Payload:
    kinds = _kinds(request)
    visible = [
        channel
        for channel in request.slack.workspace.channels.values()
        if channel.kind in kinds
        and (user.id in channel.members or not (only_joined or channel.is_private))
        and (not channel.is_private or request.bot.id in channel.members)
        and not (channel.is_archived and request.flag("exclude_archived"))
    ]
    shown, metadata = page(request, visible)
    shapes = [_shape(request, channel) for channel in shown]
    if not only_joined:
        for shape, channel in zip(shapes, shown, strict=True):
            shape["num_members"] = len(channel.members)
    return {"channels": shapes} | metadata


def _kinds(request: Request) -> set[str]:
    types = [name.strip() for name in (request.text("types") or "public_channel").split(",")]
    if not KIND_OF_TYPE.keys() >= set(types):
        raise SlackError("invalid_types")
    kinds = {KIND_OF_TYPE[name] for name in types}
    for kind in sorted(kinds):
        request.check_scope(READ_SCOPE[kind])
    return kinds


def _readable(request: Request) -> Channel:
    channel = request.channel()
    request.check_scope(READ_SCOPE[channel.kind])
    return channel


def _channel_with_history(request: Request) -> Channel:
    channel = request.channel()
    request.check_scope(HISTORY_SCOPE[channel.kind])
    request.check_member(channel)
    return channel


def _window(
    ordered: list[str], oldest: str | None, latest: str | None, *, inclusive: bool
) -> tuple[int, int]:
    """Where in the ordered identifiers the asked-for time begins and ends."""
    after = bisect_left if inclusive else bisect_right
    until = bisect_right if inclusive else bisect_left
    first = after(ordered, oldest) if oldest else 0
    end = until(ordered, latest) if latest else len(ordered)
    return first, max(first, end)


def _replies_in_window(request: Request, channel: Channel, parent: Message) -> list[Message]:
    oldest, latest = request.moment("oldest"), request.moment("latest")
    first, end = _window(parent.replies, oldest, latest, inclusive=request.flag("inclusive"))
    return [channel.messages[ts] for ts in parent.replies[first:end]]


def _shown(request: Request, message: Message) -> Payload:
    shape = request.slack.message_shape(message)
    show_some(shape)
    if message.metadata and request.flag("include_all_metadata"):
        shape["metadata"] = message.metadata
    return shape


def _people_to_open(request: Request) -> list[User]:
    ids = [each.strip() for each in request.text("users").split(",") if each.strip()]
    if not ids:
        raise SlackError("users_list_not_supplied")
    if len(ids) > MAX_MPIM - 1:
        raise SlackError("too_many_users")
    users = [request.slack.workspace.user(user_id) for user_id in ids]
    if any(user.deleted for user in users):
        raise SlackError("user_disabled")
    return users


def _shape(request: Request, channel: Channel) -> Payload:
    return channel_shape(channel, request.bot.id, request.slack.workspace.team_id)
