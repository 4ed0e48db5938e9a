"""What people type, in a modal or a command, is what is asked, kept and shown."""

import pytest

from sandbox import User
from tests.journeys.conftest import Community

TRICKY = [
    "Why does List<String> fail here?",
    "if x < 3 and y > 2, what is wrong?",
    "<?xml version='1.0'?> is refused, why?",
    "What does &lt; mean in the form?",
    "Why does <!channel> ring, and <@U123>?",
]


async def open_ask(community: Community, user: User, words: str) -> dict:
    person = community.as_(user)
    await person.type_command(community.channel, f"/ask {words}".strip())
    assert person.view is not None
    return person.view


def filled_in(view: dict, block_id: str) -> str:
    [block] = [each for each in view["blocks"] if each.get("block_id") == block_id]
    return block["element"].get("initial_value", "")


def shown(message: dict) -> str:
    """What a quotation in a message says, as people read it."""
    quotes = [each for each in message["blocks"] if each["type"] == "rich_text"]
    return "".join(text["text"] for each in quotes for text in each["elements"][0]["elements"])


@pytest.mark.parametrize("question", TRICKY)
async def test_what_is_typed_in_the_modal_is_what_is_asked(ready: Community, question: str):
    bob = ready.as_(ready.bob)
    await open_ask(ready, ready.bob, "")

    await bob.submit({"question": {"value": question}})

    def asked() -> list[dict]:
        said = [each for each in bob.sees(ready.channel) if each["user"] == ready.slack.bot_user_id]
        return [each for each in said if "rich_text" in str(each["blocks"])]

    [message] = await ready.slack.until(asked)
    assert shown(message) == question


async def test_the_modal_is_filled_with_what_was_typed(ready: Community):
    view = await open_ask(ready, ready.bob, "Why is x < y && @ken in #logistics?")

    assert filled_in(view, "question") == "Why is x < y && @Ken Sato in #logistics?"


async def test_a_search_that_found_nothing_is_asked_in_the_words_typed(ready: Community):
    bob = ready.as_(ready.bob)
    await bob.type_command(ready.channel, "/find is List<String> && &lt; allowed")
    found = [each for each in bob.sees(ready.channel) if each.get("is_ephemeral")][-1]

    await bob.click(found["ts"], "ask_instead", channel=ready.channel)

    assert bob.view is not None
    assert filled_in(bob.view, "question") == "is List<String> && &lt; allowed"


@pytest.mark.parametrize("name", ["R&D", "C<D>", "&amp;"])
async def test_a_topic_is_found_by_the_name_it_was_given(ready: Community, name: str):
    maria, bob = ready.as_(ready.maria), ready.as_(ready.bob)
    await maria.type_command(ready.channel, f"/askaround topic {name}")
    assert maria.view is not None
    assert filled_in(maria.view, "name") == name
    await maria.submit()

    joined = await bob.type_command(ready.channel, f"/experts join {name}")

    assert "Thank you." in joined["text"]
    again = await bob.type_command(ready.channel, f"/experts {name}")
    assert name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in str(again)


async def test_thanks_say_what_was_typed(ready: Community):
    reason = "for the List<String> &lt; fix"
    bob, ken = ready.as_(ready.bob), ready.as_(ready.ken)

    await bob.type_command(ready.channel, f"/kudos @ken {reason}")

    await ready.slack.until(ken.dm)
    assert "for the List&lt;String&gt; &amp;lt; fix" in str(ken.dm()[-1]["blocks"])
    mine = await ken.command("/kudos", "", ready.channel)
    assert "for the List&lt;String&gt; &amp;lt; fix" in str(mine)


SAID = [  # as phones and people write it, and what is understood
    ("/experts", "hours Mon–Fri 9:00–17:30", "Mon–Fri 9:00–17:30"),
    ("/experts", "Hours\u00a0Mon—Fri 9am–5pm.", "Mon–Fri 9:00–17:00"),
    ("/experts", "hours 9am-5pm", "Mon–Fri 9:00–17:00"),
    ("/experts", "away until 24 Dec.", "You will not be asked anything until"),
    ("/experts", "limit 3.", "3"),
    ("/experts", "join “Customs”", "Thank you."),
    ("/experts", "Customs.", "Who helps with what"),
    ("/kudos", "private on.", "No digest names you"),
    ("/kudos", "export 2026…", ""),
    ("/askaround", "digest Monday at 9:00 (Europe/Rome)", "Monday at 9:00 (Europe/Rome)"),
    ("/askaround", "channel on.", "is a help channel now"),
]


async def test_commands_are_read_as_phones_and_people_write_them(ready: Community):
    maria = ready.as_(ready.maria)
    await maria.command("/askaround", "topic Customs", ready.channel)
    await maria.submit()

    said = {
        words: str((await maria.command(command, words, ready.channel))["text"])
        for command, words, _ in SAID
    }

    assert {words: said[words] for _, words, told in SAID if told not in said[words]} == {}
    assert not any("cannot read" in each for each in said.values())


@pytest.mark.parametrize(
    ("command", "words", "meant"),
    [
        ("/askaround", "chanel on", "`/askaround channel`"),
        ("/askaround", "tpoic customs", "`/askaround topic`"),
        ("/experts", "jion customs", "`/experts join`"),
        ("/experts", "hour mon-fri 9-17", "`/experts hours`"),
        ("/kudos", "exprot 2026", "`/kudos export`"),
    ],
)
async def test_an_unknown_command_is_answered_with_the_nearest(
    ready: Community, command: str, words: str, meant: str
):
    reply = await ready.as_(ready.maria).command(command, words, ready.channel)

    assert f"I do not know “{command} {words}”. Did you mean {meant}?" in reply["text"]


async def test_a_topic_that_is_not_named_is_the_channels(ready: Community):
    reply = await ready.as_(ready.maria).command("/experts", "join", ready.channel)

    assert "Questions about *Customs* will reach you" in reply["text"]
