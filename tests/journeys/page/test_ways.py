"""What reaches the bot otherwise than by typing can be done in the page too."""

from playwright.async_api import Page, expect

from sandbox import User
from tests.journeys.conftest import Community
from tests.journeys.page.conftest import OpenPage
from tests.journeys.page.test_steps import message, messages, use_tool, write


async def choose(page: Page, menu: str, item: str) -> None:
    await page.get_by_role("button", name=menu).last.click()
    await page.get_by_role("button", name=item).click()


async def test_a_file_comes_with_its_words(ready: Community, open_page: OpenPage) -> None:
    page = await open_page(ready.bob)
    content = {"name": "seal_printer.png", "mimeType": "image/png", "buffer": b"anything"}
    await page.get_by_label("Files").last.set_input_files([content])
    await expect(page.get_by_role("button", name="Remove seal_printer.png")).to_be_visible()

    await write(page, "What does this mean?")

    said = message(messages(page), "What does this mean?")
    await expect(said).to_contain_text("📎 seal_printer.png")
    await expect(said.get_by_role("button", name="1 reply")).to_be_visible()


async def test_a_message_is_shared_in_another_channel(
    ready: Community, open_page: OpenPage
) -> None:
    docks = ready.slack.add_channel("docks", [ready.bob, ready.ken])
    await ready.as_(ready.ken).post(docks, "The gate of dock 4 is stuck.")
    page = await open_page(ready.bob, "docks")
    said = message(messages(page), "dock 4")

    await use_tool(said, "More actions")
    await said.get_by_role("button", name="Share message …").click()
    window = page.get_by_role("dialog", name="Share message")
    await window.get_by_label("Where").select_option(label="#logistics")
    await window.get_by_label("Your words").fill("Who can help with this?")
    await window.get_by_role("button", name="Share").click()

    await expect(window).to_be_hidden()
    shared = ready.as_(ready.ana).sees(ready.channel)[-1]
    assert shared["text"] == "Who can help with this?"
    assert shared["attachments"][0]["text"] == "The gate of dock 4 is stuck."


async def test_a_workflow_posts_a_form(ready: Community, open_page: OpenPage) -> None:
    page = await open_page(ready.maria)

    await choose(page, "Add to the message", "Post a form …")
    await page.get_by_role("dialog").get_by_role("button", name="Post", exact=True).click()

    form = message(messages(page), "twenty pallets")
    await expect(form).to_contain_text("Pallet request")
    await expect(form).to_contain_text("@Bob Miller")


async def test_who_one_is_and_when_one_can_be_reached(
    ready: Community, open_page: OpenPage
) -> None:
    page = await open_page(ready.ken)

    for item in ("Set myself away", "Do Not Disturb for an hour", "Status: vacationing for a week"):
        await choose(page, "Acting as Ken Sato", item)
    await page.get_by_role("button", name="Acting as Ken Sato").click()

    for item in ("Set myself active", "End Do Not Disturb", "Clear my status"):
        await expect(page.get_by_role("button", name=item)).to_be_visible()
    assert is_out(ready.ken)
    await page.get_by_role("button", name="Clear my status").click()
    await expect(page.get_by_role("button", name="Clear my status")).to_be_hidden()
    assert ready.ken.status_text == ""


def is_out(user: User) -> bool:
    return user.is_away and user.quiet_until > user.quiet_from > 0 and bool(user.status_text)
