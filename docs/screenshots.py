"""The README's pictures, taken of the real page: `.venv/bin/python docs/screenshots.py`

Needs the development environment and a Chromium with fonts for emoji and Chinese (on Debian:
fonts-noto-color-emoji, fonts-noto-cjk, fonts-lato)."""

import asyncio
import contextlib
import shutil
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Page, async_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 800}

sys.path.insert(0, str(ROOT))

from app import running  # noqa: E402
from bot.settings import Settings  # noqa: E402
from sandbox.community import Community, load_tour  # noqa: E402
from sandbox.demo import MANIFEST  # noqa: E402
from sandbox.server import Sandbox  # noqa: E402

QUESTION = "How do I correct the tariff code of a rejected T1 form? The field is greyed out."
ASKED_AGAIN = "How can I correct the tariff code of a T1 form that was rejected?"
ANSWER = "Press Amend first, then the field opens. Enter the new code and resend the form."


async def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    async with contextlib.AsyncExitStack() as open_things:
        folder = open_things.enter_context(tempfile.TemporaryDirectory())
        slack = await open_things.enter_async_context(Sandbox(MANIFEST, team_name="Acme"))
        community = Community(slack)
        settings = Settings(
            bot_token=slack.bot_token,
            app_token=slack.app_token,
            slack_api_url=slack.api_url,
            database_url=f"sqlite:///{folder}/pictures.db",
        )
        bot = running(settings, slack.clock.now, ticks_every=timedelta(seconds=1))
        await open_things.enter_async_context(bot)
        await slack.until(lambda: slack.connections, timeout=20)
        await community.play()
        slack.tour = load_tour()
        playwright = await open_things.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await browser.new_page(viewport=SIZE, device_scale_factor=1.5)
        await take(page, slack)
        await browser.close()


async def take(page: Page, slack: Sandbox) -> None:
    """The digest of the week, a question on its way, and its answer found and suggested."""
    await page.goto(f"{slack.address}/?as=bob&in=logistics-help")
    await page.get_by_role("button", name="Hide the steps").click()
    await picture(page, "told")
    await write(page, "Message #logistics-help", QUESTION)
    question = page.get_by_role("article").filter(has_text=QUESTION).first
    await question.get_by_role("button", name="1 reply").click()
    await page.get_by_role("button", name="I'll take it").last.wait_for()
    await picture(page, "asked")
    thread = page.url.partition("thread=")[2]
    await page.goto(f"{slack.address}/?as=ken&in=logistics-help&thread={thread}")
    await write(page, "Reply in the thread", ANSWER)
    await page.goto(f"{slack.address}/?as=bob&in=logistics-help&thread={thread}")
    reply = page.get_by_label("Thread").get_by_role("article").filter(has_text=ANSWER).last
    await reply.hover()
    await reply.get_by_role("button", name="React with ✅").click()
    await page.get_by_text("Solved by").first.wait_for()
    await page.goto(f"{slack.address}/?as=ana&in=logistics-help")
    await write(page, "Message #logistics-help", "/find rejected tariff code")
    await page.get_by_text("Only visible to you").last.wait_for()
    await picture(page, "found")
    await page.goto(f"{slack.address}/?as=priya&in=logistics-help")
    await write(page, "Message #logistics-help", ASKED_AGAIN)
    await page.get_by_role("button", name="This solved it").last.wait_for()
    await picture(page, "suggested")


async def write(page: Page, where: str, text: str) -> None:
    box = page.get_by_role("combobox", name=where)
    await box.fill(text)
    await box.press("Enter")


async def picture(page: Page, name: str) -> None:
    await page.wait_for_timeout(1000)  # the last row takes its height
    await page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
