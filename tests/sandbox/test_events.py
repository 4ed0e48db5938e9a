"""What the app is told, and what it is not."""

import pytest


async def test_a_message_reaches_a_bolt_app(slack, joined, as_maria, logistics):
    heard = []

    @joined.app.event("message")
    async def on_message(event, body):
        heard.append((event, body))

    ts = await as_maria.post(logistics, "How do I <https://example.com|book>?")
    await slack.delivered()

    event, body = heard[0]
    assert (event["ts"], event["channel_type"], event["user"]) == (ts, "channel", as_maria.user.id)
    assert event["blocks"][0]["elements"][0]["elements"][1]["url"] == "https://example.com"
    assert body["authorizations"][0]["user_id"] == slack.bot_user_id


async def test_a_mention_comes_as_message_and_as_app_mention(slack, as_maria, logistics, sent):
    await as_maria.post(logistics, f"<@{slack.bot_user_id}> help")

    assert [event["type"] for event in sent()] == ["message", "app_mention"]
    assert sent()[0]["client_msg_id"] == sent()[1]["client_msg_id"]


async def test_the_bots_own_posts_are_echoed(slack, client, logistics, sent):
    await client.chat_postMessage(channel=logistics.id, text="card")

    [echo] = sent("message")
    assert (echo["bot_id"], echo["user"]) == (slack.bot_id, slack.bot_user_id)
    assert "subtype" not in echo


async def test_another_bots_posts_carry_its_own_identity(slack, logistics, sent):
    other = slack.add_user("deploybot", is_bot=True)
    await slack.join(other, logistics)
    await slack.act_as(other).post(logistics, "deployed")

    assert sent("message")[-1]["bot_id"] == other.bot_id != slack.bot_id


async def test_edits_and_deletions_show_what_was_there_before(as_maria, logistics, sent):
    ts = await as_maria.post(logistics, "first")
    await as_maria.edit(logistics, ts, "second")
    await as_maria.delete(logistics, ts)

    [changed] = sent("message", "message_changed")
    [deleted] = sent("message", "message_deleted")
    assert changed["previous_message"]["text"] == "first"
    assert changed["message"]["edited"]["user"] == as_maria.user.id
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "second")


async def test_reactions_name_no_thread(as_maria, as_bob, logistics, sent):
    parent = await as_maria.post(logistics, "How?")
    reply = await as_bob.post(logistics, "Like this", parent)
    await as_maria.react(logistics, reply, "white_check_mark")
    await as_maria.unreact(logistics, reply, "white_check_mark")

    [added], [removed] = sent("reaction_added"), sent("reaction_removed")
    assert added["item"] == {"type": "message", "channel": logistics.id, "ts": reply}
    assert added["item_user"] == removed["item_user"] == as_bob.user.id
    assert "thread_ts" not in added


async def test_nothing_is_told_of_channels_the_bot_is_not_in(slack, maria, as_maria, sent):
    elsewhere = slack.add_channel("elsewhere", [maria])
    await as_maria.post(elsewhere, f"<@{slack.bot_user_id}> are you there?")

    assert sent() == []


async def test_nothing_is_told_that_the_manifest_does_not_ask_for(slack, maria, bob, sent):
    group = slack.add_usergroup("customs", [maria])
    await slack.set_usergroup_members(group, [bob])

    [event] = sent()  # subteam_updated is not in the manifest
    assert event["type"] == "subteam_members_changed"
    assert (event["added_users"], event["removed_users"]) == ([bob.id], [maria.id])


async def test_joining_and_leaving_is_told_with_a_line_in_the_channel(
    slack, maria, logistics, sent
):
    carla = slack.add_user("carla")
    await slack.join(carla, logistics, inviter=maria)
    await slack.leave(carla, logistics)

    assert [(event["type"], event.get("subtype")) for event in sent()] == [
        ("member_joined_channel", None),
        ("message", "channel_join"),
        ("member_left_channel", None),
        ("message", "channel_leave"),
    ]
    assert sent("member_joined_channel")[0]["inviter"] == maria.id


async def test_the_bot_hears_when_it_is_taken_out(slack, maria, logistics, sent):
    await slack.leave(slack.bot, logistics, by=maria)

    assert [(event["type"], event["actor_id"]) for event in sent()] == [("channel_left", maria.id)]


async def test_private_channels_have_group_events(slack, maria, sent):
    private = slack.add_channel("team", [maria, slack.bot], is_private=True)
    await slack.rename(private, "crew", maria)
    await slack.act_as(maria).post(private, "hello")

    assert [event["type"] for event in sent()] == ["group_rename", "message", "message"]
    assert sent("message")[-1]["channel_type"] == "group"


async def test_changed_people_are_told_with_their_new_fields(slack, maria, sent):
    await slack.update_user(maria, tz="Asia/Tokyo")
    await slack.update_user(maria, deleted=True)

    assert [event["user"].get("tz") for event in sent("user_change")] == ["Asia/Tokyo", None]


async def test_a_newcomer_is_told_once_they_are_welcomed(slack, sent):
    carla = slack.add_user("carla")
    assert sent() == []
    await slack.welcome(carla)

    assert [event["user"]["id"] for event in sent("team_join")] == [carla.id]


@pytest.mark.parametrize("event", [{"type": "message"}, {"type": "never_heard_of", "x": [None]}])
async def test_any_raw_event_can_be_sent(slack, joined, event):
    delivery = await slack.send_event(event)
    await slack.until(lambda: delivery.attempts == 4 or delivery.status == "acked")

    assert delivery.payload["event"] == event


async def test_opening_home_is_told_with_the_view_shown_there(slack, client, as_maria, sent):
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    await client.views_publish(user_id=as_maria.user.id, view=home)
    await as_maria.open_home()

    [event] = sent("app_home_opened")
    assert event["view"]["blocks"][0]["type"] == "divider"
    assert as_maria.home["id"] == event["view"]["id"]


async def test_a_channel_made_private_is_told_in_it_and_is_closed_to_others(
    slack, maria, logistics, sent
):
    carla = slack.add_user("carla")
    await slack.make_private(logistics, maria)

    [event] = sent()
    assert (event["subtype"], event["channel_type"]) == ("channel_convert_to_private", "group")
    assert not slack.act_as(carla).can_read(logistics)
