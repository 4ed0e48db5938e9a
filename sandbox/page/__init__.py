"""The page that shows the local Slack in a browser, and what keeps it up to date."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.page.live import live
from sandbox.page.traffic import traffic, traffic_detail
from sandbox.slack import Slack

ASSETS = Path(__file__).parent / "assets"

# Nothing from elsewhere is loaded, and text that slipped through as markup could run nothing.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # asked again each time, and answered with 304
}


def add_page(app: web.Application) -> None:
    app.router.add_get("/", _index)
    app.router.add_static("/page/", ASSETS)
    app.on_response_prepare.append(_set_headers)


def add_live(app: web.Application, slack: Slack) -> None:
    for path, answer in (
        ("/live", live),
        ("/traffic", traffic),
        ("/traffic/{id}", traffic_detail),
    ):
        app.router.add_get(path, _with(slack, answer))


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(ASSETS / "index.html")


async def _set_headers(request: web.Request, response: web.StreamResponse) -> None:
    if request.path == "/" or request.path.startswith("/page/"):
        response.headers.update(HEADERS)


def _with(
    slack: Slack, answer: Callable[[Slack, web.Request], Awaitable[web.StreamResponse]]
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await answer(slack, request)

    return handle
