"""✅ in any order, by anybody, on and off."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"
CHECK = "white_check_mark"


async def answered(ready: Community) -> tuple[str, str]:
    question = await ready.ask(ready.bob, QUESTION)
    reply = await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=question)
    await ready.slack.delivered()
    return question, reply


async def test_taking_the_mark_off_opens_the_question_again(ready: Community):
    question, reply = await answered(ready)
    bob = ready.as_(ready.bob)
    await bob.react(ready.channel, reply, CHECK)
    await ready.card_saying(question, "Solved")

    await bob.unreact(ready.channel, reply, CHECK)

    await ready.card_saying(question, "1 reply so far")
    assert "Nothing solved yet" in await ready.find(ready.ana, "tariff")
    effect = await bob.command("/kudos", f"<@{ready.ken.id}>", ready.channel)
    assert "has not solved a question yet" in effect["text"]


async def test_two_marks_are_two_solutions(ready: Community):
    question, first = await answered(ready)
    second = await ready.as_(ready.ana).post(ready.channel, "Or resend it.", thread_ts=question)
    await ready.slack.delivered()
    bob = ready.as_(ready.bob)

    await bob.react(ready.channel, first, CHECK)
    await bob.react(ready.channel, second, CHECK)

    await ready.card_saying(question, f"Solved by <@{ready.ken.id}> and <@{ready.ana.id}>")


async def test_a_passer_bys_mark_says_that_it_helped_them_too(ready: Community):
    question, reply = await answered(ready)
    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)
    await ready.card_saying(question, "Solved")

    await ready.as_(ready.ana).react(ready.channel, reply, CHECK)

    # The bot asks Slack first who she is: bots tell of no help.
    for _ in range(50):
        if "helped 2 people" in await ready.find(ready.ana, "tariff"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("her ✅ did not count")


async def test_the_mark_before_the_reply_is_heard_is_looked_up(ready: Community):
    """Slack lost the reply's event; the ✅ on it still counts."""
    question = await ready.ask(ready.bob, QUESTION)
    manifest = ready.slack.manifest
    ready.slack.manifest = replace(manifest, events=manifest.events - {"message.channels"})
    reply = await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=question)

    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)

    await ready.card_saying(question, f"Solved by <@{ready.ken.id}>")


async def test_the_shortcut_marks_for_the_asker_and_refuses_others(ready: Community):
    question, reply = await answered(ready)
    ana = ready.as_(ready.ana)

    await ana.shortcut("accept_solution", ready.channel, reply)
    said = await ready.slack.until(
        lambda: [m for m in ana.sees(ready.channel, thread_ts=question) if m.get("is_ephemeral")]
    )
    assert said[0]["text"].startswith(f"Only <@{ready.bob.id}>, who asked")

    await ready.as_(ready.bob).shortcut("accept_solution", ready.channel, reply)
    await ready.card_saying(question, "Solved")


async def test_a_mark_on_the_question_itself_is_answered_with_a_private_hint(ready: Community):
    question, _ = await answered(ready)
    bob = ready.as_(ready.bob)

    await bob.react(ready.channel, question, CHECK)

    hint = await ready.slack.until(
        lambda: [m for m in bob.sees(ready.channel, thread_ts=question) if m.get("is_ephemeral")]
    )
    assert "Which reply worked?" in hint[0]["text"]
    assert not any(
        m.get("is_ephemeral") for m in ready.as_(ready.ken).sees(ready.channel, thread_ts=question)
    )


async def test_a_deleted_answer_solves_nothing_and_is_not_found(ready: Community):
    question, reply = await answered(ready)
    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)
    await ready.card_saying(question, "Solved")

    await ready.as_(ready.ken).delete(ready.channel, reply)

    await ready.card_saying(question, "can you help")
    assert "Nothing solved yet" in await ready.find(ready.ana, "tariff amend")


async def test_a_deleted_question_is_quoted_to_nobody(ready: Community):
    question, reply = await answered(ready)
    await ready.as_(ready.bob).react(ready.channel, reply, CHECK)
    await ready.card_saying(question, "Solved")
    ready.slack.clock.advance(timedelta(minutes=6))
    ken = ready.as_(ready.ken)
    await ready.slack.until(lambda: "tariff" in str(ken.dm()))

    await ready.as_(ready.bob).delete(ready.channel, question)

    await ready.slack.until(lambda: "tariff" not in str(ken.dm()))
    assert "was changed or deleted" in str(ken.dm())


async def test_thanks_reach_the_person_in_the_givers_words(ready: Community):
    bob = ready.as_(ready.bob)

    reply = await bob.command(
        "/kudos", f"<@{ready.ken.id}> for the T1 <!channel> rescue", ready.channel
    )

    assert reply["text"].startswith("I told")
    note = await ready.slack.until(lambda: ready.as_(ready.ken).dm())
    assert f"<@{ready.bob.id}> thanks you" in note[0]["text"]
    assert "<!channel>" not in str(note[0]["blocks"])
