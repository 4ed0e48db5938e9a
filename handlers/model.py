"""The language model at the address that the operator named, spoken to as OpenAI's API is.

Whoever asked has the sources without it, so its troubles are nobody's: a model that is slow, busy
or wrong is a line in the log, and nothing of it is shown."""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

import aiohttp

from bot.settings import NO_PROXIES, ModelAddress, Proxies
from handlers.logs import named

TIMEOUT = aiohttp.ClientTimeout(total=12)  # less than a delivery may take
AT_ONCE = 4  # what waits for it holds up what else is sent
MOST_READ = 256 * 1024  # bytes of an answer
LONGEST_GIST = 700  # tokens

logger = logging.getLogger("askaround.model")


class Model:
    def __init__(
        self,
        address: ModelAddress,
        http: aiohttp.ClientSession,
        proxies: Proxies = NO_PROXIES,
        *,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
    ) -> None:
        self.address, self.http, self.timeout = address, http, timeout
        self.url = f"{address.url}/chat/completions"
        self.proxy = proxies.to(self.url)
        self._places = asyncio.Semaphore(AT_ONCE)

    async def write(self, messages: Sequence[dict[str, str]]) -> str | None:
        """What it answers; None where it does not, or has too much to do."""
        if self._places.locked():
            logger.info("The language model is busy: a short answer is left out.")
            return None
        async with self._places:
            try:
                return await self._ask(messages)
            except (TimeoutError, aiohttp.ClientError, OSError, ValueError, LookupError) as error:
                logger.warning("The language model did not answer: %s", named(error))
            except (TypeError, RecursionError):
                logger.warning("The language model did not answer as OpenAI's API does.")
        return None

    async def _ask(self, messages: Sequence[dict[str, str]]) -> str | None:
        asked: dict[str, Any] = {
            "model": self.address.name,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": LONGEST_GIST,
            "stream": False,
        }
        key = self.address.key
        async with self.http.post(
            self.url,
            json=asked,
            headers={"authorization": f"Bearer {key}"} if key else {},
            proxy=self.proxy,
            timeout=self.timeout,
            allow_redirects=False,
        ) as response:
            if response.status != 200:
                logger.warning("The language model answered %d.", response.status)
                return None
            return written_in(await read_all(response))


async def read_all(response: aiohttp.ClientResponse) -> bytes:
    """ValueError where it is more than an answer of this kind can be."""
    content = b""
    async for piece in response.content.iter_chunked(MOST_READ):
        content += piece
        if len(content) > MOST_READ:
            raise ValueError("it is too long")
    return content


def written_in(content: bytes) -> str | None:
    """The text of the first choice; LookupError, TypeError or ValueError where there is none."""
    written = json.loads(content)["choices"][0]["message"]["content"]
    return written if isinstance(written, str) else None
