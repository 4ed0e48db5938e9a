"""Odd, broken and hostile input: a private sentence or silence, never a lost event."""

import asyncio
from dataclasses import replace

import pytest

from bot.failures import keep, list_waiting
from handlers.replaying import replay
from sandbox import SlackError
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"

ODD_TEXTS = [
    "",
    " \n ",
    ":eyes:",
    "🦓🦓🦓",
    "\u202eملف مرفوض؟",
    "\u200b\u200b\u200b",
    "why\x00does it fail?",
    "why \ud800 does it fail?",
    "?" * 100_000,
    "why " * 250_000 + "?",  # 1 MB
    "<!channel> <!everyone> who can help?",
    "see <https://evil.example|https://good.example>?",
    "<@U0NOBODY> <#C0NOWHERE|gone> <!subteam^S0NONE>?",
    "<<<>>> <@ <# <! | > what is this?",
    '"unbalanced AND OR NOT NEAR( * ^ x:y C++ node.js ?',
    "```\n" * 1000 + "?",
]


async def test_odd_texts_are_heard_and_nothing_fails(ready: Community, bot):
    bob = ready.as_(ready.bob)

    for text in ODD_TEXTS:
        await ready.slack.send_event(message_event(ready, text))
        await bob.post(ready.channel, text[:30_000] or "–")
    await ready.slack.delivered(timeout=30)

    assert {each.status for each in ready.slack.deliveries} == {"acked"}
    async with bot.sessions.read() as session:
        assert await list_waiting(session) == []


async def test_what_people_wrote_pings_nobody_and_fakes_no_link(ready: Community):
    hostile = "Who can help with the form? <!channel> <@U0NOBODY> <https://evil.example|https://good.example>"

    ts = await ready.solve(ready.bob, ready.ken, hostile, hostile)

    card = str(ready.card(ts))
    found = await ready.find(ready.ana, "help")
    for shown in (card, found):
        assert "<!channel>" not in shown
        assert "<@U0NOBODY>" not in shown
        assert "<https://evil.example|" not in shown
        assert "https://good.example" in shown


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("/experts", "{}"),
        ("/experts", "join {}"),
        ("/experts", "leave {}"),
        ("/experts", "hours {}"),
        ("/experts", "away until {}"),
        ("/experts", "limit {}"),
        ("/experts", "messages {}"),
        ("/kudos", "export {}"),
        ("/kudos", "top {}"),
        ("/find", "{}"),
        ("/askaround", "digest {}"),
        ("/askaround", "timezone {}"),
    ],
)
async def test_what_was_typed_into_a_command_pings_nobody_when_it_is_repeated(
    ready: Community, command: str, text: str
):
    hostile = "@channel @ken https://evil.example <!here> *x*"

    answer = await ready.as_(ready.maria).command(command, text.format(hostile), ready.channel)

    shown = str(answer)
    assert "<!" not in shown and f"<@{ready.ken.id}>" not in shown
    assert "<https://evil.example" not in shown


@pytest.mark.parametrize("words", ["", "   ", "AND", '"', "*", "a:b (", "\u202e", "x" * 5000, "💥"])
async def test_any_search_is_answered_with_a_sentence(ready: Community, words: str):
    reply = await ready.as_(ready.ana).command("/find", words, ready.channel)

    assert reply["text"].startswith(("Nothing solved yet", "Say what to look for"))


EVENTS = [
    {"type": "message"},
    {"type": "message", "subtype": "message_changed"},
    {"type": "message", "subtype": "message_deleted"},
    {"type": "message", "subtype": "channel_topic", "text": "?", "topic": "x"},
    {"type": "message", "subtype": "bot_message", "text": "Why?", "bot_id": "B1", "username": "x"},
    {"type": "message", "subtype": "something_new", "text": "Why?"},
    {"type": "message", "text": None, "user": None},
    {"type": "reaction_added", "reaction": "white_check_mark", "item": {"type": "file"}},
    {"type": "app_home_opened", "tab": "messages"},
    {"type": "something_new"},
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.get("subtype", event["type"]))
async def test_events_of_odd_shapes_are_acknowledged(ready: Community, event: dict):
    """What cannot be read is kept for later; nothing is answered 404 or sent again."""
    now = ready.slack.clock.ts()
    place = {"channel": ready.channel.id, "ts": now, "event_ts": now, "user": ready.bob.id}

    sent = await ready.slack.send_event({**place, **event})
    await ready.slack.delivered()

    delivery = next(each for each in ready.slack.deliveries if each.id == sent.id)
    assert (delivery.status, delivery.attempts) == ("acked", 1)


