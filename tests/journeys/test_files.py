"""Pictures, snippets and what is forwarded: read, found, shown by their names, and forgotten."""

from datetime import timedelta

import pytest

from bot.settings import Settings
from sandbox import Sandbox
from tests.journeys.conftest import Community
from tests.journeys.test_catch_up import at_work, away
from tests.journeys.test_hearing import QUESTION, is_quiet, wondered

SCREENSHOT = "label_dock7.png"


@pytest.mark.parametrize(
    "words", ["what is this?", "error since today", "see screenshot", "ideas?"]
)
async def test_a_few_words_are_enough_beside_a_picture(ready: Community, words: str):
    ts = await ready.as_(ready.bob).post(ready.channel, words, files=[SCREENSHOT])

    assert await ready.slack.until(lambda: ready.card(ts))


@pytest.mark.parametrize("words", ["Thanks, that worked", "Good morning all"])
async def test_a_picture_makes_no_question_of_chatter(ready: Community, words: str):
    ts = await ready.as_(ready.bob).post(ready.channel, words, files=["cake.jpg"])

    assert await is_quiet(ready, ts)


async def test_a_bare_picture_is_asked_about_where_everything_is_heard(ready: Community):
    await ready.as_(ready.maria).command("/askaround", "channel everything", ready.channel)

    ts = await ready.as_(ready.bob).post(ready.channel, "", files=[SCREENSHOT])

    assert await ready.slack.until(lambda: ready.card(ts))


async def test_elsewhere_its_author_is_asked_once_they_said_no_more(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, "", files=[SCREENSHOT])
    assert await is_quiet(ready, ts)

    ready.slack.clock.advance(timedelta(minutes=1))
    line = await wondered(ready, ready.bob)
    await bob.click(line["ts"], "ask_them", channel=ready.channel)

    await ready.slack.until(lambda: ready.card(ts))


async def test_what_is_said_right_after_a_picture_is_the_question_about_it(ready: Community):
    bob = ready.as_(ready.bob)
    await bob.post(ready.channel, "", files=[SCREENSHOT])
    ts = await bob.post(ready.channel, "What does this label mean?")
    await ready.slack.until(lambda: ready.card(ts))

    ready.slack.clock.advance(timedelta(minutes=2))
    await ready.slack.delivered()

    assert not ready.slack.calls_to("chat.postEphemeral")
    await solve(ready, ts, "It is a hazard label.")
    assert "label_dock7" in await ready.find(ready.ana, "label_dock7")


@pytest.mark.parametrize("is_sent_to_all", [True, False])
@pytest.mark.parametrize("above", [{"files": [SCREENSHOT], "text": ""}, {"text": ":point_down:"}])
async def test_the_question_below_ones_own_picture_is_heard(
    ready: Community, above: dict, is_sent_to_all: bool
):
    bob = ready.as_(ready.bob)
    top = await bob.post(ready.channel, **above)
    await ready.slack.delivered()

    words = "How do I get past this error on the scanner?"
    await bob.post(ready.channel, words, thread_ts=top, broadcast=is_sent_to_all)

    assert await ready.slack.until(lambda: ready.card(top))


async def test_what_another_asks_below_a_picture_is_no_question_of_its_author(ready: Community):
    top = await ready.as_(ready.bob).post(ready.channel, "", files=[SCREENSHOT])
    await ready.slack.delivered()

    words = "How do I get past this error on the scanner?"
    await ready.as_(ready.ana).post(ready.channel, words, thread_ts=top)
    await ready.slack.delivered()

    assert not ready.slack.calls_to("chat.postMessage")


