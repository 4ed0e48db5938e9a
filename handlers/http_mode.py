"""HTTP: Slack posts signed events to us."""

from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.settings import BadSetting

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/health"


class HttpMode:
    def __init__(self, app: AsyncApp, port: int, drain_seconds: float) -> None:
        self.app, self.port, self.drain_seconds = app, port, drain_seconds
        self.runner: web.AppRunner | None = None

    async def start(self) -> None:
        web_app = self.app.web_app(path=EVENTS_PATH, port=self.port)
        web_app.router.add_get(HEALTH_PATH, answer_health)
        self.runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=self.drain_seconds)
        await self.runner.setup()
        try:
            await web.TCPSite(self.runner, port=self.port).start()
        except OSError as error:
            await self.runner.cleanup()
            raise BadSetting(
                f"Port {self.port} cannot be opened ({error.strerror}): set PORT to another."
            ) from error

    async def stop(self) -> None:
        """Close the door, and let the requests that are inside end."""
        if self.runner is not None:
            await self.runner.cleanup()


async def answer_health(_request: web.Request) -> web.Response:
    return web.json_response({"ok": True})
