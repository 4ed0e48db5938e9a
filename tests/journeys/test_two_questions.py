"""One person, several messages: one question, or two."""

from datetime import timedelta

from sandbox import Submission
from tests.journeys.conftest import Community

KEY = "Where is the spare key for gate 4?"
MILEAGE = "How do I claim mileage for last month?"
UNSURE = "Who has the key for gate 5?"


async def test_another_question_two_minutes_later_is_another(ready: Community):
    first = await ready.ask(ready.bob, KEY)
    ready.slack.clock.advance(timedelta(minutes=2))

    second = await ready.ask(ready.bob, MILEAGE)
    more = await ready.as_(ready.bob).post(ready.channel, "I drove to Rotterdam twice")
    await ready.slack.delivered()

    assert ready.card(more) is None
    await mark(ready, second, "In the expense portal.")
    assert "Rotterdam" in await ready.find(ready.ana, "mileage Rotterdam")
    assert not ready.card_says(first, "Solved")


async def test_after_the_first_is_solved_the_next_is_another(ready: Community):
    first = await ready.ask(ready.bob, KEY)
    await mark(ready, first, "With the porter.")

    second = await ready.as_(ready.bob).post(ready.channel, UNSURE)
    await ready.slack.delivered()
    ready.slack.clock.advance(timedelta(minutes=2))  # for a suggestion that nobody answers

    await ready.slack.until(lambda: ready.card(second))


async def test_what_may_be_the_same_joins_and_the_card_offers_to_part_it(ready: Community):
    first = await ready.ask(ready.bob, KEY)
    bob = ready.as_(ready.bob)
    second = await bob.post(ready.channel, UNSURE)
    card = await ready.slack.until(lambda: offering_to_part(ready, first))
    assert ready.card(second) is None

    await bob.choose(card["ts"], "question_more", part_of(card), channel=ready.channel)
    assert bob.view is not None
    assert isinstance(await bob.submit(), Submission)

    await ready.slack.until(lambda: ready.card(second))
    await mark(ready, second, "In the blue box.")
    assert "blue box" in await ready.find(ready.ana, "gate 5")
    assert not ready.card_says(first, "Solved")


async def test_only_who_decides_about_it_parts_it(ready: Community):
    first = await ready.ask(ready.bob, KEY)
    await ready.as_(ready.bob).post(ready.channel, UNSURE)
    card = await ready.slack.until(lambda: offering_to_part(ready, first))
    ana = ready.as_(ready.ana)

    await ana.choose(card["ts"], "question_more", part_of(card), channel=ready.channel)

    [said] = await ready.slack.until(
        lambda: [m for m in ana.sees(ready.channel, thread_ts=first) if m.get("is_ephemeral")]
    )
    assert "who asked here, or an expert" in said["text"]
    assert ana.view is None


async def test_pointing_at_a_follow_up_parts_it(ready: Community):
    for how in ("reaction", "shortcut"):
        first = await ready.ask(ready.bob, KEY)
        second = await ready.as_(ready.bob).post(ready.channel, UNSURE)
        await ready.slack.delivered()
        assert ready.card(second) is None

        if how == "reaction":
            await ready.as_(ready.ana).react(ready.channel, second, "question")
        else:
            await ready.as_(ready.ana).shortcut("ask_about_message", ready.channel, second)

        await ready.slack.until(lambda at=second: ready.card(at))
        assert ready.card(first) is not None
        ready.slack.clock.advance(timedelta(minutes=10))


async def mark(community: Community, ts: str, words: str) -> None:
    """Ken answers, and Bob marks it."""
    reply = await community.as_(community.ken).post(community.channel, words, thread_ts=ts)
    await community.slack.delivered()
    await community.as_(community.bob).react(community.channel, reply, "white_check_mark")
    await community.card_saying(ts, "Solved")


def offering_to_part(community: Community, ts: str) -> dict | None:
    card = community.card(ts)
    return card if card and part_of(card) else None


def part_of(card: dict) -> str:
    """The value of the menu's entry."""
    elements = [each for block in card["blocks"] for each in block.get("elements", [])]
    options = [option for each in elements for option in each.get("options", [])]
    return next((each["value"] for each in options if each["value"].startswith("part:")), "")
