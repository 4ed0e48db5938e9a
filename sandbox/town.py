"""Slack with many workspaces, and one app that people install in theirs by OAuth.

Each workspace is a sandbox of its own; the town is the server in front of all, as Slack is: it
knows whose a token is. Tokens are given out by `oauth.v2.access` alone, may expire, and die with
the installation."""

import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from sandbox.api import call_method, read_request
from sandbox.api.files import take_upload
from sandbox.bell import Bell
from sandbox.clock import Clock
from sandbox.errors import SlackError
from sandbox.manifest import read_manifest
from sandbox.server import HOST, MAX_BODY_BYTES, Sandbox
from sandbox.slack import Keys
from sandbox.workspace import Payload, User

TOKENS_LIVE = timedelta(hours=12)
CODES_LIVE = timedelta(minutes=10)
NUMBERS_EACH = 1_000_000  # identifiers that a workspace has to give


@dataclass(eq=False)
class Grant:
    """What an installation was given. `places`: its workspaces, by their ids."""

    enterprise_id: str  # of an organisation that installed it for all its workspaces
    places: dict[str, Sandbox]
    installer: User
    tokens: dict[str, datetime | None] = field(default_factory=dict)  # until when they are good
    refresh: str = ""
    is_revoked: bool = False


@dataclass(frozen=True)
class Code:
    grant: Grant
    redirect_uri: str
    until: datetime


