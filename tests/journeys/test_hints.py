"""A question that says too little, and a newcomer's that nobody answers."""

from datetime import timedelta

from sandbox import User
from tests.journeys.conftest import Community

THIN = "Can someone help me please, the scanner doesn't work"


async def test_the_asker_alone_reads_what_experts_will_ask_once_and_can_turn_it_off(
    ready: Community,
):
    maria, bob = ready.as_(ready.maria), ready.as_(ready.bob)
    await maria.command("/askaround", "topic customs", ready.channel)
    await maria.submit({"hint": {"value": "which form, and which *country*"}})
    ts = await ready.ask(ready.bob, THIN)
    assert ephemerals(ready, ready.bob) == []

    ready.slack.clock.advance(timedelta(minutes=2))
    await ready.slack.until(lambda: ephemerals(ready, ready.bob))
    hint = ephemerals(ready, ready.bob)[0]
    assert hint["text"].startswith("Experts on *Customs* will want to know: which form, and which")
    assert ephemerals(ready, ready.ken) == []
    await bob.click(hint["ts"], "mute_nudge", channel=ready.channel)

    await bob.edit(ready.channel, ts, THIN + " today")
    ready.slack.clock.advance(timedelta(minutes=5))
    await ready.ask(ready.bob, THIN)
    ready.slack.clock.advance(timedelta(minutes=2))
    await ready.slack.delivered()
    said = [m["text"] for m in ephemerals(ready, ready.bob) if "will want to know" in m["text"]]
    assert len(said) == 1


async def test_who_says_more_in_time_gets_no_hint(ready: Community):
    await ready.ask(ready.bob, THIN)
    await ready.as_(ready.bob).post(ready.channel, "It shows E-4711 on dock 4.")
    await ready.slack.delivered()

    ready.slack.clock.advance(timedelta(minutes=2))
    ts = await ready.ask(ready.ana, THIN)
    ready.slack.clock.advance(timedelta(minutes=2))
    await ready.slack.until(lambda: ephemerals(ready, ready.ana))

    assert ready.card(ts)
    assert ephemerals(ready, ready.bob) == []


async def test_ask_says_in_its_modal_what_experts_will_want_to_know(ready: Community):
    bob = ready.as_(ready.bob)

    await bob.command("/ask", "", ready.channel)

    assert "Experts will want to know what you tried" in str(bob.view)


async def test_who_runs_the_topic_hears_of_a_newcomers_question_that_came_to_rest(
    ready: Community,
):
    maria = ready.as_(ready.maria)
    ts = await ready.ask(ready.bob, "How do I correct the tariff code of a rejected form?")

    ready.slack.clock.advance(timedelta(days=3))
    await ready.slack.until(lambda: "Nobody could take it so far" in str(ready.card(ts)))
    ready.slack.clock.advance(timedelta(days=3))
    note = await ready.slack.until(lambda: next(iter(maria.dm()), None))

    assert note["text"].startswith(f"Nobody has replied to <@{ready.bob.id}>'s first question yet")
    assert len(maria.dm()) == 1
    await maria.click(note["ts"], "mute_nudge", channel=maria.dm_channel)


async def test_home_shows_a_newcomers_question_first(ready: Community):
    for user, number in ((ready.bob, 1), (ready.bob, 2), (ready.ana, 3), (ready.bob, 4)):
        await ready.ask(user, f"How do I correct tariff code {number} of a rejected form?")
        ready.slack.clock.advance(timedelta(minutes=5))  # what comes now is no follow-up
    ken = ready.as_(ready.ken)

    await ken.open_home()
    await ready.slack.until(lambda: ken.home)

    shown = str(ken.home)
    places = [shown.index(f"tariff code {number} of") for number in (3, 1, 4)]
    assert places == sorted(places)
    assert "Show 1 more" in shown
    assert shown.count("their first question") == 2


def ephemerals(ready: Community, user: User) -> list[dict]:
    return [m for m in ready.as_(user).sees(ready.channel) if m.get("is_ephemeral")]
