"""How fast the browser page is: first paint, a message for another, the bot's card, typing.

Input: none. The sandbox with the real bot in it (Socket Mode, SQLite), in this process, and two
people in two pages of a headless Chromium. A channel of 5,000 messages is open in both.
`first_paint_ms` and `first_messages_ms` are of a load of the page with an empty cache;
`message_…_ms` is from Enter in one page to the row in the other's; `card_…_ms` from Enter to the
bot's reply under the question; `typing_…_ms` from a key in the composer to the next frame.
"""

import asyncio
import contextlib
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bench._bot_process import ROOT, percentile
from bot.settings import Settings
from operating.bot import running
from sandbox import Channel, Sandbox, User

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LOADS, SAID, ASKED, KEYS = 7, 30, 12, 60
MANY = 5_000

# Notes when each text we wait for is first there, on the clock that all pages share.
WATCH = """() => {
  window.seen = {}; const now = () => performance.timeOrigin + performance.now();
  const look = () => { for (const row of [...document.querySelectorAll('.message')].slice(-3)) {
    const said = row.textContent.match(/bench \\d+/)?.[0]; if (!said) continue;
    window.seen[said] ??= now();
    if (/1 reply/.test(row.textContent)) window.seen[said + ' card'] ??= now(); } };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  document.addEventListener('keydown',
    (event) => { if (event.key === 'Enter') window.entered = now(); }, true); }"""

TYPING = """() => { window.typed = [];
  const box = document.querySelector('.composer textarea');
  box.addEventListener('keydown', () => { const at = performance.now();
    const note = () => window.typed.push(performance.now() - at);
    requestAnimationFrame(() => setTimeout(note)); }); }"""

PAINT = """() => new Promise((done) => { const look = () => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
  if (paint && document.querySelector('.message')) done([paint, performance.now()]);
  else requestAnimationFrame(look); }; look(); })"""


async def run(data: Path | None) -> dict[str, Any]:
    async with contextlib.AsyncExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        slack = await opened.enter_async_context(Sandbox(ROOT / "manifest.yml"))
        bob, ken, channel = furnish(slack)
        settings = Settings(
            bot_token=slack.bot_token,
            app_token=slack.app_token,
            slack_api_url=slack.api_url,
            database_url=f"sqlite:///{folder}/page.db",
        )
        await opened.enter_async_context(running(settings, slack.clock.now))
        await slack.until(lambda: slack.connections, timeout=20)
        await slack.act_as(bob).command("/askaround", "channel on", channel)
        playwright = await opened.enter_async_context(async_playwright())
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        figures = await first_paint(browser, slack)
        figures |= await talk(
            await open_page(browser, slack, bob, "logistics"), browser, slack, ken, channel
        )
        await browser.close()
    for name, value in figures.items():
        print(f"{name:24} {value}")
    return figures


def furnish(slack: Sandbox) -> tuple[User, User, Channel]:
    bob = slack.add_user("bob", "Bob Miller", is_admin=True)
    ken = slack.add_user("ken", "Ken Sato")
    channel = slack.add_channel("logistics", [bob, ken, slack.bot])
    return bob, ken, channel


async def first_paint(browser: Browser, slack: Sandbox) -> dict[str, Any]:
    channel = next(each for each in slack.channels.values() if each.name == "logistics")
    person = slack.act_as(channel.creator)
    start = slack.clock.now() - timedelta(days=2)
    for number in range(MANY):
        await person.post(channel, f"Line {number}", at=start + timedelta(seconds=number))
    await slack.delivered(timeout=120)
    loads = [await one_load(browser, slack) for _ in range(LOADS)]
    return {
        "first_paint_ms": round(percentile([paint for paint, _ in loads], 0.5)),
        "first_messages_ms": round(percentile([seen for _, seen in loads], 0.5)),
    }


async def one_load(browser: Browser, slack: Sandbox) -> tuple[float, float]:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{slack.address}/?as=bob&in=logistics")
    paint, seen = await page.evaluate(PAINT)
    await context.close()
    return paint, seen


async def open_page(browser: Browser, slack: Sandbox, user: User, channel: str) -> Page:
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{slack.address}/?as={user.name}&in={channel}")
    await page.locator(".message").last.wait_for()
    await page.evaluate(WATCH)
    return page


async def talk(
    page: Page, browser: Browser, slack: Sandbox, other: User, channel: Channel
) -> dict[str, Any]:
    others_page = await open_page(browser, slack, other, "logistics")
    box = page.locator(".composer textarea")
    messages, cards = [], []
    for number in range(SAID + ASKED):
        is_question = number >= SAID
        text = f"How do I do bench {number} here?" if is_question else f"bench {number}"
        await box.fill(text)
        await box.press("Enter")
        entered = await page.evaluate("window.entered")
        if is_question:
            cards.append(await seen(page, f"bench {number} card") - entered)
            # Somebody else speaks, or the next one would belong to this question; and the
            # bot posts once a second in a channel.
            await slack.act_as(other).post(channel, "Noted.")
            await asyncio.sleep(1.1)
        else:
            messages.append(await seen(others_page, f"bench {number}") - entered)
    await page.evaluate(TYPING)
    for _ in range(KEYS):
        await box.press("a")
        await asyncio.sleep(0.02)
    typed = await page.evaluate("window.typed")
    return {
        f"{name}_{which}_ms": round(percentile(times, share), 1)
        for name, times in (("message", messages), ("card", cards), ("typing", typed))
        for which, share in (("p50", 0.5), ("p95", 0.95))
    }


async def seen(page: Page, what: str) -> float:
    for _ in range(1_000):
        at = await page.evaluate("(what) => window.seen[what]", what)
        if at is not None:
            return float(at)
        await asyncio.sleep(0.01)
    raise TimeoutError(f"{what} was not seen within ten seconds")
