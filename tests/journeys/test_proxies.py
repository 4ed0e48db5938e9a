"""A company whose way out is a proxy: the bot cannot even look up Slack's name without it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from yarl import URL

from bot.settings import Proxies, Settings
from operating.bot import running
from tests.journeys.conftest import TICK, Community

NAME = "slack.example.invalid"  # nobody resolves it, but the proxy
QUESTION = "How do I correct the tariff code of a rejected form?"


@dataclass
class Proxy:
    """Knows one name, and pipes whatever it is asked for there."""

    port: int  # of the sandbox
    asked: list[str] = field(default_factory=list)
    address: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split(b"\r\n")[0].decode())
        to_slack, from_slack = reader, writer
        there, here = await asyncio.open_connection("127.0.0.1", self.port)
        here.write(head)
        await asyncio.gather(pipe(to_slack, here), pipe(there, from_slack))


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(65_536):
            writer.write(piece)
    writer.close()


async def test_slack_is_reached_through_the_proxy_alone(community: Community, settings: Settings):
    slack = community.slack
    slack.address = slack.address.replace("127.0.0.1", NAME)  # as it names itself in addresses
    async with open_proxy(settings.slack_api_url) as proxy:
        behind = replace(
            settings,
            slack_api_url=settings.slack_api_url.replace("127.0.0.1", NAME),
            proxies=Proxies(http=proxy.address),
        )
        async with running(behind, slack.clock.now, ticks_every=TICK):
            await slack.until(lambda: slack.connections)
            await community.set_up()
            ts = await community.ask(community.bob, QUESTION)
            card = community.card(ts)
            assert card is not None
            await community.as_(community.bob).click(
                card["ts"], "claim_question", channel=community.channel
            )
            await slack.until(lambda: whispered(community, ts))

    ways = {line.split()[0] + " " + line.split()[1].split("/")[3] for line in proxy.asked}
    assert {"POST api", "GET link", "POST actions"} <= ways
    assert all(NAME in line for line in proxy.asked)


def whispered(community: Community, ts: str) -> bool:
    seen = community.as_(community.bob).sees(community.channel, thread_ts=ts)
    return any("You asked this one" in each["text"] for each in seen if each.get("is_ephemeral"))


@contextlib.asynccontextmanager
async def open_proxy(slack_address: str) -> AsyncIterator[Proxy]:
    proxy = Proxy(URL(slack_address).port or 0)
    async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as server:
        proxy.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy
