"""The local Slack as a server, and the way to hold it from Python."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from sandbox import membership
from sandbox.api import call_method
from sandbox.api.files import take_upload
from sandbox.control import control_app
from sandbox.delivery import Delivery
from sandbox.errors import SlackError
from sandbox.files import post_form
from sandbox.outside import outside_app
from sandbox.page import add_live, add_page
from sandbox.people import Person
from sandbox.response_url import respond
from sandbox.slack import Call, Keys, Slack
from sandbox.workspace import CHANNEL_PREFIX, Channel, Payload, User, Usergroup

HOST = "127.0.0.1"
MAX_BODY_BYTES = 16 * 1024 * 1024
GOODBYE_SECONDS = 0.2  # for pages that are open
EXTERNAL_TEAM = "T0EXTERNAL1"

Found = TypeVar("Found")


class Sandbox(Slack):
    """A strict local Slack: one workspace, one app installed from its manifest."""

    def __init__(
        self,
        manifest: str | Path | Mapping[str, Any] = "manifest.yml",
        port: int = 0,
        *,
        team_id: str = "T0SANDBOX1",
        team_name: str = "Sandbox",
        keys: Keys | None = None,
        first_number: int = 0,
    ) -> None:
        super().__init__(manifest, team_id, team_name, keys, first_number)
        self._port = port
        self.patience = 10.0  # seconds that `until` and `delivered` wait, unless told otherwise
        self._runner: web.AppRunner | None = None

    # Starting and stopping

    async def start(self) -> Self:
        web_app = web.Application(client_max_size=MAX_BODY_BYTES)
        web_app.router.add_route("*", "/api/{method}", self._on_api)
        web_app.router.add_post("/upload/v1/{key}", self._on_upload)
        web_app.router.add_get("/link/", self.socket_mode.connect)
        web_app.router.add_post("/{kind:commands|actions|app}/{team}/{key}", self.on_response_url)
        control = control_app(self)
        add_live(control, self)
        web_app.add_subapp("/sandbox/", control)
        web_app.add_subapp("/outside/", outside_app(self))
        add_page(web_app)
        self._runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=GOODBYE_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.address = f"http://{HOST}:{port}"
        return self

    async def stop(self) -> None:
        await self.socket_mode.stop()
        await self.http_events.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    # What an app needs to join

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    @property
    def bot_token(self) -> str:
        return self.app.bot_token

    @property
    def app_token(self) -> str:
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.app.signing_secret

    @property
    def team_id(self) -> str:
        return self.workspace.team_id

    @property
    def app_id(self) -> str:
        return self.app.app_id

    @property
    def bot_id(self) -> str:
        return self.app.bot_id

    @property
    def bot_user_id(self) -> str:
        return self.app.bot_user_id

    @property
    def request_url(self) -> str:
        return self.http_events.url

    @request_url.setter
    def request_url(self, url: str) -> None:
        """Deliver by signed requests to this address; an empty one goes back to Socket Mode."""
        self.http_events.url = url
        self.outbound.transport = self.http_events if url else self.socket_mode

    @property
    def time_scale(self) -> float:
        return self.outbound.time_scale

    @time_scale.setter
    def time_scale(self, scale: float) -> None:
        self.outbound.time_scale = scale

    @property
    def ack_timeout(self) -> float:
        """Seconds Slack grants an app to answer, and to use a trigger."""
        return self.outbound.ack_timeout

    @ack_timeout.setter
    def ack_timeout(self, seconds: float) -> None:
        self.outbound.ack_timeout = self.triggers.lifetime = seconds

    # Setting the scene: nobody is told

    def add_user(
        self, name: str, real_name: str = "", *, is_external: bool = False, **fields: Any
    ) -> User:
        """`fields`: tz, locale, title, is_admin, is_guest, is_bot, deleted."""
        team_id = EXTERNAL_TEAM if is_external else self.team_id
        new_id = self.workspace.new_id
        real_name = real_name or name.capitalize()
        user = User(new_id("U"), name, real_name, team_id, is_external=is_external, **fields)
        if user.is_bot:
            user.bot_id, user.app_id = new_id("B"), new_id("A")
        self.changes.note()
        return self.workspace.add_user(user)

    def add_channel(
        self,
        name: str,
        members: Iterable[User] = (),
        *,
        is_private: bool = False,
        is_shared: bool = False,
    ) -> Channel:
        kind = "group" if is_private else "channel"
        channel_id = self.workspace.new_id(CHANNEL_PREFIX[kind])
        ids = {member.id: None for member in members}
        creator = next(iter(ids), self.bot_user_id)
        channel = Channel(channel_id, name, kind, creator, self.seconds(), ids, is_shared=is_shared)
        self.changes.note()
        return self.workspace.add_channel(channel)

    def add_usergroup(self, handle: str, members: Iterable[User] = ()) -> Usergroup:
        now = self.seconds()
        ids = {member.id: None for member in members}
        group = Usergroup(self.workspace.new_id("S"), handle, ids, now, now)
        self.workspace.usergroups[group.id] = group
        self.changes.note()
        return group

    # What happens in the workspace

    def act_as(self, user: User | str) -> Person:
        return Person(self, self.workspace.user(user) if isinstance(user, str) else user)

    async def welcome(self, user: User) -> None:
        """Tell the app that this person is new in the workspace."""
        membership.welcome(self, user)

    async def join(self, user: User, channel: Channel, *, inviter: User | None = None) -> None:
        membership.join(self, user, channel, inviter=inviter)

    async def leave(self, user: User, channel: Channel, *, by: User | None = None) -> None:
        membership.leave(self, user, channel, by=by)

    async def rename(self, channel: Channel, name: str, by: User) -> None:
        membership.rename(self, channel, by, name)

    async def make_private(self, channel: Channel, by: User) -> None:
        membership.make_private(self, channel, by)

    async def archive(self, channel: Channel, by: User, *, archived: bool = True) -> None:
        membership.archive(self, channel, by, archived=archived)

    async def delete_channel(self, channel: Channel, by: User) -> None:
        membership.delete_channel(self, channel, by)

    async def update_user(self, user: User, **changes: Any) -> None:
        membership.update_user(self, user, changes)

    async def set_quiet(self, user: User, starts: int, ends: int) -> None:
        """Do Not Disturb from and until then, in seconds since 1970; 0 for never."""
        membership.set_quiet(self, user, starts, ends)

    async def set_usergroup_members(self, group: Usergroup, members: Iterable[User]) -> None:
        membership.set_usergroup_members(self, group, members)

    async def post_form(self, channel: Channel, workflow: str, text: str) -> str:
        """A workflow posts what somebody filled in; the ts."""
        return post_form(self, channel, workflow, text).ts

    async def send_event(self, event: Payload) -> Delivery:
        """Any event at all, however odd, whatever the manifest says."""
        return self.tell_app(event)

    async def verify_request_url(self) -> bool:
        """Does the app at `request_url` answer Slack's challenge?"""
        return await self.http_events.verify_url()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """`warning`, `refresh_requested`, `link_disabled`, or `drop` without a word."""
        await self.socket_mode.disconnect(reason)

    # Looking

    @property
    def users(self) -> dict[str, User]:
        return self.workspace.users

    @property
    def channels(self) -> dict[str, Channel]:
        return self.workspace.channels

    @property
    def connections(self) -> int:
        return len(self.socket_mode.sockets)

    @property
    def deliveries(self) -> deque[Delivery]:
        return self.outbound.kept

    def calls_to(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def delivered(self, timeout: float | None = None) -> None:
        """Wait until nothing is on its way to the app any more: acknowledged or given up."""
        await self.until(lambda: not self.outbound.pending, timeout)

    async def until(self, predicate: Callable[[], Found], timeout: float | None = None) -> Found:
        """Wait for what `predicate` looks for; it is asked again after every change."""
        timeout = self.patience if timeout is None else timeout
        try:
            return await self.bell.wait_for(predicate, timeout)
        except TimeoutError:
            raise TimeoutError(self._what_happened(timeout)) from None

    def _what_happened(self, timeout: float) -> str:
        calls = [
            f"  {call.method} {call.args} → {call.response.get('error', 'ok')}"
            for call in list(self.calls)[-5:]
        ]
        deliveries = [
            f"  {each.kind} {_what(each.payload)}: {each.status}, {each.attempts} attempts"
            for each in list(self.outbound.kept)[-5:]
        ]
        lines = ["Last calls of the app:", *calls, "Last deliveries to it:", *deliveries]
        return "\n".join([f"Nothing of the kind within {timeout} s.", *lines])

    # Requests that are not the Web API's methods

    async def _on_api(self, request: web.Request) -> web.Response:
        return await call_method(self, request)

    async def _on_upload(self, request: web.Request) -> web.Response:
        return await take_upload(self, request)

    async def on_response_url(self, request: web.Request) -> web.Response:
        try:
            respond(self, request.match_info["key"], await request.json())
        except SlackError as error:
            gone = error.code in ("invalid_url", "expired_url", "used_url")
            return web.Response(status=404 if gone else 400, text=error.code)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        return web.Response(text="ok")


def _what(payload: Payload) -> str:
    event = payload.get("event") or payload
    return str(event.get("subtype") or event.get("type") or event.get("command"))
