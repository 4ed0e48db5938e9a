"""The HTTP control API under /sandbox/: everything the Python API does, for curl and a page."""

import inspect
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.delivery import Delivery
from sandbox.errors import SlackError, invalid_arguments
from sandbox.modals import Submission
from sandbox.people import Person
from sandbox.skipping import skip_to_next
from sandbox.slack import Call
from sandbox.typed import as_typed
from sandbox.workspace import Channel, Payload, User, Usergroup

if TYPE_CHECKING:
    from sandbox.server import Sandbox

ACTS = (
    *("post", "type", "forward", "edit", "retype", "delete", "delete_file"),
    *("react", "unreact", "read", "dismiss"),
    *("command", "type_command", "shortcut"),
    *("click", "choose", "submit", "close_view", "open_home"),
)
CHANGES = (
    *("welcome", "join", "leave", "rename", "make_private", "archive", "delete_channel"),
    *("update_user", "set_usergroup_members", "set_quiet", "post_form"),
)
LAST = 100
LOCAL_NAMES = ("127.0.0.1", "localhost")

Kept = TypeVar("Kept")
Answer = Callable[["Sandbox", Payload], Awaitable[Any]]


def control_app(slack: "Sandbox") -> web.Application:
    """Each address takes JSON (POST) or a query (GET) and answers {"ok": …, "result": …}."""
    app = web.Application(middlewares=[refuse_other_pages])
    for verb, path, answer in (
        ("GET", "/", state),
        ("POST", "/act", act),
        ("POST", "/change", change),
        ("GET", "/sees", sees),
        ("GET", "/typed", typed),
        ("GET", "/person", person),
        ("POST", "/users", add_user),
        ("POST", "/channels", add_channel),
        ("POST", "/usergroups", add_usergroup),
        ("POST", "/clock", move_clock),
        ("POST", "/clock/next", skip),
        ("POST", "/scene", show_scene),
        ("POST", "/limits", set_limits),
        ("POST", "/faults", add_fault),
        ("POST", "/faults/clear", clear_faults),
        ("POST", "/event", send_event),
        ("POST", "/disconnect", disconnect),
        ("GET", "/calls", calls),
        ("GET", "/deliveries", deliveries),
    ):
        app.router.add_route(verb, path, _handler(slack, answer))
    return app