async def test_an_event_that_fails_is_kept_and_can_be_replayed(ready: Community, bot):
    """An event without its channel cannot be handled; it is neither lost nor sent again."""
    now = ready.slack.clock.ts()
    broken = {"type": "message", "user": ready.bob.id, "text": QUESTION, "ts": now, "event_ts": now}

    await ready.slack.send_event(broken)
    await ready.slack.delivered()

    async with bot.sessions.read() as session:
        kept = await list_waiting(session)
    assert [failed.body["event"] for failed in kept] == [broken]


async def test_a_kept_event_is_handled_when_it_is_replayed(ready: Community, bot):
    manifest = ready.slack.manifest
    ready.slack.manifest = replace(manifest, events=manifest.events - {"message.channels"})
    ts = await ready.as_(ready.bob).post(ready.channel, QUESTION)  # Slack tells us nothing of it
    event = {**message_event(ready, QUESTION), "ts": ts, "event_ts": ts}
    around = (await ready.slack.send_event({"type": "something_new"})).payload
    async with bot.sessions.begin() as session:
        for reference, body in (("GOOD2222", event), ("BAD33333", {"type": "message"})):
            await keep(
                session,
                reference=reference,
                team_id=ready.slack.team_id,
                body={**around, "event": {**body, "user": ready.bob.id}},
                error="the disk was full",
                now=ready.slack.clock.now(),
            )

    assert await replay(bot.app, bot.sessions) == (1, 1)

    await ready.slack.until(lambda: ready.card(ts))
    async with bot.sessions.read() as session:
        assert [failed.reference for failed in await list_waiting(session)] == ["BAD33333"]


async def test_a_question_of_another_workspace_is_gone(ready: Community):
    """A button's value names a question; a forged one finds nothing."""
    ts = await ready.ask(ready.bob, QUESTION)
    card = ready.card(ts)
    assert card is not None
    forge_buttons(ready, card["ts"], value="999999")
    ana = ready.as_(ready.ana)

    await ana.click(card["ts"], "claim_question", channel=ready.channel)

    said = await ready.slack.until(
        lambda: [m for m in ana.sees(ready.channel, thread_ts=ts) if m.get("is_ephemeral")]
    )
    assert said[0]["text"] == "That question is no longer here."


@pytest.mark.parametrize("value", ["", "x", "-1", "1; DROP TABLE questions", "9" * 40])
async def test_a_forged_value_is_a_question_that_is_gone(ready: Community, value: str):
    ts = await ready.ask(ready.bob, QUESTION)
    card = ready.card(ts)
    assert card is not None
    forge_buttons(ready, card["ts"], value=value)
    ana = ready.as_(ready.ana)

    await ana.click(card["ts"], "pass_question", channel=ready.channel)

    said = await ready.slack.until(
        lambda: [m for m in ana.sees(ready.channel, thread_ts=ts) if m.get("is_ephemeral")]
    )
    assert said[0]["text"] == "That question is no longer here."


async def test_a_deactivated_person_can_do_nothing_more(ready: Community):
    await ready.slack.update_user(ready.ken, deleted=True)
    await ready.slack.delivered()

    ts = await ready.ask(ready.bob, QUESTION)

    card = await ready.card_saying(ts, "Who can help")  # the deactivated expert is not asked
    with pytest.raises(SlackError, match="account_inactive"):
        await ready.as_(ready.ken).click(card["ts"], "claim_question", channel=ready.channel)


async def test_a_message_deleted_before_it_was_heard_stays_away(ready: Community):
    """Slack delivered the deletion first, and then the message."""
    event = message_event(ready, QUESTION)
    deletion = {
        "type": "message",
        "subtype": "message_deleted",
        "channel": ready.channel.id,
        "deleted_ts": event["ts"],
        "ts": ready.slack.clock.ts(),
        "event_ts": ready.slack.clock.ts(),
    }

    await ready.slack.send_event(deletion)
    await ready.slack.delivered()
    await ready.slack.send_event(event)
    await ready.slack.delivered()
    await asyncio.sleep(0.5)

    assert ready.slack.calls_to("chat.postMessage") == []


def message_event(community: Community, text: str) -> dict:
    """A message as an event alone, with any text at all."""
    ts = community.slack.clock.ts()
    return {
        "type": "message",
        "channel": community.channel.id,
        "channel_type": "channel",
        "user": community.bob.id,
        "text": text,
        "ts": ts,
        "event_ts": ts,
    }


def forge_buttons(community: Community, ts: str, *, value: str) -> None:
    """Give a posted card's buttons another value, as a tampered client would."""
    message = community.slack.channels[community.channel.id].messages[ts]
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button":
                element["value"] = value
