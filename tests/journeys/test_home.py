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
