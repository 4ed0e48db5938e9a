"""Who keeps solving a topic's questions is asked, once, whether they would be its expert."""

from datetime import timedelta

from sandbox import Person, User
from tests.journeys.conftest import Community

EXPERTS = "/experts"


async def help_three_times(ready: Community, author: User) -> None:
    """Somebody who is no expert solves three questions of two people."""
    for asker, question in (
        (ready.bob, "How do I correct the tariff of a rejected form?"),
        (ready.maria, "Where are the seals for Norway kept?"),
        (ready.bob, "Who signs the declaration on Sundays?"),
    ):
        await ready.solve(asker, author, question, "See the blue folder.")
        ready.slack.clock.advance(timedelta(minutes=5))  # what comes now is no follow-up


async def named(ready: Community) -> str:
    """Who helps with what, as /experts tells it."""
    return str(await ready.as_(ready.bob).command(EXPERTS, "", ready.channel))


def proposal(person: Person) -> dict | None:
    begins = "You solved 3 questions about *Customs* lately."
    found = [each for each in person.dm() if each["text"].startswith(begins)]
    assert len(found) <= 1
    return found[0] if found else None


async def test_who_keeps_helping_is_asked_and_joins(ready: Community):
    ana = ready.as_(ready.ana)
    await ana.open_home()  # the bot gets to know her
    await help_three_times(ready, ready.ana)

    note = await ready.slack.until(lambda: proposal(ana))
    assert "tariff" not in str(note)
    assert f"<@{ready.ana.id}>" not in await named(ready)
    await ana.click(note["ts"], "join_proposed", channel=ana.dm_channel)

    await ready.slack.until(lambda: "Thank you. Questions about *Customs*" in str(ana.dm()))
    assert f"<@{ready.ana.id}>" in await named(ready)


async def test_who_would_rather_not_is_left_alone(ready: Community):
    ana, maria = ready.as_(ready.ana), ready.as_(ready.maria)
    await ana.open_home()
    await help_three_times(ready, ready.ana)
    note = await ready.slack.until(lambda: proposal(ana))

    await ana.click(note["ts"], "decline_proposed", channel=ana.dm_channel)

    await ready.slack.until(lambda: "I will not bring up *Customs* again" in str(ana.dm()))
    await ready.solve(ready.bob, ready.ana, "When does the harbour open?", "At six.")
    await maria.open_home()
    await ready.slack.until(lambda: maria.home)
    assert "Could help on a topic" not in str(maria.home)
    assert f"<@{ready.ana.id}>" not in await named(ready)


async def test_an_admin_asks_them_from_home_and_they_are_in_from_their_yes_on(ready: Community):
    ana, maria, ken = ready.as_(ready.ana), ready.as_(ready.maria), ready.as_(ready.ken)
    await ana.open_home()
    await help_three_times(ready, ready.ana)
    await ready.slack.until(lambda: next(iter(ana.dm()), None))
    await ken.open_home()
    await maria.open_home()
    await ready.slack.until(lambda: maria.home and ken.home)
    assert "solved 3 questions about *Customs* for 2 people." in str(maria.home)
    assert "Could help on a topic" not in str(ken.home)

    await maria.click(maria.home, "add_proposed")

    told = f"<@{ready.maria.id}> would like you to help on *Customs*"
    asked = await ready.slack.until(lambda: next((m for m in ana.dm() if told in m["text"]), None))
    assert f"<@{ready.ana.id}>" not in await named(ready)
    await ana.click(asked["ts"], "accept_invitation", channel=ana.dm_channel)
    await ready.slack.until(lambda: "Could help on a topic" not in str(maria.home))
    assert f"<@{ready.ana.id}>" in await named(ready)
