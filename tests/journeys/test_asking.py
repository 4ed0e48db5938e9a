"""The ways to ask, and what happens to a question that changes."""

from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"


async def test_ask_command_posts_the_question_in_the_persons_name(ready: Community):
    bob = ready.as_(ready.bob)
    elsewhere = ready.slack.add_channel("random", members=[ready.bob])

    await bob.command("/ask", QUESTION, elsewhere)
    assert bob.view is not None
    await bob.submit()

    post = await ready.slack.until(lambda: bot_post(ready))
    assert post["text"] == f"Bob Miller: {QUESTION}"
    assert QUESTION in str(post["blocks"]) and f"<@{ready.bob.id}>" not in str(post)
    card = await ready.card_saying(post["ts"], "can you help")
    assert card["ts"] != post["ts"]


async def test_what_was_posted_for_somebody_they_edit_and_delete(ready: Community):
    bob = ready.as_(ready.bob)
    await bob.command("/ask", QUESTION, ready.channel)
    await bob.submit()
    post = await ready.slack.until(lambda: bot_post(ready))
    card = await ready.card_saying(post["ts"], QUESTION)

    async def choose(entry: str) -> None:
        value = next(each for each in menu_of(card) if each.startswith(entry))
        await bob.choose(card["ts"], "question_more", value, channel=ready.channel)

    await choose("reword:")
    await bob.submit({"question": {"value": "Which form corrects a tariff code?"}})
    await ready.card_saying(post["ts"], "Bob Miller: Which form corrects a tariff code?")
    edited = bot_post(ready)
    assert edited is not None and "Which form corrects" in str(edited["blocks"])

    await choose("take_back:")
    await bob.submit()
    await ready.slack.until(lambda: bot_post(ready) is None)


async def test_ask_without_words_says_so_beside_the_field(ready: Community):
    bob = ready.as_(ready.bob)
    await bob.command("/ask", "", ready.channel)

    result = await bob.submit({"question": {"value": "  \u200b "}})

    assert result.errors == {"question": "Write your question, and I will ask around."}


async def test_ask_before_there_is_a_help_channel_says_what_to_do(community: Community, bot):
    private = community.slack.add_channel("elsewhere", members=[community.bob])

    reply = await community.as_(community.bob).command("/ask", "x", private)

    assert "There is no help channel" in reply["text"]


async def test_the_message_shortcut_makes_any_message_a_question(ready: Community):
    maria = ready.as_(ready.maria)
    ts = await ready.as_(ready.bob).post(ready.channel, "The seal printer on dock 4")

    await maria.shortcut("ask_about_message", ready.channel, ts)

    assert await ready.slack.until(lambda: ready.card(ts))


async def test_the_shortcut_where_the_bot_is_not_says_how_to_invite_it(ready: Community):
    elsewhere = ready.slack.add_channel("random", members=[ready.bob])
    bob = ready.as_(ready.bob)
    ts = await bob.post(elsewhere, "Where is the seal printer?")

    await bob.shortcut("ask_about_message", elsewhere, ts)

    said = await ready.slack.until(lambda: [m for m in bob.sees(elsewhere) if m["ts"] != ts])
    assert "/invite @Askaround" in said[0]["text"]
    assert said[0]["is_ephemeral"]


async def test_a_mention_asks_in_any_channel_the_bot_is_in(ready: Community):
    elsewhere = ready.slack.add_channel("dock-4", members=[ready.bob, ready.slack.bot])
    bob = ready.as_(ready.bob)

    ts = await bob.post(elsewhere, f"<@{ready.slack.bot_user_id}> the seal printer is stuck")

    thread = await ready.slack.until(lambda: bob.sees(elsewhere, thread_ts=ts)[1:])
    await ready.slack.delivered()
    assert len(thread) == 1  # the message and the app_mention are one question


async def test_a_question_reaction_asks_for_its_author_and_brings_the_replies(ready: Community):
    elsewhere = ready.slack.add_channel("dock-4", members=[ready.bob, ready.ken, ready.slack.bot])
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    ts = await bob.post(elsewhere, "The seal printer on dock 4, again")
    answer = await ken.post(elsewhere, "Turn it off and on.", thread_ts=ts)
    await ready.slack.delivered()

    await ken.react(elsewhere, ts, "question")
    await ready.slack.until(lambda: "1 reply" in str(bob.sees(elsewhere, thread_ts=ts)))
    await bob.react(elsewhere, answer, "white_check_mark")

    await ready.slack.until(lambda: "Solved by" in str(bob.sees(elsewhere, thread_ts=ts)))


async def test_a_follow_up_joins_and_somebody_elses_word_ends_that(ready: Community):
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    first = await ready.ask(ready.bob, QUESTION)
    joined = await bob.post(ready.channel, "It is form 4711, can anybody see why?")
    await ken.post(ready.channel, "Good morning")
    await ready.slack.delivered()
    own = await bob.post(ready.channel, "And where do I find the seal number?")

    await ready.slack.until(lambda: ready.card(own))

    assert ready.card(joined) is None
    reply = await ken.post(ready.channel, "Press Amend.", thread_ts=first)
    await ready.slack.delivered()
    await bob.react(ready.channel, reply, "white_check_mark")
    await ready.card_saying(first, "Solved")
    assert "form 4711" in await ready.find(ready.ana, "4711")


