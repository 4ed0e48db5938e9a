"""My data, from end to end: see it, take it along, stay out, be erased; and what an admin can."""

import json
from typing import Any

import pytest

from sandbox import Person
from tests.journeys.conftest import Community

ASKED = "How do I correct the tariff code of form xylophon?"
SOLVED = "Press Amend in the register of Quagmire."


def dm_saying(person: Person, words: str) -> dict[str, Any] | None:
    return next((each for each in reversed(person.dm()) if words in each["text"]), None)


def files_of(ready: Community, person: Person, message: dict[str, Any]) -> dict[str, str]:
    """What came below this message: the files' contents by their titles."""
    thread = person.sees(person.dm_channel, thread_ts=message["ts"])
    shown = [file for each in thread for file in each.get("files", [])]
    return {each["title"]: ready.slack.file_contents[each["id"]].decode() for each in shown}


@pytest.mark.on_both
async def test_somebody_sees_what_is_kept_takes_it_along_and_has_it_erased(ready: Community):
    bob = ready.as_(ready.bob)
    asked = await ready.solve(ready.bob, ready.ken, ASKED, SOLVED)

    await bob.command("/askaround", "me", ready.channel)
    assert bob.view is not None
    assert "1 question and 0 replies with their words" in str(bob.view)
    await bob.click(bob.view, "my_data_take")
    note = await ready.slack.until(lambda: dm_saying(bob, "This is all that is kept of you"))
    files = await ready.slack.until(
        lambda: (len(found := files_of(ready, bob, note)) == 2 and found) or None
    )
    lines = [json.loads(each) for each in files["My data as JSON lines"].splitlines()]
    assert {each["table"] for each in lines} >= {"questions", "question_parts", "kudos", "people"}
    assert ASKED in files["My data"]
    await bob.close_view()

    await bob.command("/askaround", "me", ready.channel)
    assert bob.view is not None
    await bob.click(bob.view, "erase_me")
    assert "1 question and 0 replies lose their words" in str(bob.view)
    await bob.submit({"words": {"value": "erase"}})
    assert "It is being erased now" in str(bob.view)
    await ready.slack.until(lambda: dm_saying(bob, "It is done: all that was kept of you"))

    await ready.slack.until(lambda: ready.card(asked) is None)
    assert "Nothing solved yet" in await ready.find(ready.ana, "xylophon")
    await ready.as_(ready.bob).post(ready.channel, "How do I open form 9 of the register?")
    await ready.slack.delivered()
    assert "form 9" not in str(await ready.find(ready.ana, "register"))


@pytest.mark.untold
async def test_somebody_is_told_once_what_is_kept_and_stays_out_of_a_channel(ready: Community):
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    asked = await ready.ask(ready.bob, ASKED)

    def notice() -> dict[str, Any] | None:
        seen = bob.sees(ready.channel)
        return next((each for each in seen if "I keep this message" in each["text"]), None)

    line = await ready.slack.until(notice)
    await bob.click(line["ts"], "my_data", channel=ready.channel)
    assert "What is kept of you" in str(bob.view)
    await bob.close_view()
    await bob.click(line["ts"], "stay_out", channel=ready.channel)
    await bob.submit({"channels": {"value": [ready.channel.id]}})
    assert "So it is from now on" in str(bob.view)

    again = await bob.post(ready.channel, "How do I cancel form 9?")
    await ready.slack.delivered()
    assert ready.card(again) is None

    await ken.command("/askaround", "me", ready.channel)
    assert ken.view is not None
    await ken.click(ken.view, "stay_out")
    await ken.submit({"everywhere": {"value": ["all"]}})
    await ken.post(ready.channel, SOLVED, thread_ts=asked)
    await ready.slack.until(
        lambda: any(
            "chose that nothing of theirs is kept" in each["text"]
            for each in bob.sees(ready.channel, asked)
        )
    )


async def test_an_admin_erases_who_has_left_and_the_audit_says_so(ready: Community):
    maria = ready.as_(ready.maria)
    await ready.solve(ready.bob, ready.ken, ASKED, SOLVED)
    await ready.slack.update_user(ready.ken, deleted=True)
    await ready.slack.delivered()

    await maria.open_home()
    home = await ready.slack.until(lambda: maria.home)
    await maria.click(home, "erase_other")
    inputs = {"words": {"value": "erase"}, "reason": {"value": "Left in May"}}
    await maria.submit({"person": {"value": ready.ken.id}, **inputs})
    assert "0 questions and 1 reply lose their words" in str(maria.view)
    await maria.submit()
    await ready.slack.until(lambda: dm_saying(maria, "all that was kept of who left is erased"))
    await maria.close_view()

    await maria.click(home, "audit")
    assert "Nothing of somebody who was erased is left" in str(maria.view)
    assert "because: Left in May" in str(maria.view)
    assert ready.ken.id not in str(maria.view)
    assert maria.view is not None
    await maria.click(maria.view, "audit_csv")
    note = await ready.slack.until(lambda: dm_saying(maria, "This is the whole audit"))
    files = await ready.slack.until(lambda: files_of(ready, maria, note))
    assert files["Audit"].startswith("number,at,what,by,person,channel,about,before,after,reason\n")
    assert "Nothing solved yet" in await ready.find(ready.ana, "Quagmire")


async def test_an_admin_chooses_how_long_things_are_kept(ready: Community):
    maria = ready.as_(ready.maria)
    await ready.solve(ready.bob, ready.ken, ASKED, SOLVED)

    await maria.open_home()
    home = await ready.slack.until(lambda: maria.home)
    await maria.click(home, "retention")
    await maria.submit({"kind": {"value": "all"}, "months": {"value": "12"}})
    assert "Nothing is past that now." in str(maria.view)
    await maria.submit()
    assert "So it is from now on" in str(maria.view)
    await maria.close_view()

    await maria.click(home, "retention")
    assert "everywhere else: 12 months" in str(maria.view)
