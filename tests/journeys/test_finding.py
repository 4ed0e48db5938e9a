"""What is solved helps again: found, suggested, shared, doubted and confirmed."""

from datetime import timedelta

import pytest

from bot.questions.suggestions import PATIENCE
from sandbox import Channel, Person
from tests.journeys.conftest import Community
from tests.journeys.test_privacy import in_time

QUESTION = "How do I correct the tariff code of a rejected form?"
AGAIN = "How can I correct a tariff code when the form was rejected?"
ANSWER = "Press Amend first, then the field opens."


async def solved(ready: Community) -> str:
    return await ready.solve(ready.bob, ready.ken, QUESTION, ANSWER)


async def whispered(ready: Community, person: Person, words: str) -> dict:
    """What the bot shows this person alone, with these words in it."""

    def told() -> dict | None:
        seen = person.sees(ready.channel)
        shown = [each for each in seen if each.get("is_ephemeral") and words in str(each)]
        return shown[-1] if shown else None

    found: dict = await ready.slack.until(told)
    return found


async def suggested(ready: Community) -> tuple[str, dict]:
    """Ana asks what Bob asked; her question, and what she alone is shown."""
    ana = ready.as_(ready.ana)
    question = await ana.post(ready.channel, AGAIN)
    return question, await whispered(ready, ana, "Does it help, before I ask anybody?")


@pytest.mark.on_both
async def test_who_asks_what_was_solved_sees_that_first_and_disturbs_nobody(ready: Community):
    await solved(ready)
    ana = ready.as_(ready.ana)

    question, shown = await suggested(ready)
    assert ANSWER in str(shown) and ready.card(question) is None
    await ana.click(shown["ts"], "suggestion_right", channel=ready.channel)

    card = await ready.card_saying(question, "Solved by")
    assert "an earlier answer of Ken Sato" in card["text"]
    assert f"<@{ready.ken.id}>" not in str(card["blocks"])
    told = str(await ana.command("/kudos", f"<@{ready.ken.id}>", ready.channel))
    assert "Later, their answers helped 1 more person." in told
    thanks = await whispered(ready, ana, "gets the credit")

    await ana.click(thanks["ts"], "still_open", channel=ready.channel)
    await ready.card_saying(question, f"<@{ready.ken.id}>, can you help")


async def test_not_it_asks_the_experts_at_once(ready: Community):
    await solved(ready)

    question, shown = await suggested(ready)
    await ready.as_(ready.ana).click(shown["ts"], "suggestions_wrong", channel=ready.channel)

    await ready.card_saying(question, "can you help")


async def test_who_says_nothing_is_helped_after_two_minutes(ready: Community):
    await solved(ready)
    question, _ = await suggested(ready)

    ready.slack.clock.advance(PATIENCE + timedelta(seconds=1))

    await ready.card_saying(question, "can you help")


async def test_a_result_is_credited_and_shared(ready: Community):
    await solved(ready)
    ana = ready.as_(ready.ana)
    await ana.command("/find", "rejected form", ready.channel)
    found = await whispered(ready, ana, "1 solved question")

    await ana.click(found["ts"], "helped_me", channel=ready.channel)
    await whispered(ready, ana, "It counts among the kudos of")
    await ana.click(found["ts"], "share_here", channel=ready.channel)

    def is_shared() -> bool:
        seen = ready.as_(ready.maria).sees(ready.channel)
        return any(
            "shares a solved question" in each["text"] and ANSWER in str(each) for each in seen
        )

    await ready.slack.until(is_shared)


async def test_a_guest_in_the_channel_keeps_another_channels_answer_out(ready: Community):
    await solved(ready)
    guest = ready.slack.add_user("gil", real_name="Gil Guest", is_guest=True)
    members = [ready.ana, ready.maria, guest, ready.slack.bot]
    cafe = ready.slack.add_channel("cafe", members=members)
    await tell_of(ready, cafe)
    ana = ready.as_(ready.ana)

    async def share() -> str:
        await ana.command("/find", "rejected form", cafe)
        before = ana.sees(cafe)
        await ana.click(before[-1]["ts"], "share_here", channel=cafe)
        await ready.slack.until(lambda: len(ana.sees(cafe)) > len(before))
        return str(ana.sees(cafe)[-1])

    answer = await share()
    while "please try again" in answer:  # who is there is being read
        answer = await share()
    assert "Not everybody here can read" in answer


