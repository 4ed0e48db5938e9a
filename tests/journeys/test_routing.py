"""From the first few to the helpdesk, and what experts and askers are told on the way."""

from contextlib import suppress
from datetime import timedelta

from sandbox import Channel
from sandbox.people import Payload, Person
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"


async def test_who_is_asked_later_gets_a_message_and_takes_it_there(ready: Community):
    await ready.as_(ready.ana).command("/experts", "join customs", ready.channel)
    await ready.as_(ready.maria).command("/experts", "join customs", ready.channel)
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, " and ")
    experts = [ready.ken, ready.ana, ready.maria]
    late = ready.as_(next(each for each in experts if f"<@{each.id}>" not in card["text"]))

    ready.slack.clock.advance(timedelta(days=3))
    note = await ready.slack.until(lambda: next(iter(late.dm()), None))
    assert QUESTION in str(note)
    await late.click(note["ts"], "claim_question", channel=late.dm_channel)

    await ready.card_saying(ts, f"<@{late.user.id}> is on it")
    await ready.slack.until(lambda: "You are on it" in str(late.dm()))


async def test_who_passes_names_somebody_else_who_helps_on_another_topic(ready: Community):
    maria = ready.as_(ready.maria)
    await maria.command("/askaround", "topic Seals", ready.channel)
    await maria.submit({"name": {"value": "Seals"}})
    await ready.as_(ready.ana).command("/experts", "join Seals", ready.channel)
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, ready.ken.id)
    ken = ready.as_(ready.ken)

    await ken.click(card["ts"], "pass_question", channel=ready.channel)
    asked = await ready.slack.until(
        lambda: [m for m in ken.sees(ready.channel, thread_ts=ts) if m.get("is_ephemeral")]
    )
    await ken.choose(asked[0]["ts"], "refer_question", ready.ana.id, channel=ready.channel)

    card = await ready.card_saying(ts, f"<@{ready.ana.id}>, can you help")
    assert f"<@{ready.ken.id}> says to ask <@{ready.ana.id}>" in str(card["blocks"])


async def test_what_nobody_takes_goes_to_the_helpdesk_and_its_message_follows(ready: Community):
    maria, ana = ready.as_(ready.maria), ready.as_(ready.ana)
    desk = ready.slack.add_channel("helpdesk", members=[ready.maria, ready.ana])
    await ready.slack.join(ready.slack.bot, desk)
    await ready.slack.until(lambda: ready.slack.calls_to("conversations.members"))
    await ready.slack.delivered()
    await maria.command("/askaround", "topic customs", ready.channel)
    await maria.choose(maria.view, "choose_pace", "own")
    times = {"next_few": "5", "everybody": "10", "hand_off_after": "15"}
    await maria.submit(
        {"hand_off": {"value": desk.id}}
        | {name: {"value": minutes} for name, minutes in times.items()}
    )
    ts = await ready.ask(ready.bob, QUESTION)
    await ready.slack.delivered()
    assert "it goes to <#" in str(await ready.card_saying(ts, "can you help"))

    ready.slack.clock.advance(timedelta(days=3))
    told = await ready.slack.until(lambda: told_in(ready, desk))
    assert "Nobody could take" in told[0]["text"]
    await ana.click(told[0]["ts"], "claim_question", channel=desk)

    await ready.card_saying(ts, f"<@{ready.ana.id}> is on it")
    await ready.slack.until(lambda: "is on" in told_in(ready, desk)[0]["text"])
    assert len(told_in(ready, desk)) == 1


def told_in(ready: Community, channel: Channel) -> list[dict]:
    """What the bot said in a channel."""
    seen = ready.as_(ready.maria).sees(channel)
    return [m for m in seen if m["user"] == ready.slack.bot_user_id and "subtype" not in m]


