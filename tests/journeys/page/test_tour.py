"""The demo as a film: its acts are played by pressing what the tour offers, as visitors do."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox import Sandbox
from sandbox.stage import Stage
from tests.journeys.page.conftest import OpenPage
from tests.journeys.page.test_steps import message, messages, thread, use_tool

WHERE = "logistics-help"
ANSWER = "Press Amend first"


@pytest.fixture
def slack(stage: Stage) -> Sandbox:
    return stage.slack


def tour(page: Page) -> Locator:
    return page.get_by_role("region", name="Tour")


async def press(page: Page, *names: str) -> None:
    for name in names:
        await tour(page).get_by_role("button", name=name, exact=True).click()


async def write(page: Page) -> None:
    """What the tour writes for the visitor, who sends it."""
    await press(page, "Write it for me")
    box = page.locator(".composer textarea:focus")
    await expect(box).not_to_have_value("")
    await box.press("Enter")


async def now_comes(page: Page, title: str) -> None:
    await expect(tour(page).get_by_role("status")).to_contain_text(title)


async def open_film(slack: Sandbox, open_page: OpenPage, **options: object) -> Page:
    sophie = next(user for user in slack.users.values() if user.name == "sophie")
    return await open_page(sophie, WHERE, **options)


async def play_asked(page: Page) -> None:
    """Asked and escalated; answered, ✅, and found by somebody else."""
    await write(page)
    await now_comes(page, "Nobody has time.")
    await press(page, "Be Sophie")
    card = message(thread(page), "can you help").last
    await expect(card).to_contain_text("@Ken Sato and @Fatima El Idrissi")
    await press(page, "Next thing that happens")
    await now_comes(page, "Be helped.")
    await expect(card).to_contain_text("@Chen Wei")
    await expect(card).not_to_contain_text("Thandi")
    await press(page, "Be Ken")
    await thread(page).get_by_role("button", name="I'll take it").click()
    await expect(thread(page)).to_contain_text("is on it")
    await write(page)
    await now_comes(page, "✅ what worked.")
    await press(page, "Be Sophie")
    await expect(page.get_by_role("button", name="Acting as Sophie Dubois")).to_be_visible()
    await use_tool(message(thread(page), ANSWER).last, "React with ✅")
    await now_comes(page, "Find it.")
    await press(page, "Be Ana")
    await write(page)
    await expect(message(messages(page), "Only visible to you")).to_contain_text(ANSWER)


async def play_friday(page: Page) -> None:
    """Ken's digest, told to Priya, who thanks him."""
    await now_comes(page, "Ken's Friday.")
    await press(page, "Be Ken", "Move to Friday")
    await now_comes(page, "Tell my manager.")
    await messages(page).get_by_role("button", name="Tell my manager").last.click()
    window = page.get_by_role("dialog")
    await window.get_by_label("Whom to tell").select_option(label="Priya Nair (@priya)")
    for name in ("Next", "Preview", "Send it"):
        await window.get_by_role("button", name=name).click()
    await now_comes(page, "Priya's thanks.")
    await window.get_by_role("button", name="Close").last.click()
    await press(page, "Be Priya")
    await messages(page).get_by_role("button", name="Say thanks").last.click()
    await window.get_by_role("textbox").fill("Three trucks moved because of you, Ken.")
    await window.locator("button[type=submit]").click()
    await now_comes(page, "The week, told.")
    await window.get_by_role("button", name="Close").last.click()


async def play_monday(page: Page) -> None:
    await now_comes(page, "The week, told.")
    await press(page, "Be Maria", "Move to Monday")
    await now_comes(page, "Where people are stuck.")
    await expect(messages(page).get_by_role("article").last).to_contain_text("Ken Sato")
    await press(page, "Be Priya", "I have read it")
    await now_comes(page, "That is all of it.")


async def test_the_three_acts_one_after_the_other(slack: Sandbox, open_page: OpenPage) -> None:
    page = await open_film(slack, open_page)

    await play_asked(page)
    await play_friday(page)
    await play_monday(page)


@pytest.mark.parametrize(("act", "play"), [("Friday", play_friday), ("Monday", play_monday)])
async def test_an_act_can_be_played_alone(
    slack: Sandbox, open_page: OpenPage, act: str, play: object
) -> None:
    page = await open_film(slack, open_page)

    await tour(page).get_by_role("button", name=re.compile(f"^{act}")).click()

    await play(page)


async def test_the_next_thing_is_shown_to_whom_it_was_said(
    slack: Sandbox, open_page: OpenPage
) -> None:
    page = await open_film(slack, open_page)
    before = slack.clock.now()

    await page.get_by_role("button", name="Move the clock").click()
    await page.get_by_role("button", name="Next thing that happens And stop there").click()
    notice = page.get_by_role("alert").filter(has_text="Askaround wrote")
    await notice.get_by_role("button", name="Look").click()

    await expect(message(page.locator("body"), "Askaround").last).to_be_visible()
    assert slack.clock.now() > before


async def test_set_up_is_rehearsed_in_an_empty_workspace(
    slack: Sandbox, open_page: OpenPage
) -> None:
    page = await open_film(slack, open_page)
    await page.get_by_role("button", name="Workspace: Acme").click()
    await page.get_by_role("button", name="An empty workspace").click()
    await now_comes(page, "Invite it.")

    await write(page)

    await expect(messages(page)).to_contain_text("@Askaround has joined the channel")
    await now_comes(page, "Follow it.")
    await page.get_by_role("button", name="Add a channel").click()
    window = page.get_by_role("dialog", name="Add a channel")
    await window.get_by_label("Name").fill("Dock 4")
    await window.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_role("main", name="dock-4")).to_be_visible()
    await page.get_by_role("button", name="Acting as Maria Rossi").click()
    await page.get_by_role("button", name="Add somebody to Newco").click()
    window = page.get_by_role("dialog", name="Add somebody")
    await window.get_by_label("Name").fill("Chen Wei")
    await window.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_role("button", name="Be Chen").click()
    await expect(page.get_by_role("button", name="Acting as Chen Wei")).to_be_visible()
    assert any(user.name == "chen" for user in slack.users.values())


async def test_a_scene_from_its_beginning_has_the_tour_from_its_beginning(
    slack: Sandbox, open_page: OpenPage
) -> None:
    page = await open_film(slack, open_page)
    await write(page)
    await now_comes(page, "Nobody has time.")
    await page.reload()
    await now_comes(page, "Nobody has time.")

    await page.get_by_role("button", name="Workspace: Acme").click()
    await page.get_by_role("button", name="Acme, after four weeks ✓").click()

    await now_comes(page, "Ask.")
    await expect(messages(page)).to_contain_text("seal number")
    await expect(messages(page)).not_to_contain_text("greyed out")
