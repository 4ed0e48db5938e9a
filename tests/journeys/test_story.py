"""The main job, from the first question to Monday's digest, over real sockets."""

from datetime import timedelta

import pytest

from tests.journeys.conftest import Community

pytestmark = [
    pytest.mark.on_both,
    pytest.mark.parametrize("transport", ["socket", "http"], indirect=True),
]


@pytest.fixture
def transport(request: pytest.FixtureRequest) -> str:
    return request.param


async def test_ask_answer_mark_find_and_read_it_on_monday(ready: Community):
    slack, channel = ready.slack, ready.channel
    bob, ken, ana = ready.as_(ready.bob), ready.as_(ready.ken), ready.as_(ready.ana)

    question = await ready.ask(ready.bob, "How do I correct the tariff code of a rejected form?")
    card = await ready.card_saying(question, "can you help")
    assert f"<@{ready.ken.id}>" in card["text"]

    await ken.click(card["ts"], "claim_question", channel=channel)
    await ready.card_saying(question, f"<@{ready.ken.id}> is on it")
    answer = await ken.post(channel, "Press Amend, enter the code, resend.", thread_ts=question)
    await slack.delivered()
    await bob.react(channel, answer, "white_check_mark")
    await ready.card_saying(question, f"Solved by <@{ready.ken.id}>")
    await slack.until(lambda: marker(ready, question) == ["white_check_mark"])

    assert "Press Amend" in await ready.find(ready.ana, "rejected form")
    assert "solved 1 question for 1 person" in str(
        await ana.command("/kudos", f"<@{ready.ken.id}>", channel)
    )

    waiting = await ready.ask(ready.bob, "Where can I see the seal number of a container?")
    slack.clock.advance(until_monday_after_nine(ready))
    digest = await slack.until(lambda: posted_by_bot(ready))
    assert "Last week 1 colleague solved 1 question here" in digest["text"]
    told = str(digest["blocks"])
    assert f":seedling: For the first time: <@{ready.ken.id}>" in told
    assert "How do I correct the tariff code of a rejected form?" in told
    assert "Where can I see the seal number of a container?" in told

    await ken.click(digest["ts"], "claim_question", channel=channel)
    await ready.card_saying(waiting, f"<@{ready.ken.id}> is on it")


def marker(community: Community, ts: str) -> list[str]:
    message = next(m for m in community.as_(community.bob).sees(community.channel) if m["ts"] == ts)
    return [reaction["name"] for reaction in message.get("reactions", [])]


def posted_by_bot(community: Community) -> dict | None:
    seen = community.as_(community.bob).sees(community.channel)
    posts = [each for each in seen if each["user"] == community.slack.bot_user_id]
    assert len(posts) <= 1, "one digest a week"
    return posts[0] if posts else None


def until_monday_after_nine(community: Community) -> timedelta:
    """From the sandbox's now to a little after 9:00 in Rome next Monday (never over 12 hours
    late, whatever day the test runs on)."""
    now = community.slack.clock.now()
    days = 7 - now.weekday()
    monday = (now + timedelta(days=days)).replace(hour=9, minute=30, second=0, microsecond=0)
    return monday - now
