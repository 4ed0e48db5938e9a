"""Questions that nobody took, handed to a helpdesk outside Slack over a real socket."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import update

from bot.outbox import WITH_US
from bot.settings import Settings
from operating.bot import Bot, running
from sandbox import Channel, Sandbox
from storage.tables import Outbox
from tests.journeys.conftest import PATIENCE, TICK, Community

QUESTION = "How do I correct the tariff code of a rejected form?"
RECEIPT = {"reference": "INC-123", "url": "https://helpdesk.example.com/INC-123?a=1&b=2"}
GUIDE = Path(__file__).parents[2] / "docs" / "HANDOFF.md"


def is_from_askaround(*call: object) -> bool:
    """As docs/HANDOFF.md tells a receiver to verify a call."""
    [example] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    known: dict = {}
    exec(example, known)
    return known["is_from_askaround"](*call)


@dataclass
class Call:
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict:
        return json.loads(self.body)


@dataclass
class Desk:
    """A helpdesk's own system; `answers` are given first, then 200 and a receipt."""

    slack: Sandbox
    answers: list[web.Response] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    elsewhere: int = 0  # requests to where it would have us go
    address: str = ""
    secret: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.calls.append(Call(dict(request.headers), await request.read()))
        self.slack.bell.ring()
        return self.answers.pop(0) if self.answers else web.json_response(RECEIPT)

    async def take_elsewhere(self, request: web.Request) -> web.Response:
        self.elsewhere += 1
        return web.Response()

    @property
    def told(self) -> list[str]:
        return [call.said["type"] for call in self.calls]

    def is_ours(self, call: Call, secret: str = "") -> bool:
        now = self.slack.clock.now().timestamp()
        headers = {name.lower(): value for name, value in call.headers.items()}
        return is_from_askaround(secret or self.secret, headers, call.body, now)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The helpdesk is on this machine, and its operator allows that."""
    return replace(settings, helpdesk_networks=(ip_network("127.0.0.0/8"),))


@pytest.fixture
async def desk(slack: Sandbox) -> AsyncIterator[Desk]:
    desk = Desk(slack)
    app = web.Application()
    app.router.add_post("/hook", desk.take)
    app.router.add_route("*", "/elsewhere", desk.take_elsewhere)
    async with TestServer(app) as server:
        desk.address = str(server.make_url("/hook"))
        yield desk


SOON = {"next_few": "5", "everybody": "10", "hand_off_after": "15"}


async def open_topic(ready: Community, **values: object) -> tuple[str, dict]:
    """Change the topic as an admin does; the secret that is shown, and the errors."""
    maria = ready.as_(ready.maria)
    await maria.command("/askaround", "topic customs", ready.channel)
    if "next_few" in values:
        await maria.choose(maria.view, "choose_pace", "own")
    submitted = await maria.submit({name: {"value": value} for name, value in values.items()})
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", str(maria.view or ""))
    if secret:
        await maria.close_view()
    return secret.group() if secret else "", submitted.errors


async def set_address(ready: Community, desk: Desk) -> None:
    desk.secret, errors = await open_topic(ready, **SOON, hand_off_url=desk.address)
    assert errors == {} and desk.secret


async def hand_off(ready: Community) -> str:
    """Ask, and let so much time pass that nobody took it; the question's ts."""
    ts = await ready.ask(ready.bob, QUESTION)
    await ready.slack.delivered()
    ready.slack.clock.advance(timedelta(days=3))
    return ts


async def card_shows(ready: Community, ts: str, words: str) -> None:
    await ready.slack.until(lambda: words in str(ready.card(ts)), timeout=PATIENCE)


async def until_told(desk: Desk, *told: str) -> None:
    await until(desk, lambda: desk.told == [f"question.{each}" for each in told])


async def until(desk: Desk, found: Callable[[], object]) -> None:
    await desk.slack.until(found, timeout=PATIENCE)


