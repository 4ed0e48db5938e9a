"""HTTP: Slack posts signed events to us."""

from aiohttp import web
from slack_bolt.async_app import AsyncApp

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/health"


class HttpMode:
    def __init__(self, app: AsyncApp, port: int) -> None:
        self.app, self.port = app, port
        self.runner: web.AppRunner | None = None

    async def start(self) -> None:
        web_app = self.app.web_app(path=EVENTS_PATH, port=self.port)
        web_app.router.add_get(HEALTH_PATH, answer_health)
        self.runner = web.AppRunner(web_app, access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, port=self.port).start()

    async def stop(self, seconds: float) -> None:
        """Close the door, and let the requests that are inside end."""
        if self.runner is not None:
            self.runner._shutdown_timeout = seconds
            await self.runner.cleanup()


async def answer_health(_request: web.Request) -> web.Response:
    return web.json_response({"ok": True})
