"""A real browser on the sandbox's page; each person has a page of their own."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from operating.bot import in_sandbox
from sandbox import Sandbox, User
from sandbox.demo import MANIFEST
from sandbox.stage import ACME, Stage

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PATIENCE = 15_000  # milliseconds, for a busy machine

OpenPage = Callable[..., Awaitable[Page]]

expect.set_options(timeout=PATIENCE)


def find_browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("There is no Chromium here: install it to run the browser tests.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def open_page(slack: Sandbox, browser: Browser) -> AsyncIterator[OpenPage]:
    """Open the page as somebody, in a channel; nothing may go wrong in it unseen."""
    problems: list[str] = []

    async def open_as(user: User, channel: str = "logistics", **options: object) -> Page:
        context = await browser.new_context(locale="en-GB", **options)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(f"{slack.address}/?as={user.name}&in={channel}")
        await expect(page.get_by_role("navigation", name="Channels")).to_be_visible()
        return page

    yield open_as
    for context in browser.contexts:
        await context.close()
    assert problems == []


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The demo, as it starts. A test of it takes `slack` from here."""
    async with Sandbox(MANIFEST) as slack:
        slack.ack_timeout = slack.patience = PATIENCE / 1000
        stage = Stage(slack, in_sandbox)
        await stage.show(ACME)
        yield stage
        await stage.close()