async def at_last(tries: Callable[[], Awaitable[bool]]) -> None:
    """For what the database alone tells."""
    for _ in range(200):
        if await tries():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came")


async def test_what_nobody_takes_is_told_once_signed_and_its_reference_shown(
    ready: Community, desk: Desk
):
    await set_address(ready, desk)
    ts = await ready.ask(ready.bob, QUESTION)
    await card_shows(ready, ts, "If nobody takes it, it goes to the helpdesk <!date^")

    ready.slack.clock.advance(timedelta(days=3))
    await card_shows(
        ready,
        ts,
        "so it went to the helpdesk (<https://helpdesk.example.com/INC-123?a=1&amp;b=2|INC-123>).",
    )

    [call] = desk.calls
    assert desk.is_ours(call)
    assert not desk.is_ours(Call(call.headers, call.body + b" "))
    data = call.said["data"]
    assert call.said["type"] == "question.handed_off"
    assert (data["text"], data["topic"], data["experts_asked"]) == (QUESTION, "Customs", 1)
    assert data["asker"] == {"id": ready.bob.id, "name": "Bob Miller"}
    assert data["channel"] == {"id": ready.channel.id, "name": "logistics"}
    assert data["permalink"].endswith(f"/archives/{ready.channel.id}/p{ts.replace('.', '')}")


@pytest.mark.on_both
async def test_a_helpdesk_that_fails_twice_is_told_again_with_the_same_id(
    ready: Community, desk: Desk
):
    await set_address(ready, desk)
    desk.answers += [web.Response(status=500), web.Response(status=503)]

    ts = await hand_off(ready)

    await card_shows(ready, ts, "It is on its way to the helpdesk.")
    await card_shows(ready, ts, "|INC-123>")
    assert len(desk.calls) == 3
    assert len({call.headers["webhook-id"] for call in desk.calls}) == 1
    assert all(desk.is_ours(call) for call in desk.calls)


async def test_a_helpdesk_that_is_gone_is_given_up_and_said_so_until_it_is_set_right(
    ready: Community, desk: Desk
):
    await set_address(ready, desk)
    desk.answers.append(web.Response(status=410))

    ts = await hand_off(ready)

    await card_shows(ready, ts, "I could not reach the helpdesk; whoever runs the topic knows.")
    maria = ready.as_(ready.maria)
    [note] = await ready.slack.until(maria.dm)
    assert "I cannot reach the helpdesk: it answered 410 (Gone)." in str(note)
    assert QUESTION not in str(note)
    assert len(desk.calls) == 1

    secret, _ = await open_topic(ready)
    assert secret == ""  # the one before still counts
    await card_shows(ready, ts, "|INC-123>")
    assert len(desk.calls) == 2 and len(maria.dm()) == 1


async def test_after_a_day_of_trying_the_sponsor_is_told(ready: Community, desk: Desk, bot: Bot):
    await open_topic(ready, sponsor=ready.ana.id)
    await set_address(ready, desk)
    desk.answers += [web.Response(status=503, headers={"Retry-After": "3000"}) for _ in range(2)]
    ts = await hand_off(ready)
    await card_shows(ready, ts, "It is on its way to the helpdesk.")
    await at_last(lambda: make_it_the_last_try(bot))
    ready.slack.clock.advance(timedelta(minutes=51))

    await card_shows(ready, ts, "I could not reach the helpdesk")
    [note] = await ready.slack.until(ready.as_(ready.ana).dm)
    assert "I tried for more than a day, and the last time it answered 503" in str(note)
    assert len(desk.calls) == 2


async def make_it_the_last_try(bot: Bot) -> bool:
    """As if it had failed for a day; False while it has not failed yet."""
    soon = bot.slack.clock() + timedelta(minutes=45)
    async with bot.sessions.begin() as session:
        changed = await session.execute(
            update(Outbox)
            .where(Outbox.kind == "hand_off_call", Outbox.error.is_not(None))
            .where(Outbox.due_at > soon)  # as long as it asked us to wait
            .values(attempts=WITH_US.attempts)
            .returning(Outbox.id)
        )
        return changed.first() is not None