async def test_the_asker_who_says_thanks_marks_the_reply_with_one_click(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=ts)
    await ready.slack.delivered()
    bob = ready.as_(ready.bob)

    await bob.post(ready.channel, "Thanks, that worked", thread_ts=ts)
    asked = await ready.slack.until(
        lambda: [m for m in bob.sees(ready.channel, thread_ts=ts) if m.get("is_ephemeral")]
    )
    await bob.click(asked[0]["ts"], "mark_reply", channel=ready.channel)

    await ready.card_saying(ts, f"Solved by <@{ready.ken.id}>")


async def test_the_asker_is_reminded_privately_and_can_turn_that_off(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=ts)
    await ready.slack.delivered()
    bob = ready.as_(ready.bob)

    note = await reminded(ready, bob)
    assert "Press Amend." in str(note)
    await bob.click(note["ts"], "mute_nudge", channel=bob.dm_channel)
    await bob.click(note["ts"], "mark_reply", channel=bob.dm_channel)

    await ready.card_saying(ts, f"Solved by <@{ready.ken.id}>")
    await ready.slack.until(lambda: "Solved by Ken Sato" in str(bob.dm()))


async def test_experts_say_when_they_can_be_asked(ready: Community):
    ken = ready.as_(ready.ken)
    said = [
        (await ken.command("/experts", words, ready.channel))["text"]
        for words in (
            "hours mon-fri 9:00-17:30",
            "hours usual",
            "limit 3",
            "messages on",
            "hours never",
            "away until tomorrow",
        )
    ]

    assert said[0] == "Done. You are asked Mon–Fri 9:00–17:30 only, in your time zone."
    assert said[1].startswith("Done. You are asked first in the usual hours")
    assert said[2] == "Done. You are asked about 3 questions a day at most."
    assert said[3] == "Done. You get a message for every question that you are asked to take."
    assert said[4].startswith("I cannot read “never” as working hours.")
    assert said[5].startswith("You will not be asked anything until <!date^")
    ts = await ready.ask(ready.bob, QUESTION)
    assert not ready.card_says(ts, f"<@{ready.ken.id}>")


async def test_who_paused_their_notifications_is_asked_when_they_are_back(ready: Community):
    slack, bob = ready.slack, ready.bob
    now = int(slack.clock.now().timestamp())
    await slack.set_quiet(ready.ken, now - 60, now + 3600)
    await slack.delivered()

    ts = await ready.ask(bob, QUESTION)
    assert not ready.card_says(ts, f"<@{ready.ken.id}>")
    await ready.slack.until(lambda: "I ask them" in str(ready.card(ts)))

    slack.clock.advance(timedelta(hours=1, minutes=1))
    await ready.card_saying(ts, f"<@{ready.ken.id}>")


async def test_slack_is_asked_who_can_be_reached_and_may_refuse(ready: Community):
    for method in ("dnd.teamInfo", "users.getPresence"):
        ready.slack.faults.add(method=method, kind="error", error="missing_scope")
    eva = ready.slack.add_user("eva", real_name="Eva Lind", tz="Europe/Rome")
    for user in (ready.ana, eva, ready.maria):
        if user is eva:
            await ready.slack.join(eva, ready.channel)
        await ready.as_(user).command("/experts", "join Customs", ready.channel)

    ts = await ready.ask(ready.bob, QUESTION)

    assert ready.card_says(ts, "can you help")
    await ready.slack.until(lambda: ready.slack.calls_to("dnd.teamInfo"))
    await ready.slack.until(lambda: ready.slack.calls_to("users.getPresence"))


async def reminded(ready: Community, bob: Person) -> Payload:
    """The private reminder, which comes when they are at work: some hour within a week is."""
    for _ in range(28):
        ready.slack.clock.advance(timedelta(hours=6))
        await ready.slack.delivered()
        with suppress(TimeoutError):
            return await ready.slack.until(lambda: next(iter(bob.dm()), None), timeout=0.5)
    raise AssertionError("no reminder came")
