"""The demo's community as a site, opened from a disk, without a network."""

import zipfile
from contextlib import aclosing
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from handlers.knowledge.site import write_site
from sandbox.prepared import DATABASE
from sandbox.stage import PREPARED
from storage.database import open_sessions
from storage.migrate import migrate
from tests.conftest import NOW

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(PREPARED) as file:
        file.extract(DATABASE, kept)
    url = f"sqlite:///{kept / DATABASE}"
    await migrate(url)
    async with aclosing(open_sessions(url)) as sessions:
        await write_site(sessions, kept / "site", now=NOW)
    return kept / "site"


async def opened(browser: Browser, folder: Path, page: str, **options: object) -> Page:
    """Nobody is asked for anything: what the page cannot find beside it, it does without."""
    context = await browser.new_context(locale="en-GB", offline=True, **options)
    shown = await context.new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("pageerror", lambda error: pytest.fail(str(error)))
    await shown.goto(f"{folder.as_uri()}/{page}")
    assert all(each.startswith("file:") for each in asked)
    return shown


async def serious_faults(page: Page) -> list[str]:
    found = await Axe().run(page)
    faults = found.response["violations"]
    return [each["id"] for each in faults if each["impact"] in ("serious", "critical")]


async def test_whoever_has_the_folder_finds_and_reads(browser: Browser, folder: Path):
    page = await opened(browser, folder, "index.html")

    await page.get_by_label("What are you looking for?").fill("fuel surcharges")
    first = page.get_by_role("list", name="What was found").get_by_role("link").first
    await expect(first).to_have_text(
        "Fuel surcharge is missing on every carrier invoice for Monterrey since the 1st."
    )
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", level=1)).to_contain_text("Fuel surcharge")
    await expect(page.get_by_role("link", name="The reply in Slack")).to_be_visible()
    await page.get_by_label("Search the answers").fill("torn labl")  # from any page; mistyped
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="label is torn in two")).to_be_visible()
    await page.get_by_label("What are you looking for?").fill("送信")
    await expect(page.get_by_role("status")).to_have_text("One answer.")
    await page.get_by_label("What are you looking for?").fill("<img src=x onerror=alert(1)>")
    await expect(page.get_by_role("status")).to_contain_text("answers")
    assert await page.get_by_role("img").count() == 0
    await page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_has_a_serious_fault(browser: Browser, folder: Path, scheme: str):
    answer = sorted((folder / "answers").iterdir())[0]
    topic = sorted((folder / "topics").iterdir())[0]
    pages = ["index.html?q=label", "index.html", f"answers/{answer.name}", f"topics/{topic.name}"]
    for name in pages:
        page = await opened(browser, folder, name, color_scheme=scheme, viewport=PHONE)
        assert await serious_faults(page) == []
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]  # nothing to be scrolled sideways on a phone
        await page.context.close()


async def test_it_prints_without_what_can_only_be_pressed(browser: Browser, folder: Path):
    answer = sorted((folder / "answers").iterdir())[0]
    page = await opened(browser, folder, f"answers/{answer.name}")

    await page.emulate_media(media="print")

    await expect(page.get_by_role("searchbox")).to_be_hidden()
    await expect(page.get_by_role("heading", name="What solved it")).to_be_visible()
    await page.context.close()
