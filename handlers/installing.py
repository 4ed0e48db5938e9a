"""Where people add Askaround to their workspace: a page, a link that leads straight on, and the
way back from Slack.

Who comes is not known, so nothing is written before Slack confirmed it: what a visitor takes to
Slack and brings back (the state) is a sealed word with its time, tied to the browser by a cookie,
and good for once."""

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from urllib.parse import urlencode, urljoin

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.installations import Installed, Tokens, install
from bot.requests import take
from bot.vault import Vault
from handlers.blocks.installing import done_page, failed_page, install_page
from handlers.slack import NotNow, Refused, Slack, Unclear
from handlers.workspaces import ManyWorkspaces
from storage.database import Sessions

INSTALL, DIRECT, CALLBACK = "/slack/install", "/slack/install/direct", "/slack/oauth_redirect"
STATE_SECONDS = 600
WHY = "install:"  # before a state, so that no other sealed word is taken for one
SAFELY = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Page = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class States(AsyncOAuthStateStore):
    """Sealed, so that making one writes nothing; each is taken once."""

    def __init__(self, sessions: Sessions, vault: Vault, clock: Callable[[], datetime]) -> None:
        self.sessions, self.vault, self.clock = sessions, vault, clock

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return self.vault.seal(WHY + token_hex(16))

    async def async_consume(self, state: str) -> bool:
        opened = self.vault.open_fresh(state, STATE_SECONDS)
        if opened is None or not opened.startswith(WHY):
            return False
        async with self.sessions.begin() as session:
            mark = hashlib.sha256(state.encode()).hexdigest()
            return await take(session, mark, now=self.clock())


class Installations(AsyncInstallationStore):
    """What the flow found out, kept as bot/installations has it."""

    def __init__(
        self,
        sessions: Sessions,
        vault: Vault,
        workspaces: ManyWorkspaces,
        client_of: Callable[[str], AsyncWebClient],
        clock: Callable[[], datetime],
    ) -> None:
        self.sessions, self.vault, self.workspaces = sessions, vault, workspaces
        self.client_of, self.clock = client_of, clock

    async def async_save(self, installation: Installation) -> None:
        # The flow keeps neither the workspace's address nor, for an organisation, its name.
        slack = Slack(self.client_of(installation.bot_token or ""), self.clock)
        who = await slack.call("auth.test")
        installed = installed_of(installation, who, self.clock())
        async with self.sessions.begin() as session:
            await install(
                session,
                self.vault,
                installed,
                installer_id=installation.user_id,
                now=self.clock(),
            )
        await self.workspaces.renew(installed.team_id)


def installed_of(installation: Installation, who: Mapping[str, object], now: datetime) -> Installed:
    is_org_wide = bool(installation.is_enterprise_install)
    place = installation.enterprise_id if is_org_wide else installation.team_id
    name = installation.enterprise_name if is_org_wide else installation.team_name
    return Installed(
        team_id=place or "",
        enterprise_id=installation.enterprise_id,
        is_org_wide=is_org_wide,
        app_id=installation.app_id or "",
        bot_id=installation.bot_id or "",
        bot_user_id=installation.bot_user_id or "",
        name=str(name or who.get("team") or ""),
        url=str(who.get("url") or ""),
        tokens=Tokens(
            token=installation.bot_token or "",
            refresh=installation.bot_refresh_token,
            expires_at=expiry_of(installation, now),
        ),
    )


def expiry_of(installation: Installation, now: datetime) -> datetime | None:
    """In our own time; the flow takes the machine's."""
    if installation.bot_token_expires_at is None:
        return None
    return now + timedelta(seconds=installation.bot_token_expires_at - time.time())


class Flow(AsyncOAuthFlow):
    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        return install_page(url)


class InstallDoor:
    """`pages`: what answers at which path."""

    def __init__(
        self,
        store: Installations,
        states: States,
        client: AsyncWebClient,
        *,
        client_id: str,
        client_secret: str,
        public_url: str,
        scopes: Sequence[str],
    ) -> None:
        self.public_url = public_url
        callbacks = AsyncCallbackOptions(success=self.on_success, failure=self.on_failure)
        self.flows = {
            shows_page: Flow(
                client=client,
                settings=AsyncOAuthSettings(
                    client_id=client_id,
                    client_secret=client_secret,
                    scopes=scopes,
                    redirect_uri=public_url + CALLBACK,
                    authorization_url=urljoin(client.base_url, "../oauth/v2/authorize"),
                    install_page_rendering_enabled=shows_page,
                    installation_store=store,
                    state_store=states,
                    state_expiration_seconds=STATE_SECONDS,
                    callback_options=callbacks,
                ),
            )
            for shows_page in (True, False)
        }
        self.pages: dict[str, Page] = {
            INSTALL: self.on_install,
            DIRECT: self.on_direct,
            CALLBACK: self.on_callback,
        }

    async def on_install(self, request: web.BaseRequest) -> web.StreamResponse:
        return await shown(await self.flows[True].handle_installation(for_bolt(request)))

    async def on_direct(self, request: web.BaseRequest) -> web.StreamResponse:
        """Slack's own "Add to Slack" leads here, and wants no page in between."""
        return await shown(await self.flows[False].handle_installation(for_bolt(request)))

    async def on_callback(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            response = await self.flows[True].handle_callback(for_bolt(request))
        except (Unclear, NotNow, Refused, TimeoutError, aiohttp.ClientError):
            response = self.failed("not_reached", 503)
        return await shown(response)

    async def on_success(self, done: AsyncSuccessArgs) -> BoltResponse:
        installation = done.installation
        name = installation.enterprise_name or installation.team_name or ""
        where = {"app": installation.app_id or "", "team": installation.team_id or ""}
        return page_of(done_page(name, f"https://slack.com/app_redirect?{urlencode(where)}"), 200)

    async def on_failure(self, failed: AsyncFailureArgs) -> BoltResponse:
        return self.failed(failed.reason, failed.suggested_status_code)

    def failed(self, reason: str, status: int) -> BoltResponse:
        return page_of(failed_page(reason, self.public_url + INSTALL), status)


def page_of(html: str, status: int) -> BoltResponse:
    return BoltResponse(status=status, body=html)


def for_bolt(request: web.BaseRequest) -> AsyncBoltRequest:
    names = request.headers
    headers: dict[str, str | Sequence[str]] = {name: names.getall(name) for name in names}
    return AsyncBoltRequest(body="", query=request.query_string, headers=headers)


async def shown(response: BoltResponse) -> web.StreamResponse:
    answer = await to_aiohttp_response(response)
    answer.headers.update(SAFELY)
    return answer
