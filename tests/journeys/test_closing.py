"""Channels that are made private or deleted, and people who left: closed at once."""

from sandbox import Channel, User
from tests.journeys.conftest import Community

QUESTION, ANSWER = "How do I print a T1 form?", "With the zebra key."
NOTHING = "Nothing solved yet"


async def outsider(ready: Community) -> User:
    """A member of the workspace who is not in the channel."""
    olga = ready.slack.add_user("olga")
    await ready.solve(ready.bob, ready.ken, QUESTION, ANSWER)
    assert "zebra" in await ready.find(olga, "print form")
    return olga


async def hold_back_members(ready: Community) -> None:
    """From now on Slack does not say who is in a channel."""
    ready.slack.faults.add(method="conversations.members", kind="server_error", times=100)


async def found_by(ready: Community, user: User, place: Channel) -> str:
    return str(await ready.as_(user).command("/find", "print form", place))


async def test_a_channel_made_private_is_closed_to_who_is_not_in_it(ready: Community):
    olga = await outsider(ready)
    lobby = ready.slack.add_channel("lobby", members=[olga, ready.ana])

    await ready.slack.make_private(ready.channel, ready.maria)
    await ready.slack.delivered()

    assert NOTHING in await found_by(ready, olga, lobby)
    await ready.slack.until(lambda: ready.slack.calls_to("conversations.members"))
    await eventually_found(ready, ready.ana, lobby)
    assert NOTHING in await found_by(ready, olga, lobby)


async def test_nothing_of_it_is_shown_before_its_members_are_read_anew(ready: Community):
    await outsider(ready)
    await hold_back_members(ready)

    await ready.slack.make_private(ready.channel, ready.maria)
    await ready.slack.delivered()

    assert NOTHING in await ready.find(ready.ana, "print form")


async def test_a_private_message_in_a_channel_held_as_public_closes_it(ready: Community):
    """The event that says it was made private may not reach us."""
    olga = await outsider(ready)
    lobby = ready.slack.add_channel("lobby", members=[olga])
    ready.channel.kind = "group"

    await ready.as_(ready.ana).post(ready.channel, "Good morning all.")
    await ready.slack.delivered()

    assert NOTHING in await found_by(ready, olga, lobby)


async def test_a_rename_that_says_private_closes_it(ready: Community):
    olga = await outsider(ready)
    lobby = ready.slack.add_channel("lobby", members=[olga])
    ready.channel.kind = "group"

    event = {
        "type": "group_rename",
        "channel": {"id": ready.channel.id, "name": "quiet", "created": 1},
        "event_ts": ready.slack.clock.ts(),
    }
    await ready.slack.send_event(event)
    await ready.slack.delivered()

    assert NOTHING in await found_by(ready, olga, lobby)


async def test_the_answers_of_a_deleted_channel_are_found_by_nobody(ready: Community):
    olga = await outsider(ready)
    lobby = ready.slack.add_channel("lobby", members=[olga, ready.bob])

    await ready.slack.delete_channel(ready.channel, ready.maria)
    await ready.slack.delivered()

    for each in (olga, ready.bob):
        assert NOTHING in await found_by(ready, each, lobby)


async def test_what_was_answered_in_an_archived_channel_is_found_on(ready: Community):
    olga = await outsider(ready)
    lobby = ready.slack.add_channel("lobby", members=[olga])

    await ready.slack.archive(ready.channel, ready.maria)
    await ready.slack.delivered()

    assert "zebra" in await found_by(ready, olga, lobby)


async def test_a_late_copy_of_their_coming_makes_nobody_a_reader_who_left(ready: Community):
    await outsider(ready)
    guest = ready.slack.add_user("gus", is_guest=True)
    lobby = ready.slack.add_channel("lobby", members=[guest])
    await ready.slack.join(guest, ready.channel)
    await ready.slack.delivered()
    [joined] = [
        each.payload["event"]
        for each in ready.slack.deliveries
        if each.payload.get("event", {}).get("type") == "member_joined_channel"
        and each.payload["event"]["user"] == guest.id
    ]
    await ready.slack.leave(guest, ready.channel)
    await ready.slack.delivered()

    await ready.slack.send_event(joined)
    await ready.slack.delivered()

    assert NOTHING in await found_by(ready, guest, lobby)


async def eventually_found(ready: Community, user: User, place: Channel) -> None:
    for _ in range(50):
        if "zebra" in await found_by(ready, user, place):
            return
    raise AssertionError("a member of the channel finds nothing")
