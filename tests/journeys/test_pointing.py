"""Calling a message a question: whose it is, and what there is to ask in it."""

from sandbox import User
from tests.journeys.conftest import Community

NO_WORDS = "There are no words in that message to ask about."
BY_NOBODY = "I can only ask around about what a person wrote."


def private(community: Community, user: User, thread_ts: str | None = None) -> list[str]:
    """What only this person sees in the channel."""
    said = community.as_(user).sees(community.channel, thread_ts=thread_ts)
    return [each["text"] for each in said if each.get("is_ephemeral")]


async def post_without_words(community: Community, **fields: object) -> str:
    """A picture, or what was forwarded."""
    ts = await community.as_(community.bob).post(community.channel, "Good morning.")
    message = community.channel.messages[ts]
    message.text, message.blocks = "", []
    for name, value in fields.items():
        setattr(message, name, value)
    await community.slack.delivered()
    return ts


async def test_the_forwarded_words_are_the_question(ready: Community):
    shared = [{"is_share": True, "text": "How do I export the manifest?"}]
    ts = await post_without_words(ready, attachments=shared)

    await ready.as_(ready.ana).react(ready.channel, ts, "question")

    await ready.slack.until(lambda: ready.card(ts))
    found = await ready.as_(ready.bob).command("/find", "manifest", ready.channel)
    assert "Nothing solved yet" in str(found)
    reply = await ready.as_(ready.ken).post(ready.channel, "With the zebra key.", thread_ts=ts)
    await ready.slack.delivered()
    await ready.as_(ready.bob).react(ready.channel, reply, "white_check_mark")
    await ready.card_saying(ts, "Solved")
    assert "export the manifest" in await ready.find(ready.ana, "manifest")


async def test_a_message_without_words_is_no_question_and_who_pointed_hears_why(ready: Community):
    ts = await post_without_words(ready)

    await ready.as_(ready.ana).react(ready.channel, ts, "question")

    await ready.slack.until(lambda: private(ready, ready.ana))
    assert NO_WORDS in private(ready, ready.ana)[0]
    assert ready.card(ts) is None
    assert not ready.slack.calls_to("chat.postMessage")


async def test_calling_the_bot_below_a_picture_says_that_there_are_no_words(ready: Community):
    ts = await post_without_words(ready)
    ana = ready.as_(ready.ana)

    await ana.post(ready.channel, f"<@{ready.slack.bot_user_id}>", thread_ts=ts)

    await ready.slack.until(lambda: private(ready, ready.ana, ts))
    assert NO_WORDS in private(ready, ready.ana, ts)[0]


async def test_the_shortcut_on_a_picture_says_the_same(ready: Community):
    ts = await post_without_words(ready)

    await ready.as_(ready.ana).shortcut("ask_about_message", ready.channel, ts)

    await ready.slack.until(lambda: private(ready, ready.ana))
    assert NO_WORDS in private(ready, ready.ana)[0]


async def test_only_the_bots_name_is_answered_once(ready: Community):
    await ready.as_(ready.ana).post(ready.channel, f"<@{ready.slack.bot_user_id}>")
    await ready.slack.delivered()

    assert private(ready, ready.ana) == ["Write your question, and I will ask around."]


async def posted_by_an_app(community: Community, author: User) -> str:
    """What an app posts in this user's name."""
    ts = community.slack.clock.ts()
    await community.slack.send_event(
        {
            "type": "message",
            "user": author.id,
            "bot_id": "B0APP",
            "app_id": "A0APP",
            "text": "How do I release the T1 form?",
            "ts": ts,
            "event_ts": ts,
            "channel": community.channel.id,
            "channel_type": "channel",
        }
    )
    await community.slack.delivered()
    return ts


async def test_what_an_app_posts_in_a_persons_name_is_theirs(ready: Community):
    olga = ready.slack.add_user("olga")

    ts = await posted_by_an_app(ready, olga)

    def asked() -> bool:
        calls = ready.slack.calls_to("chat.postMessage")
        return any(call.args.get("thread_ts") == ts for call in calls)

    await ready.slack.until(asked)


async def test_what_it_posts_in_its_own_name_is_not(ready: Community):
    robot = ready.slack.add_user("robot", is_bot=True)

    await posted_by_an_app(ready, robot)
    await posted_by_an_app(ready, robot)

    assert not ready.slack.calls_to("chat.postMessage")
    asked = [call for call in ready.slack.calls_to("users.info") if call.args["user"] == robot.id]
    assert len(asked) == 1


async def test_pointing_at_another_apps_words_says_why_they_are_no_question(ready: Community):
    robot = ready.slack.add_user("robot", is_bot=True)
    await ready.slack.join(robot, ready.channel)
    ts = await ready.as_(robot).post(ready.channel, "How do I release the T1 form?")
    await ready.slack.delivered()

    await ready.as_(ready.ana).react(ready.channel, ts, "question")

    await ready.slack.until(lambda: private(ready, ready.ana))
    assert private(ready, ready.ana) == [BY_NOBODY]


async def test_a_group_conversation_whose_replies_we_cannot_read_is_told_so(ready: Community):
    slack = ready.slack
    group, _ = slack.workspace.open_direct([ready.bob, ready.ana, slack.bot], slack.seconds())
    bob = ready.as_(ready.bob)

    await bob.post(group, f"<@{slack.bot_user_id}> How do I release the T1 form?")
    await slack.delivered()

    [said] = [each for each in bob.sees(group) if each.get("is_ephemeral")]
    assert "In a group conversation I cannot read the replies" in said["text"]
    assert not slack.calls_to("chat.postMessage")
