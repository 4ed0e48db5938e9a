"""views.*: modals and Home."""

from sandbox.api.registry import method
from sandbox.api.request import Request
from sandbox.block_kit import check_view
from sandbox.errors import SlackError, invalid_arguments
from sandbox.interactions import Trigger
from sandbox.slack import Slack
from sandbox.surfaces import new_view
from sandbox.workspace import Payload

MAX_VIEW_BYTES = 250_000


@method("views.open", required=("trigger_id", "view"))
def open_view(request: Request) -> Payload:
    view = _view(request, "modal")
    trigger = _trigger(request)
    shown = request.slack.surfaces.open(trigger.user_id, made(request.slack, view))
    return _answer(request, shown)


@method("views.push", required=("trigger_id", "view"))
def push(request: Request) -> Payload:
    view = _view(request, "modal")
    trigger = _trigger(request)
    shown = request.slack.surfaces.push(trigger.user_id, made(request.slack, view))
    return _answer(request, shown)


@method("views.update", required=("view",))
def update(request: Request) -> Payload:
    view_id, external_id = request.text("view_id"), request.text("external_id")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id")
    view = _view(request, "modal")
    old = request.slack.surfaces.find(view_id, external_id)
    _check_hash(request, old)
    return _answer(request, request.slack.surfaces.replace(old, made(request.slack, view)))


@method("views.publish", required=("user_id", "view"))
def publish(request: Request) -> Payload:
    if not request.slack.manifest.home_tab:
        raise SlackError("not_enabled")
    user = request.slack.workspace.users.get(request.text("user_id"))
    if user is None or user.deleted:
        raise invalid_arguments("invalid `user_id`")
    view = _view(request, "home")
    old = request.slack.surfaces.homes.get(user.id)
    if old is not None:
        _check_hash(request, old)
    shown = request.slack.surfaces.publish(user.id, made(request.slack, view))
    return _answer(request, shown)


def made(slack: Slack, given: Payload) -> Payload:
    """The view as Slack keeps it."""
    return new_view(
        given,
        view_id=slack.workspace.new_id("V"),
        identity={
            "team_id": slack.workspace.team_id,
            "app_id": slack.app.app_id,
            "app_installed_team_id": slack.workspace.team_id,
            "bot_id": slack.app.bot_id,
        },
        now=slack.clock.now().timestamp(),
    )


def check_given_view(view: object, kind: str) -> Payload:
    problems = check_view(view)
    if problems:
        raise invalid_arguments(*problems)
    assert isinstance(view, dict)  # check_view accepts nothing else
    if view["type"] != kind:
        raise invalid_arguments(f"must provide a view of type {kind} [json-pointer:/view/type]")
    return view


def _view(request: Request, kind: str) -> Payload:
    view = request.structure("view", error="invalid_arguments")
    if len(str(view)) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    return check_given_view(view, kind)


def _trigger(request: Request) -> Trigger:
    return request.slack.triggers.exchange(request.args.get("trigger_id"))


def _check_hash(request: Request, old: Payload) -> None:
    if request.text("hash") not in ("", old["hash"]):
        raise SlackError("hash_conflict")


def _answer(request: Request, view: Payload) -> Payload:
    request.slack.bell.ring()
    return {"view": request.slack.surfaces.shown(view)}
