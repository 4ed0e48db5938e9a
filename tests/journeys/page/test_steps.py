"""The whole story by clicking and typing: two people in two pages, and those who look on."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.journeys.conftest import Community
from tests.journeys.page.conftest import OpenPage

QUESTION = "How do I correct the tariff code of a rejected T1 form?"
AGAIN = "How can a tariff code be corrected?"
ANSWER = "Press Amend first, then the field opens."


async def write(page: Page, text: str, where: str = "Message #logistics") -> None:
    box = page.get_by_role("combobox", name=where)
    await box.fill(text)
    await box.press("Enter")


def messages(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages", exact=True)


def thread(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Thread")


def message(inside: Locator, text: str) -> Locator:
    return inside.get_by_role("article").filter(has_text=text)


async def use_tool(message: Locator, name: str) -> None:
    """Its tools show while the pointer or the focus is in it; what others write moves it away from
    under the pointer."""
    tool = message.get_by_role("button", name=name)
    await tool.focus()
    await tool.click()


async def test_five_steps_as_two_people(ready: Community, open_page: OpenPage) -> None:
    bob, ken = await open_page(ready.bob), await open_page(ready.ken)

    await write(bob, QUESTION)
    asked = message(messages(ken), QUESTION)
    await expect(asked.get_by_role("button", name="1 reply")).to_be_visible()

    await asked.get_by_role("button", name="1 reply").click()
    await expect(thread(ken)).to_contain_text("@Ken Sato, can you help with this question")
    await thread(ken).get_by_role("button", name="I'll take it").click()
    await expect(thread(ken)).to_contain_text("@Ken Sato is on it.")
    await write(ken, ANSWER, "Reply in the thread")

    await message(messages(bob), QUESTION).get_by_role("button", name="2 replies").click()
    reply = message(thread(bob), ANSWER)
    await use_tool(reply, "React with ✅")
    for page in (bob, ken):
        await expect(thread(page)).to_contain_text("Solved by @Ken Sato.")
        await expect(message(messages(page), QUESTION)).to_contain_text("✅")

    ana = await open_page(ready.ana)
    await write(ana, "/find rejected tariff")
    found = message(messages(ana), "Only visible to you")
    await expect(found).to_contain_text(ANSWER)
    await expect(messages(bob)).not_to_contain_text("Only visible to you")
    await found.get_by_role("button", name="Dismiss").click()
    await expect(found).to_be_hidden()

    maria = await open_page(ready.maria)
    await maria.get_by_role("button", name="Move the clock").click()
    await maria.get_by_role("button", name="Monday, 9:00").click()
    digest = message(messages(maria), "Last week 1 colleague solved 1 question here")
    await expect(digest).to_contain_text("Ken Sato")


async def test_a_guest_does_not_see_a_private_answer(ready: Community, open_page: OpenPage) -> None:
    slack = ready.slack
    zoe = slack.add_user("zoe", "Zoe Baker", is_guest=True)
    private = slack.add_channel("brokers", [ready.maria, ready.ken], is_private=True)
    await slack.join(slack.bot, private)
    await slack.join(zoe, ready.channel)
    maria = ready.as_(ready.maria)
    await slack.until(lambda: private.id in str(slack.calls_to("conversations.members")))
    for _ in range(50):  # the bot reads who is in the channel in the background
        if "help channel now" in str(await maria.command("/askaround", "channel on", private)):
            break
    asked = await maria.post(private, "Who knows why the broker's fee has doubled?")
    reply = await ready.as_(ready.ken).post(private, "Clause seven of it.", thread_ts=asked)
    await slack.delivered()
    await maria.react(private, reply, "white_check_mark")
    await slack.until(lambda: "Solved" in str(maria.sees(private, asked)))

    guest, insider = await open_page(zoe), await open_page(ready.ken)
    await write(insider, "/find broker fee")
    await expect(message(messages(insider), "Only visible to you")).to_contain_text("Clause seven")
    await write(guest, "/find broker fee")
    await expect(message(messages(guest), "Only visible to you")).to_contain_text("broker fee")
    await expect(messages(guest)).not_to_contain_text("Clause seven")
    await expect(guest.get_by_role("navigation")).not_to_contain_text("brokers")
    await expect(insider.get_by_role("navigation")).to_contain_text("brokers")


async def test_a_modal_says_what_is_missing_and_saves(
    ready: Community, open_page: OpenPage
) -> None:
    page = await open_page(ready.maria)
    await write(page, "/askaround topic Billing")
    modal = page.get_by_role("dialog", name="New topic")
    await modal.get_by_label("Name").fill("")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.get_by_role("alert")).to_have_text("Please complete this required field.")
    await modal.get_by_label("Name").fill("Billing")
    await modal.get_by_role("combobox", name="Experts").fill("ana")
    await page.keyboard.press("Enter")
    await expect(modal).to_contain_text("Ana Silva (@ana)")
    await modal.get_by_role("button", name="Save").click()
    saved = page.get_by_role("dialog", name="Saved")
    await expect(saved).to_contain_text("Billing is saved.")
    await saved.get_by_role("button", name="Close").first.click()
    await write(page, "/experts")
    await expect(message(messages(page), "Who helps with what")).to_contain_text("Billing")


async def test_home_is_drawn_for_who_looks(ready: Community, open_page: OpenPage) -> None:
    await ready.ask(ready.bob, QUESTION)
    page = await open_page(ready.bob)
    await page.get_by_role("button", name="Askaround Home").click()
    await expect(page.get_by_role("main")).to_contain_text("rejected T1 form")


async def test_own_messages_are_edited_and_deleted(ready: Community, open_page: OpenPage) -> None:
    page = await open_page(ready.bob)
    await write(page, "Hello @ken, lunch?")
    said = message(messages(page), "lunch?")
    await expect(said).to_contain_text("@Ken Sato")
    await page.get_by_role("combobox", name="Message #logistics").press("ArrowUp")
    edit = page.get_by_role("combobox", name="Edit the message")
    await expect(edit).to_have_value("Hello @ken, lunch?")
    await edit.fill("Hello @ken, dinner?")
    await edit.press("Enter")
    changed = message(messages(page), "dinner?")
    await expect(changed).to_contain_text("(edited)")
    page.on("dialog", lambda dialog: dialog.accept())
    await use_tool(changed, "More actions")
    await changed.get_by_role("button", name="Delete message").click()
    await expect(messages(page)).not_to_contain_text("dinner?")


async def test_a_shortcut_makes_a_message_a_question(ready: Community, open_page: OpenPage) -> None:
    page = await open_page(ready.bob)
    await write(page, "The seal printer is out of order again.")
    said = message(messages(page), "seal printer")
    await use_tool(said, "More actions")
    await said.get_by_role("button", name="Ask around about this").click()
    await expect(said.get_by_role("button", name=re.compile("1 reply"))).to_be_visible()


async def test_completion_offers_people_channels_and_commands(
    ready: Community, open_page: OpenPage
) -> None:
    page = await open_page(ready.bob)
    box = page.get_by_role("combobox", name="Message #logistics")
    for typed, offered, taken in (
        ("/fi", "Find solved questions", "/find "),
        ("Ask @an", "Ana Silva", "Ask @ana "),
        ("See #log", "#logistics", "See #logistics "),
        (":white_check", ":white_check_mark:", ":white_check_mark: "),
    ):
        await box.fill("")
        await box.press_sequentially(typed)
        await expect(page.get_by_role("option").filter(has_text=offered).first).to_be_visible()
        await box.press("Tab")
        await expect(box).to_have_value(taken)


async def test_unread_marks_follow_and_a_reload_keeps_the_place(
    ready: Community, open_page: OpenPage
) -> None:
    general = ready.slack.add_channel("general", [ready.bob, ready.ken])
    page = await open_page(ready.ken, "logistics")
    await ready.as_(ready.bob).type(general, "Hello @ken")
    row = page.get_by_role("button", name="general, 1 unread, 1 for you")
    await expect(row).to_be_visible()
    await row.click()
    await expect(page.get_by_role("button", name="general", exact=True)).to_be_visible()
    await page.get_by_role("combobox", name="Message #general").fill("half a thought")
    await page.reload()
    await expect(page.get_by_role("combobox", name="Message #general")).to_have_value(
        "half a thought"
    )
    await expect(messages(page)).to_contain_text("Hello @Ken Sato")


async def test_another_person_sees_only_what_is_theirs(
    ready: Community, open_page: OpenPage
) -> None:
    secret = ready.slack.add_channel("board", [ready.maria], is_private=True)
    await ready.as_(ready.maria).post(secret, "The merger is on Friday.")
    page = await open_page(ready.maria, secret.id)
    await expect(messages(page)).to_contain_text("merger")
    await page.get_by_role("button", name="Acting as Maria Rossi").click()
    await page.get_by_role("button", name=re.compile("Bob Miller")).click()
    await expect(page.get_by_role("button", name="Acting as Bob Miller")).to_be_visible()
    await expect(page.get_by_role("main")).not_to_contain_text("merger")
    await expect(page.get_by_role("navigation")).not_to_contain_text("board")


async def test_what_was_private_to_one_is_gone_for_the_next(
    ready: Community, open_page: OpenPage
) -> None:
    await ready.as_(ready.bob).post(ready.channel, "Good morning")
    page = await open_page(ready.ana)
    await write(page, "/find anything")
    await expect(messages(page)).to_contain_text("Only visible to you")
    await page.get_by_role("button", name="Acting as Ana Silva").click()
    await page.get_by_role("button", name=re.compile("Bob Miller")).click()
    await expect(page.get_by_role("button", name="Acting as Bob Miller")).to_be_visible()
    await expect(messages(page)).to_contain_text("Good morning")
    await expect(messages(page)).not_to_contain_text("Only visible to you")


async def test_the_inspector_shows_both_ways_and_what_failed(
    ready: Community, open_page: OpenPage
) -> None:
    page = await open_page(ready.maria)
    await page.get_by_role("button", name="Show what goes between Slack and the app").click()
    traffic = page.get_by_role("complementary", name="Traffic between Slack and the app")
    ready.slack.faults.add("chat.postMessage", "error", error="internal_error")
    await ready.ask(ready.bob, QUESTION)
    told = traffic.get_by_role("button", name=re.compile("→ message"))
    await expect(told.last).to_be_visible()
    failed = traffic.get_by_role("button", name=re.compile("chat.postMessage.*internal_error"))
    await failed.click()
    await expect(traffic.locator("pre")).to_contain_text("can you help with this question")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_light_and_dark(ready: Community, open_page: OpenPage, theme: str) -> None:
    page = await open_page(ready.bob, color_scheme=theme)
    background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(255, 255, 255)") == (theme == "light")


async def test_the_menu_behind_the_three_dots(ready: Community, open_page: OpenPage) -> None:
    ts = await ready.ask(ready.ana, QUESTION)
    await ready.ask(ready.bob, AGAIN)
    await ready.card_saying(ts, "can you help")
    ana = await open_page(ready.ana)

    asked = message(messages(ana), QUESTION)
    await asked.get_by_role("button", name="1 reply").click()
    await thread(ana).get_by_label("More", exact=True).click()
    await thread(ana).get_by_role("button", name="Same as another question").click()

    modal = ana.get_by_role("dialog")
    await expect(modal).to_contain_text("Which one?")
    await modal.get_by_label("Which one?").select_option(label=AGAIN)
    await modal.get_by_role("button", name="It is the same").click()

    await expect(thread(ana)).to_contain_text("The same as another question.")
