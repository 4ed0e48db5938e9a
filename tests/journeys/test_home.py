"""The App Home tab shows a person what concerns them."""

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
    ready.slack.faults.add(method="users.info", kind="server_error")

    assert "Nothing solved yet" in await ready.find(ready.ana, "tariff")
    assert "Press Amend" in await ready.find(ready.ana, "tariff")  # asked again, Slack said it
