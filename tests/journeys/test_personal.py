"""What an expert's help did: told to them on Friday, to their manager, and for a review."""

from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from docx import Document

from sandbox import Person, User
from tests.journeys.conftest import Community
from tests.journeys.test_health import home_of

QUESTION = "How do I correct the tariff code of a rejected form?"
HOSTILE = "I <b>fixed</b> *it* & told <!channel>, <@U1>, <https://x.example|here>\n  `twice` 💥"


async def test_an_expert_hears_on_friday_tells_their_manager_and_hears_of_the_thanks(
    ready: Community,
):
    maria, ken = ready.as_(ready.maria), ready.as_(ready.ken)
    question = await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")

    digest = await friday_digest(ready, ready.ken)
    assert digest["text"] == (
        "Your help this week: you solved 1 question for 1 person.\n"
        f"• <{address(ready, question)}|{QUESTION}>\n"
        "Thank you for taking the time."
    )

    await ken.click(digest["ts"], "tell_manager", channel=ken.dm_channel)
    await ken.submit({"manager": {"value": ready.maria.id}})
    assert "I solved 1 question for 1 person." in str(ken.view)
    await ken.submit({"text": {"value": HOSTILE}})
    preview = ken.view
    assert preview is not None
    await ken.submit()
    assert f"Done: <@{ready.maria.id}> reads it in a moment." in str(ken.view)
    await ken.close_view()
    assert ken.view is None

    note = await ready.slack.until(lambda: last_dm(maria, "asked me to show you"))
    assert without_ids(note["blocks"][:-1]) == without_ids(preview["blocks"][1:])
    assert quoted(note) == HOSTILE
    assert QUESTION in str(note["blocks"])

    await maria.click(note["ts"], "thank_for_help", channel=maria.dm_channel)
    await maria.submit({"reason": {"value": "for keeping the trucks moving"}})
    thanks = await ready.slack.until(lambda: last_dm(ken, "thanks you"))
    assert f"<@{ready.maria.id}> thanks you" in thanks["text"]
    assert "for keeping the trucks moving" in str(thanks["blocks"])

    assert "Told you what their help did" in await home_of(ready, ready.maria)
    await maria.click(maria.home, "your_people")
    shown = str(maria.view)
    assert QUESTION in shown and "You thanked them" in shown
    await maria.click(maria.view, "suggest_monthly")
    assert "I suggest nobody any more" in str(maria.view)


async def test_an_asker_is_rarely_asked_how_long_it_would_have_taken(ready: Community):
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)
    question = await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")
    ready.slack.clock.advance(timedelta(minutes=10))
    await ready.slack.until(lambda: last_dm(ken, "Your answer worked"))

    line = await ready.slack.until(lambda: private_in(bob, ready, question, "How long would this"))
    await bob.click(line["ts"], "say_saved_hour", channel=ready.channel)

    said = "It is counted, without your name"
    await ready.slack.until(lambda: private_in(bob, ready, question, said))


async def friday_digest(ready: Community, user: User) -> dict:
    """Move the clock to a little after Friday 16:00 where this person is."""
    person = ready.as_(user)
    local = ready.slack.clock.now().astimezone(ZoneInfo(user.tz))
    friday = local.replace(hour=16, minute=5, second=0, microsecond=0)
    friday += timedelta(days=(4 - local.weekday()) % 7)
    if friday <= local:
        friday += timedelta(weeks=1)
    ready.slack.clock.advance(friday - local)
    return await ready.slack.until(lambda: last_dm(person, "Your help"))


def last_dm(person: Person, words: str) -> dict | None:
    found = [each for each in person.dm() if words in each["text"]]
    assert len(found) <= 1, "said once"
    return found[0] if found else None


def address(ready: Community, ts: str) -> str:
    url = f"https://{ready.slack.workspace.domain}.slack.com"
    return f"{url}/archives/{ready.channel.id}/p{ts.replace('.', '')}"


def without_ids(blocks: list[dict]) -> list[dict]:
    return [{name: value for name, value in each.items() if name != "block_id"} for each in blocks]


def quoted(message: dict) -> str:
    [quote] = [each for each in message["blocks"] if each["type"] == "rich_text"]
    return "".join(part["text"] for part in quote["elements"][0]["elements"])


async def test_who_wants_no_more_of_these_says_so_where_it_is_read(ready: Community):
    ken = ready.as_(ready.ken)
    await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")
    digest = await friday_digest(ready, ready.ken)

    await ken.click(digest["ts"], "no_more_digests", channel=ken.dm_channel)
    await ready.slack.until(lambda: "You get no digests from me" in str(ken.dm()))
    await ready.solve(ready.ana, ready.ken, "Where is the seal number?", "Under Seals.")
    await pass_next_friday(ready, ready.ken)

    assert len([each for each in ken.dm() if each["text"].startswith("Your help")]) == 1


