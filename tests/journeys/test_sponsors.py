"""Monday comes to the sponsor of a topic, and thanks go where the community sees them."""

import re
from datetime import timedelta

import pytest

from sandbox import User
from tests.journeys.conftest import Community
from tests.journeys.test_health import home_of, until_says

REJECTED = "How do I correct the tariff code of a rejected form?"
SEAL = "Where can I see the seal number of a container?"


@pytest.fixture
async def week(ready: Community) -> Community:
    """Maria sponsors Customs; Ken and Ana help Bob; one question stays open."""
    maria = ready.as_(ready.maria)
    await maria.command("/askaround", "topic customs", ready.channel)
    await maria.submit({"sponsor": {"value": ready.maria.id}})
    await ready.solve(ready.bob, ready.ken, REJECTED, "Press Amend, enter the code, resend.")
    await ready.solve(ready.bob, ready.ken, "Which tariff is it for tea?", "The one of 0902.")
    await ready.solve(ready.bob, ready.ana, "Who stamps a T1 form?", "The office of departure.")
    await ready.ask(ready.bob, SEAL)
    return ready


async def digest_on_monday(community: Community) -> dict:
    community.slack.clock.advance(until_monday_before_ten(community))
    return await community.slack.until(lambda: digest_of(community))


def until_monday_before_ten(community: Community) -> timedelta:
    """From the sandbox's now to a little after 9:30 in Rome next Monday."""
    now = community.slack.clock.now()
    monday = now + timedelta(days=7 - now.weekday())
    return monday.replace(hour=9, minute=45, second=0, microsecond=0) - now


def digest_of(community: Community) -> dict | None:
    digests = [each for each in community.as_(community.maria).dm() if "Customs" in each["text"]]
    assert len(digests) <= 1, "one digest a week"
    return digests[0] if digests else None


def read(community: Community, message: dict) -> str:
    """What a person reads of it, with names for ids and without addresses."""
    lines = []
    for block in message["blocks"]:
        lines.append({"divider": "---"}.get(block["type"], ""))
        texts = [block.get("text"), *block.get("elements", [])]
        lines[-1] += " ".join(each["text"] for each in texts if each and "text" in each)
        if "accessory" in block:
            lines[-1] += f" [{block['accessory']['text']['text']}]"
    text = re.sub(r"<http[^|>]*\|([^>]*)>", r"<\1>", "\n".join(lines))
    text = re.sub(r"<!date[^>]*>", "<date>", text)
    return with_names(community, text)


def with_names(community: Community, text: str) -> str:
    people = (community.maria, community.ken, community.bob, community.ana)
    for user in people:
        text = text.replace(f"<@{user.id}>", f"@{user.name}")
    return text


def thanks_in_channel(community: Community) -> list[dict]:
    seen = community.as_(community.bob).sees(community.channel)
    return [each for each in seen if "thanks" in each["text"]]


def note_to(community: Community, user: User) -> list[dict]:
    return [each for each in community.as_(user).dm() if "thanks" in each["text"]]


WEEK = f"""\
*Last week 2 colleagues helped with Customs*
4 questions asked, 3 solved.
:seedling: For the first time, @ken solved 2 questions for 1 person.
• <{REJECTED}>, for @bob
• <Which tariff is it for tea?>, for @bob [Say thanks]
:seedling: For the first time, @ana solved 1 question.
• <Who stamps a T1 form?>, for @bob [Say thanks]
---
*Where people are stuck*
Nobody has answered 1 question so far:
• <{SEAL}>, since <date>"""


@pytest.mark.on_both
async def test_two_people_help_and_on_monday_the_sponsor_thanks_in_their_own_words(
    week: Community,
):
    maria, slack = week.as_(week.maria), week.slack

    digest = await digest_on_monday(week)
    assert read(week, digest) == WEEK
    assert with_names(week, digest["text"]) == (
        "Last week 2 colleagues helped with Customs. 4 questions asked, 3 solved. "
        "Nobody has answered 1 question so far. "
        ":seedling: For the first time, @ken solved 2 questions for 1 person. "
        ":seedling: For the first time, @ana solved 1 question."
    )

    await maria.click(digest["ts"], "thank_from_digest", channel=maria.dm_channel)
    assert REJECTED in str(maria.view) and "In #logistics" in str(maria.view)
    await maria.submit({"reason": {"value": "You kept the Hamburg ferry on time."}})

    [said] = await slack.until(lambda: thanks_in_channel(week))
    assert read(week, said) == (
        ":sparkles: @maria thanks @ken: You kept the Hamburg ferry on time.\n"
        "For help with <this question>"
    )
    await slack.until(lambda: "You thanked them" in str(digest_of(week)))
    await slack.delivered()
    assert len(thanks_in_channel(week)) == 1
    assert note_to(week, week.ken) == []
    kudos = str(await maria.command("/kudos", f"<@{week.ken.id}>", week.channel))
    assert "was thanked once" in kudos


