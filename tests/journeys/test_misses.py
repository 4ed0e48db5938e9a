"""What five people search in vain: an admin hears of it, writes the answer, and it is found."""

import pytest

from bot.finding.misses import FEWEST
from tests.journeys.conftest import Community
from tests.journeys.test_health import home_of


async def search_in_vain(ready: Community, people: int) -> None:
    for number in range(people):
        person = ready.slack.add_user(f"searcher{number}")
        await ready.slack.join(person, ready.channel)
        await ready.ask(person, f"Does somebody know where the form number {number} is?")
        assert "Nothing solved yet" in await ready.find(person, "carnet ATA")


@pytest.mark.on_both
async def test_an_admin_writes_what_was_missing_and_the_next_one_finds_it(ready: Community):
    await search_in_vain(ready, FEWEST - 1)
    assert "Searched and not found" not in await home_of(ready, ready.maria)
    assert "Nothing solved yet" in await ready.find(ready.bob, "ATA carnet")
    maria = ready.as_(ready.maria)
    assert "5 searches for “carnet ata” found nothing." in await home_of(ready, ready.maria)

    await maria.click(maria.home, "write_answer")
    await maria.submit(
        {
            "question": {"value": "Where do I get a carnet ATA?"},
            "answer": {"value": "At the *chamber*, in two days."},
        }
    )

    ana = ready.as_(ready.ana)

    def thread() -> str:
        """What was posted, with the answer and the card, once it is solved."""
        posts = [each for each in ana.sees(ready.channel) if "wrote down" in str(each)]
        return str(ana.sees(ready.channel, thread_ts=posts[0]["ts"])) if posts else ""

    await ready.slack.until(lambda: "Solved" in thread())
    assert "What works, by" in thread()
    assert "in two days" in await ready.find(ready.ana, "carnet ATA")
    seen = [str(each) for each in ready.as_(ready.ana).sees(ready.channel)]
    assert not any(f"<@{ready.ken.id}>, can you help" in each for each in seen)
    assert "Searched and not found" not in await home_of(ready, ready.maria)


async def test_who_is_no_admin_is_told_nothing(ready: Community):
    await search_in_vain(ready, FEWEST)

    assert "Searched and not found" not in await home_of(ready, ready.bob)
