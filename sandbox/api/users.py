"""users.*, usergroups.*, dnd.* and bots.*: who is here."""

from sandbox.api.pages import page
from sandbox.api.registry import method
from sandbox.api.request import Request
from sandbox.errors import SlackError
from sandbox.shapes import profile_shape, quiet_shape, usergroup_shape
from sandbox.workspace import Payload

READ = ("users:read",)
READ_GROUPS = ("usergroups:read",)
READ_QUIET = ("dnd:read",)
MOST_AT_ONCE = 50  # people whose Do Not Disturb one call tells


@method("users.info", scopes=READ, required=("user",))
def info(request: Request) -> Payload:
    user = request.slack.workspace.user(request.text("user"))
    shape = request.slack.user_shape(user, with_locale=request.flag("include_locale"))
    return {"user": shape}


@method("users.list", scopes=READ)
def list_users(request: Request) -> Payload:
    users = list(request.slack.workspace.users.values())
    shown, metadata = page(request, users, default=1000)
    with_locale = request.flag("include_locale")
    members = [request.slack.user_shape(user, with_locale=with_locale) for user in shown]
    return {"members": members, "cache_ts": request.slack.seconds()} | metadata


@method("users.profile.get", scopes=("users.profile:read",))
def profile(request: Request) -> Payload:
    user_id = request.text("user") or request.bot.id
    return {"profile": profile_shape(request.slack.workspace.user(user_id))}


@method("users.getPresence", scopes=READ)
def presence(request: Request) -> Payload:
    user = request.slack.workspace.user(request.text("user") or request.bot.id)
    return {"presence": "away" if user.deleted or user.is_away else "active"}


@method("dnd.info", scopes=READ_QUIET)
def do_not_disturb(request: Request) -> Payload:
    user = request.slack.workspace.user(request.text("user") or request.bot.id)
    return quiet_shape(user)


@method("dnd.teamInfo", scopes=READ_QUIET, required=("users",))
def do_not_disturb_of_several(request: Request) -> Payload:
    known = request.slack.workspace.users
    wanted = [each.strip() for each in request.text("users").split(",")][:MOST_AT_ONCE]
    if any(user_id not in known for user_id in wanted):
        raise SlackError("user_not_visible")
    return {"users": {user_id: quiet_shape(known[user_id]) for user_id in wanted}}


@method("usergroups.list", scopes=READ_GROUPS)
def list_usergroups(request: Request) -> Payload:
    workspace = request.slack.workspace
    shapes = []
    for group in workspace.usergroups.values():
        shape = usergroup_shape(group, workspace.team_id)
        if request.flag("include_users"):
            shape["users"] = list(group.members)
        shapes.append(shape)
    return {"usergroups": shapes}


@method("usergroups.users.list", scopes=READ_GROUPS, required=("usergroup",))
def list_usergroup_members(request: Request) -> Payload:
    group = request.slack.workspace.usergroup(request.text("usergroup"))
    return {"users": list(group.members)}


@method("bots.info", scopes=READ)
def bot_info(request: Request) -> Payload:
    if request.text("bot") not in ("", request.slack.app.bot_id):
        raise SlackError("bot_not_found")
    return {"bot": request.slack.bot_profile}
