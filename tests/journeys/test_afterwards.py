"""What is said once a question is asked: by its asker, and by others."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from sandbox import Channel
from sandbox.people import Payload, Person
from sandbox.workspace import User
from tests.journeys.conftest import TICK, Community

QUESTION = "How do I correct the tariff code of a rejected form?"
CHECK = "white_check_mark"
HOUR = timedelta(hours=1)
HOURS_A_LOOK = 4
NO_ANSWERS = [
    ("ana", "me too"),
    ("ana", "following"),
    ("ken", "No idea, sorry"),
    ("ana", "<@{maria}> do you know?"),
    ("ana", "bump"),
    ("ana", "I have the same problem since Tuesday, did you find out?"),
    ("ana", "lol"),
]


@pytest.fixture
async def desk(ready: Community) -> Channel:
    """Where questions about customs go that nobody took."""
    maria = ready.as_(ready.maria)
    desk = ready.slack.add_channel("helpdesk", members=[ready.maria, ready.ana])
    await ready.slack.join(ready.slack.bot, desk)
    await ready.slack.until(lambda: ready.slack.calls_to("conversations.members"))
    await ready.slack.delivered()
    await maria.command("/askaround", "topic customs", ready.channel)
    await maria.submit({"hand_off": {"value": desk.id}})
    return desk


async def say(ready: Community, user: User, text: str, thread_ts: str | None = None) -> str:
    ts = await ready.as_(user).post(ready.channel, text, thread_ts=thread_ts)
    await ready.slack.delivered()
    return ts


async def let_pass(ready: Community, hours: int) -> None:
    for _ in range(0, hours, HOURS_A_LOOK):
        ready.slack.clock.advance(HOUR * HOURS_A_LOOK)
        await asyncio.sleep(TICK.total_seconds() * 1.5)


async def pass_until(ready: Community, look: Callable[[], object]) -> None:
    """Let one hour pass after the other, each with time to be looked at, until that is there."""
    for _ in range(50):
        if look():
            return
        ready.slack.clock.advance(HOUR)
        with suppress(TimeoutError):
            await ready.slack.until(look, timeout=0.6)
    raise AssertionError("it did not come in 50 hours")


def told_in(ready: Community, channel: Channel) -> list[Payload]:
    """What the bot said in a channel."""
    seen = ready.as_(ready.maria).sees(channel)
    return [m for m in seen if m["user"] == ready.slack.bot_user_id and "subtype" not in m]


def whispers(person: Person, ready: Community, ts: str) -> list[Payload]:
    seen = [*person.sees(ready.channel), *person.sees(ready.channel, thread_ts=ts)]
    return [each for each in seen if each.get("is_ephemeral")]


async def whispered(ready: Community, user: User, ts: str, words: str) -> Payload:
    """What the bot says to this person alone in the thread."""
    person = ready.as_(user)
    found = await ready.slack.until(
        lambda: [each for each in whispers(person, ready, ts) if words in str(each)]
    )
    return found[-1]


# Others


@pytest.mark.parametrize(("who", "reply"), NO_ANSWERS)
async def test_a_reply_that_is_no_answer_stops_nothing(
    ready: Community, desk: Channel, who: str, reply: str
):
    ts = await ready.ask(ready.bob, QUESTION)

    await say(ready, getattr(ready, who), reply.format(maria=ready.maria.id), ts)
    await let_pass(ready, 50)

    await ready.slack.until(lambda: told_in(ready, desk))
    assert len(told_in(ready, desk)) == 1
    assert "so far" not in str(ready.card(ts))
    assert not [each for each in ready.as_(ready.bob).dm() if "Did one of them" in each["text"]]


@pytest.mark.parametrize("reply", ["Press Amend first", "Which form is it?"])
async def test_an_answer_or_a_question_back_stops_the_asking(
    ready: Community, desk: Channel, reply: str
):
    ts = await ready.ask(ready.bob, QUESTION)

    await say(ready, ready.ana, reply, ts)
    await let_pass(ready, 50)

    await ready.slack.until(lambda: "1 reply so far" in str(ready.card(ts)))
    assert told_in(ready, desk) == []
    await ready.slack.until(lambda: "Did one of them work?" in str(ready.as_(ready.bob).dm()))


async def test_who_has_it_too_is_counted_and_hears_what_solved_it(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    for user in (ready.ana, ready.maria, ready.ana):
        await say(ready, user, "me too", ts)
    await ready.slack.until(lambda: "2 more have this." in str(ready.card(ts)))

    reply = await say(ready, ready.ken, "Press Amend first.", ts)
    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)

    note = await ready.slack.until(lambda: ready.as_(ready.ana).dm())
    assert "you have it too" in note[0]["text"]
    assert "Press Amend first." in str(note[0]["blocks"])
    await ready.slack.until(lambda: "you have it too" in str(ready.as_(ready.maria).dm()))
    await ready.as_(ready.bob).unreact(ready.channel, reply, CHECK)
    await ready.card_saying(ts, "1 reply so far")
    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)
    await ready.card_saying(ts, "Solved")
    await ready.slack.delivered()
    assert len(ready.as_(ready.ana).dm()) == 1  # they hear it once


async def test_who_wants_no_such_notes_gets_no_more(ready: Community):
    ana = ready.as_(ready.ana)
    asked = {QUESTION: "Press Amend first.", "Who signs the T1 of a reefer?": "Ask the broker."}
    for number, (question, words) in enumerate(asked.items()):
        ts = await ready.ask(ready.bob, question)
        await say(ready, ready.ana, "same here", ts)
        await say(ready, ready.maria, "same here", ts)
        reply = await say(ready, ready.ken, words, ts)
        await ready.as_(ready.bob).react(ready.channel, reply, CHECK)
        await ready.slack.until(lambda told=number + 1: len(ready.as_(ready.maria).dm()) == told)
        if number == 0:
            note = await ready.slack.until(ana.dm)
            await ana.click(note[0]["ts"], "mute_nudge", channel=ana.dm_channel)
        ready.slack.clock.advance(HOUR)

    assert "Ask the broker" not in str(ana.dm())


async def test_a_claim_ends_after_a_reply_that_is_no_answer(ready: Community, desk: Channel):
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, "can you help")
    await ready.as_(ready.ken).click(card["ts"], "claim_question", channel=ready.channel)
    await ready.card_saying(ts, "is on it")

    await say(ready, ready.ana, "me too", ts)
    ken = ready.as_(ready.ken)
    await pass_until(ready, lambda: "are you still on it?" in str(ken.dm()))
    await pass_until(ready, lambda: "I am asking others too" in str(ken.dm()))
    await pass_until(ready, lambda: told_in(ready, desk))


async def test_an_edit_makes_an_answer_of_a_me_too(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, ready.ana, "me too", ts)
    await ready.slack.until(lambda: "1 more has this." in str(ready.card(ts)))

    await ready.as_(ready.ana).edit(ready.channel, reply, "Press Amend first, it worked for me")

    await ready.slack.until(lambda: "1 reply so far" in str(ready.card(ts)))
    assert "more has this" not in str(ready.card(ts))


# The asker: still stuck


@pytest.mark.parametrize(
    "words", ["Still stuck, none of this worked", "<@{bot}> nobody answered, please ask others"]
)
async def test_an_asker_who_is_still_stuck_is_helped_on(
    ready: Community, desk: Channel, words: str
):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ana, "me too", ts)

    await say(ready, ready.bob, words.format(bot=ready.slack.bot_user_id), ts)
    await let_pass(ready, 50)

    await ready.slack.until(lambda: told_in(ready, desk))


@pytest.mark.parametrize("way", ["words", "button"])
async def test_still_stuck_after_an_answer_asks_the_next(ready: Community, desk: Channel, way: str):
    for user in (ready.ana, ready.maria):
        await ready.as_(user).command("/experts", "join customs", ready.channel)
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, " and ")
    experts = [ready.ken, ready.ana, ready.maria]
    unasked = next(each for each in experts if f"<@{each.id}>" not in card["text"])
    await say(ready, next(each for each in experts if each is not unasked), "Press Amend.", ts)
    card = await ready.slack.until(
        lambda: (found := ready.card(ts)) and "1 reply so far" in str(found) and found
    )
    await let_pass(ready, 6)
    assert not ready.card_says(ts, f"<@{unasked.id}>")

    if way == "words":
        await say(ready, ready.bob, "thanks, now it says access denied", ts)
    else:
        await ready.as_(ready.bob).click(card["ts"], "still_stuck", channel=ready.channel)

    await ready.card_saying(ts, f"<@{unasked.id}>")
    assert "1 reply so far did not solve it." in str(ready.card(ts))
    await let_pass(ready, 50)
    await ready.slack.until(lambda: told_in(ready, desk))


async def test_the_next_who_are_asked_read_what_did_not_help(ready: Community):
    for user in (ready.ana, ready.maria):
        await ready.as_(user).command("/experts", "join customs", ready.channel)
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, " and ")
    experts = [ready.ken, ready.ana, ready.maria]
    unasked = next(each for each in experts if f"<@{each.id}>" not in card["text"])
    reply = await say(ready, next(each for each in experts if each is not unasked), "Amend.", ts)
    card = await ready.slack.until(lambda: "1 reply so far" in str(c := ready.card(ts)) and c)

    await ready.as_(ready.bob).click(card["ts"], "still_stuck", channel=ready.channel)

    note = await ready.slack.until(ready.as_(unasked).dm)
    assert "Did not help: Amend." in str(note[0]["blocks"])
    author = next(each for each in experts if each is not unasked)
    await ready.as_(author).delete(ready.channel, reply)
    await ready.slack.until(lambda: "Did not help" not in str(ready.as_(unasked).dm()))


async def test_what_was_asked_back_and_answered_is_asked_on(ready: Community, desk: Channel):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ken, "Which form is it?", ts)
    await ready.slack.until(lambda: "1 reply so far" in str(ready.card(ts)))

    await say(ready, ready.bob, "It is form 4711", ts)

    await ready.slack.until(lambda: "If no other reply comes, I ask others" in str(ready.card(ts)))
    await let_pass(ready, 120)
    await ready.slack.until(lambda: told_in(ready, desk))


async def test_a_card_always_has_still_stuck(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    card = await ready.card_saying(ts, "can you help")
    bob = ready.as_(ready.bob)

    await bob.click(card["ts"], "still_stuck", channel=ready.channel)
    await whispered(ready, ready.bob, ts, "I am still asking")
    await ready.as_(ready.ken).click(card["ts"], "claim_question", channel=ready.channel)

    card = await ready.card_saying(ts, "is on it")
    assert "Still stuck" in str(card["blocks"])


async def test_only_the_asker_is_still_stuck(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ken, "Press Amend.", ts)
    card = await ready.slack.until(
        lambda: (found := ready.card(ts)) and "Still stuck" in str(found) and found
    )

    await ready.as_(ready.ana).click(card["ts"], "still_stuck", channel=ready.channel)

    said = await whispered(ready, ready.ana, ts, "who asked, can say that")
    assert f"<@{ready.bob.id}>" in said["text"]


# The asker: over

OVER = [
    "Never mind, found it: press Amend first",
    "Never mind, found it",
    "Please ignore, wrong channel",
    "it works now, no idea why",
    "Got it from Petra on the phone, thanks",
]


@pytest.mark.parametrize("words", OVER)
async def test_an_asker_who_says_that_it_is_over_is_offered_to_close_it(
    ready: Community, words: str
):
    ts = await ready.ask(ready.bob, QUESTION)

    await say(ready, ready.bob, words, ts)
    offer = await whispered(ready, ready.bob, ts, "need no answer")
    await ready.as_(ready.bob).click(offer["ts"], "close_question", channel=ready.channel)

    await ready.card_saying(ts, "needs no answer any more")
    assert ready.as_(ready.ken).sees_message(ready.channel, ts).get("reactions") is None


@pytest.mark.parametrize("where", ["thread", "channel", "edit"])
async def test_what_is_over_is_not_handed_off_and_closed_the_next_day(
    ready: Community, desk: Channel, where: str
):
    ts = await ready.ask(ready.bob, QUESTION)

    if where == "edit":
        await ready.as_(ready.bob).edit(ready.channel, ts, "Never mind, solved")
    else:
        await say(ready, ready.bob, "never mind, solved it", ts if where == "thread" else None)

    await whispered(ready, ready.bob, ts, "need no answer")
    await ready.slack.until(lambda: "If nobody says otherwise, I close it" in str(ready.card(ts)))
    await let_pass(ready, 60)
    await ready.card_saying(ts, "Closed:")
    assert told_in(ready, desk) == []


async def test_what_is_over_goes_on_where_its_asker_says_so(ready: Community, desk: Channel):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.bob, "never mind, solved it", ts)
    offer = await whispered(ready, ready.bob, ts, "need no answer")

    await ready.as_(ready.bob).click(offer["ts"], "keep_asking", channel=ready.channel)

    await ready.slack.until(lambda: "Anybody can reply here" in str(ready.card(ts)))
    await let_pass(ready, 60)
    await ready.slack.until(lambda: told_in(ready, desk))


async def test_what_it_was_can_be_kept_and_is_found_but_credits_nobody(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    bob = ready.as_(ready.bob)
    await say(ready, ready.bob, "Never mind, found it", ts)
    offer = await whispered(ready, ready.bob, ts, "need no answer")
    await bob.click(offer["ts"], "close_question", channel=ready.channel)
    closed = await whispered(ready, ready.bob, ts, "say what it was")

    await bob.click(closed["ts"], "say_what_it_was", channel=ready.channel)
    await bob.submit({"words": {"value": "The form was still open in another tab."}})

    card = await ready.card_saying(ts, "Solved")
    assert "another tab" in str(card["blocks"])
    assert "another tab" in await ready.find(ready.ana, "tariff")
    effect = await bob.command("/kudos", f"<@{ready.bob.id}>", ready.channel)
    assert "not solved a question yet" in effect["text"]


async def test_what_is_closed_can_be_opened_again(ready: Community, desk: Channel):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.bob, "Never mind, found it", ts)
    offer = await whispered(ready, ready.bob, ts, "need no answer")
    await ready.as_(ready.bob).click(offer["ts"], "close_question", channel=ready.channel)
    card = await ready.card_saying(ts, "Closed:")

    await ready.as_(ready.bob).click(card["ts"], "open_again", channel=ready.channel)

    await ready.slack.until(lambda: ready.card(ts) and "Closed" not in str(ready.card(ts)))
    await let_pass(ready, 60)
    await ready.slack.until(lambda: told_in(ready, desk))


async def test_others_who_have_it_too_are_asked_for_on_when_it_is_over(
    ready: Community, desk: Channel
):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ana, "me too", ts)

    await say(ready, ready.bob, "Never mind, found it", ts)

    await whispered(ready, ready.bob, ts, "need no answer")
    await let_pass(ready, 50)
    await ready.slack.until(lambda: told_in(ready, desk))


@pytest.mark.parametrize(
    "edited",
    ["Never mind, solved", "Please ignore", "-", f"{QUESTION}\nEDIT: solved, press Amend first"],
)
async def test_an_edit_that_takes_the_question_back_offers_to_close_it(
    ready: Community, edited: str
):
    ts = await ready.ask(ready.bob, QUESTION)

    await ready.as_(ready.bob).edit(ready.channel, ts, edited)

    offer = await whispered(ready, ready.bob, ts, "need no answer")
    assert "tariff code" in str(offer["blocks"])  # which question it is
    await ready.slack.until(lambda: "says that it is over" in str(ready.card(ts)))


async def test_a_question_that_is_edited_back_is_asked_about_again(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    bob = ready.as_(ready.bob)
    await bob.edit(ready.channel, ts, "Please ignore")
    await ready.slack.until(lambda: "says that it is over" in str(ready.card(ts)))

    await bob.edit(ready.channel, ts, f"{QUESTION} It is form 4711.")

    await ready.slack.until(lambda: "says that it is over" not in str(ready.card(ts)))


@pytest.mark.parametrize("way", ["words", "mark"])
async def test_solved_without_a_reply_counts_as_solved_and_credits_nobody(
    ready: Community, desk: Channel, way: str
):
    ts = await ready.ask(ready.bob, QUESTION)
    bob = ready.as_(ready.bob)
    if way == "words":
        await say(ready, ready.bob, "it works now, no idea why", ts)
    else:
        await bob.react(ready.channel, ts, CHECK)
    offer = await whispered(ready, ready.bob, ts, "need no answer")

    await bob.click(offer["ts"], "solved_elsewhere", channel=ready.channel)

    card = await ready.card_saying(ts, "Bob Miller says that it is solved")
    assert "Open again" in str(card["blocks"])
    await ready.slack.until(
        lambda: CHECK in str(bob.sees_message(ready.channel, ts).get("reactions"))
    )
    await let_pass(ready, 60)
    assert told_in(ready, desk) == []
    await bob.click(card["ts"], "say_what_it_was", channel=ready.channel)
    await bob.submit({"words": {"value": "It was open in another tab."}})
    await ready.card_saying(ts, "Solved by")
    assert "another tab" in await ready.find(ready.ana, "tariff")


# How it ends


MONDAY, FRIDAY = (0, 8), (4, 7)  # when it is past nine in Rome, and past four in Tokyo, in UTC


def pass_to(ready: Community, weekday: int, hour: int) -> None:
    """To half past that hour of the next such day: a digest comes half a day late at most."""
    now = ready.slack.clock.now()
    day = now + timedelta(days=(weekday - now.weekday()) % 7)
    then = day.replace(hour=hour, minute=30)
    ready.slack.clock.advance((then if then > now else then + timedelta(weeks=1)) - now)


async def test_what_nobody_answers_is_told_each_week_then_closed_and_can_be_opened_again(
    ready: Community,
):
    ts = await ready.ask(ready.bob, QUESTION)
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)

    def digests() -> list[Payload]:
        return [m for m in told_in(ready, ready.channel) if "waiting for an answer" in m["text"]]

    await pass_until(ready, lambda: "If no answer comes, I close it" in str(ready.card(ts)))
    for _ in range(2):
        before = len(digests())
        pass_to(ready, *MONDAY)
        await ready.slack.until(lambda before=before: len(digests()) == before + 1)
    pass_to(ready, *FRIDAY)
    assert all("tariff code" in str(each["blocks"]) for each in digests())
    bundle = await ready.slack.until(
        lambda: [m for m in ken.dm() if "that you may know the answer to" in m["text"]]
    )
    assert "claim_question" in str(bundle[0]["blocks"])
    ready.slack.clock.advance(timedelta(weeks=4))
    await pass_until(ready, lambda: ready.card_says(ts, "nobody could answer this so far"))
    note = await ready.slack.until(
        lambda: [m for m in bob.dm() if "Nobody could answer your question" in m["text"]]
    )

    await bob.click(note[0]["ts"], "open_again", channel=bob.dm_channel)

    await ready.card_saying(ts, f"<@{ready.ken.id}>, can you help")
    await ready.slack.until(lambda: "tariff code" in str(ken.dm()[-1]["blocks"]))


async def test_a_bundle_can_be_turned_off_where_it_is_read(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    ken = ready.as_(ready.ken)

    def bundles() -> list[Payload]:
        return [m for m in ken.dm() if "that you may know the answer to" in m["text"]]

    await pass_until(ready, lambda: "If no answer comes, I close it" in str(ready.card(ts)))
    if not bundles():
        pass_to(ready, *FRIDAY)
    await ready.slack.until(bundles)
    await ken.click(bundles()[0]["ts"], "mute_nudge", channel=ken.dm_channel)
    await ready.slack.until(lambda: "no more reminders of this kind" in str(ken.dm()))
    pass_to(ready, *FRIDAY)
    await let_pass(ready, 12)

    await ready.slack.delivered()
    assert len(bundles()) == 1


async def test_what_was_answered_and_never_marked_is_closed_quietly(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, ready.ken, "Press Amend first", ts)
    bob = ready.as_(ready.bob)

    await let_pass(ready, 48)
    await ready.slack.until(lambda: "Did one of them work?" in str(bob.dm()))
    ready.slack.clock.advance(timedelta(days=8))

    await ready.card_saying(ts, "it has a reply, and nobody said")
    assert len([m for m in bob.dm() if "Did one of them work?" in m["text"]]) == 1
    assert bob.sees_message(ready.channel, ts).get("reactions") is None
    await bob.react(ready.channel, reply, CHECK)
    await ready.card_saying(ts, "Solved by")


async def test_what_was_handed_off_can_be_asked_about_again(ready: Community, desk: Channel):
    ts = await ready.ask(ready.bob, QUESTION)
    await let_pass(ready, 60)
    card = await ready.slack.until(lambda: "so it went to" in str(c := ready.card(ts)) and c)

    await ready.as_(ready.bob).click(card["ts"], "open_again", channel=ready.channel)

    await ready.slack.until(lambda: "If nobody takes it" in str(ready.card(ts)))
    await let_pass(ready, 110)  # a weekend may be among them
    await ready.slack.until(lambda: "so it went to" in str(ready.card(ts)))


# The asker: thanks, early and late


@pytest.mark.parametrize(
    "early", ["Thanks, will try tomorrow", "thanks, now it says access denied"]
)
async def test_early_thanks_leave_what_comes_later(ready: Community, early: str):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ken, "Press Amend first", ts)

    await say(ready, ready.bob, early, ts)
    assert whispers(ready.as_(ready.bob), ready, ts) == []
    await say(ready, ready.bob, "That worked, thanks!", ts)

    await whispered(ready, ready.bob, ts, "Which reply worked?")


async def test_the_days_reminder_comes_after_thanks_that_led_to_nothing(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ken, "Press Amend first", ts)

    await say(ready, ready.bob, "Thanks, will try tomorrow", ts)
    await let_pass(ready, 72)

    told = await ready.slack.until(
        lambda: [m for m in ready.as_(ready.bob).dm() if "Did one of them work?" in m["text"]]
    )
    assert len(told) == 1


async def test_the_reminder_offers_to_ask_on_and_to_close(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ken, "Press Amend first", ts)
    bob = ready.as_(ready.bob)
    await let_pass(ready, 48)
    told = await ready.slack.until(
        lambda: [m for m in bob.dm() if "Did one of them work?" in m["text"]]
    )

    await bob.click(told[0]["ts"], "still_stuck", channel=bob.dm_channel)
    await ready.slack.until(lambda: "did not solve it" in str(ready.card(ts)))
    await bob.click(told[0]["ts"], "close_question", channel=bob.dm_channel)

    await ready.card_saying(ts, "Closed:")
    assert "Did one of them work?" in str(bob.dm())  # it may list others


@pytest.mark.parametrize(
    "words", ["It broke again, same error", "Hi again, it stopped working today"]
)
async def test_an_asker_back_in_a_solved_thread_can_open_it_again(ready: Community, words: str):
    ts = await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend first")
    ready.slack.clock.advance(timedelta(days=2))
    await ready.slack.delivered()

    await say(ready, ready.bob, words, ts)
    offer = await whispered(ready, ready.bob, ts, "does not sound solved")
    await ready.as_(ready.bob).click(offer["ts"], "open_again", channel=ready.channel)

    await ready.slack.until(lambda: ready.card(ts) and "Solved" not in str(ready.card(ts)))
    assert "Nothing solved yet" in await ready.find(ready.ana, "tariff")
    effect = await ready.as_(ready.bob).command("/kudos", f"<@{ready.ken.id}>", ready.channel)
    assert "has not solved a question yet" not in effect["text"]  # it helped, then


# Marks


@pytest.mark.parametrize("emoji", ["+1", "ok_hand::skin-tone-3", "done", "resolved", "100"])
async def test_another_emoji_marks_where_an_admin_says_so(ready: Community, emoji: str):
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, ready.ken, "Press Amend first.", ts)
    await ready.as_(ready.bob).react(ready.channel, reply, emoji)
    await ready.slack.delivered()
    assert not ready.card_says(ts, "Solved")
    await ready.as_(ready.bob).unreact(ready.channel, reply, emoji)

    said = await ready.as_(ready.maria).command("/askaround", f"marks :{emoji}:", ready.channel)
    await ready.as_(ready.bob).react(ready.channel, reply, emoji)

    assert f":{emoji.partition('::')[0]}:" in said["text"]
    await ready.card_saying(ts, "Solved")
    await ready.as_(ready.bob).unreact(ready.channel, reply, emoji)
    await ready.card_saying(ts, "1 reply so far")


@pytest.mark.parametrize("emoji", ["heavy_check_mark", "ballot_box_with_check"])
async def test_each_check_mark_marks(ready: Community, emoji: str):
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, ready.ken, "Press Amend first.", ts)

    await ready.as_(ready.bob).react(ready.channel, reply, emoji)

    await ready.card_saying(ts, "Solved")


async def test_what_an_app_replied_can_solve_and_credits_nobody(ready: Community):
    robot = ready.slack.add_user("robot", real_name="Runbook", is_bot=True)
    await ready.slack.join(robot, ready.channel)
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, robot, "Runbook 12: press Amend first.", ts)
    assert "so far" not in str(ready.card(ts))  # it stops nothing

    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)

    await ready.card_saying(ts, f"Solved by <@{robot.id}>")
    assert "press Amend first" in await ready.find(ready.ana, "tariff")
    await ready.as_(ready.bob).unreact(ready.channel, reply, CHECK)
    await ready.card_saying(ts, "can you help")


# Somebody else's mark


async def test_an_experts_mark_is_told_to_the_asker_who_can_refuse_it(
    ready: Community, desk: Channel
):
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, ready.ana, "Press Amend first.", ts)
    bob = ready.as_(ready.bob)

    await ready.as_(ready.ken).react(ready.channel, reply, CHECK)
    await ready.card_saying(ts, "Solved by")
    note = await ready.slack.until(lambda: [m for m in bob.dm() if "says that" in m["text"]])
    assert "Press Amend first." in str(note[0]["blocks"])
    await bob.click(note[0]["ts"], "that_was_not_it", channel=bob.dm_channel)

    await ready.slack.until(lambda: "did not solve it" in str(ready.card(ts)))
    assert "Nothing solved yet" in await ready.find(ready.maria, "tariff")
    effect = await bob.command("/kudos", f"<@{ready.ana.id}>", ready.channel)
    assert "not solved a question yet" in effect["text"]
    await ready.as_(ready.maria).react(ready.channel, reply, CHECK)  # an admin
    await ready.slack.delivered()
    assert not ready.card_says(ts, "Solved")
    await bob.react(ready.channel, reply, CHECK)
    await ready.card_saying(ts, "Solved by")
    assert len([m for m in bob.dm() if "says that" in m["text"]]) <= 1


async def test_it_does_not_work_at_all_offers_to_refuse_anothers_mark(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, ready.ana, "Press Amend first.", ts)
    await ready.as_(ready.ken).react(ready.channel, reply, CHECK)
    await ready.card_saying(ts, "Solved by")

    await say(ready, ready.bob, "That does not work at all", ts)
    offer = await whispered(ready, ready.bob, ts, "does not sound solved")
    await ready.as_(ready.bob).click(offer["ts"], "that_was_not_it", channel=ready.channel)

    await ready.slack.until(lambda: "did not solve it" in str(ready.card(ts)))


@pytest.mark.parametrize("word", ["yes", "no", "nothing"])
async def test_a_mark_on_ones_own_reply_waits_for_the_askers_word(ready: Community, word: str):
    ts = await ready.ask(ready.bob, QUESTION)
    reply = await say(ready, ready.ken, "Press Amend first.", ts)
    bob = ready.as_(ready.bob)

    await ready.as_(ready.ken).react(ready.channel, reply, CHECK)
    note = await ready.slack.until(lambda: [m for m in bob.dm() if "their own reply" in m["text"]])
    await ready.slack.until(lambda: "If nobody objects, that counts" in str(ready.card(ts)))

    if word == "yes":
        value = next(
            each["value"]
            for each in note[0]["blocks"][-1]["elements"]
            if each["action_id"] == "mark_reply"
        )
        await bob.click(note[0]["ts"], "mark_reply", channel=bob.dm_channel, value=value)
        await ready.card_saying(ts, "Solved by")
    elif word == "no":
        await bob.click(note[0]["ts"], "that_was_not_it", channel=bob.dm_channel)
        await ready.slack.until(lambda: "did not solve it" in str(ready.card(ts)))
        await let_pass(ready, 30)
        assert not ready.card_says(ts, "Solved")
    else:
        await pass_until(ready, lambda: ready.card_says(ts, "Solved by"))
        effect = await bob.command("/kudos", f"<@{ready.ken.id}>", ready.channel)
        assert "not solved a question yet" in effect["text"]  # nobody credits themselves


# Where the answer is


async def test_replies_under_a_follow_up_belong_to_the_question(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    follow_up = await say(ready, ready.bob, "It is form 4711.")

    reply = await say(ready, ready.ken, "Press Amend first.", follow_up)
    await ready.slack.until(lambda: "1 reply so far" in str(ready.card(ts)))
    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)

    card = await ready.card_saying(ts, f"Solved by <@{ready.ken.id}>")
    assert f"thread_ts={follow_up}" in str(card["blocks"])  # where that reply is
    await ready.as_(ready.ken).edit(ready.channel, reply, "Press Correct first.")
    await ready.slack.until(lambda: "Press Correct" in str(ready.card(ts)))


@pytest.mark.parametrize("way", ["reaction", "shortcut"])
async def test_an_answer_in_the_channel_becomes_the_answer_of_the_one_question(
    ready: Community, way: str
):
    ts = await ready.ask(ready.bob, QUESTION)
    answer = await say(ready, ready.ken, "Press Amend first.")
    bob = ready.as_(ready.bob)

    if way == "reaction":
        await bob.react(ready.channel, answer, CHECK)
    else:
        await bob.shortcut("accept_solution", ready.channel, answer)

    await ready.card_saying(ts, f"Solved by <@{ready.ken.id}>")
    assert "Press Amend first" in await ready.find(ready.ana, "tariff")


async def test_a_mark_taken_off_lets_a_message_of_the_channel_go(ready: Community, desk: Channel):
    ts = await ready.ask(ready.bob, QUESTION)
    chatter = await say(ready, ready.ken, "Lunch is at noon today.")
    await ready.as_(ready.bob).react(ready.channel, chatter, CHECK)
    await ready.card_saying(ts, "Solved")

    await ready.as_(ready.bob).unreact(ready.channel, chatter, CHECK)

    await ready.card_saying(ts, "can you help")
    assert "so far" not in str(ready.card(ts))
    await let_pass(ready, 50)
    await ready.slack.until(lambda: told_in(ready, desk))


async def test_of_several_questions_the_asker_says_which_it_answers(ready: Community):
    first = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ana, "Good morning")
    second = await ready.ask(ready.bob, "Where is the spare key for gate 4?")
    answer = await say(ready, ready.ken, "With the guard at gate 2.")
    bob = ready.as_(ready.bob)

    await bob.react(ready.channel, answer, CHECK)
    asked = await ready.slack.until(
        lambda: [m for m in bob.sees(ready.channel) if "Which question" in m["text"]]
    )
    value = next(
        block["accessory"]["value"]
        for block in asked[0]["blocks"]
        if "spare key" in str(block.get("text"))
    )
    await bob.click(asked[0]["ts"], "answers_this", channel=ready.channel, value=value)

    await ready.card_saying(second, f"Solved by <@{ready.ken.id}>")
    assert ready.card_says(first, "can you help")
    assert asked[0]["is_ephemeral"]


async def test_others_marks_on_chatter_are_nothing(ready: Community):
    ts = await ready.ask(ready.bob, QUESTION)
    chatter = await say(ready, ready.ken, "Lunch is at noon today.")

    await ready.as_(ready.ana).react(ready.channel, chatter, CHECK)
    await ready.as_(ready.maria).react(ready.channel, chatter, CHECK)
    await ready.slack.delivered()

    assert ready.card_says(ts, "can you help")
    await ready.as_(ready.ana).shortcut("accept_solution", ready.channel, chatter)
    await whispered(ready, ready.ana, ts, "is not a reply to a question")


# Who left


async def test_when_the_asker_leaves_nobody_waits_and_it_is_closed(ready: Community, desk: Channel):
    ts = await ready.ask(ready.bob, QUESTION)

    await ready.slack.update_user(ready.bob, deleted=True)

    await ready.card_saying(ts, "is not here any more")
    await let_pass(ready, 40)
    assert told_in(ready, desk) == []


async def test_when_the_asker_leaves_others_who_have_it_too_still_wait(
    ready: Community, desk: Channel
):
    ts = await ready.ask(ready.bob, QUESTION)
    await say(ready, ready.ana, "me too", ts)

    await ready.slack.update_user(ready.bob, deleted=True)

    await let_pass(ready, 50)
    await ready.slack.until(lambda: told_in(ready, desk))


async def test_when_the_author_left_an_admin_is_asked_whether_it_is_true(ready: Community):
    await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend first.")
    await ready.slack.update_user(ready.ken, deleted=True)
    await ready.slack.delivered()
    ana, maria = ready.as_(ready.ana), ready.as_(ready.maria)

    await ana.command("/find", "tariff", ready.channel)
    found = await ready.slack.until(
        lambda: [m for m in ana.sees(ready.channel) if "1 solved question" in m["text"]]
    )
    await ana.click(found[0]["ts"], "no_longer_works", channel=ready.channel)

    note = await ready.slack.until(maria.dm)
    assert "still true" in note[0]["text"]
    await maria.click(note[0]["ts"], "call_outdated", channel=maria.dm_channel)
    await ready.slack.until(lambda: "All looked at" in str(maria.dm()))
    assert "*Outdated*" in await ready.find(ready.ana, "tariff")