async def test_what_may_have_arrived_is_followed_up_under_another_id(ready: Community, desk: Desk):
    await set_address(ready, desk)
    desk.answers.append(web.Response(status=503, headers={"Retry-After": "60"}))
    ts = await hand_off(ready)
    await until(desk, lambda: desk.calls)
    reply = await ready.as_(ready.ken).post(ready.channel, "Press Amend.", thread_ts=ts)
    await ready.slack.delivered()
    await ready.as_(ready.bob).react(ready.channel, reply, "white_check_mark")
    await ready.card_saying(ts, "Solved")

    ready.slack.clock.advance(timedelta(minutes=2))
    await until_told(desk, "handed_off", "solved")

    first, second = desk.calls
    assert first.headers["webhook-id"] != second.headers["webhook-id"]


async def test_a_redirect_is_not_followed(ready: Community, desk: Desk):
    await set_address(ready, desk)
    desk.answers.append(web.Response(status=307, headers={"Location": "/elsewhere"}))

    ts = await hand_off(ready)

    await card_shows(ready, ts, "I could not reach the helpdesk")
    assert (len(desk.calls), desk.elsewhere) == (1, 0)


async def test_what_happens_later_is_told_too(ready: Community, desk: Desk):
    await set_address(ready, desk)
    ts = await hand_off(ready)
    await card_shows(ready, ts, "|INC-123>")
    card = await ready.card_saying(ts, "can you help")
    ken, bob = ready.as_(ready.ken), ready.as_(ready.bob)

    await ken.click(card["ts"], "claim_question", channel=ready.channel)
    await until_told(desk, "handed_off", "claimed")
    assert desk.calls[-1].said["data"]["claimed_by"] == {"id": ready.ken.id, "name": "Ken Sato"}
    await ken.click(card["ts"], "pass_question", channel=ready.channel)
    await until_told(desk, "handed_off", "claimed", "reopened")
    reply = await ken.post(ready.channel, "Press Amend.", thread_ts=ts)
    await ready.slack.delivered()
    await bob.react(ready.channel, reply, "white_check_mark")
    await until_told(desk, "handed_off", "claimed", "reopened", "solved")
    assert [each["name"] for each in desk.calls[-1].said["data"]["solved_by"]] == ["Ken Sato"]
    await bob.delete(ready.channel, ts)
    await until_told(desk, "handed_off", "claimed", "reopened", "solved", "withdrawn")

    assert QUESTION.encode() not in desk.calls[-1].body
    assert b"Bob" not in desk.calls[-1].body
    assert len({call.headers["webhook-id"] for call in desk.calls}) == 5


async def test_a_bot_that_stops_in_between_goes_on_where_it_was(
    community: Community, settings: Settings, desk: Desk
):
    slack = community.slack
    async with running(settings, slack.clock.now, ticks_every=TICK):
        await slack.until(lambda: slack.connections)
        await community.set_up()
        await set_address(community, desk)
        desk.answers.append(web.Response(status=503, headers={"Retry-After": "60"}))
        ts = await hand_off(community)
        await until(desk, lambda: desk.calls)
        await card_shows(community, ts, "It is on its way to the helpdesk.")

    slack.clock.advance(timedelta(minutes=2))
    async with running(settings, slack.clock.now, ticks_every=TICK):
        await card_shows(community, ts, "|INC-123>")

    first, second = desk.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert desk.is_ours(second)


async def test_two_replicas_tell_it_once(ready: Community, settings: Settings, desk: Desk):
    await set_address(ready, desk)
    async with running(settings, ready.slack.clock.now, ticks_every=TICK):
        ts = await hand_off(ready)
        await card_shows(ready, ts, "|INC-123>")

    assert len(desk.calls) == 1


