"""What is said in a help channel: asked about, asked back about, waited for, or let pass."""

from datetime import timedelta

import pytest

from sandbox import Channel, User
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"
UNSURE = "Printer blank"
WONDERED = "Is this for the people who know?"
TALK = "The tariff code of form 4711"


def private(community: Community, user: User, channel: Channel | None = None) -> list[dict]:
    """What only this person sees in the channel."""
    said = community.as_(user).sees(channel or community.channel)
    return [each for each in said if each.get("is_ephemeral")]


async def wondered(community: Community, user: User) -> dict:
    """The line to this person, once it is there."""

    def lines() -> list[dict]:
        return [each for each in private(community, user) if each["text"] == WONDERED]

    return (await community.slack.until(lines))[-1]


async def is_quiet(community: Community, ts: str) -> bool:
    """Whether nothing came of it: neither a card nor a line."""
    await community.slack.delivered()
    seen = community.as_(community.maria).sees(community.channel, thread_ts=ts)
    return len(seen) == 1 and not community.slack.calls_to("chat.postEphemeral")


async def test_who_wrote_what_may_be_a_question_alone_is_asked_and_says_yes(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, UNSURE)
    line = await wondered(ready, ready.bob)
    assert private(ready, ready.ken) == []
    assert ready.card(ts) is None

    await bob.click(line["ts"], "ask_them", channel=ready.channel)

    await ready.slack.until(lambda: ready.card(ts))
    assert private(ready, ready.bob)[0]["text"] == "I am asking them."


async def test_no_leaves_it_and_nobody_is_asked_twice_a_day(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, UNSURE)
    line = await wondered(ready, ready.bob)

    await bob.click(line["ts"], "no_question", channel=ready.channel)
    again = await bob.post(ready.channel, "Scanner slow")
    await ready.slack.delivered()

    assert [each["text"] for each in private(ready, ready.bob)] == ["Then I leave it."]
    assert ready.card(ts) is None
    assert ready.card(again) is None


async def test_who_never_wants_that_line_reads_it_no_more(ready: Community):
    bob = ready.as_(ready.bob)
    await bob.post(ready.channel, UNSURE)
    line = await wondered(ready, ready.bob)

    await bob.click(line["ts"], "mute_nudge", channel=ready.channel, value="unsure")
    await ready.slack.until(lambda: len(private(ready, ready.bob)) == 2)
    ready.slack.clock.advance(timedelta(days=2))
    await bob.post(ready.channel, "Scanner slow")
    await ready.slack.delivered()

    assert len(ready.slack.calls_to("chat.postEphemeral")) == 1


async def test_a_message_deleted_meanwhile_is_not_asked(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, UNSURE)
    line = await wondered(ready, ready.bob)
    await bob.delete(ready.channel, ts)
    await ready.slack.delivered()

    await bob.click(line["ts"], "ask_them", channel=ready.channel)

    def told() -> bool:
        return any("I no longer have that message" in m["text"] for m in private(ready, ready.bob))

    await ready.slack.until(told)
    assert not ready.slack.calls_to("chat.postMessage")


async def test_one_that_became_a_question_meanwhile_stays_one(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, UNSURE)
    line = await wondered(ready, ready.bob)
    await ready.as_(ready.ana).react(ready.channel, ts, "question")
    await ready.slack.until(lambda: ready.card(ts))

    await bob.click(line["ts"], "ask_them", channel=ready.channel)
    await ready.slack.delivered()

    assert private(ready, ready.bob)[0]["text"] == "I am asking them."
    assert ready.card(ts) is not None


async def test_one_that_was_called_no_question_is_asked_again_where_its_author_says_so(
    ready: Community,
):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, UNSURE)
    line = await wondered(ready, ready.bob)
    await ready.as_(ready.ana).react(ready.channel, ts, "question")
    card = await ready.slack.until(lambda: ready.card(ts))
    await bob.click(card["ts"], "not_a_question", channel=ready.channel)
    await ready.slack.until(lambda: ready.card(ts) is None)

    await bob.click(line["ts"], "ask_them", channel=ready.channel)

    await ready.slack.until(lambda: ready.card(ts))


async def test_no_to_one_that_became_a_question_says_how_to_take_that_back(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, UNSURE)
    line = await wondered(ready, ready.bob)
    await ready.as_(ready.ana).react(ready.channel, ts, "question")
    await ready.slack.until(lambda: ready.card(ts))

    await bob.click(line["ts"], "no_question", channel=ready.channel)
    await ready.slack.delivered()

    assert "“Not a question” on its card" in private(ready, ready.bob)[0]["text"]
    assert ready.card(ts) is not None


@pytest.mark.parametrize("says", ["Can I ask something?", "Quick question", "Darf ich was fragen?"])
async def test_whoever_asks_whether_they_may_ask_is_waited_for(ready: Community, says: str):
    bob = ready.as_(ready.bob)
    asked = await bob.post(ready.channel, says)
    assert await is_quiet(ready, asked)
    await ready.as_(ready.ana).post(ready.channel, "Sure, go ahead")

    ts = await bob.post(ready.channel, TALK)

    await ready.slack.until(lambda: ready.card(ts))
    assert ready.card(asked) is None


async def test_the_question_may_stand_in_the_thread_of_whether_one_may_ask(ready: Community):
    bob = ready.as_(ready.bob)
    asked = await bob.post(ready.channel, "Can I ask something?")
    await ready.as_(ready.ana).post(ready.channel, "Sure", thread_ts=asked)
    await ready.slack.delivered()

    await bob.post(ready.channel, TALK, thread_ts=asked)

    await ready.slack.until(lambda: ready.card(asked))


async def test_a_channel_set_to_everything_hears_all_but_chatter(ready: Community):
    maria, bob = ready.as_(ready.maria), ready.as_(ready.bob)

    told = await maria.command("/askaround", "channel everything", ready.channel)
    chatter = await bob.post(ready.channel, "Good morning all")
    assert await is_quiet(ready, chatter)
    ts = await bob.post(ready.channel, TALK)

    await ready.slack.until(lambda: ready.card(ts))
    assert "everything but chatter" in told["text"]


async def test_a_channel_set_to_called_hears_only_that(ready: Community):
    maria, bob = ready.as_(ready.maria), ready.as_(ready.bob)

    told = await maria.command("/askaround", "channel called", ready.channel)
    ts = await bob.post(ready.channel, QUESTION)
    assert await is_quiet(ready, ts)
    await bob.react(ready.channel, ts, "question")

    await ready.slack.until(lambda: ready.card(ts))
    assert "only when called" in told["text"]
    shown = await bob.command("/askaround", "channel", ready.channel)
    assert shown["text"] == told["text"]


async def test_only_admins_choose_how_much_is_heard(ready: Community):
    for words in ("channel everything", "channel form Request", "channel no form Request"):
        reply = await ready.as_(ready.bob).command("/askaround", words, ready.channel)
        assert reply["text"] == "Only workspace admins can change that."
