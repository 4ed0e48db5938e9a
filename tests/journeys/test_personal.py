"""What an expert's help did: told to them on Friday, to their manager, and for a review."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sandbox import Person, User
from tests.journeys.conftest import Community

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