async def test_a_question_of_a_private_channel_goes_out_without_its_words(
    ready: Community, desk: Desk
):
    slack, maria = ready.slack, ready.as_(ready.maria)
    await set_address(ready, desk)
    members = [ready.maria, ready.bob, ready.ken]
    secret = slack.add_channel("merger", members=members, is_private=True)
    await slack.join(slack.bot, secret)

    async def is_help_channel() -> bool:
        return "channel now" in str(await maria.command("/askaround", "channel on", secret))

    await at_last(is_help_channel)

    ts = await ready.as_(ready.bob).post(secret, QUESTION)
    await slack.until(lambda: card_in(ready, secret, ts))
    slack.clock.advance(timedelta(days=3))
    await until(desk, lambda: desk.calls)

    [call] = desk.calls
    data = call.said["data"]
    assert data["is_private"] is True
    assert (data["text"], data["asker"], data["channel"]["name"]) == (None, None, None)
    assert ts.replace(".", "") in data["permalink"]
    assert b"merger" not in call.body and b"Bob" not in call.body


def card_in(ready: Community, channel: Channel, ts: str) -> list[dict]:
    thread = ready.as_(ready.maria).sees(channel, thread_ts=ts)
    return [each for each in thread if each["user"] == ready.slack.bot_user_id]


async def test_an_admin_gets_a_new_secret_only_when_they_ask_for_it(ready: Community, desk: Desk):
    await set_address(ready, desk)

    assert await open_topic(ready, hand_off_url=desk.address) == ("", {})
    renewed, _ = await open_topic(ready, new_secret=["new_secret"])

    assert renewed.startswith("whsec_") and renewed != desk.secret
    ts = await hand_off(ready)
    await card_shows(ready, ts, "|INC-123>")
    assert desk.is_ours(desk.calls[0], renewed) and not desk.is_ours(desk.calls[0])


async def test_an_address_that_is_not_called_is_refused_beside_its_field(ready: Community):
    _, errors = await open_topic(ready, hand_off_url="http://169.254.169.254/latest")

    assert errors == {
        "hand_off_url": "I do not call that host: machines keep it for themselves, "
        "and no helpdesk is there."
    }


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"OK",
        b"[" * 10_000,
        b"{" + b" " * 100_000,
        b'{"reference": {"a": 1}, "url": ["x"]}',
        b'{"reference": true, "url": "javascript:alert(1)"}',
        b'{"reference": "", "url": "https://x.example/|<!channel>"}',
        b"\xff\xfe\x00",
    ],
    ids=range(8),
)
async def test_whatever_else_it_answers_the_card_says_that_it_went_there(
    ready: Community, desk: Desk, answer: bytes
):
    await set_address(ready, desk)
    desk.answers.append(web.Response(body=answer))

    ts = await hand_off(ready)

    await card_shows(ready, ts, "so it went to the helpdesk.")


async def test_the_helpdesks_channel_gets_the_words_once_all_who_are_there_are_known(
    ready: Community,
):
    slack = ready.slack
    zoe = slack.add_user("zoe", real_name="Zoe Late")
    desk = slack.add_channel("helpdesk", members=[ready.maria, zoe])
    await slack.join(slack.bot, desk)
    await slack.until(lambda: slack.calls_to("conversations.members"))
    await slack.delivered()
    slack.faults.add(method="users.info", kind="rate_limited", times=3, retry_after=2)
    await open_topic(ready, **SOON, hand_off=desk.id)

    await hand_off(ready)

    def told() -> list[dict]:
        seen = ready.as_(ready.maria).sees(desk)
        return [m for m in seen if m["user"] == slack.bot_user_id and "subtype" not in m]

    await slack.until(told, timeout=PATIENCE)
    await slack.until(lambda: QUESTION in str(told()), timeout=PATIENCE)
    assert len(told()) == 1
