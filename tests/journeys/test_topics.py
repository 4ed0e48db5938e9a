"""Channels' own topics, who is asked first whether they may be asked, and topics that change."""

from datetime import timedelta

import pytest

from bot.errors import OwnTopicStays
from sandbox import Channel, User
from tests.journeys.conftest import Community

EXPERTS, ASKAROUND = "/experts", "/askaround"
QUESTION = "How do I correct the tariff code of a rejected form?"


@pytest.fixture
async def plain(community: Community, bot) -> Community:
    """A help channel for which nobody made a topic."""
    await community.as_(community.maria).command(ASKAROUND, "channel on", community.channel)
    return community


async def test_a_help_channel_has_a_topic_of_its_own_that_people_join(plain: Community):
    ken, bob = plain.as_(plain.ken), plain.as_(plain.bob)

    said = await ken.command(EXPERTS, "join", plain.channel)

    assert said["text"] == "Thank you. Questions about *logistics* will reach you from now on."
    ts = await plain.ask(plain.bob, QUESTION)
    card = await plain.card_saying(ts, plain.ken.id)
    assert "about *logistics*" not in str(card)  # that is said by where it stands
    listed = str(await bob.command(EXPERTS, "", plain.channel))
    assert f"*logistics*: <@{plain.ken.id}>" in listed


async def another_channel(community: Community, name: str) -> Channel:
    """A help channel that people whom the bot knows are in."""
    slack, people = community.slack, [community.maria, community.bob, community.ana]
    for user in people:
        await community.as_(user).open_home()
    channel = slack.add_channel(name, members=people)
    read = len(slack.calls_to("conversations.members"))
    await slack.join(slack.bot, channel)
    await slack.until(lambda: len(slack.calls_to("conversations.members")) > read)
    await slack.delivered()
    for _ in range(50):  # who is in it is being noted
        answer = await community.as_(community.maria).command(ASKAROUND, "channel on", channel)
        if "is a help channel now" in answer["text"]:
            return channel
    raise AssertionError(answer)


async def solve_three(community: Community, author: User) -> None:
    """Alike ones, of two askers."""
    for number, word in enumerate(("rejected", "refused", "returned")):
        asker = community.as_((community.bob, community.maria)[number % 2])
        question = f"How do I correct the tariff code of a {word} form?"
        ts = await asker.post(community.channel, question)
        reply = await community.as_(author).post(
            community.channel, "Press Amend and type it anew.", thread_ts=ts
        )
        await community.slack.delivered()
        await asker.react(community.channel, reply, "white_check_mark")
        await community.slack.delivered()
        community.slack.clock.advance(timedelta(minutes=5))
        await community.card_saying(ts, "Solved")


async def test_who_solved_alike_ones_is_asked_first_and_from_their_yes_on(plain: Community):
    slack, ana = plain.slack, plain.as_(plain.ana)
    warehouse = await another_channel(plain, "warehouse")
    await solve_three(plain, plain.ana)
    dm = await slack.until(lambda: next((m for m in ana.dm() if "You solved" in m["text"]), None))
    assert dm["text"].startswith("You solved 3 questions in <#")
    await ana.click(dm["ts"], "decline_proposed", channel=ana.dm_channel)

    ts = await plain.as_(plain.bob).post(warehouse, "How to correct the tariff code of a form?")
    asked = await slack.until(lambda: next((m for m in ana.dm() if "like this" in str(m)), None))

    assert asked["text"].startswith("You solved 3 questions like this. May I ask you when another")
    assert plain.ana.id not in str(said_by_bot(plain, warehouse, ts))
    await ana.click(asked["ts"], "join_proposed", channel=ana.dm_channel)
    slack.clock.advance(timedelta(minutes=3))  # the asker was shown what was solved, and waits
    await slack.until(lambda: f"<@{plain.ana.id}>, can you" in said_by_bot(plain, warehouse, ts))


def said_by_bot(community: Community, channel: Channel, ts: str) -> str:
    seen = community.as_(community.maria).sees(channel, thread_ts=ts)
    return " ".join(m["text"] for m in seen if m["user"] == community.slack.bot_user_id)


