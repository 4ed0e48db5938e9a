"""My data in the browser: take it along, stay out, be erased; ask without a name, and a look."""

import re
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from playwright.async_api import Locator, Page, expect

from bot.settings import Settings
from tests.journeys.conftest import Community
from tests.journeys.page.conftest import OpenPage

QUESTION = "How do I correct the tariff code of a rejected T1 form?"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return Settings(**{**vars(settings), "asking_keys": (Fernet.generate_key().decode(),)})


async def write(page: Page, text: str) -> None:
    box = page.get_by_role("combobox", name="Message #logistics")
    await box.fill(text)
    await box.press("Enter")


def messages(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages", exact=True)


async def open_my_data(page: Page) -> Locator:
    await write(page, "/askaround me")
    window = page.get_by_role("dialog")
    await expect(window).to_contain_text("What is kept of you")
    return window


async def test_somebody_takes_it_along_stays_out_and_is_erased(
    ready: Community, open_page: OpenPage
) -> None:
    bob, ana = await open_page(ready.bob), await open_page(ready.ana)
    await write(bob, QUESTION)
    await expect(messages(ana)).to_contain_text("1 reply")

    window = await open_my_data(bob)
    await window.get_by_role("button", name="Take it with me").click()
    await expect(window).to_contain_text("comes to you as files")
    await ready.slack.until(lambda: len(ready.slack.file_contents) == 2)
    await bob.keyboard.press("Escape")
    await bob.keyboard.press("Escape")

    window = await open_my_data(bob)
    await window.get_by_role("button", name="Stay out").click()
    await window.get_by_role("checkbox", name=re.compile("Stay out everywhere")).check()
    await window.get_by_role("button", name="Save").click()
    await expect(window).to_contain_text("So it is from now on")
    await bob.keyboard.press("Escape")
    await bob.keyboard.press("Escape")

    window = await open_my_data(bob)
    await expect(window).to_contain_text("Everywhere: nothing that you write is kept.")
    await window.get_by_role("button", name="Erase me").click()
    await expect(window).to_contain_text("1 question and 0 replies lose their words")
    await window.get_by_role("button", name="Erase it").click()
    await expect(window).to_contain_text("It is being erased now")
    await expect(messages(ana)).not_to_contain_text("1 reply")


async def test_somebody_asks_without_a_name_and_an_admin_looks_with_a_reason(
    ready: Community, open_page: OpenPage
) -> None:
    for name in ("ivo", "uma"):
        await ready.slack.join(ready.slack.add_user(name), ready.channel)
    for user in ready.slack.users.values():
        if not user.is_bot:
            await ready.as_(user).open_home()
    bob, maria = await open_page(ready.bob), await open_page(ready.maria)
    await write(maria, "/askaround channel nameless on")
    await expect(messages(maria)).to_contain_text("one can ask without a name now")

    await write(bob, f"/ask {QUESTION}")
    window = bob.get_by_role("dialog")
    await window.get_by_role("checkbox", name=re.compile("Without my name")).check()
    await window.get_by_role("button", name="Ask", exact=True).click()
    await expect(window).to_contain_text("within ten minutes")
    ready.slack.clock.advance(timedelta(minutes=10))
    await expect(messages(maria)).to_contain_text("the asker asks:")
    await expect(messages(maria)).not_to_contain_text("Bob Miller asks")

    await ready.as_(ready.maria).open_home()
    home = await ready.slack.until(lambda: ready.as_(ready.maria).home)
    await ready.as_(ready.maria).click(home, "nameless_look")
    look = maria.get_by_role("dialog")
    await look.get_by_role("radio", name=re.compile("See who it was")).check()
    await look.get_by_role("combobox", name="Which question").select_option(index=1)
    await look.get_by_role("textbox", name="Why").fill("There is a threat in it")
    await look.get_by_role("button", name="Do it").click()
    await expect(look).to_contain_text("It was @Bob Miller")