class Town:
    """`rotates`: whether tokens expire."""

    def __init__(self, manifest: str | Path | Mapping[str, Any], *, rotates: bool = False) -> None:
        self.manifest, self.rotates = manifest, rotates
        self.keys = Keys(app_id="A0TOWN0001")
        self.client_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}"
        self.client_secret = secrets.token_hex(16)
        self.redirect_uris: list[str] = []  # those that the app's page names
        self.clock, self.bell = Clock(), Bell()
        self.address = ""
        self.workspaces: dict[str, Sandbox] = {}
        self.grants: list[Grant] = []
        self.refreshes: list[str] = []  # each time a token was replaced: whose
        self._codes: dict[str, Code] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.router.add_route("*", "/api/{method}", self._on_api)
        app.router.add_post("/upload/v1/{key}", self._on_upload)
        app.router.add_post("/{kind:commands|actions|app}/{team}/{key}", self._on_response_url)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.address = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for workspace in self.workspaces.values():
            await workspace.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    def add_workspace(self, name: str, *, enterprise_id: str = "") -> Sandbox:
        """The app is in none yet."""
        number = len(self.workspaces) + 1
        keys = self.keys
        if enterprise_id:
            keys = replace(keys, bot_id=f"B{enterprise_id}", bot_user_id=f"U{enterprise_id}")
        workspace = Sandbox(
            self.manifest,
            team_id=f"T0TOWN{number:04d}",
            team_name=name,
            keys=keys,
            first_number=number * NUMBERS_EACH,
        )
        workspace.clock, workspace.address = self.clock, self.address
        workspace.workspace.enterprise_id = enterprise_id
        workspace.tokens.clear()
        for other in list(self.workspaces.values())[:1]:
            workspace.http_events.share(other.http_events)
        self.workspaces[workspace.team_id] = workspace
        return workspace

    # What people do

    def allow(self, url: str, installer: User, *, for_organisation: bool = False) -> str:
        """Press Allow on the page that this address leads to; where the browser is sent then."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self._check_asked(asked)
        home = self.workspaces[installer.team_id]
        places = {home.team_id: home}
        enterprise_id = ""
        if for_organisation:
            enterprise_id = home.workspace.enterprise_id
            places = {
                team_id: each
                for team_id, each in self.workspaces.items()
                if each.workspace.enterprise_id == enterprise_id
            }
        for each in places.values():
            each.is_org_wide = for_organisation
        code = secrets.token_hex(16)
        grant = Grant(enterprise_id, places, installer)
        redirect_uri = asked["redirect_uri"]
        self._codes[code] = Code(grant, redirect_uri, self.clock.now() + CODES_LIVE)
        return f"{redirect_uri}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def refuse(self, url: str) -> str:
        """Press Cancel."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        answer = {"error": "access_denied", "state": asked.get("state", "")}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def add_to_organisation(self, workspace: Sandbox) -> None:
        """An admin of the organisation gives the app one more of its workspaces."""
        enterprise_id = workspace.workspace.enterprise_id
        grant = next(each for each in self.grants if each.enterprise_id == enterprise_id)
        grant.places[workspace.team_id] = workspace
        workspace.is_org_wide = True
        workspace.tokens |= dict.fromkeys(grant.tokens, "bot")

    async def uninstall(self, workspace: Sandbox, *, tell: bool = True) -> Payload:
        """The tokens die, and the app is told; the event, for who wants to bring it later."""
        for grant in self.grants:
            if workspace.team_id in grant.places and not grant.is_revoked:
                grant.is_revoked = True
                for place in grant.places.values():
                    place.tokens.clear()
        event = {"type": "app_uninstalled", "event_ts": workspace.clock.ts()}
        if tell:
            await workspace.send_event(event)
        return event

    # The Web API

    async def _on_api(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        args, token = await read_request(request)
        try:
            if name == "oauth.v2.access":
                return web.json_response({"ok": True} | self._give(request, args))
            grant = self._grant_of(token)
            if name == "auth.test" and grant.enterprise_id:
                return web.json_response({"ok": True} | organisation_shape(grant))
            workspace = place_of(grant, args)
        except SlackError as error:
            return web.json_response({"ok": False, "error": error.code} | error.details)
        return await call_method(workspace, request)

    async def _on_upload(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        found = [each for each in self.workspaces.values() if key in each.uploads]
        return await take_upload(found[0], request) if found else web.Response(status=404)

    async def _on_response_url(self, request: web.Request) -> web.Response:
        workspace = self.workspaces.get(request.match_info["team"])
        return await workspace.on_response_url(request) if workspace else web.Response(status=404)

    def _grant_of(self, token: str) -> Grant:
        if not token:
            raise SlackError("not_authed")
        for grant in self.grants:
            if token in grant.tokens:
                if grant.is_revoked:
                    raise SlackError("account_inactive")
                until = grant.tokens[token]
                if until is not None and until <= self.clock.now():
                    raise SlackError("token_expired")
                return grant
        raise SlackError("invalid_auth")

    # OAuth

    def _check_asked(self, asked: Mapping[str, str]) -> None:
        if asked.get("client_id") != self.client_id:
            raise SlackError("invalid_client_id")
        if asked.get("redirect_uri") not in self.redirect_uris:
            raise SlackError("bad_redirect_uri")
        scopes = set(asked.get("scope", "").split(","))
        if not scopes <= read_manifest(self.manifest).scopes:
            raise SlackError("invalid_scope")

    def _give(self, request: web.Request, args: Payload) -> Payload:
        self._check_app(request, args)
        if args.get("grant_type") == "refresh_token":
            grant = self._by_refresh(str(args.get("refresh_token", "")))
            self.refreshes.append(next(iter(grant.places)))
            return {"app_id": self.keys.app_id} | self._tokens(grant)
        code = self._codes.pop(str(args.get("code", "")), None)
        if code is None or code.until <= self.clock.now():
            raise SlackError("invalid_code")
        if args.get("redirect_uri") != code.redirect_uri:
            raise SlackError("bad_redirect_uri")
        self.grants.append(code.grant)
        return self._granted(code.grant)

    def _check_app(self, request: web.Request, args: Payload) -> None:
        """By the header, or by arguments."""
        kind, _, written = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            who, _, secret = b64decode(written).decode().partition(":")
        else:
            who, secret = str(args.get("client_id", "")), str(args.get("client_secret", ""))
        if who != self.client_id:
            raise SlackError("invalid_client_id")
        if secret != self.client_secret:
            raise SlackError("bad_client_secret")

    def _by_refresh(self, refresh: str) -> Grant:
        """Each is good for once."""
        for grant in self.grants:
            if refresh and grant.refresh == refresh and not grant.is_revoked:
                return grant
        raise SlackError("invalid_refresh_token")

    def _tokens(self, grant: Grant) -> Payload:
        token = f"{'xoxe.xoxb-1' if self.rotates else 'xoxb'}-{secrets.token_hex(12)}"
        until = self.clock.now() + TOKENS_LIVE if self.rotates else None
        # Slack keeps two at most: the newest, and the one before until it expires.
        grant.tokens = dict([*grant.tokens.items()][-1:]) | {token: until}
        for place in grant.places.values():
            place.tokens = dict.fromkeys(grant.tokens, "bot")
        given = {"access_token": token, "token_type": "bot"}
        if not self.rotates:
            return given
        grant.refresh = f"xoxe-1-{secrets.token_hex(12)}"
        return given | {
            "refresh_token": grant.refresh,
            "expires_in": int(TOKENS_LIVE.total_seconds()),
        }

    def _granted(self, grant: Grant) -> Payload:
        place = grant.places[grant.installer.team_id]
        organisation = place.workspace.enterprise_id
        team = {"id": place.team_id, "name": place.workspace.name}
        return self._tokens(grant) | {
            "app_id": self.keys.app_id,
            "authed_user": {"id": grant.installer.id},
            "scope": ",".join(sorted(place.manifest.scopes)),
            "bot_user_id": place.bot_user_id,
            "team": None if grant.enterprise_id else team,
            "enterprise": {"id": organisation, "name": organisation} if organisation else None,
            "is_enterprise_install": bool(grant.enterprise_id),
        }


def organisation_shape(grant: Grant) -> Payload:
    place = grant.places[grant.installer.team_id]
    return {
        "url": f"https://{grant.enterprise_id.lower()}.enterprise.slack.com/",
        "team": grant.enterprise_id,
        "user": place.bot.name,
        "team_id": grant.enterprise_id,
        "user_id": place.bot_user_id,
        "bot_id": place.bot_id,
        "enterprise_id": grant.enterprise_id,
        "is_enterprise_install": True,
    }


def place_of(grant: Grant, args: Payload) -> Sandbox:
    """A token for all of an organisation says with each call which workspace it means."""
    if not grant.enterprise_id:
        return next(iter(grant.places.values()))
    team_id = args.get("team_id")
    if not team_id:
        raise SlackError("missing_argument")
    if team_id not in grant.places:
        raise SlackError("team_access_not_granted")
    return grant.places[str(team_id)]
