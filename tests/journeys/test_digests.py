"""Monday's digest, to the word; and who does not want to be in it is not."""

import asyncio
import re
from contextlib import aclosing
from datetime import timedelta

import pytest

from bot.settings import Settings
from storage.database import open_sessions
from storage.tables import Kudos, Question
from tests.journeys.conftest import Community
from tests.journeys.test_story import until_monday_after_nine

CODE = "How do I correct the tariff code of a rejected form?"
SEAL = "Which seal is right for a reefer?"
PALLET = "Who signs for a broken pallet?"
NUMBER = "Where can I see the seal number of a container?"
HOUR = timedelta(hours=1)

TOLD = """\
*Last week 2 colleagues solved 3 questions here*
4 questions asked, 3 solved.
:seedling: For the first time: @ken helped 2 people with 2 questions.
• [Bob Miller]: [How do I correct the tariff code of a rejected form?]
• [Ana Silva]: [Which seal is right for a reefer?]
:mountain: The hardest: [Which seal is right for a reefer?]
It was open for 5 hours until @ken solved it.
:seedling: For the first time: @maria helped [Bob Miller] with [Who signs for a broken pallet?]
:wave: Welcome to @bob and @ana, who asked for the first time.
---
*Still waiting for an answer*
[Where can I see the seal number of a container?]
_since (then)_ (I'll take it)"""
IN_WORDS = (
    "Last week 2 colleagues solved 3 questions here. 4 questions asked, 3 solved. "
    "For the first time: @ken and @maria. "
    "The hardest question was open for 5 hours until @ken solved it. "
    "Welcome to @bob and @ana, who asked for the first time. "
    "1 question is still waiting for an answer."
)
WITHOUT_KEN = """\
*Last week 2 colleagues solved 3 questions here*
4 questions asked, 3 solved.
:seedling: For the first time: @maria helped [Bob Miller] with [Who signs for a broken pallet?]
:mountain: The hardest: [Which seal is right for a reefer?]
It was open for 5 hours until a colleague solved it.
And 1 more colleague helped.
:wave: Welcome to @bob and @ana, who asked for the first time.
---
*Still waiting for an answer*
[Where can I see the seal number of a container?]
_since (then)_ (I'll take it)"""


@pytest.fixture
async def told(ready: Community) -> Community:
    """After a week in which Ken and Maria helped Bob and Ana, and Monday's digest."""
    await start_on_a_tuesday(ready)
    await ready.solve(ready.bob, ready.ken, CODE, "Press Amend, enter the code, resend.")
    ready.slack.clock.advance(24 * HOUR)
    seal = await ready.ask(ready.ana, SEAL)
    ready.slack.clock.advance(5 * HOUR)
    reply = await ready.as_(ready.ken).post(ready.channel, "The bolt seal.", thread_ts=seal)
    await ready.slack.delivered()
    await ready.as_(ready.ana).react(ready.channel, reply, "white_check_mark")
    await ready.card_saying(seal, "Solved")
    await ready.solve(ready.bob, ready.maria, PALLET, "The driver does.")
    ready.slack.clock.advance(HOUR)
    await ready.ask(ready.bob, NUMBER)
    ready.slack.clock.advance(until_monday_after_nine(ready))
    await ready.slack.until(lambda: digests(ready))
    return ready


async def start_on_a_tuesday(ready: Community) -> None:
    """Whatever day the test runs on: Tuesday of the week after next."""
    now = ready.slack.clock.now()
    tuesday = (now + timedelta(days=15 - now.weekday())).replace(hour=10, minute=0)
    ready.slack.clock.advance(tuesday - now)
    await asyncio.sleep(1)  # the slots in between are skipped: it is too late for them


def digests(ready: Community) -> list[dict]:
    """What the bot said in the channel itself."""
    seen = ready.as_(ready.bob).sees(ready.channel)
    return [each for each in seen if each["user"] == ready.slack.bot_user_id]


def read(ready: Community, message: dict) -> str:
    """The message as people read it, links and moments short."""
    lines = []
    for block in message["blocks"]:
        texts = [block.get("text"), *block.get("elements", [])]
        said = "\n".join(each["text"] for each in texts if each) or "---"
        button = block.get("accessory")
        lines.append(f"{said} ({button['text']['text']})" if button else said)
    return plain(ready, "\n".join(lines))


def plain(ready: Community, text: str) -> str:
    for user in (ready.maria, ready.ken, ready.bob, ready.ana):
        text = text.replace(f"<@{user.id}>", f"@{user.name}")
    text = re.sub(r"<!date\^[^>]*>", "(then)", text)
    return re.sub(r"<https://[^|>]*\|([^>]*)>", r"[\1]", text)