async def test_files_are_found_and_shown_by_their_names_until_they_are_deleted(ready: Community):
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    ts = await bob.post(ready.channel, "Why is the label blank?", files=[SCREENSHOT])
    await ready.slack.until(lambda: ready.card(ts))
    reply = await ken.post(ready.channel, "", thread_ts=ts, files=["ribbon_drawing.pdf"])
    await ready.slack.delivered()
    await bob.react(ready.channel, reply, "white_check_mark")
    card = await ready.card_saying(ts, "Solved")

    assert "With a file: ribbon_drawing.pdf" in str(card["blocks"])
    assert "rich_text_quote" not in str(card["blocks"])
    found = await ready.find(ready.ana, "label_dock7")
    assert "With a picture: label_dock7.png" in found

    message = ready.channel.messages[ts]
    await bob.delete_file(message.files[0]["id"])
    await ready.slack.delivered()

    assert "Nothing solved yet" in await ready.find(ready.ana, "dock7")
    assert "label_dock7" not in await ready.find(ready.ana, "blank label")


async def test_an_answer_that_was_only_a_file_is_gone_with_it(ready: Community):
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await ken.post(ready.channel, "", thread_ts=ts, files=["ribbon_drawing.pdf"])
    await ready.slack.delivered()
    await bob.react(ready.channel, reply, "white_check_mark")
    await ready.card_saying(ts, "Solved")

    await ken.delete_file(ready.channel.messages[reply].files[0]["id"])

    await ready.card_saying(ts, "can you help")


async def test_a_snippet_is_read(ready: Community):
    log = {"name": "scan.log", "content": "zebra-driver: Error 0x80070005 access denied"}
    ts = await ready.as_(ready.bob).post(ready.channel, "", files=[log])
    await ready.slack.until(lambda: ready.card(ts))

    await solve(ready, ts, "Install the driver again.")

    assert "scan.log" in await ready.find(ready.ana, "0x80070005")


async def test_the_words_of_a_forwarded_message_are_read(ready: Community):
    elsewhere = ready.slack.add_channel("gate-4", members=[ready.bob])
    bob = ready.as_(ready.bob)
    words = "Why was pallet 88213 refused at gate 4? The driver needs the release code."
    said = await bob.post(elsewhere, words)

    bare = await bob.forward(elsewhere, said, ready.channel)
    await ready.slack.until(lambda: ready.card(bare))
    ready.slack.clock.advance(timedelta(minutes=5))
    told = await bob.forward(elsewhere, said, ready.channel, "Can somebody look at this?")
    await ready.slack.until(lambda: ready.card(told))

    await solve(ready, told, "The seal was broken.")
    assert "The seal was broken" in await ready.find(ready.ana, "88213")


async def test_what_an_app_says_in_a_persons_name_is_theirs(ready: Community):
    scheduler = ready.slack.add_user("scheduler", is_bot=True)

    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION, app=scheduler)

    card = await ready.slack.until(lambda: ready.card(ts))
    assert card["text"].startswith("Bob Miller: ")


async def test_a_picture_before_the_question_stays_part_of_it_after_an_absence(
    slack: Sandbox, settings: Settings, community: Community
):
    bob = community.as_(community.bob)
    async with at_work(slack, settings):
        await community.set_up()
        picture = await bob.post(community.channel, "", files=[SCREENSHOT])
        ts = await community.ask(community.bob, "What does this label mean?")
    async with away(slack):
        await community.as_(community.ana).post(community.channel, "Good morning all")

    async with at_work(slack, settings):

        def looked_again() -> bool:
            """At the question's own messages in the channel."""
            calls = slack.calls_to("conversations.history")
            return any(call.args.get("oldest") == picture for call in calls)

        await slack.until(looked_again)
        await solve(community, ts, "It is a hazard label.")

        found = await community.find(community.ana, "dock7")
        assert "With a picture: label_dock7.png" in found


async def solve(community: Community, ts: str, words: str) -> None:
    """Ken answers, and Bob marks it."""
    reply = await community.as_(community.ken).post(community.channel, words, thread_ts=ts)
    await community.slack.delivered()
    await community.as_(community.bob).react(community.channel, reply, "white_check_mark")
    await community.card_saying(ts, "Solved")