@web.middleware
async def refuse_other_pages(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A page of another site may reach 127.0.0.1 from the same browser; it must not act here."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    own_origins = [f"http://{request.host}"]
    if host not in LOCAL_NAMES or (origin is not None and origin not in own_origins):
        return _failure(403, "forbidden_origin")
    if request.method == "POST" and request.content_type != "application/json":
        return _failure(415, "content_type_must_be_json")
    return await handler(request)


# Acting and seeing


async def act(slack: "Sandbox", given: Payload) -> Any:
    """{"user": "maria", "act": "post", "channel": "logistics", "text": "…"}"""
    name = given.pop("act", None)
    if name not in ACTS:
        raise invalid_arguments(f"act is one of {', '.join(ACTS)}")
    actor = _person(slack, given)
    arguments = _resolved(slack, given)
    if arguments.get("target") in ("view", "home"):
        arguments["target"] = getattr(actor, arguments["target"])
    if "at" in arguments:
        arguments["at"] = _moment(arguments["at"])
    result = await _call(getattr(actor, name), arguments)
    return asdict(result) if isinstance(result, Submission) else result


async def change(slack: "Sandbox", given: Payload) -> Any:
    """{"change": "join", "user": "maria", "channel": "logistics"}"""
    name = given.pop("change", None)
    if name not in CHANGES:
        raise invalid_arguments(f"change is one of {', '.join(CHANGES)}")
    arguments = _resolved(slack, given)
    for role in ("user", "by", "inviter"):
        if role in arguments:
            arguments[role] = _user(slack, arguments[role])
    return await _call(getattr(slack, name), arguments)


async def sees(slack: "Sandbox", given: Payload) -> list[Payload]:
    viewer = _person(slack, given)
    return viewer.sees(
        _channel(slack, given.get("channel")),
        given.get("thread_ts"),
        before=given.get("before"),
        limit=int(given["limit"]) if "limit" in given else None,
    )


async def typed(slack: "Sandbox", given: Payload) -> str:
    """A message of this person's, as they would type it."""
    viewer = _person(slack, given)
    message = viewer.sees_message(_channel(slack, given.get("channel")), given.get("ts", ""))
    if message is None:
        raise SlackError("message_not_found")
    return as_typed(slack.workspace, message["text"])


async def person(slack: "Sandbox", given: Payload) -> Payload:
    viewer = _person(slack, given)
    return {"dm": viewer.dm(), "view": viewer.view, "home": viewer.home}


# The workspace


async def state(slack: "Sandbox", _given: Payload) -> Payload:
    return {
        "team_id": slack.team_id,
        "app_id": slack.app_id,
        "bot_user_id": slack.bot_user_id,
        "now": slack.clock.now().isoformat(),
        "connections": slack.connections,
        "request_url": slack.request_url,
        "users": [asdict(user) for user in slack.users.values()],
        "channels": [_channel_shape(channel) for channel in slack.channels.values()],
        "usergroups": [asdict(group) for group in slack.workspace.usergroups.values()],
        "faults": [asdict(fault) for fault in slack.faults.waiting],
    }


async def add_user(slack: "Sandbox", given: Payload) -> Payload:
    return asdict(await _call(slack.add_user, given))


async def add_channel(slack: "Sandbox", given: Payload) -> Payload:
    channel: Channel = await _call(slack.add_channel, _resolved(slack, given))
    return _channel_shape(channel)


async def add_usergroup(slack: "Sandbox", given: Payload) -> Payload:
    return asdict(await _call(slack.add_usergroup, _resolved(slack, given)))


async def move_clock(slack: "Sandbox", given: Payload) -> str:
    """{"advance_seconds": 3600} or {"set": "2026-03-02T09:00:00+01:00"}"""
    if "set" in given:
        slack.clock.set(_moment(given["set"]))
    else:
        slack.clock.advance(timedelta(seconds=float(given.get("advance_seconds", 0))))
    return slack.clock.now().isoformat()


async def skip(slack: "Sandbox", _given: Payload) -> list[Payload]:
    """Move on to the next thing the app does by itself; what it said then."""
    return await skip_to_next(slack)


async def show_scene(slack: "Sandbox", given: Payload) -> None:
    """{"scene": "empty"}: another workspace, or the same from its beginning."""
    if slack.on_scene is None or given.get("scene") not in slack.scenes:
        raise invalid_arguments(f"scene is one of {', '.join(slack.scenes)}")
    await slack.on_scene(given["scene"])


# The wire


async def set_limits(slack: "Sandbox", given: Payload) -> Payload:
    """{"is_limited": true} or {"hidden_after_days": 90}"""
    limits = slack.limits
    limits.is_limited = bool(given.get("is_limited", limits.is_limited))
    if "hidden_after_days" in given:
        days = given["hidden_after_days"]
        limits.hidden_after = None if days is None else timedelta(days=float(days))
    hidden_after = limits.hidden_after
    days = None if hidden_after is None else hidden_after / timedelta(days=1)
    return {"is_limited": limits.is_limited, "hidden_after_days": days}


async def add_fault(slack: "Sandbox", given: Payload) -> Payload:
    return asdict(await _call(slack.faults.add, given))


async def clear_faults(slack: "Sandbox", _given: Payload) -> None:
    slack.faults.clear()


async def send_event(slack: "Sandbox", given: Payload) -> str:
    return (await slack.send_event(given)).id


async def disconnect(slack: "Sandbox", given: Payload) -> None:
    await slack.disconnect(given.get("reason", "refresh_requested"))


async def calls(slack: "Sandbox", given: Payload) -> list[Payload]:
    return [_call_shape(call) for call in _last(slack.calls, given)]


async def deliveries(slack: "Sandbox", given: Payload) -> list[Payload]:
    return [_delivery_shape(each) for each in _last(slack.outbound.kept, given)]


# Reading requests and writing answers


def _handler(
    slack: "Sandbox", answer: Answer
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            given = dict(request.query) if request.method == "GET" else await request.json()
            result = await answer(slack, given)
        except SlackError as error:
            return _failure(400, error.code, **error.details)
        except ValueError as error:
            return _failure(400, "invalid_arguments", message=str(error))
        return web.json_response({"ok": True, "result": result})

    return handle


def _failure(status: int, code: str, **details: Any) -> web.Response:
    return web.json_response({"ok": False, "error": code} | details, status=status)


async def _call(function: Callable[..., Any], arguments: Payload) -> Any:
    try:
        inspect.signature(function).bind(**arguments)
    except TypeError as error:
        raise invalid_arguments(str(error)) from None
    result = function(**arguments)
    return await result if inspect.isawaitable(result) else result


def _resolved(slack: "Sandbox", given: Payload) -> Payload:
    """The arguments with channels, members and groups in place of their names."""
    arguments = dict(given)
    for place in ("channel", "to"):
        if place in arguments:
            arguments[place] = _channel(slack, arguments[place])
    if "members" in arguments:
        arguments["members"] = [_user(slack, name) for name in arguments["members"]]
    if "group" in arguments:
        arguments["group"] = _usergroup(slack, arguments["group"])
    return arguments


def _person(slack: "Sandbox", given: Payload) -> Person:
    return slack.act_as(_user(slack, given.pop("user", None)))


def _user(slack: "Sandbox", name: object) -> User:
    named = (user for user in slack.users.values() if name in (user.id, user.name))
    return next(named, None) or slack.workspace.user(name)


def _channel(slack: "Sandbox", name: object) -> Channel:
    named = (each for each in slack.channels.values() if name in (each.id, each.name))
    return next(named, None) or slack.workspace.channel(name)


def _usergroup(slack: "Sandbox", name: object) -> Usergroup:
    groups = slack.workspace.usergroups
    named = (group for group in groups.values() if name in (group.id, group.handle))
    return next(named, None) or slack.workspace.usergroup(name)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _last(kept: deque[Kept], given: Payload) -> list[Kept]:
    """The newest ones, oldest of them first."""
    return list(islice(reversed(kept), int(given.get("last", LAST))))[::-1]


def _channel_shape(channel: Channel) -> Payload:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "is_shared": channel.is_shared,
        "is_archived": channel.is_archived,
    }


def _call_shape(call: Call) -> Payload:
    return asdict(call) | {"at": call.at.isoformat()}


def _delivery_shape(delivery: Delivery) -> Payload:
    acked_at = delivery.acked_at.isoformat() if delivery.acked_at else None
    return {
        "id": delivery.id,
        "kind": delivery.kind,
        "payload": delivery.payload,
        "via": delivery.via,
        "status": delivery.status,
        "attempts": delivery.attempts,
        "acked_at": acked_at,
        "ms": delivery.ms,
        "answer": delivery.answer,
    }
