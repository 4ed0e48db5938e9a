"""The page for who uses a keyboard, a screen reader or a phone."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from sandbox import Sandbox
from sandbox.stage import Stage
from tests.journeys.page.conftest import OpenPage
from tests.journeys.page.test_steps import messages, thread, write

WHERE = "logistics-help"
SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
GRAVE = ("serious", "critical")
STOPS = """() => [...document.querySelectorAll("article")].map((message) =>
  [...message.querySelectorAll("a[href], button, summary, input, select, textarea")]
    .filter((each) => each.tabIndex >= 0 && !each.disabled).length)"""
UNLABELLED = """() => [...document.querySelectorAll(
    ".bk-blocks :is(a[href], button, summary, input, select, textarea)")]
  .filter((each) => ![each.textContent, each.ariaLabel, each.labels?.[0]?.textContent,
    each.closest("label")?.textContent].some((name) => name?.trim()))
  .map((each) => each.outerHTML)"""


@pytest.fixture
def slack(stage: Stage) -> Sandbox:
    return stage.slack


async def check(page: Page, where: str) -> None:
    """Nothing grave, each control has a name, Tab stops seldom, and nothing is wider than it is."""
    found = (await Axe().run(page)).response["violations"]
    faults = [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]
    assert faults == [], where
    assert await page.evaluate(UNLABELLED) == [], where
    stops = await page.evaluate(STOPS)
    assert max(stops, default=0) <= 2, where
    assert await page.evaluate("innerWidth >= document.documentElement.scrollWidth"), where


async def go(page: Page, slack: Sandbox, name: str, where: str) -> None:
    await page.goto(f"{slack.address}/?as={name}&in={where}")
    await expect(page.get_by_role("main")).to_be_visible()


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
async def test_no_view_has_a_serious_fault(
    slack: Sandbox, open_page: OpenPage, size: str, theme: str
) -> None:
    maria = next(user for user in slack.users.values() if user.name == "maria")
    page = await open_page(maria, WHERE, color_scheme=theme, reduced_motion="reduce")
    await page.set_viewport_size(SIZES[size])
    await expect(messages(page).get_by_role("article").last).to_be_visible()
    await check(page, "a channel")

    await messages(page).get_by_role("button", name="1 reply").last.click()
    await expect(thread(page).get_by_role("button", name="I'll take it")).to_be_visible()
    await check(page, "a thread")
    await page.get_by_role("button", name="Close the thread").click()

    for menu in ("Acting as", "Move the clock", "Workspace") if size == "phone" else ():
        await page.get_by_role("button", name=re.compile(f"^{menu}")).click()
        await check(page, menu)
        await page.keyboard.press("Escape")

    await write(page, "/find rejected T1", f"Message #{WHERE}")
    await expect(messages(page)).to_contain_text("Only visible to you")
    await check(page, "what was found")
    for window in ("/ask", "/askaround topic customs"):
        await write(page, f"{window} ", f"Message #{WHERE}")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await check(page, window)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_be_hidden()

    await go(page, slack, "maria", "home")
    await expect(page.locator(".home .bk-blocks")).to_be_visible()
    await check(page, "an admin's Home")
    await go(page, slack, "ken", "direct")
    await check(page, "what an expert alone reads")


async def test_on_a_phone_the_channels_are_a_drawer(slack: Sandbox, open_page: OpenPage) -> None:
    bob = next(user for user in slack.users.values() if user.name == "bob")
    page = await open_page(bob, WHERE)
    await page.set_viewport_size(SIZES["phone"])
    channels = page.get_by_role("navigation", name="Channels")
    await expect(channels).to_be_hidden()

    await page.get_by_role("button", name="Channels", exact=True).click()
    await channels.get_by_role("button", name="warehouse-help").click()

    await expect(page.get_by_role("main", name="warehouse-help")).to_be_visible()
    await expect(channels).to_be_hidden()
    await page.get_by_role("button", name="Channels", exact=True).click()
    await page.keyboard.press("Escape")
    await expect(channels).to_be_hidden()


async def test_arrow_keys_go_where_tab_does_not(slack: Sandbox, open_page: OpenPage) -> None:
    bob = next(user for user in slack.users.values() if user.name == "bob")
    page = await open_page(bob, WHERE)
    asked = messages(page).get_by_role("article").filter(has_text="seal number").last
    await messages(page).focus()

    await page.keyboard.press("Tab")  # into the newest message, which has one
    await expect(asked.get_by_role("button", name="eyes, 1")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(asked.get_by_role("button", name="1 reply")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(asked.get_by_role("button", name="React with ✅")).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await expect(asked.get_by_role("button", name="More actions")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("combobox", name=f"Message #{WHERE}")).to_be_focused()

    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("ArrowUp")
    above = messages(page).get_by_role("article").filter(has_text="EUR.1 instead").last
    await expect(above).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(thread(page)).to_contain_text("6,000 euros")
