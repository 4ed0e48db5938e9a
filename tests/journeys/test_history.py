"""An admin has the history of a channel read, watches in App Home, and takes it back."""

import pytest

from sandbox import Channel, Submission
from tests.journeys.conftest import Community
from tests.journeys.test_health import home_of, until_says

ASKED = "How do I correct the tariff code of a rejected form?"
SOLVED = "Open the form, press Amend, and enter the new code there."
FOUND = "1 answered question from 5 messages: 1 sure"


async def add_past(ready: Community) -> Channel:
    """A channel in which people helped each other before the bot was invited."""
    past = ready.slack.add_channel("past", members=[ready.maria, ready.bob, ready.ken])
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    asked = await bob.post(past, ASKED)
    answered = await ken.post(past, SOLVED, thread_ts=asked)
    await bob.react(past, answered, "white_check_mark")
    await bob.post(past, "Thanks, that worked!", thread_ts=asked)
    await bob.post(past, "The canteen is closed today.")
    await ready.slack.join(ready.slack.bot, past, inviter=ready.maria)
    return past


async def choices(ready: Community) -> str:
    """What she can choose from."""
    maria = ready.as_(ready.maria)
    await home_of(ready, ready.maria)
    await maria.click(maria.home, "open_history")
    return str(maria.view)


async def choose(ready: Community, channel: Channel, *, months: str = "12") -> Submission:
    """Maria points at the channel and sees how much that is."""
    maria = ready.as_(ready.maria)
    await until_says(lambda: choices(ready), f"#{channel.name}")
    return await maria.submit({"channels": {"value": [channel.id]}, "months": {"value": months}})


@pytest.mark.on_both
async def test_what_was_asked_before_is_read_found_and_taken_back(ready: Community):
    past = await add_past(ready)
    said = len(ready.as_(ready.bob).sees(past))
    await choose(ready, past)
    maria = ready.as_(ready.maria)
    assert "about 5 messages" in str(maria.view)

    await maria.submit()
    await until_says(lambda: home_of(ready, ready.maria), FOUND)

    found = await ready.find(ready.bob, "tariff code rejected")
    assert "press Amend" in found
    assert "from the archive, not confirmed" in found
    assert len(ready.as_(ready.bob).sees(past)) == said

    await maria.click(maria.home, "undo_import")
    await until_says(lambda: ready.find(ready.bob, "tariff code rejected"), "Nothing solved yet")
    assert "answered question from" not in await home_of(ready, ready.maria)


@pytest.mark.on_both
async def test_who_answered_then_says_whether_that_was_the_answer(ready: Community):
    past = ready.slack.add_channel("past", members=[ready.maria, ready.bob, ready.ken])
    asked = await ready.as_(ready.bob).post(past, ASKED)
    await ready.as_(ready.ken).post(past, "Customs in Basel can do it for you.", thread_ts=asked)
    await ready.as_(ready.ken).post(past, SOLVED, thread_ts=asked)
    await ready.slack.join(ready.slack.bot, past, inviter=ready.maria)
    await choose(ready, past)
    await ready.as_(ready.maria).submit()

    ken = ready.as_(ready.ken)
    note = await ready.slack.until(lambda: next(iter(ken.dm()), None))
    assert "was this the answer?" in str(note)
    assert SOLVED in str(note)
    assert "not confirmed" in await ready.find(ready.bob, "tariff code rejected")

    await ken.click(note["ts"], "other_answer", channel=ken.dm_channel)
    [reply] = [each for each in ken.view["blocks"] if each.get("block_id") == "reply"]
    [basel] = reply["element"]["options"]
    await ken.submit({"reply": {"value": basel["value"]}})

    await ready.slack.until(lambda: "All looked at" in str(ken.dm()[0]))
    found = await ready.find(ready.bob, "tariff code rejected")
    assert "Basel" in found
    assert "not confirmed" not in found


async def test_only_admins_see_it(ready: Community):
    assert "From before I was here" not in await home_of(ready, ready.bob)