async def test_a_question_goes_to_who_joined_elsewhere_and_solved_alike_ones(plain: Community):
    slack = plain.slack
    warehouse = await another_channel(plain, "warehouse")
    await plain.as_(plain.ana).command(EXPERTS, "join", plain.channel)
    await plain.solve(plain.maria, plain.ana, QUESTION, "Press Amend and type it anew.")
    slack.clock.advance(timedelta(minutes=5))

    ts = await plain.as_(plain.bob).post(
        warehouse, "How do I correct the tariff code of a refused form?"
    )

    await slack.delivered()
    slack.clock.advance(timedelta(minutes=5))  # the asker was shown what was solved, and waits
    await slack.until(lambda: f"<@{plain.ana.id}>" in said_by_bot(plain, warehouse, ts))


async def test_who_is_named_and_no_expert_is_asked_that_and_is_in_from_their_yes_on(
    ready: Community,
):
    ana = ready.as_(ready.ana)
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, ready.ken.id)
    ken = ready.as_(ready.ken)
    await ken.click(card["ts"], "pass_question", channel=ready.channel)
    private = await ready.slack.until(
        lambda: [m for m in ken.sees(ready.channel, thread_ts=ts) if m.get("is_ephemeral")]
    )

    await ken.choose(private[0]["ts"], "refer_question", ready.ana.id, channel=ready.channel)
    note = await ready.slack.until(lambda: next(iter(ana.dm()), None))

    assert note["text"].startswith(f"<@{ready.ken.id}> says that you could help with this question")
    assert QUESTION in str(note) and ready.ana.id not in str(ready.card(ts))
    await ana.click(note["ts"], "join_proposed", channel=ana.dm_channel)
    card = await ready.card_saying(ts, f"<@{ready.ana.id}>, can you help")
    assert f"<@{ready.ken.id}> says to ask <@{ready.ana.id}>" in str(card["blocks"])


async def test_a_topic_is_renamed_merged_and_deleted_and_its_experts_hear_of_it_once(
    ready: Community,
):
    maria, ken = ready.as_(ready.maria), ready.as_(ready.ken)
    ts = await ready.ask(ready.bob, QUESTION)
    await ready.card_saying(ts, "about *Customs*")
    said = await maria.command(ASKAROUND, "topic rename customs to Customs and duty", ready.channel)
    assert said["text"] == "Done. *Customs* is called *Customs and duty* from now on."
    await maria.command(ASKAROUND, "topic Seals", ready.channel)
    await maria.submit({"name": {"value": "Seals"}})
    await ready.as_(ready.ana).command("/experts", "join Seals", ready.channel)

    said = await maria.command(ASKAROUND, "topic merge customs and duty into seals", ready.channel)
    assert said["text"].startswith("Done. *Customs and duty* is a part of *Seals* now")
    await ready.card_saying(ts, "about *Seals*")
    note = await ready.slack.until(lambda: next(iter(ken.dm()), None))
    assert note["text"].startswith(f"<@{ready.maria.id}> made *Customs and duty* a part of *Seals*")

    await maria.command(ASKAROUND, "topic seals", ready.channel)
    await maria.submit({"end": {"value": "delete"}})
    await ready.slack.until(lambda: "about *" not in ready.card(ts)["text"])
    gone = await ready.slack.until(lambda: [m for m in ken.dm() if "deleted the topic" in str(m)])
    assert len(gone) == 1
    await ready.slack.until(lambda: ready.ken.id not in ready.card(ts)["text"])
    said = await maria.command(ASKAROUND, "topic delete logistics", ready.channel)
    assert said["text"] == str(OwnTopicStays("logistics"))


async def test_the_same_question_elsewhere_is_noticed_where_its_asker_can_read_it(
    ready: Community,
):
    slack, bob = ready.slack, ready.as_(ready.bob)
    docks = await another_channel(ready, "docks")
    first = await ready.ask(ready.ana, QUESTION)

    ts = await bob.post(docks, "How can I correct a rejected form's tariff code?")
    told = await slack.until(
        lambda: next((m for m in bob.sees(docks) if m.get("is_ephemeral")), None)
    )

    assert told["text"].startswith(f"Ana Silva asked this in <#{ready.channel.id}>.")
    assert first.replace(".", "") in str(told)
    await bob.click(told["ts"], "take_there", channel=docks)
    await slack.until(lambda: "The answer comes there" in said_by_bot(ready, docks, ts))