async def test_an_edit_is_found_under_its_new_words_only(ready: Community):
    ts = await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")

    await ready.as_(ready.bob).edit(ready.channel, ts, "How do I amend a rejected zebra?")
    await ready.slack.delivered()

    assert "zebra" in await ready.find(ready.ana, "zebra")
    assert "Nothing solved yet" in await ready.find(ready.ana, "tariff")


async def test_a_message_edited_into_a_question_is_captured(ready: Community):
    bob = ready.as_(ready.bob)
    ts = await bob.post(ready.channel, "The tariff code of form 4711")
    await ready.slack.delivered()
    assert ready.card(ts) is None

    await bob.edit(ready.channel, ts, "How do I change the tariff code of form 4711?")

    assert await ready.slack.until(lambda: ready.card(ts))


async def test_deleting_the_question_withdraws_it_and_removes_the_card(ready: Community):
    ts = await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")

    await ready.as_(ready.bob).delete(ready.channel, ts)

    await ready.slack.until(lambda: ready.card(ts) is None)
    assert "Nothing solved yet" in await ready.find(ready.ana, "tariff")


async def test_not_a_question_is_for_the_asker_and_experts(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    card = ready.card(ts)
    assert card is not None
    ana = ready.as_(ready.ana)

    await ana.click(card["ts"], "not_a_question", channel=ready.channel)
    said = await ready.slack.until(lambda: whispers(ana, ready, ts))
    assert "or an expert can say that it is not a question" in said[0]["text"]
    assert ready.card(ts) is not None

    await ready.as_(ready.bob).click(card["ts"], "not_a_question", channel=ready.channel)
    await ready.slack.until(lambda: ready.card(ts) is None)


async def test_passing_names_the_next_expert(ready: Community):
    await ready.as_(ready.ana).command("/experts", "join customs", ready.channel)
    await ready.as_(ready.maria).command("/experts", "join customs", ready.channel)
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, " and ")
    experts = [ready.ken, ready.ana, ready.maria]
    first = next(each for each in experts if f"<@{each.id}>" in card["text"])
    unasked = next(each for each in experts if f"<@{each.id}>" not in card["text"])

    await ready.as_(first).click(card["ts"], "pass_question", channel=ready.channel)

    await ready.card_saying(ts, f"<@{unasked.id}>")
    assert not ready.card_says(ts, f"<@{first.id}>")


async def test_hellos_thanks_bots_and_other_channels_stay_without_a_card(ready: Community):
    other_bot = ready.slack.add_user("robot", is_bot=True)
    elsewhere = ready.slack.add_channel("random", members=[ready.bob, ready.slack.bot])
    await ready.slack.join(other_bot, ready.channel)
    bob = ready.as_(ready.bob)

    heard = [
        (ready.channel, await bob.post(ready.channel, "Good morning all")),
        (ready.channel, await bob.post(ready.channel, "Thanks, that worked")),
        (ready.channel, await ready.as_(other_bot).post(ready.channel, "Build failed, why?")),
        (elsewhere, await bob.post(elsewhere, QUESTION)),
    ]
    await ready.slack.delivered()

    for channel, ts in heard:
        assert len(bob.sees(channel, thread_ts=ts)) == 1
    assert ready.slack.calls_to("chat.postMessage") == []


async def test_experts_are_found_in_a_user_group_and_follow_it(ready: Community):
    group = ready.slack.add_usergroup("customs-team", members=[ready.ana])
    maria = ready.as_(ready.maria)
    await maria.command("/askaround", "topic Seals", ready.channel)
    await maria.submit(
        {
            "name": {"value": "Seals"},
            "keywords": {"value": "seal"},
            "groups": {"value": [group.id]},
        }
    )
    await ready.slack.until(lambda: ready.slack.calls_to("usergroups.users.list"))
    first = await ready.ask(ready.bob, "Where do I find the seal number?")
    await ready.card_saying(first, f"<@{ready.ana.id}>")

    await ready.slack.set_usergroup_members(group, [ready.ken])
    await ready.slack.until(lambda: len(ready.slack.calls_to("usergroups.users.list")) == 2)
    await ready.as_(ready.ken).post(ready.channel, "Good morning")
    await ready.slack.delivered()
    second = await ready.ask(ready.bob, "Which seal is right for a reefer?")

    await ready.card_saying(second, f"<@{ready.ken.id}>")


async def test_only_admins_set_up(ready: Community):
    bob = ready.as_(ready.bob)

    for text in ("channel off", "topic Seals", "digest friday 15:00"):
        reply = await bob.command("/askaround", text, ready.channel)
        assert reply["text"] == "Only workspace admins can change that."

    assert bob.view is None


async def test_unknown_topics_and_times_are_answered_with_an_example(ready: Community):
    maria = ready.as_(ready.maria)

    unknown = await maria.command("/experts", "zebras", ready.channel)
    no_time = await maria.command("/askaround", "digest someday", ready.channel)

    assert "no topic “zebras”" in unknown["text"]
    assert "/askaround digest monday 9:00" in no_time["text"]


def bot_post(community: Community) -> dict | None:
    seen = community.as_(community.bob).sees(community.channel)
    posts = [each for each in seen if each["user"] == community.slack.bot_user_id]
    return posts[0] if posts else None


def menu_of(card: dict) -> list[str]:
    (buttons,) = [each for each in card["blocks"] if each["type"] == "actions"]
    return [each["value"] for each in buttons["elements"][-1]["options"]]


def whispers(person, community: Community, thread_ts: str) -> list[dict]:
    """What they alone see in that thread."""
    seen = person.sees(community.channel, thread_ts=thread_ts)
    return [each for each in seen if each.get("is_ephemeral")]