async def test_mondays_digest_is_right_to_the_word_and_who_opts_out_is_gone_from_it(
    told: Community,
):
    [digest] = digests(told)
    assert read(told, digest) == TOLD
    assert plain(told, digest["text"]) == IN_WORDS

    done = await told.as_(told.ken).command("/kudos", "private on", told.channel)
    assert done["text"].startswith("Done. No digest names you from now on")
    await told.slack.until(lambda: told.ken.id not in str(digests(told)))

    [digest] = digests(told)
    assert read(told, digest) == WITHOUT_KEN
    about = f"<@{told.ken.id}>"
    others = await told.as_(told.bob).command("/kudos", about, told.channel)
    own = await told.as_(told.ken).command("/kudos", "", told.channel)
    assert others["text"] == f"{about} prefers not to be named for their help."
    assert own["text"] == "You solved 2 questions for 2 people."


async def test_a_deleted_question_leaves_the_posted_digest(told: Community):
    bob = told.as_(told.bob)
    question = next(each for each in bob.sees(told.channel) if each["text"] == CODE)

    await bob.delete(told.channel, question["ts"])

    await told.slack.until(lambda: "tariff code" not in str(digests(told)))
    [digest] = digests(told)
    assert "2 colleagues solved 3 questions here" in digest["text"]


async def test_an_admin_previews_skips_and_pauses_the_digest(told: Community):
    maria = told.as_(told.maria)

    async def say(words: str) -> dict:
        return await maria.command("/askaround", f"digest {words}", told.channel)

    await told.solve(told.ana, told.ken, "How do I print a T1 form?", "With the print key.")
    preview = await say("preview")
    assert preview["response_type"] == "ephemeral"
    assert f"<@{told.ken.id}> helped <" in str(preview["blocks"])
    assert preview["text"].startswith("Last week 1 colleague solved 1 question here.")

    assert "comes Monday at 9:00 (Europe/Rome); next <!date^" in (await say(""))["text"]
    assert "is skipped, next <!date^" in (await say("skip"))["text"]
    told.slack.clock.advance(timedelta(weeks=1))
    await asyncio.sleep(1)
    assert len(digests(told)) == 1

    assert "and is paused since <!date^" in (await say("pause"))["text"]
    assert "; next <!date^" in (await say("resume"))["text"]
    told.slack.clock.advance(timedelta(weeks=1))
    await told.slack.until(lambda: len(digests(told)) == 2)
    newest = max(digests(told), key=lambda each: each["ts"])
    assert newest["text"].startswith("In the last 2 weeks 1 colleague solved 1 question here.")


async def test_an_admin_sees_why_help_counts_and_nobody_else_does(told: Community):
    words = f"kudos <@{told.ken.id}>"

    shown = await told.as_(told.maria).command("/askaround", words, told.channel)
    refused = await told.as_(told.bob).command("/askaround", words, told.channel)

    assert "The 2 newest entries of what counts for" in shown["text"]
    assert f"<@{told.bob.id}> said that <https://" in str(shown["blocks"])
    assert refused["text"] == "Only workspace admins can change that."


async def test_a_long_week_goes_on_in_the_digests_thread(ready: Community, settings: Settings):
    await help_of(ready, settings, people=60)

    ready.slack.clock.advance(until_monday_after_nine(ready))
    [digest] = await ready.slack.until(lambda: digests(ready))
    await ready.slack.until(lambda: len(in_thread(ready, digest)) == 2)

    first, second = in_thread(ready, digest)
    assert digest["text"].startswith("Last week 60 colleagues solved 60 questions here.")
    assert "more colleagues helped: see the thread." in str(digest["blocks"])
    told = re.findall("U_HELPS_[0-9]+", str([each["blocks"] for each in (digest, first, second)]))
    assert len(told) == len(set(told)) == 60
    assert first["text"].startswith("More of the week's help: ")
    await asyncio.sleep(0.5)
    assert len(in_thread(ready, digest)) == 2


def in_thread(ready: Community, digest: dict) -> list[dict]:
    seen = ready.as_(ready.bob).sees(ready.channel, thread_ts=digest["ts"])
    return [each for each in seen if each["ts"] != digest["ts"]]


async def help_of(ready: Community, settings: Settings, *, people: int) -> None:
    """So many solved a question each, an hour ago."""
    at, team_id, channel_id = ready.slack.clock.now(), ready.slack.team_id, ready.channel.id
    place = {"team_id": team_id, "channel_id": channel_id}
    async with (
        aclosing(open_sessions(settings.database_url)) as sessions,
        sessions.begin() as session,
    ):
        for number in range(1, people + 1):
            ts, author_id = f"{number}.000001", f"U_HELPS_{number}"
            solved = {"asked_at": at, "solved_at": at, "message_ts": ts, "thread_ts": ts}
            question = Question(**place, **solved, asker_id=ready.bob.id, text=f"Form {number}?")
            session.add(question)
            await session.flush()
            help_ = {"giver_id": ready.bob.id, "receiver_id": author_id, "given_at": at}
            session.add(Kudos(**place, **help_, kind="solved", question_id=question.id))
