"""Two questions that are one, and one thread with two questions, as people do it."""

from sandbox import User
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"
AGAIN = "Where can I correct a tariff code when the form is rejected?"
ANOTHER = "And how do I print the seal on the label?"


def element(blocks: list[dict], kind: str) -> dict:
    """The first element of that type."""
    inside = [each for block in blocks for each in [*block.get("elements", []), *inputs(block)]]
    return next(each for each in inside if each["type"] == kind)


def inputs(block: dict) -> list[dict]:
    return [block["element"]] if "element" in block else []


async def choose_same(ready: Community, user: User, card: dict) -> dict:
    """Open the card's menu and choose "Same as another question"; the modal."""
    menu = element(card["blocks"], "overflow")
    assert menu["options"][0]["text"]["text"] == "Same as another question"
    person = ready.as_(user)
    await person.choose(
        card["ts"], menu["action_id"], menu["options"][0]["value"], channel=ready.channel
    )
    view = person.view
    assert view is not None
    return view


async def merge_two(ready: Community) -> tuple[str, str]:
    """Bob asks, and Ana asks the same; the ts of both."""
    first = await ready.ask(ready.bob, QUESTION)
    second = await ready.ask(ready.ana, AGAIN)
    view = await choose_same(ready, ready.ana, await ready.card_saying(second, "can you help"))
    options = element(view["blocks"], "static_select")["options"]
    assert [each["text"]["text"] for each in options] == [QUESTION]
    assert options[0]["description"]["text"] == "Open"
    await ready.as_(ready.ana).submit({"question": {"value": options[0]["value"]}})
    return first, second


async def test_the_answer_to_one_comes_to_both_and_credit_by_their_own_word(ready: Community):
    first, second = await merge_two(ready)
    card = await ready.card_saying(second, "The same as")
    assert f"/p{first.replace('.', '')}|another question>. The answer comes there." in card["text"]

    reply = await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=first)
    await ready.slack.delivered()
    await ready.as_(ready.bob).react(ready.channel, reply, "white_check_mark")
    await ready.card_saying(second, "Solved by <")
    ana = ready.as_(ready.ana)
    note = await ready.slack.until(lambda: next(iter(ana.dm()), None))
    assert "Your question is answered" in note["text"] and "Press Amend." in str(note)

    await ana.click(note["ts"], "helped_me", channel=ana.dm_channel)
    await ready.slack.until(lambda: "among the kudos of" in str(ana.dm()))
    kudos = str(await ready.as_(ready.ken).command("/kudos", "", ready.channel))
    assert "solved 1 question" in kudos and "1 person" in kudos


async def test_not_the_same_goes_on_asking(ready: Community):
    _, second = await merge_two(ready)
    card = await ready.card_saying(second, "The same as")
    ken, ana = ready.as_(ready.ken), ready.as_(ready.ana)

    await ana.click(card["ts"], "not_the_same", channel=ready.channel)

    card = await ready.card_saying(second, "can you help")
    await ready.slack.until(lambda: "they are two questions" in str(seen(ready, ready.ana, second)))
    await ken.click(card["ts"], "claim_question", channel=ready.channel)
    await ready.card_saying(second, "is on it")


def seen(ready: Community, user: User, thread_ts: str) -> list[dict]:
    """What this person sees in the thread, and in the channel for them alone."""
    person = ready.as_(user)
    return person.sees(ready.channel, thread_ts=thread_ts) + person.sees(ready.channel)


async def test_who_may_not_and_where_there_is_nothing_it_is_said(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, "can you help")
    menu = element(card["blocks"], "overflow")

    for user, sentence in ((ready.ana, "Only <@"), (ready.bob, "I know of no other question")):
        value = menu["options"][0]["value"]
        await ready.as_(user).choose(card["ts"], "question_more", value, channel=ready.channel)
        await ready.slack.until(
            lambda user=user, sentence=sentence: sentence in str(seen(ready, user, ts))
        )
        assert ready.as_(user).view is None


async def split_thread(ready: Community) -> tuple[str, str, str, str]:
    """In Bob's thread Ana asks another thing, Ken answers both, and Bob splits them: the ts of
    the question, of Ana's reply, of Ken's answer to it, and of the new question."""
    ana, bob, ken = (ready.as_(each) for each in (ready.ana, ready.bob, ready.ken))
    first = await ready.ask(ready.bob, QUESTION)
    await ken.post(ready.channel, "Press Amend.", thread_ts=first)
    another = await ana.post(ready.channel, ANOTHER, thread_ts=first)
    reply = await ken.post(ready.channel, "On the label printer.", thread_ts=first)
    await ready.slack.delivered()
    await bob.shortcut("ask_about_message", ready.channel, another)
    view = bob.view
    assert view is not None and ANOTHER in str(view["blocks"])
    later = element(view["blocks"], "multi_static_select")["options"]
    assert [each["text"]["text"] for each in later] == ["Ken Sato: On the label printer."]
    await bob.submit({"later": {"value": [later[0]["value"]]}})
    new = await ready.slack.until(lambda: posted(ready))
    await ready.slack.until(lambda: ready.card(new))
    return first, another, reply, new


def posted(ready: Community) -> str | None:
    """The ts of the question that the bot posted in the channel."""
    found = [m["ts"] for m in ready.as_(ready.maria).sees(ready.channel) if " asks:" in str(m)]
    return found[0] if found else None


async def test_two_questions_in_a_thread_become_two_threads_with_credit_kept(ready: Community):
    first, another, reply, new = await split_thread(ready)
    message = ready.as_(ready.maria).sees_message(ready.channel, new)
    assert message is not None and message["text"].startswith("Ana Silva: ")
    assert f"/p{another.replace('.', '')}?thread_ts={first}" in str(message["blocks"])

    await ready.as_(ready.ana).react(ready.channel, reply, "white_check_mark")

    card = await ready.card_saying(new, f"Solved by <@{ready.ken.id}>")
    assert f"/p{reply.replace('.', '')}?thread_ts={first}" in str(card["blocks"])
    assert "Solved" not in (await ready.card_saying(first, ""))["text"]
    found = await ready.find(ready.maria, "seal label")
    assert ANOTHER in found and f"?thread_ts={first}" in found
    await ready.as_(ready.ana).shortcut("ask_about_message", ready.channel, another)
    await ready.slack.until(
        lambda: "already a question of its own" in str(seen(ready, ready.ana, first))
    )


async def test_the_new_question_follows_the_reply_that_is_edited_and_deleted(ready: Community):
    _, another, _, new = await split_thread(ready)
    ana, maria = ready.as_(ready.ana), ready.as_(ready.maria)
    card = ready.card(new)
    assert card is not None

    await ana.edit(ready.channel, another, "How do I print two seals?")
    await ready.slack.until(
        lambda: "two seals" in str(maria.sees_message(ready.channel, new)["blocks"])
    )
    await ana.delete(ready.channel, another)

    await ready.slack.until(lambda: posted(ready) is None)
    assert "two seals" not in str(maria.sees(ready.channel))
    await ready.slack.until(lambda: maria.sees_message(ready.channel, card["ts"]) is None)
