"""An admin looks at what people keep asking, names who reads it, and marks a theme as taught."""

from datetime import timedelta

from sandbox import User
from tests.journeys.conftest import Community
from tests.journeys.test_health import home_of

QUARTER = timedelta(days=95)


async def until_home_has(ready: Community, user: User, words: str) -> str:
    shown = await home_of(ready, user)
    assert words in shown
    return shown


async def test_what_five_people_keep_asking_is_told_after_the_quarter(ready: Community):
    for number in range(5):
        person = ready.slack.add_user(f"asker{number}")
        await ready.slack.join(person, ready.channel)
        await ready.ask(person, f"How do I amend the tariff code of form {number}?")
    ready.slack.clock.advance(QUARTER)
    maria = ready.as_(ready.maria)
    await until_home_has(ready, ready.maria, "What people keep asking")

    await maria.click(maria.home, "gaps_open")

    assert "5 questions of 5 people" in str(maria.view)
    await maria.click(maria.view, "gap_taught")
    day = ready.slack.clock.now().date().isoformat()
    await maria.submit({"taught_on": {"value": day}})
    await maria.close_view()
    await maria.click(maria.home, "gaps_open")
    assert "Taught on" in str(maria.view)


async def test_others_see_nothing_of_it(ready: Community):
    assert "What people keep asking" not in await home_of(ready, ready.bob)