async def pass_next_friday(ready: Community, user: User) -> None:
    """Until Maria, who wants hers, got it: then everybody's hour has passed."""
    await ready.solve(ready.bob, ready.maria, "How do I print labels?", "Press Print.")
    await friday_digest(ready, ready.maria)
    await ready.slack.delivered()


async def test_the_digest_forgets_what_its_asker_deletes(ready: Community):
    ken = ready.as_(ready.ken)
    question = await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")
    digest = await friday_digest(ready, ready.ken)
    assert QUESTION in str(digest)

    await ready.as_(ready.bob).delete(ready.channel, question)

    await ready.slack.until(lambda: QUESTION not in str(ken.dm()))
    assert "you solved 1 question for 1 person" in str(ken.dm())


async def test_nobody_tells_themselves_a_guest_or_a_bot(ready: Community):
    slack, ken = ready.slack, ready.as_(ready.ken)
    guest = slack.add_user("gus", real_name="Gus", is_guest=True)
    await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")
    await ken.command("/kudos", "", ready.channel)
    mine = await slack.until(lambda: private_to(ken, ready, "You solved 1 question"))
    await ken.click(mine["ts"], "tell_manager", channel=ready.channel)

    for user_id, said in (
        (ready.ken.id, "You know this already."),
        (guest.id, "Only a colleague can be told"),
        (slack.bot_user_id, "Only a colleague can be told"),
    ):
        answer = await ken.submit({"manager": {"value": user_id}})
        assert said in answer.errors["manager"]


async def test_what_my_help_did_comes_as_text_for_a_review(ready: Community):
    ken = ready.as_(ready.ken)
    question = await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")

    answer = await ken.command("/kudos", "export", ready.channel)

    assert "It comes to you as a message, and as a document" in answer["text"]
    message = await ready.slack.until(lambda: last_dm(ken, "What my help did"))
    text = str(message["blocks"][0])
    assert "I solved 1 question for 1 person." in text and "for Bob Miller: " in text
    link = {"type": "link", "url": address(ready, question), "text": QUESTION}
    assert str(link) in text
    content = await ready.slack.until(lambda: next(iter(ready.slack.file_contents.values()), None))
    assert QUESTION in "\n".join(each.text for each in Document(BytesIO(content)).paragraphs)
    answer = await ken.command("/kudos", "export 1999", ready.channel)
    assert "There is nothing to tell for that time." in answer["text"]


async def test_a_leaderboard_is_there_only_when_an_admin_wants_it(ready: Community):
    slack, bob = ready.slack, ready.as_(ready.bob)
    helpers = [ready.ken, ready.ana, ready.maria]
    for name in ("eva", "leo"):
        helpers.append(slack.add_user(name))
        await slack.join(helpers[-1], ready.channel)
    await ready.solve(ready.bob, ready.ken, QUESTION, "Press Amend.")
    asked = ["Where is the seal number?", "How do I void an invoice?", "Which form is for Turkey?"]
    for helper, question in zip(helpers[1:4], asked, strict=True):
        await ready.solve(ready.bob, helper, question, "See the handbook.")

    assert "no leaderboard" in str(await bob.command("/kudos", "top customs", ready.channel))
    refused = await bob.command("/askaround", "leaderboard on", ready.channel)
    assert "Only workspace admins" in refused["text"]
    await ready.as_(ready.maria).command("/askaround", "leaderboard on", ready.channel)
    shown = await bob.command("/kudos", "top customs", ready.channel)
    assert "fewer than 5 people helped on *Customs*" in shown["text"]
    await ready.solve(ready.bob, helpers[4], "Who signs for pallets?", "The driver.")
    await ready.as_(helpers[4]).command("/kudos", "private on", ready.channel)
    shown = await bob.command("/kudos", "top customs", ready.channel)
    assert f"1. <@{ready.ken.id}> solved 1 question" in shown["text"]
    assert helpers[4].id not in shown["text"]
    await ready.as_(ready.maria).command("/askaround", "leaderboard off", ready.channel)
    assert "no leaderboard" in str(await bob.command("/kudos", "top customs", ready.channel))


def private_in(person: Person, ready: Community, thread_ts: str, words: str) -> dict | None:
    """What only this person sees in the thread."""
    found = [
        each
        for each in person.sees(ready.channel, thread_ts=thread_ts)
        if each.get("is_ephemeral") and words in each["text"]
    ]
    return found[-1] if found else None


def private_to(person: Person, ready: Community, words: str) -> dict | None:
    """What only this person sees in the channel."""
    found = [
        each
        for each in person.sees(ready.channel)
        if each.get("is_ephemeral") and words in each["text"]
    ]
    return found[-1] if found else None
