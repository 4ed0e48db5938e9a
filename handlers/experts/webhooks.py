"""Calling a system outside Slack: signed, in ten seconds, following nobody elsewhere, and only
where it may be called. Where its name leads is looked at in the lookup that the connection uses."""

import contextlib
import socket
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import ResolveResult

from bot.errors import UserError
from bot.experts.webhooks import Networks, check_address, may_be_called, sign
from bot.settings import NO_PROXIES, Proxies
from handlers.slack import Refused, Unclear

TIMEOUT = aiohttp.ClientTimeout(total=10)
MOST_READ = 16 * 1024  # bytes of an answer
PASSING = frozenset({408, 425, 429})  # of the answers under 500, those that time may change
# What is packed could unpack to any size.
HEADERS = {
    "content-type": "application/json",
    "user-agent": "Askaround",
    "accept-encoding": "identity",
}


@dataclass(frozen=True)
class Outside:
    """What the operator set about systems outside Slack."""

    networks: Networks = ()  # inside, where one may be called
    proxies: Proxies = NO_PROXIES


class CarefulResolver(aiohttp.ThreadedResolver):
    """Looks up a host's addresses, and refuses those that are not to be called."""

    def __init__(self, networks: Networks) -> None:
        super().__init__()
        self.networks = networks

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if not all(may_be_called(ip_address(each["host"]), self.networks) for each in found):
            raise Refused("webhook", "its name leads to an address that I do not call")
        return found


async def post_signed(
    address: str,
    secret: str,
    *,
    message_id: str,
    body: bytes,
    now: datetime,
    outside: Outside,
) -> bytes:
    """What was answered, or its beginning; Refused or Unclear when it was not taken."""
    try:
        check_address(address, outside.networks)
    except UserError as error:  # what may be called is decided anew each time
        raise Refused("webhook", "its address is none that I call") from error
    headers = HEADERS | sign(secret, message_id=message_id, sent_at=now, body=body)
    proxy = outside.proxies.to(address)
    try:
        async with (
            await open_session(address, proxy, outside.networks) as http,
            http.post(
                address, data=body, headers=headers, proxy=proxy, allow_redirects=False
            ) as response,
        ):
            check_taken(response)
            return await read_beginning(response)
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Unclear(why_unclear(error)) from error


async def open_session(
    address: str, proxy: str | None, networks: Networks
) -> aiohttp.ClientSession:
    """A proxy resolves the name itself and may see another network than we do, so there a name
    that is not known here is left to it."""
    resolver = CarefulResolver(networks)
    if proxy is not None:
        with contextlib.suppress(OSError):
            await resolver.resolve(urlsplit(address).hostname or "", family=socket.AF_UNSPEC)
    connector = aiohttp.TCPConnector(resolver=None if proxy else resolver)
    return aiohttp.ClientSession(connector=connector, timeout=TIMEOUT, auto_decompress=False)


def check_taken(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if 200 <= status < 300:
        return
    if status >= 500 or status in PASSING:
        raise Unclear(f"it answered {named(status)}", retry_after(response))
    if 300 <= status < 400:
        raise Refused("webhook", f"it answered {named(status)}, and I do not follow it elsewhere")
    raise Refused("webhook", f"it answered {named(status)}")


async def read_beginning(response: aiohttp.ClientResponse) -> bytes:
    """It was taken, so an answer that breaks off is no failure."""
    beginning = b""
    with contextlib.suppress(TimeoutError, aiohttp.ClientError):
        async for piece in response.content.iter_chunked(MOST_READ):
            beginning += piece
            if len(beginning) >= MOST_READ:
                break
    return beginning[:MOST_READ]


def named(status: int) -> str:
    """410 (Gone)"""
    with contextlib.suppress(ValueError):
        return f"{status} ({HTTPStatus(status).phrase})"
    return str(status)


def retry_after(response: aiohttp.ClientResponse) -> float:
    """The seconds it asks us to wait; a date is taken as no wish."""
    wished = response.headers.get("Retry-After", "")
    return float(wished) if wished.isascii() and wished.isdigit() and len(wished) < 8 else 0


def why_unclear(error: Exception) -> str:
    match error:
        case TimeoutError():
            return f"it did not answer within {TIMEOUT.total:.0f} seconds"
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate is not one that I can trust"
        case aiohttp.ClientConnectorDNSError():
            return "its name is not known here"
        case aiohttp.ClientConnectorError():
            return "no connection to it could be made"
    return "the connection to it broke off"