async def tell_of(ready: Community, channel: Channel) -> None:
    """The bot was invited there, and has read who is in it."""
    joined = {
        "type": "member_joined_channel",
        "user": ready.slack.bot_user_id,
        "channel": channel.id,
        "channel_type": "C",
        "team": ready.slack.team_id,
    }
    await ready.slack.send_event({**joined, "event_ts": ready.slack.clock.ts()})
    await in_time(ready, lambda reply: "is a help channel now" in reply, channel)


@pytest.mark.on_both
async def test_a_doubt_goes_to_the_author_who_confirms_with_one_click(ready: Community):
    await solved(ready)
    ana, ken = ready.as_(ready.ana), ready.as_(ready.ken)
    await ana.command("/find", "rejected form", ready.channel)
    found = await whispered(ready, ana, "1 solved question")

    await ana.click(found["ts"], "no_longer_works", channel=ready.channel)
    await whispered(ready, ana, "whether it is still true")
    note = await ready.slack.until(lambda: next(iter(ken.dm()), None))
    assert f"<@{ready.ana.id}> says that it no longer works" in str(note)
    assert "Somebody says that it no longer works" in await ready.find(ready.bob, "rejected form")

    await ken.click(note["ts"], "still_true", channel=ken.dm_channel)
    await ready.slack.until(lambda: "All looked at" in str(ken.dm()[0]))
    assert "no longer works" not in str(
        (await ready.as_(ready.bob).command("/find", "rejected form", ready.channel))["text"]
    )
    assert "confirmed" in await ready.find(ready.bob, "rejected form")


async def test_only_the_author_or_an_expert_says_what_is_outdated(ready: Community):
    await solved(ready)
    ken = ready.as_(ready.ken)
    await ken.command("/find", "rejected form", ready.channel)
    found = await whispered(ready, ken, "1 solved question")

    await ken.click(found["ts"], "no_longer_works", channel=ready.channel)

    await whispered(ready, ken, "From now on it carries a warning")
    assert "*Outdated*" in await ready.find(ready.bob, "rejected form")
    assert ken.dm() == []


@pytest.mark.on_both
async def test_a_pasted_line_finds_whatever_it_has_in_quotes(ready: Community):
    code = "What does 0x80070005 mean when the kiosk starts?"
    tax = "Which tax code does the V0 invoice need?"
    await ready.solve(ready.bob, ready.ken, code, "Access is denied: ask for the group.")
    await ready.solve(ready.bob, ready.ken, tax, "Tax code 4.")

    found = {
        line: await ready.find(ready.ana, line)
        for line in (
            'kiosk says "access is denied" 0x80070005 at login',
            '{"code": "0x80070005", "message": "Access denied"}',
            "erreur « accès refusé » 0x80070005",
            "Fehler „Zugriff verweigert“ 0x80070005",
        )
    }

    assert [line for line, shown in found.items() if code not in shown] == []
    assert tax in await ready.find(
        ready.ana, 'SAP rejects the invoice "V0" with "tax code missing"'
    )
    assert "Nothing solved yet" in await ready.find(ready.ana, '"tax code missing"')


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("What is the torque for M8x1.25 bolts on the gripper?", "M8"),
        ("退货单要盖章吗？", "章"),
        ("経費精算の締め切りはいつですか？", "締切"),
    ],
)
async def test_short_words_and_other_spellings_find(ready: Community, asked: str, searched: str):
    await ready.solve(ready.bob, ready.ken, asked, "8.")
    await ready.solve(ready.bob, ready.ken, "Where is the pallet?", "At the gate.")

    found = await ready.find(ready.ana, searched)

    assert "1 solved question" in found
    assert asked in found


async def test_home_searches_too(ready: Community):
    for thing in ("lamp", "key", "bell", "lock", "camera", "switch", "heater"):
        await ready.solve(ready.bob, ready.ken, f"Where is the {thing} of the gate?", "In the box.")
    ana = ready.as_(ready.ana)
    await ana.open_home()
    await ready.slack.until(lambda: ana.home)

    await ana.click(ana.home or {}, "open_search")
    await ready.slack.until(lambda: ana.view)
    await ana.submit({"words": {"value": "gate"}})
    assert "7 solved questions for “gate”, 1 to 5" in str(ana.view)

    await ana.click(ana.view or {}, "find_more")
    await ready.slack.until(lambda: "6 to 7" in str(ana.view))
    await ana.click(ana.view or {}, "helped_me", value="1")
    await ready.slack.until(lambda: "It counts among the kudos" in str(ana.view))
