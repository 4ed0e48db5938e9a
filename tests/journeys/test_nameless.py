"""Asking without a name, from end to end: nobody reads who it was, and all that they do works."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.settings import Settings
from sandbox import Person
from tests.journeys.conftest import Community

ASKED = "How do I tell a customer that I lost their tariff form?"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return Settings(**{**vars(settings), "asking_keys": (Fernet.generate_key().decode(),)})


@pytest.fixture
async def open_to_all(ready: Community) -> Community:
    """Enough people in the channel, and an admin who allows it."""
    for name in ("ivo", "uma", "leo"):
        user = ready.slack.add_user(name, real_name=name.title())
        await ready.slack.join(user, ready.channel)
        await ready.slack.welcome(user)
        await ready.as_(user).open_home()
    for user in (ready.bob, ready.ana, ready.ken):
        await ready.as_(user).open_home()
    maria = ready.as_(ready.maria)
    answer = await maria.command("/askaround", "channel nameless on", ready.channel)
    assert "one can ask without a name now" in answer["text"]
    return ready


def dm_saying(person: Person, words: str) -> dict[str, Any] | None:
    return next((each for each in reversed(person.dm()) if words in str(each)), None)


async def ask_nameless(ready: Community, person: Person) -> str:
    """The question's ts, once it is in the channel."""
    await person.command("/ask", ASKED, ready.channel)
    await person.submit({"nameless": {"value": ["on"]}})
    assert "within ten minutes" in str(person.view)
    await person.close_view()
    ready.slack.clock.advance(timedelta(minutes=10))

    def posted() -> str | None:
        seen = ready.as_(ready.maria).sees(ready.channel)
        return next((each["ts"] for each in seen if "the asker: " in each["text"]), None)

    return await ready.slack.until(posted)


def told_to_others(ready: Community, asker: Person) -> str:
    """All that the bot said or showed to anybody else."""
    others = [each for each in ready.slack.users.values() if each.id != asker.user.id]
    seen = []
    for user in others:
        person = ready.as_(user)
        bot = ready.slack.bot_user_id
        thread = [
            said
            for top in person.sees(ready.channel)
            if not top.get("is_ephemeral")
            for said in person.sees(ready.channel, thread_ts=top["ts"])
        ]
        shown = [*person.sees(ready.channel), *thread, *(person.dm() if not user.is_bot else [])]
        seen += [each for each in shown if each.get("user") == bot]
        seen.append(person.home or {})
    return str(seen)


@pytest.mark.on_both
async def test_the_asker_acts_through_the_bot_and_nobody_reads_who_it_is(open_to_all: Community):
    ready = open_to_all
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    asked = await ask_nameless(ready, bob)
    note = await ready.slack.until(lambda: dm_saying(bob, "without your name"))

    await bob.click(note["ts"], "nameless_say", channel=bob.dm_channel)
    await bob.submit({"words": {"value": "It was the form of last week."}})
    await bob.close_view()
    await ready.slack.until(
        lambda: "last week" in str(ken.sees(ready.channel, thread_ts=asked)) or None
    )
    reply = await ken.post(ready.channel, "Say sorry, and file form 9.", thread_ts=asked)
    shown = await ready.slack.until(lambda: dm_saying(bob, "Say sorry"))
    await bob.click(shown["ts"], "mark_reply", channel=bob.dm_channel)
    await ready.slack.until(
        lambda: any("Solved" in each["text"] for each in ken.sees(ready.channel, thread_ts=asked))
    )
    for user in (ready.maria, ready.ken, ready.ana):
        await ready.as_(user).open_home()
    found = await ready.find(ready.ana, "customer tariff form")
    await ready.slack.delivered()

    told = told_to_others(ready, bob) + found
    assert "Say sorry" in found
    assert reply
    assert ready.bob.id not in told
    assert "Bob" not in told
    assert "the asker" in told


async def test_an_admin_looks_with_a_reason_which_the_asker_and_the_audit_see(
    open_to_all: Community,
):
    ready = open_to_all
    bob, maria = ready.as_(ready.bob), ready.as_(ready.maria)
    await ask_nameless(ready, bob)
    await maria.open_home()
    home = await ready.slack.until(lambda: maria.home)

    await maria.click(home, "nameless_look")
    assert maria.view is not None
    menu = next(each for each in maria.view["blocks"] if each.get("block_id") == "question")
    question = menu["element"]["options"][0]["value"]
    look = {"question": {"value": question}, "reason": {"value": "A threat in it"}}
    await maria.submit({**look, "how": {"value": "look"}})
    assert f"It was <@{ready.bob.id}>" in str(maria.view)
    await maria.close_view()

    note = await ready.slack.until(lambda: dm_saying(bob, "looked who asked"))
    assert "A threat in it" in str(note)
    await maria.click(home, "audit")
    assert "looked who asked a question without a name" in str(maria.view)
    assert "because: A threat in it" in str(maria.view)
    assert ready.bob.id not in str(maria.view)
    await maria.close_view()

    await maria.click(home, "nameless_look")
    await maria.submit({**look, "how": {"value": "block"}})
    await maria.close_view()
    await bob.command("/ask", "Another?", ready.channel)
    answer = await bob.submit({"nameless": {"value": ["on"]}})
    assert "cannot ask without your name for now" in str(answer) + str(bob.view)
