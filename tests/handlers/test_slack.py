"""Slack's pace, and its failures told apart: over real sockets, with faults on demand."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.slack import (
    File,
    NotNow,
    Pace,
    Refused,
    Slack,
    Unclear,
    open_client,
    open_http_session,
)
from sandbox import Channel, Sandbox, User

ROOT = Path(__file__).parents[2]


class Seconds:
    """Time since some start, as of a clock that nobody sets."""

    def __init__(self) -> None:
        self.passed = 1000.0

    def __call__(self) -> float:
        return self.passed

    def pass_(self, seconds: float) -> None:
        self.passed += seconds


async def waits(pace: Pace, key: str, channel: str = "C1") -> float:
    """How long this post has to wait; 0 when it may go."""
    return await pace.take(channel, key)


async def test_a_channel_gets_a_short_burst_then_one_post_a_second():
    pace = Pace(Seconds())

    assert [await waits(pace, str(number)) for number in range(5)] == [0, 0, 0, 1, 2]


async def test_who_waits_keeps_its_place():
    seconds = Seconds()
    pace = Pace(seconds)
    for number in range(5):
        await waits(pace, str(number))

    seconds.pass_(1)

    assert await waits(pace, "late") == 2
    assert await waits(pace, "3") == 0
    assert await waits(pace, "4") == 1


async def test_another_channel_does_not_wait():
    pace = Pace(Seconds())
    for number in range(5):
        await waits(pace, str(number))

    assert await waits(pace, "other", "C2") == 0


async def test_after_a_quiet_time_there_is_a_burst_again():
    seconds = Seconds()
    pace = Pace(seconds)
    for number in range(3):
        await waits(pace, str(number))

    seconds.pass_(60)

    assert [await waits(pace, f"new {number}") for number in range(4)] == [0, 0, 0, 1]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(ROOT / "manifest.yml") as opened:
        yield opened


@pytest.fixture
def channel(sandbox: Sandbox) -> Channel:
    return sandbox.add_channel("dock", members=[sandbox.bot])


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def slack(sandbox: Sandbox, seconds: Seconds) -> AsyncIterator[Slack]:
    async with open_http_session() as http:
        client = open_client(sandbox.api_url, sandbox.bot_token, http)
        yield Slack(client, sandbox.clock.now, seconds)


def posts(sandbox: Sandbox, channel: Channel) -> list[str]:
    return [message.text for message in sandbox.channels[channel.id].messages.values()]


async def test_a_refusal_carries_slacks_word_for_it(slack: Slack):
    with pytest.raises(Refused) as refused:
        await slack.call("chat.postMessage", channel="C0NOWHERE", text="x")

    assert refused.value.code == "channel_not_found"


async def test_a_rate_limit_closes_the_method_and_only_it(
    sandbox: Sandbox, slack: Slack, channel: Channel, seconds: Seconds
):
    sandbox.faults.add(method="chat.postMessage", kind="rate_limited", retry_after=30)

    with pytest.raises(NotNow) as first:
        await slack.call("chat.postMessage", channel=channel.id, text="x")
    with pytest.raises(NotNow):
        await slack.call("chat.postMessage", channel=channel.id, text="x")

    assert first.value.seconds == 30
    assert len(sandbox.calls_to("chat.postMessage")) == 1
    assert (await slack.read("conversations.info", channel=channel.id))["ok"]
    sandbox.clock.advance(timedelta(hours=-1))  # which says nothing of Slack's limits
    seconds.pass_(31)
    assert (await slack.call("chat.postMessage", channel=channel.id, text="x"))["ok"]


@pytest.mark.parametrize("kind", ["server_error", "drop_before", "drop_after"])
async def test_what_breaks_off_is_unclear(
    sandbox: Sandbox, slack: Slack, channel: Channel, kind: str
):
    sandbox.faults.add(method="chat.postMessage", kind=kind)

    with pytest.raises(Unclear):
        await slack.call("chat.postMessage", channel=channel.id, text="x")


@pytest.mark.parametrize("is_in_thread", [True, False])
async def test_an_uncertain_post_is_looked_up_by_its_key(
    sandbox: Sandbox, slack: Slack, channel: Channel, is_in_thread: bool
):
    parent = await slack.post(key="parent", is_uncertain=False, channel=channel.id, text="parent")
    where = {"channel": channel.id, "thread_ts": parent if is_in_thread else None}
    sandbox.faults.add(method="chat.postMessage", kind="drop_after")
    with pytest.raises(Unclear):
        await slack.post(key="k", is_uncertain=False, text="x", **where)

    found = await slack.post(key="k", is_uncertain=True, text="x", **where)
    other = await slack.post(key="l", is_uncertain=True, text="y", **where)

    assert posts(sandbox, channel) == ["parent", "x", "y"]
    assert found != other


async def test_lists_are_read_to_their_last_page(sandbox: Sandbox, slack: Slack):
    people = [sandbox.add_user(f"person{number}") for number in range(450)]
    channel = sandbox.add_channel("crowd", members=[*people, sandbox.bot])

    members = await slack.read_all("conversations.members", "members", channel=channel.id)

    assert len(set(members)) == 451


FILES = [File("a.txt", "First", b"one"), File("b.txt", "Second", b"two")]


def contents(sandbox: Sandbox, user: User) -> list[tuple[str, bytes]]:
    """The files in the person's direct channel."""
    messages = sandbox.direct_channel(user).messages.values()
    shown = [file for message in messages for file in message.files]
    return [(each["title"], sandbox.file_contents[each["id"]]) for each in shown]


async def test_files_come_below_a_message_to_one_person(sandbox: Sandbox, slack: Slack):
    maria = sandbox.add_user("maria")

    await slack.send_files(
        key="k", is_uncertain=False, user_id=maria.id, files=FILES, text="Here they are"
    )

    assert contents(sandbox, maria) == [("First", b"one"), ("Second", b"two")]


@pytest.mark.parametrize("method", ["files.completeUploadExternal", "chat.postMessage"])
async def test_files_whose_sending_broke_off_come_once(sandbox: Sandbox, slack: Slack, method: str):
    maria = sandbox.add_user("maria")
    about = {"key": "k", "user_id": maria.id, "files": FILES, "text": "Here they are"}
    sandbox.faults.add(method=method, kind="drop_after")
    with pytest.raises(Unclear):
        await slack.send_files(**about, is_uncertain=False)

    await slack.send_files(**about, is_uncertain=True)

    assert sorted(contents(sandbox, maria)) == [("First", b"one"), ("Second", b"two")]


async def test_a_mask_is_written_to_where_the_person_behind_it_is(sandbox: Sandbox, slack: Slack):
    maria = sandbox.add_user("maria")
    channel = sandbox.add_channel("dock", members=[maria, sandbox.bot])
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "Only you"}}]
    mask = "asker-1"

    async def whose(named: str) -> str | None:
        return maria.id if named == mask else None

    slack.whose = whose
    await slack.post_privately(key="k", is_uncertain=False, user_id=mask, text="A", blocks=blocks)
    await slack.call("chat.postEphemeral", channel=channel.id, user=mask, text="B", blocks=blocks)
    with pytest.raises(Refused):
        await slack.post_privately(key="l", is_uncertain=False, user_id="asker-2", text="C")

    told = sandbox.direct_channel(maria).messages.values()
    assert [message.text for message in told] == ["A", "B"]
    assert all(message.blocks[0]["block_id"] == "as:asker-1:0" for message in told)
    assert not channel.ephemerals
