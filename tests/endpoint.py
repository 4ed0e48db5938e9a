"""A small language model: a local endpoint that answers as OpenAI's API does, with what a test has
it say."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Given = dict[str, Any]


@dataclass
class Endpoint:
    """`says` makes the model's text of what it is given; `status` and `hangs` are its troubles."""

    url: str = ""
    says: Callable[[Given], str] = lambda given: ""
    status: int = 200
    hangs: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    free: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def given(self) -> list[Given]:
        """The question and the sources of each request."""
        return [json.loads(each["messages"][-1]["content"]) for each in self.asked]

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("authorization", ""))
        if self.hangs:
            await self.free.wait()
        message = {"role": "assistant", "content": self.says(self.given[-1])}
        return web.json_response({"choices": [{"message": message}]}, status=self.status)


@asynccontextmanager
async def opened() -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    server = web.Application()
    server.router.add_post("/v1/chat/completions", endpoint.answer)
    runner = web.AppRunner(server, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    endpoint.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield endpoint
    finally:
        endpoint.free.set()
        await runner.cleanup()


def gist(*sentences: tuple[str, list[int]], is_complete: bool = True) -> str:
    """What a good model writes."""
    told = [{"text": text, "sources": sources} for text, sources in sentences]
    return json.dumps({"sentences": told, "is_complete": is_complete})
