"""Nobody sees here what they could not read in Slack."""

import pytest

from sandbox import Channel, User
from tests.journeys.conftest import Community


@pytest.fixture
async def secret(ready: Community) -> Channel:
    """A private help channel of Maria, Ken and Bob with a solved question in it."""
    members = [ready.maria, ready.ken, ready.bob, ready.slack.bot]
    channel = ready.slack.add_channel("board-room", members=members, is_private=True)
    await ready.slack.send_event(
        {
            "type": "member_joined_channel",
            "user": ready.slack.bot_user_id,
            "channel": channel.id,
            "channel_type": "G",
            "team": ready.slack.team_id,
            "event_ts": ready.slack.clock.ts(),
        }
    )
    await ready.slack.until(
        lambda: [c for c in ready.slack.calls_to("conversations.members") if channel.id in str(c)]
    )
    await in_time(ready, lambda reply: "is a help channel now" in reply, channel)
    public, ready.channel = ready.channel, channel
    await ready.solve(ready.bob, ready.ken, "Who signs the merger papers?", "The zebra does.")
    ready.channel = public
    return channel


async def in_time(ready: Community, predicate, channel: Channel) -> None:
    """The bot reads who is in the channel in the background; wait for it."""
    for _ in range(50):
        reply = await ready.as_(ready.maria).command("/askaround", "channel on", channel)
        if predicate(reply["text"]):
            return
    raise AssertionError(reply)


@pytest.mark.on_both
async def test_a_private_channels_answers_are_found_by_its_members_only(
    ready: Community, secret: Channel
):
    assert "zebra" in await ready.find(ready.bob, "merger papers")
    assert "Nothing solved yet" in await ready.find(ready.ana, "merger papers")


async def test_who_leaves_a_private_channel_finds_it_no_longer(ready: Community, secret: Channel):
    await ready.slack.leave(ready.bob, secret)
    await ready.slack.delivered()

    assert "Nothing solved yet" in await ready.find(ready.bob, "merger papers")


async def test_guests_find_only_what_is_in_their_channels(ready: Community):
    guest = ready.slack.add_user("gus", is_guest=True)
    lobby = ready.slack.add_channel("lobby", members=[guest, ready.maria])
    await ready.solve(ready.bob, ready.ken, "How do I print a T1 form?", "With the zebra key.")

    assert "Nothing solved yet" in str(await ready.as_(guest).command("/find", "print form", lobby))

    await ready.slack.join(guest, ready.channel)
    await ready.slack.delivered()
    assert "zebra" in await ready.find(guest, "print form")


async def test_people_of_other_companies_find_nothing_outside_their_channels(ready: Community):
    partner = ready.slack.add_user("pat", is_external=True)
    shared = ready.slack.add_channel("with-partner", members=[partner, ready.maria], is_shared=True)
    await ready.solve(ready.bob, ready.ken, "How do I print a T1 form?", "With the zebra key.")

    found = str(await ready.as_(partner).command("/find", "print form", shared))

    assert "Nothing solved yet" in found


async def test_kudos_show_no_evidence_from_channels_the_viewer_cannot_read(
    ready: Community, secret: Channel
):
    seen_by_bob = await kudos_of_ken(ready, ready.bob)
    seen_by_ana = await kudos_of_ken(ready, ready.ana)

    assert "merger papers" in seen_by_bob
    assert "merger papers" not in seen_by_ana


async def test_a_forged_button_of_a_question_one_cannot_read_says_nothing_of_it(
    ready: Community, secret: Channel
):
    """Button values can be forged by who controls their client; here Ana sends Bob's."""
    card = next(
        call.response["ts"]
        for call in ready.slack.calls_to("chat.postMessage")
        if call.args["channel"] == secret.id
    )
    ana_there = ready.as_(ready.ana)

    with pytest.raises(Exception, match="channel_not_found"):
        await ana_there.click(card, "claim_question", channel=secret)


async def kudos_of_ken(ready: Community, viewer: User) -> str:
    return str(await ready.as_(viewer).command("/kudos", f"<@{ready.ken.id}>", ready.channel))


async def test_a_manager_is_told_nothing_of_a_channel_they_are_not_in(
    ready: Community, secret: Channel
):
    ken, ana = ready.as_(ready.ken), ready.as_(ready.ana)
    await ken.command("/kudos", "", ready.channel)
    mine = [each for each in ken.sees(ready.channel) if each.get("is_ephemeral")][-1]
    assert "merger" in str(mine["blocks"])

    await ken.click(mine["ts"], "tell_manager", channel=ready.channel)
    await ken.submit({"manager": {"value": ready.ana.id}, "period": {"value": "year"}})
    await ken.submit()
    assert "merger" not in str(ken.view)
    await ken.submit()

    [note] = await ready.slack.until(lambda: [each for each in ana.dm() if "help" in each["text"]])
    assert "I solved 1 question for 1 person." in note["text"]
    assert "1 more question that I cannot show you." in str(note["blocks"])
    assert "merger" not in str(note)
    assert secret.id not in str(note)
