"""Thanking with /kudos: whom, and what for."""

import pytest

from sandbox import User
from tests.journeys.conftest import Community


async def kudos(community: Community, by: User, text: str) -> str:
    reply = await community.as_(by).command("/kudos", text, community.channel)
    return str(reply["text"])


def thanks_of(community: Community, user: User) -> list[str]:
    return [str(each["blocks"]) for each in community.as_(user).dm()]


@pytest.mark.parametrize(
    "text",
    [
        "{a} {b} great work",
        "{a}, {b}: great work",
        "{a} and {b} great work",
        "{a}{b}{a} great work",
        "thanks {a} {b} great work",
        "Thank you, {a} and {b} – great work",
    ],
)
async def test_several_people_are_thanked_in_the_same_words(ready: Community, text: str):
    names = {"a": f"<@{ready.ken.id}>", "b": f"<@{ready.ana.id}>"}

    reply = await kudos(ready, ready.bob, text.format(**names))

    assert reply == f"I told {names['a']} and {names['b']}, and it counts among their kudos."
    for each in (ready.ken, ready.ana):
        await ready.slack.until(lambda each=each: thanks_of(ready, each))
        assert "> great work'" in thanks_of(ready, each)[0]


async def test_several_people_without_a_word_are_not_thanked(ready: Community):
    named = f"<@{ready.ken.id}>, <@{ready.ana.id}> and <@{ready.maria.id}>"

    reply = await kudos(ready, ready.bob, named)

    assert reply == "Say what for, in a few words, and I will tell them."
    assert "thanked" not in await kudos(ready, ready.bob, f"<@{ready.ken.id}>")


async def test_when_one_of_them_cannot_be_thanked_nobody_is(ready: Community):
    reply = await kudos(ready, ready.bob, f"<@{ready.ken.id}> <@{ready.bob.id}> great work")

    assert "Kudos are for others." in reply
    assert "thanked" not in await kudos(ready, ready.ana, f"<@{ready.ken.id}>")


async def test_whom_the_reason_names_is_not_thanked(ready: Community):
    reply = await kudos(ready, ready.bob, f"<@{ready.ken.id}> for helping <@{ready.ana.id}>")

    assert ready.ana.id not in reply


async def test_a_user_group_thanks_its_members_or_says_why_not(ready: Community):
    group = ready.slack.add_usergroup("customs", members=[ready.ken, ready.ana, ready.bob])
    named = f"<!subteam^{group.id}|@customs> great work"

    assert "Name the people" in await kudos(ready, ready.bob, named)

    maria = ready.as_(ready.maria)
    await maria.command("/askaround", "topic Seals", ready.channel)
    await maria.submit({"keywords": {"value": "seal"}, "groups": {"value": [group.id]}})
    await ready.slack.until(lambda: ready.slack.calls_to("usergroups.users.list"))
    question = await ready.ask(ready.bob, "Where do I find the seal number?")
    await ready.card_saying(question, f"<@{ready.ken.id}>")  # the bot has read who is in it
    reply = await kudos(ready, ready.bob, named)
    assert f"<@{ready.ken.id}>" in reply and f"<@{ready.ana.id}>" in reply
    for each in (ready.ken, ready.ana):
        await ready.slack.until(lambda each=each: thanks_of(ready, each))
