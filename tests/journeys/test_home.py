"""The App Home tab shows a person what concerns them."""

from datetime import timedelta

from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"


async def home_of(ready: Community, user) -> str:
    person = ready.as_(user)
    await person.open_home()
    await ready.slack.until(lambda: person.home)
    return str(person.home)


async def test_the_asker_finds_their_open_question_and_the_expert_can_take_it(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)

    assert "Your open questions" in await home_of(ready, ready.bob)
    assert "Waiting for you" in await home_of(ready, ready.ken)
    ken = ready.as_(ready.ken)
    await ken.click(ken.home, "claim_question")

    await ready.card_saying(ts, f"<@{ready.ken.id}> is on it")


async def test_who_has_nothing_to_do_sees_how_it_works(ready: Community):
    shown = await home_of(ready, ready.ana)

    assert "Your open questions" not in shown
    assert "/find" in shown


async def test_a_stranger_is_shown_nothing_while_slack_does_not_say_who_they_are(ready: Community):
    await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")
    zoe = ready.slack.add_user("zoe")  # not in the channel, whose people are known
    await ready.slack.delivered()
    ready.slack.faults.add(method="users.info", kind="server_error")

    assert "Slack does not tell me who you are" in await ready.find(zoe, "tariff")
    assert "Press Amend" in await ready.find(zoe, "tariff")  # asked again, Slack said it


async def test_when_somebody_can_be_asked_is_changed_in_home(ready: Community):
    ken = ready.as_(ready.ken)
    assert "You help on *Customs*. You are asked first Mon–Fri 9:00–18:00" in await home_of(
        ready, ready.ken
    )

    await ken.click(ken.home, "change_availability")
    assert ken.view is not None and ken.view["callback_id"] == "availability"
    day_after_tomorrow = (ready.slack.clock.now() + timedelta(days=2)).date().isoformat()
    await ken.submit(
        {
            "when": {"value": "own"},
            "days": {"value": ["0", "1", "2", "3", "4", "5"]},
            "starts": {"value": "08:00"},
            "ends": {"value": "16:30"},
            "limit": {"value": "3"},
            "back_on": {"value": day_after_tomorrow},
            "reminders": {"value": ["mark"]},
        }
    )

    await ready.slack.until(lambda: "You are away until" in str(ken.home))
    assert "You are asked only Mon–Sat 8:00–16:30, about 3 questions a day at most." in str(
        ken.home
    )
    ts = await ready.ask(ready.bob, QUESTION)
    assert not ready.card_says(ts, f"<@{ready.ken.id}>")


async def test_hours_without_a_day_are_refused_beside_the_field(ready: Community):
    ken = ready.as_(ready.ken)
    await home_of(ready, ready.ken)
    await ken.click(ken.home, "change_availability")

    answered = await ken.submit({"when": {"value": "own"}, "days": {"value": []}})

    assert answered.errors == {
        "days": "Choose at least one day, and an end that differs from the start."
    }


async def test_leaving_every_topic_in_home_ends_the_asking(ready: Community):
    ken = ready.as_(ready.ken)
    await home_of(ready, ready.ken)
    await ken.click(ken.home, "change_availability")
    await ken.submit({"topics": {"value": []}})

    await ready.slack.until(lambda: "You do not help on a topic yet." in str(ken.home))


async def test_home_is_redrawn_after_a_click_in_it(ready: Community):
    await ready.ask(ready.bob, QUESTION)
    await home_of(ready, ready.ken)
    ken = ready.as_(ready.ken)

    await ken.click(ken.home, "claim_question")

    await ready.slack.until(lambda: "you are on it" in str(ken.home))


async def test_home_is_redrawn_when_others_change_what_is_in_it(ready: Community):
    slack, bob, ken = ready.slack, ready.as_(ready.bob), ready.as_(ready.ken)
    assert "Waiting for you" not in await home_of(ready, ready.ken)
    await home_of(ready, ready.bob)

    ts = await ready.ask(ready.bob, QUESTION)

    await slack.until(lambda: "Waiting for you" in str(ken.home))
    await slack.until(lambda: "Your open questions" in str(bob.home))
    assert "If nobody takes it" in str(bob.home)
    await ken.click(ready.card(ts)["ts"], "claim_question", channel=ready.channel)
    await slack.until(lambda: f"<@{ready.ken.id}> is on it." in str(bob.home))
    assert not [
        call
        for call in slack.calls_to("views.publish")
        if call.args["user_id"] == ready.ana.id  # who never looked at hers
    ]


async def test_a_question_is_closed_from_home(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await ready.ask(ready.bob, QUESTION)
    await home_of(ready, ready.bob)

    await bob.click(bob.home, "close_question")

    await ready.slack.until(lambda: "Your open questions" not in str(bob.home))
    await ready.card_saying(ts, "needs no answer any more")


async def test_the_first_card_and_the_first_solution_explain_themselves_and_no_other(
    ready: Community,
):
    first, second = "This is the first question here", "is all it takes"
    asked = await ready.ask(ready.bob, QUESTION)
    assert first in str(ready.card(asked)["blocks"])
    again = await ready.ask(ready.ana, "Where is the list of all the seals that we have?")
    assert first not in str(ready.card(again)["blocks"])

    for ts, asker in ((asked, ready.bob), (again, ready.ana)):
        reply = await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=ts)
        await ready.slack.delivered()
        await ready.as_(asker).react(ready.channel, reply, "white_check_mark")
        await ready.card_saying(ts, "Solved")

    assert second in str(ready.card(asked)["blocks"])
    assert first not in str(ready.card(asked)["blocks"])
    assert second not in str(ready.card(again)["blocks"])