async def test_thanks_can_be_said_privately(week: Community):
    maria = week.as_(week.maria)
    digest = await digest_on_monday(week)
    await maria.click(digest["ts"], "thank_from_digest", channel=maria.dm_channel)

    await maria.submit(
        {"reason": {"value": "Thank you <!channel>"}, "where": {"value": "privately"}}
    )

    [note] = await week.slack.until(lambda: note_to(week, week.ken))
    assert "thanks you: Thank you &lt;!channel&gt;" in note["text"]
    assert thanks_in_channel(week) == []


async def test_who_is_no_sponsor_any_more_when_monday_comes_gets_nothing(week: Community):
    maria = week.as_(week.maria)
    await maria.command("/askaround", "topic customs", week.channel)
    await maria.submit({"sponsor": {"value": week.ana.id}})

    week.slack.clock.advance(until_monday_before_ten(week) + timedelta(hours=6))  # Ana's morning

    digest = await week.slack.until(
        lambda: [m for m in week.as_(week.ana).dm() if "helped with Customs" in m["text"]]
    )
    assert len(digest) == 1
    assert digest_of(week) is None


async def test_a_sponsor_previews_pauses_and_skips_in_app_home(week: Community):
    maria, slack = week.as_(week.maria), week.slack
    stands = "You sponsor Customs. 2 colleagues helped there since your last digest."
    await until_says(lambda: home_of(week, week.maria), stands)
    assert "Your next digest: Monday 9:30." in home(week)

    await maria.click(maria.home, "preview_sponsor_digest")
    assert "2 colleagues helped with Customs" in str(maria.view)
    await maria.close_view()

    await change_own(week, skips={"value": ["on"]})
    await slack.until(lambda: "is skipped" in home(week))
    await change_own(week, skips={"value": []}, day={"value": "tuesday"}, at={"value": "14:00"})
    await slack.until(lambda: "Your next digest: Tuesday 14:00." in home(week))
    await change_own(week, comes={"value": "off"})
    await slack.until(lambda: "Your digest is paused" in home(week))

    plans = str(await maria.command("/askaround", "digest sponsor", week.channel))
    assert f"<@{week.maria.id}>, for Customs: paused since" in plans


async def change_own(week: Community, **chosen: dict) -> None:
    """In the window of the sponsor's own digest."""
    maria = week.as_(week.maria)
    await maria.click(maria.home, "change_setting", value="sponsor_digest")
    await maria.submit(chosen)
    await maria.close_view()


def home(community: Community) -> str:
    return str(community.as_(community.maria).home)


async def test_what_is_found_again_and_again_becomes_an_faq_entry(week: Community):
    maria, slack = week.as_(week.maria), week.slack
    for number in range(3):
        reader = slack.add_user(f"reader{number}")
        await slack.join(reader, week.channel)
        await slack.delivered()
        await week.find(reader, "tariff rejected form")
        found = week.as_(reader).sees(week.channel)[-1]
        await week.as_(reader).click(found["ts"], "helped_me", channel=week.channel)
    digest = await digest_on_monday(week)
    assert f"Found again by 3 people in four weeks: <{REJECTED}>" in read(week, digest)

    await maria.click(digest["ts"], "draft_faq", channel=maria.dm_channel)
    assert "Press Amend, enter the code, resend." in str(maria.view)
    await maria.submit({"answer": {"value": "Amend it."}})

    [entry] = await slack.until(
        lambda: [m for m in week.as_(week.bob).sees(week.channel) if "wrote this up" in m["text"]]
    )
    assert "Amend it." in str(entry["blocks"]) and REJECTED in str(entry["blocks"])
    await slack.until(lambda: "There is an FAQ entry" in str(digest_of(week)))
