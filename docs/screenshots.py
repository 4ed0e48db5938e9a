"""The pictures of the pages here, taken of the real bot in the demo's page: `make film`

Needs the development environment and a Chromium with fonts for emoji and Chinese (on Debian:
fonts-noto-color-emoji, fonts-noto-cjk, fonts-lato)."""

import asyncio
import contextlib
import shutil
import sys
from pathlib import Path

from playwright.async_api import FloatRect, Locator, Page, async_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
# So high that what is shown needs no scrolling; wide where a thread stands beside the channel.
SIZE, WITH_THREAD = {"width": 980, "height": 1400}, {"width": 1460, "height": 1400}

sys.path.insert(0, str(ROOT))

from operating.bot import in_sandbox  # noqa: E402
from sandbox.community import load_tour  # noqa: E402
from sandbox.demo import MANIFEST  # noqa: E402
from sandbox.server import Sandbox  # noqa: E402
from sandbox.stage import ACME, Stage  # noqa: E402

WHERE = "logistics-help"
WITHOUT_LINES = """() => {
  document.activeElement.blur();  // its tools would show
  for (const line of document.querySelectorAll(".day, .new-line")) line.style.visibility = "hidden";
}"""
QUESTION = load_tour()[0]["write"]
ANSWER = "Press Amend first, then the field opens. Enter the new code and resend the form."
ASKED_AGAIN = "How can I correct the tariff code of a T1 form that was rejected?"


async def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    async with contextlib.AsyncExitStack() as open_things:
        slack = await open_things.enter_async_context(Sandbox(MANIFEST))
        stage = Stage(slack, in_sandbox)
        await stage.show(ACME)
        open_things.push_async_callback(stage.close)
        playwright = await open_things.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = await browser.new_page(viewport=SIZE, device_scale_factor=2, color_scheme="light")
        for take in (asking, solving, finding, running, recognising):
            await take(page, slack)
        await browser.close()


async def asking(page: Page, slack: Sandbox) -> None:
    """The message itself, as it stands under a question."""
    await be(page, slack, "sophie")
    await page.get_by_role("button", name="Hide the tour").click()
    await write(page, f"Message #{WHERE}", QUESTION)
    await open_question(page)
    await thread(page).get_by_role("button", name="I'll take it").wait_for()
    await picture(page, "asked", messages_in(thread(page)))


async def solving(page: Page, slack: Sandbox) -> None:
    """An expert takes it and answers; the asker marks what worked."""
    await be(page, slack, "ken")
    await open_question(page)
    await thread(page).get_by_role("button", name="I'll take it").click()
    await thread(page).get_by_text("is on it").wait_for()
    await write(page, "Reply in the thread", ANSWER)
    await be(page, slack, "sophie")
    await open_question(page)
    reply = thread(page).get_by_role("article").filter(has_text=ANSWER).last
    await reply.hover()
    await reply.get_by_role("button", name="React with ✅").click()
    await thread(page).get_by_text("Solved by").first.wait_for()
    await picture(page, "solved", messages_in(thread(page)))


async def finding(page: Page, slack: Sandbox) -> None:
    """It is found by who looks, and shown to who asks it again."""
    await be(page, slack, "ana")
    await write(page, f"Message #{WHERE}", "/find rejected tariff code")
    await page.get_by_text("Only visible to you").last.wait_for()
    await picture(page, "found", page.locator("article.private").last)
    await be(page, slack, "priya")
    await write(page, f"Message #{WHERE}", ASKED_AGAIN)
    await page.get_by_role("button", name="This solved it").last.wait_for()
    await picture(page, "suggested", page.locator("article.private").last)


async def running(page: Page, slack: Sandbox) -> None:
    """What an admin sees and sets, and an expert's Home."""
    for name in ("maria", "ken"):
        await be(page, slack, name, "home")
        await page.locator(".home .bk-blocks").wait_for()
        await picture(page, f"home_{name}", page.locator(".home .page"))
    await be(page, slack, "maria")
    await write(page, f"Message #{WHERE}", "/askaround topic customs ")
    window = page.get_by_role("dialog")
    await window.wait_for()
    await picture(page, "topic", window)
    await page.keyboard.press("Escape")


async def recognising(page: Page, slack: Sandbox) -> None:
    """Friday for an expert, and Monday for the channel and for a sponsor."""
    await be(page, slack, "ken", "direct")
    before = await page.get_by_role("button", name="Tell my manager").count()
    await move_to(page, "Friday, 16:00")
    await page.get_by_role("button", name="Tell my manager").nth(before).wait_for()
    await picture(page, "friday", newest(page, "Tell my manager"))
    await be(page, slack, "maria")
    before = await page.get_by_role("article").count()
    await move_to(page, "Monday, 9:00")
    digest = page.get_by_role("article").nth(before)
    await digest.wait_for()
    await picture(page, "monday", digest)
    await be(page, slack, "priya", "direct")
    await page.get_by_role("button", name="Say thanks").last.wait_for()
    await picture(page, "sponsor", newest(page, "Say thanks"))


def newest(page: Page, button: str) -> Locator:
    """The newest message with that button."""
    with_button = page.get_by_role("button", name=button)
    return page.get_by_role("article").filter(has=with_button).last


async def be(page: Page, slack: Sandbox, name: str, where: str = WHERE) -> None:
    await page.set_viewport_size(SIZE)
    await page.goto(f"{slack.address}/?as={name}&in={where}")
    await page.get_by_role("main").wait_for()


def thread(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Thread")


def messages_in(place: Locator) -> Locator:
    return place.get_by_role("article")


async def open_question(page: Page) -> None:
    await page.set_viewport_size(WITH_THREAD)
    asked = page.get_by_role("main").get_by_role("article").filter(has_text=QUESTION).first
    await asked.locator("button.replies").click()
    await thread(page).wait_for()


async def write(page: Page, where: str, text: str) -> None:
    box = page.get_by_role("combobox", name=where)
    await box.fill(text)
    await box.press("Enter")


async def move_to(page: Page, moment: str) -> None:
    await page.get_by_role("button", name="Move the clock").click()
    await page.get_by_role("button", name=moment).click()


async def picture(page: Page, name: str, shown: Locator) -> None:
    """What is shown, all of it and nothing around."""
    await page.mouse.move(0, 0)
    await page.evaluate(WITHOUT_LINES)
    await page.wait_for_timeout(1000)  # the last row takes its height
    boxes = [await each.bounding_box() for each in await shown.all()]
    await page.screenshot(path=IMAGES / f"{name}.png", clip=around([b for b in boxes if b]))


def around(boxes: list[FloatRect]) -> FloatRect:
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right = max(box["x"] + box["width"] for box in boxes)
    bottom = max(box["y"] + box["height"] for box in boxes)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


if __name__ == "__main__":
    asyncio.run(main())
