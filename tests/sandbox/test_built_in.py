"""Slack's own commands, typed by anybody."""

import pytest

from sandbox import Channel, Sandbox, SlackError, User

MANIFEST = {"display_information": {"name": "Nobody"}}


@pytest.fixture
def place() -> tuple[Sandbox, User, Channel]:
    slack = Sandbox(MANIFEST)
    maria = slack.add_user("maria")
    return slack, maria, slack.add_channel("docks", [maria])


async def test_who_is_named_is_invited(place: tuple[Sandbox, User, Channel]):
    slack, maria, docks = place
    ken, ana, zoe = (slack.add_user(name) for name in ("ken", "ana", "zoe"))
    slack.add_usergroup("night-shift", [ana, zoe])

    await slack.act_as(maria).type_command(docks, "/invite @Ken @nobody and @night-shift")

    assert {ken.id, ana.id, zoe.id, slack.bot.id} < docks.members.keys()
    notice = next(each for each in docks.messages.values() if each.user == ken.id)
    assert (notice.subtype, notice.notice) == ("channel_join", {"inviter": maria.id})


async def test_leaving_is_a_command_too(place: tuple[Sandbox, User, Channel]):
    slack, maria, docks = place

    await slack.act_as(maria).type_command(docks, "/leave")

    assert maria.id not in docks.members


@pytest.mark.parametrize(
    ("typed", "error"), [("/invite", "nobody_named"), ("/invite Ken", "nobody_named")]
)
async def test_an_invitation_says_whom(
    place: tuple[Sandbox, User, Channel], typed: str, error: str
):
    slack, maria, docks = place

    with pytest.raises(SlackError, match=error):
        await slack.act_as(maria).type_command(docks, typed)


async def test_only_a_member_invites(place: tuple[Sandbox, User, Channel]):
    slack, _, docks = place
    ken = slack.add_user("ken")

    with pytest.raises(SlackError, match="not_in_channel"):
        await slack.act_as(ken).type_command(docks, "/invite @ken")
