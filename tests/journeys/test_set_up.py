"""From an empty workspace to the first ✅, by buttons and windows alone, and counted."""

from dataclasses import dataclass, field

from sandbox import Channel, Sandbox, User
from tests.journeys.conftest import Community

QUESTION = "How do I correct the tariff code of a rejected form?"


@dataclass
class Admin:
    """Presses, and fields that are typed into."""

    community: Community
    presses: int = 0
    typed: int = 0
    said: list[str] = field(default_factory=list)

    @property
    def person(self):
        return self.community.as_(self.community.maria)

    async def click(self, target, action_id: str, **where) -> None:
        self.presses += 1
        await self.person.click(target, action_id, **where)

    async def choose(self, block_id: str, values: list[str]) -> None:
        self.presses += len(values)
        await self.person.choose(self.person.view, "value", values, block_id=block_id)

    async def submit(self) -> None:
        self.presses += 1
        assert (await self.person.submit()).errors == {}


async def invited(community: Community, name: str, by: User) -> Channel:
    people = [community.maria, community.ken, community.bob, community.ana]
    channel = community.slack.add_channel(name, members=people)
    await community.slack.join(community.slack.bot, channel, inviter=by)
    return channel


async def private_card(slack: Sandbox, community: Community, user: User, channel: Channel) -> dict:
    return await slack.until(
        lambda: next(
            (each for each in community.as_(user).sees(channel) if each.get("is_ephemeral")), None
        )
    )


async def test_from_invited_to_solved_in_few_presses_and_nothing_typed(community: Community, bot):
    slack, admin = community.slack, Admin(community)
    maria, ken, ana, bob = map(
        community.as_, (community.maria, community.ken, community.ana, community.bob)
    )
    channel = await invited(community, "docks", by=community.maria)
    card = await private_card(slack, community, community.maria, channel)
    assert "Shall I listen for questions in #docks?" in card["text"]
    assert not [each for each in bob.sees(channel) if not each.get("subtype")]

    await admin.click(card["ts"], "make_help_channel", channel=channel)
    assert maria.view is not None and "docks" in str(maria.view)
    await admin.choose("people", [community.ken.id, community.ana.id])
    await admin.submit()
    assert "I have asked 2 people whether they would help" in str(maria.view)
    assert "Whoever has the same question later" in str(maria.view)  # as it will be posted
    await admin.submit()
    await slack.until(
        lambda: [each for each in bob.sees(channel) if "Ask your questions here" in each["text"]]
    )

    for expert in (ken, ana):
        asked = await slack.until(lambda expert=expert: next(iter(expert.dm()), None))
        assert f"<@{community.maria.id}> would like you to help in <#{channel.id}>" in asked["text"]
        await expert.click(asked["ts"], "accept_invitation", channel=expert.dm_channel)

    await maria.open_home()
    await slack.until(lambda: maria.home and "Set up: 4 of 4 done" in str(maria.home))
    await admin.click(maria.home, "try_out")
    assert "I have told nobody" in str(maria.view)
    assert community.ken.id in str(maria.view) and community.ana.id in str(maria.view)

    await maria.click(maria.home, "open_settings")
    await maria.click(maria.view, "check_installation")
    await slack.until(lambda: "is in place" in str(maria.view))

    ts = await bob.post(channel, QUESTION)
    await slack.until(lambda: said(community, channel, ts))
    reply = await ken.post(channel, "Press Amend and type it anew.", thread_ts=ts)
    await slack.delivered()
    await bob.react(channel, reply, "white_check_mark")
    await slack.until(lambda: "Solved" in said(community, channel, ts))

    print(f"\nfrom invited to solved: {admin.presses} presses, {admin.typed} typed fields")
    assert (admin.presses, admin.typed) == (6, 0)


def said(community: Community, channel: Channel, ts: str) -> str:
    seen = community.as_(community.maria).sees(channel, thread_ts=ts)
    return " ".join(m["text"] for m in seen if m["user"] == community.slack.bot_user_id)


async def test_who_is_no_admin_reads_whom_to_ask(community: Community, bot):
    await community.as_(community.maria).open_home()
    channel = await invited(community, "docks", by=community.bob)

    card = await private_card(community.slack, community, community.bob, channel)

    assert "An admin can let me listen in #docks." in card["text"]
    assert f"<@{community.maria.id}>" in str(card["blocks"])
    assert "make_help_channel" not in str(card["blocks"])


async def test_an_admin_without_a_channel_is_welcomed_once_and_led_from_home(
    community: Community, bot
):
    slack, maria = community.slack, community.as_(community.maria)
    for _ in range(2):
        await maria.open_home(tab="messages")
        await slack.delivered()
    welcome = await slack.until(lambda: maria.dm())
    assert len(welcome) == 1 and "/invite @Askaround" in welcome[0]["text"]

    await maria.open_home()
    await slack.until(lambda: maria.home and "Set up: 0 of 4 done" in str(maria.home))
    await maria.click(maria.home, "choose_channel")
    elsewhere = slack.add_channel("elsewhere", members=[community.maria])
    answered = await maria.submit({"channel": {"value": elsewhere.id}})
    assert "I am not in that channel yet" in answered.errors["channel"]
    await maria.submit({"channel": {"value": community.channel.id}})
    await maria.submit({"people": {"value": [community.maria.id]}})

    assert "#logistics is a help channel now. *logistics* is saved. It has 1 expert." in str(
        maria.view
    )
    await slack.until(lambda: "Set up: 3 of 4 done" in str(maria.home))


async def test_an_expert_says_yes_by_saying_when(ready: Community):
    slack, maria, ana = ready.slack, ready.as_(ready.maria), ready.as_(ready.ana)
    await maria.command("/askaround", "topic customs", ready.channel)
    await maria.submit({"people": {"value": [ready.ken.id, ready.ana.id]}})
    assert "It has 1 expert; 1 more person has yet to say yes." in str(maria.view["blocks"])
    asked = await slack.until(lambda: next(iter(ana.dm()), None))
    listed = str(await maria.command("/experts", "customs", ready.channel))
    assert f"<@{ready.ana.id}>" not in listed

    await ana.click(asked["ts"], "choose_when", channel=ana.dm_channel)
    await ana.submit({"limit": {"value": "2"}})

    assert f"<@{ready.ana.id}>" in str(await maria.command("/experts", "customs", ready.channel))


async def test_a_change_is_taken_back_and_two_at_once_are_noticed(ready: Community):
    slack, maria = ready.slack, ready.as_(ready.maria)
    bob = ready.as_(ready.bob)
    await slack.update_user(ready.bob, is_admin=True)
    await slack.delivered()
    await maria.command("/askaround", "topic customs", ready.channel)
    await bob.command("/askaround", "topic customs", ready.channel)
    await bob.submit({"name": {"value": "Duty"}})
    await maria.submit({"name": {"value": "Tariffs"}})
    assert f"<@{ready.bob.id}> changed this while you had it open" in str(maria.view)

    await bob.click(bob.view, "undo_change")
    assert "It is as it was before." in str(bob.view)
    listed = str(await maria.command("/experts", "", ready.channel))
    assert "*Customs*" in listed and "*Duty*" not in listed
