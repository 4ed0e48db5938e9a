"""The bot put together: each part built once, connected, and brought to an end in order."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_network
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.experts.dues import get_next_due
from bot.settings import (
    DEFAULT_WATCH_PORT,
    BadSetting,
    Settings,
)
from bot.vault import Vault, new_key
from handlers import KINDS, ROUTES, build_app
from handlers.access.api import Api
from handlers.access.webhooks import look_for_webhooks, telling, watch_for_webhooks
from handlers.community.channels import learn_channels
from handlers.community.home import drawing
from handlers.damage import watch_for_damage
from handlers.experts.calendars import fetching
from handlers.experts.hand_offs import calling
from handlers.experts.webhooks import Outside
from handlers.finding.embedding import Embedding
from handlers.finding.gists import composing
from handlers.finding.pane import answering
from handlers.finding.reindexing import index_in_background
from handlers.http_mode import HttpMode
from handlers.installing import Installations, InstallDoor, States
from handlers.masks import Unmasking
from handlers.meters import Meters
from handlers.model import Model
from handlers.outbox import Sender
from handlers.payloads import Identity
from handlers.people import meet_one
from handlers.questions.hearing import Hearing
from handlers.replaying import retry_in_background
from handlers.slack import Slack, open_client, open_http_session, shared_pace
from handlers.socket_mode import SocketMode
from handlers.starting import check_app_token, identify, patiently, settle_in
from handlers.ticks import TICKS_EVERY, Ticks
from handlers.turning import Turning
from handlers.turns import Turns
from handlers.workspaces import ManyWorkspaces, OneWorkspace, Workspaces
from operating.doctor import examine_running, needed_scopes
from operating.probes import Probes
from storage.database import Sessions, open_sessions
from storage.migrate import migrate
from storage.search.meaning import open_meaning

DRAIN_SECONDS = 10.0
AT_A_TIME_OF_ONE = 4  # requests of one of many workspaces
DEMO_TICKS_EVERY = timedelta(seconds=0.5)

logger = logging.getLogger("askaround")


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Many:
    """What only many workspaces need."""

    workspaces: ManyWorkspaces
    door: InstallDoor
    turning: Turning


@dataclass(frozen=True)
class Bot:
    """`slack`, `team_id`: of the one workspace; None and "" where many installed it."""

    app: AsyncApp
    sessions: Sessions
    slack: Slack | None
    sender: Sender
    http: aiohttp.ClientSession
    team_id: str
    meters: Meters
    many: Many | None
    model: Model | None = None


@contextlib.asynccontextmanager
async def built(settings: Settings, clock: Callable[[], datetime]) -> AsyncIterator[Bot]:
    """Every part of the bot, connected to one another but to no events yet."""
    await migrate(settings.database_url)
    sessions = open_sessions(settings.database_url, open_meaning() if settings.meaning else None)
    async with contextlib.aclosing(sessions), open_http_session() as http:
        vault = Vault(settings.asking_keys) if settings.asking_keys else None
        slack, many, team_id = None, None, ""
        workspaces: Workspaces
        if settings.has_many:
            many = await open_many(settings, sessions, http, vault, clock)
            workspaces = many.workspaces
        else:
            workspaces = await open_one(settings, sessions, http, vault, clock)
            slack, team_id = workspaces.slack, workspaces.team_id
        model = Model(settings.model, http, settings.proxies) if settings.model else None
        app = build_app(
            # Bolt adds the token itself.
            client=client_of(settings, http, None),
            signing_secret=settings.signing_secret,
            identity=workspaces,
            sessions=sessions,
            clock=clock,
            helpdesk_networks=settings.helpdesk_networks,
            vault=vault,
            doctor=partial(examine_running, workspaces, sessions, clock),
            model=model,
            api_url=settings.api_address,
        )
        if slack is not None:
            channels = await patiently(partial(learn_channels, slack, sessions, team_id, clock))
            logger.info("In %s as %s, in %d channels.", team_id, slack.bot_user_id, channels)
        outside = Outside(settings.helpdesk_networks, settings.proxies)
        replaced = [
            calling(outside),
            fetching(outside),
            drawing(settings.api_address),
            telling(outside),
            composing(model),
            answering(model),
        ]
        kinds = {**KINDS, **dict(replaced)}
        sender = Sender(sessions, workspaces, clock, kinds, shares_pace=sessions.is_shared)
        meters = Meters()
        sender.on_settled = lambda kind, outcome: meters.sent.labels(kind, outcome).inc()
        yield Bot(app, sessions, slack, sender, http, team_id, meters, many, model)


def client_of(
    settings: Settings, http: aiohttp.ClientSession, token: str | None, team_id: str | None = None
) -> AsyncWebClient:
    proxy = settings.proxies.to(settings.slack_api_url)
    return open_client(settings.slack_api_url, token, http, proxy=proxy, team_id=team_id)


async def open_one(
    settings: Settings,
    sessions: Sessions,
    http: aiohttp.ClientSession,
    vault: Vault | None,
    clock: Callable[[], datetime],
) -> OneWorkspace:
    """The workspace whose token is in the settings."""
    slack = Slack(client_of(settings, http, settings.bot_token), clock)
    identity, name, url = await identify(slack, settings.bot_token)
    team_id = identity.team_id or ""
    slack.bot_user_id = identity.bot_user_id or ""
    slack.identity = Identity(team_id, identity.enterprise_id, slack.bot_user_id)
    days = settings.catch_up_days
    await settle_in(sessions, identity, name, url, clock, catch_up_days=days)
    slack.whose = Unmasking(sessions, vault, team_id)
    if sessions.is_shared:
        slack.take_turn = shared_pace(sessions, team_id)
    return OneWorkspace(slack, identity)


async def open_many(
    settings: Settings,
    sessions: Sessions,
    http: aiohttp.ClientSession,
    vault: Vault | None,
    clock: Callable[[], datetime],
) -> Many:
    """Those that installed it, and the way in for others."""
    keys = Vault(settings.install_keys)
    open_client_of = partial(client_of, settings, http)
    workspaces = ManyWorkspaces(sessions, keys, vault, open_client_of, clock)
    app = {"client_id": settings.client_id, "client_secret": settings.client_secret}
    turning = Turning(sessions, keys, client_of(settings, http, None), clock, **app)
    await turning.seal_anew()
    await turning.turn_all()  # what expired while we were off
    door = InstallDoor(
        Installations(sessions, keys, workspaces, open_client_of, clock),
        States(sessions, keys, clock),
        client_of(settings, http, None),
        **app,
        public_url=settings.public_url,
        scopes=sorted(needed_scopes()),
    )
    return Many(workspaces, door, turning)


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    *,
    ticks_every: timedelta = TICKS_EVERY,
) -> AsyncIterator[Bot]:
    """The bot at work. On leaving: no more events, what runs comes to its end, then close."""
    async with (
        built(settings, clock) as bot,
        serving(bot, settings, clock),
        serving_assistants(bot, settings, clock),
    ):
        intake = await open_intake(bot, settings, clock)
        is_connected = intake.is_connected if isinstance(intake, SocketMode) else None
        probes = Probes(bot.sessions, bot.sender, clock, bot.meters, is_connected=is_connected)
        await open_probes(probes, settings)
        sending = asyncio.create_task(bot.sender.run())
        hearing = Hearing(bot.sessions, bot.team_id or None, clock, is_connected)
        if isinstance(intake, HttpMode):
            intake.on_heard = hearing.notice
        ticks = Ticks(
            bot.sessions, clock, ticks_every=ticks_every, is_hearing=lambda: hearing.is_hearing
        )
        ticks.start()
        indexing = asyncio.create_task(index_in_background(bot.sessions))
        embedding = asyncio.create_task(Embedding(bot.sessions).run())
        retrying = asyncio.create_task(retry_in_background(bot.app, bot.sessions, clock))
        watching = asyncio.create_task(watch_for_damage(bot.sessions))
        turning = asyncio.create_task(bot.many.turning.run()) if bot.many else None
        try:
            await intake.start()
            hearing.start()
            yield bot
        finally:
            heard_until = clock()
            await intake.stop()
            await hearing.stop(heard_until)
            await stop_task(retrying)
            await stop_task(watching)
            await stop_task(turning)
            await stop_task(indexing)
            await stop_task(embedding)
            await ticks.stop()
            bot.sender.stop(DRAIN_SECONDS)
            await sending
            await probes.stop()


@contextlib.asynccontextmanager
async def serving(
    bot: Bot, settings: Settings, clock: Callable[[], datetime]
) -> AsyncIterator[None]:
    """What is outside Slack, beside the bot: the API, where the operator opens it, and who is told
    of questions."""
    await look_for_webhooks(bot.sessions)
    watching = asyncio.create_task(watch_for_webhooks(bot.sessions))
    address, count = settings.api_address, bot.meters.count_asked
    meet = partial(meet_one, bot.sender.workspaces, bot.sessions)
    api = Api(ROUTES, bot.sessions, clock, address=address, meet=meet, count=count)
    if settings.api_port is not None:
        await api.start(settings.api_host, settings.api_port)
        logger.info("The API is at %s.", address)
    try:
        yield
    finally:
        await api.stop()
        await stop_task(watching)


@contextlib.asynccontextmanager
async def serving_assistants(
    bot: Bot, settings: Settings, clock: Callable[[], datetime]
) -> AsyncIterator[None]:
    """The MCP server beside the bot, where the operator opens it."""
    if settings.mcp_port is None:
        yield
        return
    from handlers.assistants.serving import McpDoor  # two seconds: only who opens it waits for that

    meet = partial(meet_one, bot.sender.workspaces, bot.sessions)
    door = McpDoor(bot.sessions, clock, meet, settings.mcp_address)
    await door.start(settings.mcp_host, settings.mcp_port)
    logger.info("Assistants reach the bot at %s/mcp.", settings.mcp_address)
    try:
        yield
    finally:
        await door.stop()


async def open_intake(
    bot: Bot, settings: Settings, clock: Callable[[], datetime]
) -> SocketMode | HttpMode:
    if settings.connection == "socket":
        slack = Slack(client_of(settings, bot.http, settings.app_token), clock)
        await check_app_token(slack)
        return SocketMode(bot.app, settings.app_token, slack, DRAIN_SECONDS, bot.meters)
    return HttpMode(
        bot.app,
        bot.sessions,
        clock,
        signing_secret=settings.signing_secret,
        host=settings.host,
        port=settings.port,
        drain_seconds=DRAIN_SECONDS,
        meters=bot.meters,
        pages=bot.many.door.pages if bot.many else {},
        turns=Turns(AT_A_TIME_OF_ONE) if bot.many else None,
    )


async def open_probes(probes: Probes, settings: Settings) -> None:
    """Where the operator said; where nothing was said and another program is there, nowhere."""
    if settings.watch_port is None:
        return
    try:
        await probes.start(settings.watch_host, settings.watch_port)
    except BadSetting as taken:
        if settings.watch_port != int(DEFAULT_WATCH_PORT):
            raise
        logger.warning("Nobody can look how I am. %s", taken)


async def stop_task(task: asyncio.Task[None] | None) -> None:
    if task is None:
        return
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@dataclass(frozen=True)
class InSandbox:
    bot: Bot

    async def due_after(self, moment: datetime) -> datetime | None:
        async with self.bot.sessions.read() as session:
            return await get_next_due(session, team_id=self.bot.team_id, after=moment)


@contextlib.asynccontextmanager
async def in_sandbox(slack: Any, database_url: str) -> AsyncIterator[InSandbox]:
    settings = Settings(
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        slack_api_url=slack.api_url,
        database_url=database_url,
        meaning=True,
        helpdesk_networks=(ip_network("127.0.0.1/32"),),  # where the sandbox's own is
        asking_keys=(new_key(),),
    )
    async with running(settings, slack.clock.now, ticks_every=DEMO_TICKS_EVERY) as bot:
        yield InSandbox(bot)
