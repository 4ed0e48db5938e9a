"""The app itself, its workspace, and small checks."""

from sandbox.api.registry import method
from sandbox.api.request import Request
from sandbox.block_kit import check_blocks, check_view
from sandbox.errors import SlackError, invalid_arguments, invalid_blocks
from sandbox.workspace import Payload


@method("api.test", token="none")
def api_test(request: Request) -> Payload:
    if request.text("error"):
        raise SlackError(request.text("error"), args=request.args)
    return {"args": request.args} if request.args else {}


@method("auth.test")
def auth_test(request: Request) -> Payload:
    workspace = request.slack.workspace
    organisation = {"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {}
    return organisation | {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": request.bot.name,
        "team_id": workspace.team_id,
        "user_id": request.bot.id,
        "bot_id": request.slack.app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", token="app")
def open_connection(request: Request) -> Payload:
    ticket = request.slack.socket_mode.new_ticket()
    address = request.slack.address.replace("http://", "ws://")
    return {"url": f"{address}/link/?ticket={ticket}&app_id={request.slack.app.app_id}"}


@method("team.info", scopes=("team:read",))
def team_info(request: Request) -> Payload:
    workspace = request.slack.workspace
    if request.text("team") not in ("", workspace.team_id):
        raise SlackError("team_not_found")
    team = {
        "id": workspace.team_id,
        "name": workspace.name,
        "domain": workspace.domain,
        "email_domain": "",
        "icon": {"image_default": True},
    }
    return {"team": team}


@method("emoji.list", scopes=("emoji:read",))
def list_emoji(request: Request) -> Payload:
    return {"emoji": {}, "cache_ts": str(request.slack.clock.now().timestamp())}


@method("blocks.validate")
def validate_blocks(request: Request) -> Payload:
    given = [name for name in ("blocks", "message", "view") if request.args.get(name)]
    if len(given) != 1:
        raise invalid_arguments("must provide exactly one of `blocks`, `view`, or `message`")
    what = given[0]
    value = request.structure(what, error=f"invalid_{what}")
    if what == "view":
        problems = check_view(value)
    else:
        blocks = value.get("blocks") if what == "message" and isinstance(value, dict) else value
        problems = check_blocks(blocks, surface="message")
    if problems:
        error = invalid_blocks(problems)
        error.code = f"invalid_{what}"
        raise error
    return {}
