"""What the page lives through: thousands of messages, and a server that goes and comes back."""

from datetime import timedelta

from playwright.async_api import Route, expect

from sandbox import Sandbox
from tests.journeys.conftest import ROOT, Community
from tests.journeys.page.conftest import OpenPage
from tests.journeys.page.test_steps import messages, write

MANY = 5_000
FRAMES = """() => new Promise((done) => {
  const list = document.querySelector('.messages'); const times = []; let last = performance.now();
  const step = (now) => { times.push(now - last); last = now; list.scrollTop -= 400;
    times.length < 60 ? requestAnimationFrame(step) : done(times.sort((a, b) => a - b)); };
  requestAnimationFrame(step); })"""


async def test_5000_messages_are_read_without_stutter(
    community: Community, open_page: OpenPage
) -> None:
    slack = community.slack
    start = slack.clock.now() - timedelta(days=2)
    bob = community.as_(community.bob)
    for number in range(MANY):
        await bob.post(community.channel, f"Line {number}", at=start + timedelta(seconds=number))
    page = await open_page(community.ken)
    await expect(messages(page)).to_contain_text(f"Line {MANY - 1}")
    loaded = 0
    while loaded < 1_000:  # each pass brings in older ones
        await page.evaluate("document.querySelector('.messages').scrollTop = 0")
        await expect(page.locator(".message")).not_to_have_count(loaded)
        loaded = await page.locator(".message").count()
    frames = await page.evaluate(FRAMES)
    assert frames[len(frames) // 2] < 50, "half of all frames come in time, on a busy machine too"
    await write(page, "And one more")
    await expect(messages(page)).to_contain_text("And one more")


async def test_the_page_comes_back_when_the_server_does(
    community: Community, open_page: OpenPage
) -> None:
    slack = community.slack
    page = await open_page(community.bob)
    await page.get_by_role("combobox", name="Message #logistics").fill("half a thought")
    port = int(slack.address.rpartition(":")[2])
    await slack.stop()
    await expect(page.get_by_text("Reconnecting")).to_be_visible()
    async with Sandbox(ROOT / "manifest.yml", port) as again:
        bob = again.add_user("bob", "Bob Miller")
        ken = again.add_user("ken", "Ken Sato")
        channel = again.add_channel("logistics", [bob, ken])
        await again.act_as(ken).post(channel, "We are back.")
        await expect(messages(page)).to_contain_text("We are back.")
        box = page.get_by_role("combobox", name="Message #logistics")
        await expect(box).to_have_value("half a thought")
        await box.press("Enter")
        await expect(messages(page)).to_contain_text("half a thought")


async def test_what_is_said_while_a_channel_loads_is_shown(
    community: Community, open_page: OpenPage
) -> None:
    ken = community.as_(community.ken)
    page = await open_page(community.bob)

    async def slowly(route: Route) -> None:
        response = await route.fetch()  # what was there before
        await ken.post(community.channel, "Said meanwhile.")
        await page.get_by_role("button", name="1 unread").wait_for()
        await route.fulfill(response=response)

    await page.route("**/sandbox/sees?*", slowly, times=1)
    await page.reload()

    await expect(messages(page)).to_contain_text("Said meanwhile.")
