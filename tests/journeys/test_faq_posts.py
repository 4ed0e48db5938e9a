"""A channel's FAQ over the wire: picked in Home, one message, kept in place."""

import pytest

from tests.journeys.conftest import Community
from tests.journeys.test_finding import whispered
from tests.journeys.test_health import home_of

ANSWER = "Press Amend first, then the field opens."


@pytest.mark.on_both
async def test_an_admin_picks_and_what_is_outdated_leaves(ready: Community):
    await ready.solve(ready.bob, ready.ken, "How do I correct a tariff code?", ANSWER)
    maria = ready.as_(ready.maria)
    assert "A channel's FAQ" in await home_of(ready, ready.maria)

    await maria.click(maria.home, "open_faq")
    await maria.submit({})
    (picked,) = [
        block["element"]["options"] for block in maria.view["blocks"] if "element" in block
    ]
    await maria.submit({"answers": {"value": [picked[0]["value"]]}})

    def page() -> str:
        posts = [each for each in maria.sees(ready.channel) if "works" in each["text"]]
        assert len(posts) <= 1
        return str(posts[0]) if posts else ""

    await ready.slack.until(lambda: ANSWER in page())

    ken = ready.as_(ready.ken)
    await ken.command("/find", "tariff code", ready.channel)
    found = await whispered(ready, ken, "1 solved question")
    await ken.click(found["ts"], "no_longer_works", channel=ready.channel)
    await ready.slack.until(
        lambda: any("Nothing is in this FAQ" in each["text"] for each in maria.sees(ready.channel))
    )
    assert not any(ANSWER in str(each) for each in maria.sees(ready.channel))
