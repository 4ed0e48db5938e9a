"""A small community in the sandbox, and the real bot joined to it over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

import app
from bot.questions.hearing import get_heard_until
from bot.settings import Settings
from operating.bot import Bot, running
from sandbox import Channel, Person, Sandbox, User
from storage.privacy.staying_out import note_told
from tests.databases import Databases

ROOT = Path(__file__).parents[2]
TICK = timedelta(seconds=0.2)
PATIENCE = 20.0  # seconds; a busy machine can stand still for longer than the 3 Slack gives


@dataclass
class Community:
    """Maria runs the help channel, Ken is the customs expert, Bob asks, Ana reads."""

    slack: Sandbox
    maria: User
    ken: User
    bob: User
    ana: User
    channel: Channel

    def as_(self, user: User) -> Person:
        return self.slack.act_as(user)

    async def set_up(self) -> None:
        """Make the channel a help channel with a topic, as an admin does in Slack."""
        maria = self.as_(self.maria)
        await maria.command("/askaround", "channel on", self.channel)
        await maria.command("/askaround", "topic Customs", self.channel)
        await maria.submit(
            {
                "name": {"value": "Customs"},
                "keywords": {"value": "tariff, T1"},
                "own": {"value": ["own"]},
            }
        )
        await maria.close_view()
        # Where nobody else looks at what the bot says to it.
        aside = self.slack.add_channel("aside", members=[self.ken])
        await self.as_(self.ken).command("/experts", "join Customs", aside)

    async def ask(self, user: User, text: str) -> str:
        """Ask in the channel and wait for the card; the question's ts."""
        ts = await self.as_(user).post(self.channel, text)
        await self.slack.until(lambda: self.card(ts))
        return ts

    def card(self, ts: str) -> dict | None:
        """The bot's message in the thread, if it is there."""
        thread = self.as_(self.maria).sees(self.channel, thread_ts=ts)
        replies = [each for each in thread if each["ts"] != ts]
        cards = [each for each in replies if each["user"] == self.slack.bot_user_id]
        assert len(cards) <= 1, "one card a question"
        return cards[0] if cards else None

    def card_says(self, ts: str, words: str) -> bool:
        card = self.card(ts)
        return card is not None and words in card["text"]

    async def card_saying(self, ts: str, words: str) -> dict:
        await self.slack.until(lambda: self.card_says(ts, words))
        card = self.card(ts)
        assert card is not None
        return card

    async def find(self, user: User, words: str) -> str:
        """What /find shows this person, as one string."""
        return str(await self.as_(user).command("/find", words, self.channel))

    async def solve(self, asker: User, author: User, question: str, answer: str) -> str:
        """Ask, answer, ✅; the question's ts."""
        ts = await self.ask(asker, question)
        reply = await self.as_(author).post(self.channel, answer, thread_ts=ts)
        await self.slack.delivered()
        await self.as_(asker).react(self.channel, reply, "white_check_mark")
        await self.card_saying(ts, "Solved")
        return ts


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(manifest=ROOT / "manifest.yml") as sandbox:
        sandbox.ack_timeout = sandbox.patience = PATIENCE
        yield sandbox


@pytest.fixture
def community(slack: Sandbox) -> Community:
    return a_community(slack)


def a_community(slack: Sandbox) -> Community:
    maria = slack.add_user("maria", real_name="Maria Rossi", tz="Europe/Rome", is_admin=True)
    ken = slack.add_user("ken", real_name="Ken Sato", tz="Asia/Tokyo")
    bob = slack.add_user("bob", real_name="Bob Miller", tz="America/Chicago")
    ana = slack.add_user("ana", real_name="Ana Silva", tz="America/Sao_Paulo")
    channel = slack.add_channel("logistics", members=[maria, ken, bob, ana, slack.bot])
    return Community(slack, maria, ken, bob, ana, channel)


@pytest.fixture
def transport() -> str:
    """How Slack reaches the bot; a test may name "http" instead."""
    return "socket"


@pytest.fixture
def settings(slack: Sandbox, transport: str, database_url: str) -> Settings:
    port = free_port()
    if transport == "http":
        slack.request_url = f"http://127.0.0.1:{port}/slack/events"
    return Settings(
        bot_token=slack.bot_token,
        app_token=slack.app_token if transport == "socket" else "",
        signing_secret=slack.signing_secret,
        database_url=database_url,
        port=port,
        slack_api_url=slack.api_url,
    )


@pytest.fixture
async def bot(
    request: pytest.FixtureRequest, slack: Sandbox, settings: Settings, databases: Databases
) -> AsyncIterator[Bot]:
    async with AsyncExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            if request.node.get_closest_marker("own_engines") is None:
                # Engines that know the statements already.
                patch.setattr(app, "open_sessions", databases.engines.open)
            running_bot = await stack.enter_async_context(
                running(settings, slack.clock.now, ticks_every=TICK)
            )
        if settings.connection == "socket":
            await slack.until(lambda: slack.connections)
        await until_it_hears(running_bot)
        await tell_all(running_bot, [] if is_told_later(request) else [*slack.users])
        yield running_bot


def is_told_later(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("untold") is not None


async def tell_all(bot: Bot, user_ids: list[str]) -> None:
    """They know already what is kept of them; a test may be `untold`."""
    async with bot.sessions.begin() as session:
        for user_id in user_ids:
            who = {"team_id": bot.team_id, "user_id": user_id}
            await note_told(session, **who, now=bot.slack.clock())


async def until_it_hears(bot: Bot) -> None:
    """Only from then on does a jump of the clock look like an absence no more."""
    heard_until = None
    while heard_until is None:
        await asyncio.sleep(0.01)
        async with bot.sessions.read() as session:
            heard_until = await get_heard_until(session, bot.team_id)


@pytest.fixture
async def ready(community: Community, bot: Bot) -> Community:
    """The community with the bot in it and its help channel set up."""
    await community.set_up()
    return community


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys run on SQLite; those marked `on_both` on PostgreSQL too."""
    for item in list(items):
        callspec = getattr(item, "callspec", None)
        on_postgres = callspec is not None and callspec.params.get("databases") == "postgres"
        is_journey = Path(__file__).parent in item.path.parents
        if is_journey and on_postgres and item.get_closest_marker("on_both") is None:
            items.remove(item)
