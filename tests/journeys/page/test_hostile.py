"""Text meant to break the page, or to ping a crowd, is only text."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Community
from tests.journeys.page.conftest import OpenPage
from tests.journeys.page.test_steps import message, messages, write

HOSTILE = (
    "<script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    "<!channel> <!here|now> & &lt;b&gt;",
    "[a](javascript:alert(1)) <javascript:alert(1)|click>",
    "\u202eevil txet \u0645\u0631\u062d\u0628\u0627",
    "*_~ ::: @@@ ### * ` __ ~~",
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_typed_markup_is_shown_as_it_was_typed(
    ready: Community, open_page: OpenPage, text: str
) -> None:
    page = await open_page(ready.bob)
    await write(page, text)
    shown = messages(page).get_by_role("article").last
    await expect(shown.locator(".bk-text")).to_have_text(text, use_inner_text=True)
    assert await page.evaluate("window.broken") is None
    assert await shown.locator("script, img, a[href^=javascript]").count() == 0
    assert "<!channel>" not in ready.as_(ready.bob).sees(ready.channel)[-1]["text"]


async def test_an_app_can_link_to_no_script(ready: Community, open_page: OpenPage) -> None:
    page = await open_page(ready.bob)
    raw = "<javascript:alert(1)|click> <data:text/html,x|data> <https://ok.example/|fine> <!here>"
    await ready.as_(ready.ken).post(ready.channel, raw)
    shown = messages(page).get_by_role("article").last
    await expect(shown.get_by_role("link", name="fine")).to_be_visible()
    assert await shown.locator("a").count() == 1
    await expect(shown.locator(".bk-mention")).to_have_text("@here")


async def test_40000_characters_are_shown_folded(ready: Community, open_page: OpenPage) -> None:
    page = await open_page(ready.bob)
    await write(page, "W" * 40_000)
    shown = message(messages(page), "WWWW")
    await shown.get_by_role("button", name="Show all 40,000 characters").click()
    width = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "a long word widens nothing"


async def test_more_is_refused_and_kept(ready: Community, open_page: OpenPage) -> None:
    page = await open_page(ready.bob)
    await write(page, "W" * 40_001)
    await expect(page.get_by_role("alert")).to_have_text(
        "This message has 40,001 characters; 40,000 is the limit."
    )
    box = page.get_by_role("combobox", name="Message #logistics")
    assert len(await box.input_value()) == 40_001


async def test_an_unknown_block_is_said_and_a_broken_one_breaks_nothing(
    ready: Community, open_page: OpenPage
) -> None:
    page = await open_page(ready.bob)
    ts = await ready.as_(ready.bob).post(ready.channel, "placeholder")
    said = ready.channel.message(ts)
    said.bot_profile = {"id": "B1", "app_id": "A1"}
    said.blocks = [{"type": "hologram", "block_id": "h"}, {"type": "section", "block_id": "s"},
                   {"type": "rich_text", "block_id": "r"}]  # fmt: skip
    ready.slack.changes.note(ready.channel.id, ts)
    shown = messages(page).get_by_role("article").last
    await expect(shown).to_contain_text("Unknown block: hologram")
    await expect(shown).to_contain_text("Unknown block: rich_text")
    await write(page, "Still here")
    await expect(messages(page)).to_contain_text("Still here")
