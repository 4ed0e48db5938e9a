"""One question in each of eight lives, and every message that each person gets: compared, word for
word, with the page that keeps them for people to read (docs/MESSAGES.md)."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from sandbox import Channel
from tests.journeys.conftest import ROOT, Community

QUESTION = "My T1 was refused with error TR-88, what do I do?"
AGAIN = "What do I do when a T1 is refused with error TR-88?"
ANSWER = "Correct the office code in box 53, then send it again."
CHECK, EDITED = "white_check_mark", ", edited"
PAGE = ROOT / "docs" / "MESSAGES.md"
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(weeks=1)


@dataclass
class Life:
    """A question's life, and what was said in it."""

    ready: Community
    desk: Channel
    start: int = 0  # the bot's last call before it
    since: str = ""  # the last message before it

    @property
    def slack(self) -> Any:
        return self.ready.slack

    async def begin(self) -> None:
        await self.slack.delivered()
        await asyncio.sleep(0.3)
        self.since = self.slack.clock.ts()
        self.start = max((call.number for call in self.slack.calls), default=0)

    async def ask(self) -> str:
        await self.begin()
        return await self.ready.ask(self.ready.bob, QUESTION)

    async def reply(self, ts: str) -> str:
        reply = await self.ready.as_(self.ready.ken).post(self.ready.channel, ANSWER, thread_ts=ts)
        await self.slack.delivered()
        await self.ready.card_saying(ts, "1 reply so far")
        return reply

    async def mark(self, ts: str, reply: str) -> None:
        await self.ready.as_(self.ready.bob).react(self.ready.channel, reply, CHECK)
        await self.ready.card_saying(ts, "Solved")
        await self.helper_hears()

    async def helper_hears(self) -> None:
        self.slack.clock.advance(6 * MINUTE)
        ken = self.ready.as_(self.ready.ken)
        await self.slack.until(lambda: "Your answer" in str(ken.dm()))

    async def pass_until(self, look: Callable[[], Any], step: timedelta = HOUR) -> None:
        """Let time pass, each piece with a moment to be looked at."""
        for _ in range(60):
            if look():
                return
            self.slack.clock.advance(step)
            with suppress(TimeoutError):
                await self.slack.until(look, timeout=0.5)
        raise AssertionError("it did not come")

    def rows(self) -> list[tuple[str, str, str]]:
        """Who reads what, and where, in order; what the bot only says anew stands once."""
        calls = [call for call in self.slack.calls if call.number > self.start]
        said = [row for call in calls for row in self.row_of(call)]
        for person in (self.ready.bob, self.ready.ken, self.ready.ana, self.ready.maria):
            said += self.whispered(person, said)
        first: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        for who, place, text in said:
            first.setdefault((who, place.removesuffix(EDITED), text), (who, place, text))
        return list(first.values())

    def row_of(self, call: Any) -> list[tuple[str, str, str]]:
        arguments, is_said = call.args, call.method.startswith("chat.") and call.response["ok"]
        if not is_said or "text" not in arguments:
            return []
        text, place = self.words(arguments["text"]), arguments.get("channel", "")
        people = {self.slack.act_as(user).dm_channel.id: user for user in self.people}
        if call.method == "chat.postEphemeral":
            return [(self.name(arguments["user"]), "privately, beside it", text)]
        anew = EDITED if call.method == "chat.update" else ""
        if place in people:
            return [(first_name(people[place]), f"in a direct message{anew}", text)]
        if place == self.desk.id:
            return [("the helpdesk", f"in its channel{anew}", text)]
        is_digest = "waiting for an answer" in text and "thread_ts" not in arguments
        return [("everybody", "in the channel" if is_digest else f"in the thread{anew}", text)]

    def whispered(self, user: Any, said: list[Any]) -> list[tuple[str, str, str]]:
        """What answered a press, which no call of the bot shows."""
        person, channel = self.ready.as_(user), self.ready.channel
        seen = [*person.sees(channel)]
        for parent in [each["ts"] for each in seen]:
            with suppress(Exception):
                seen += person.sees(channel, thread_ts=parent)
        rows = [
            (first_name(user), "privately, beside it", self.words(each["text"]))
            for each in seen
            if each.get("is_ephemeral") and each["ts"] > self.since
        ]
        return [row for row in rows if row not in said]

    @property
    def people(self) -> list[Any]:
        return [self.ready.bob, self.ready.ken, self.ready.ana, self.ready.maria]

    def name(self, user_id: str) -> str:
        return first_name(next(user for user in self.people if user.id == user_id))

    def words(self, text: str) -> str:
        for user in self.people:
            text = text.replace(f"<@{user.id}>", f"@{first_name(user)}")
        text = text.replace(f"<#{self.desk.id}>", "#helpdesk")
        text = re.sub(r"<!date\^[^>]*>", "(then)", text)
        text = re.sub(r"<https?://[^|>]*\|([^>]*)>", r"[\1]", text)
        return " ⏎ ".join(line.strip() for line in text.splitlines() if line.strip())


def first_name(user: Any) -> str:
    return str(user.real_name.split()[0])


async def solved_by_suggestion(life: Life) -> None:
    """Ken answered Ana the same before. Bob asks, and takes what he is shown."""
    await life.ready.solve(life.ready.ana, life.ready.ken, AGAIN, ANSWER)
    await life.helper_hears()
    life.slack.clock.advance(HOUR)
    bob = life.ready.as_(life.ready.bob)
    await life.begin()
    await bob.post(life.ready.channel, QUESTION)

    def shown() -> list[Any]:
        return [m for m in bob.sees(life.ready.channel) if "before I ask" in m["text"]]

    [suggestion] = await life.slack.until(shown)
    await bob.click(suggestion["ts"], "suggestion_right", channel=life.ready.channel)
    life.slack.clock.advance(6 * MINUTE)
    ken = life.ready.as_(life.ready.ken)
    await life.slack.until(lambda: "helped Bob" in str(ken.dm()))


async def answered_at_once(life: Life) -> None:
    """Bob asks, Ken replies, and Bob puts ✅ on it."""
    ts = await life.ask()
    await life.mark(ts, await life.reply(ts))


async def claimed(life: Life) -> None:
    """Ken takes it, is reminded, replies, and Bob puts ✅ on it."""
    ts = await life.ask()
    card = await life.ready.card_saying(ts, "can you help")
    ken = life.ready.as_(life.ready.ken)
    await ken.click(card["ts"], "claim_question", channel=life.ready.channel)
    await life.ready.card_saying(ts, "is on it")
    await life.pass_until(lambda: "are you still on it" in str(ken.dm()))
    await life.mark(ts, await life.reply(ts))


async def escalated(life: Life) -> None:
    """Those asked first say nothing, so the next are asked; then Ken replies."""
    for user in (life.ready.ana, life.ready.maria):
        await life.ready.as_(user).command("/experts", "join customs", life.ready.channel)
    ts = await life.ask()
    card = await life.ready.card_saying(ts, " and ")
    third = next(
        life.ready.as_(each) for each in life.people[1:] if f"<@{each.id}>" not in card["text"]
    )
    await life.pass_until(third.dm, 10 * MINUTE)
    await life.mark(ts, await life.reply(ts))


async def handed_off(life: Life) -> None:
    """Nobody takes it, so it goes to the helpdesk, where Ana takes it."""
    maria = life.ready.as_(life.ready.maria)
    await maria.command("/askaround", "topic customs", life.ready.channel)
    await maria.submit({"hand_off": {"value": life.desk.id}})
    ts = await life.ask()
    await life.ready.card_saying(ts, "can you help")
    bob, ana = life.ready.as_(life.ready.bob), life.ready.as_(life.ready.ana)
    await life.pass_until(lambda: "went to" in str(bob.dm()))
    said = [m for m in ana.sees(life.desk) if m["user"] == life.slack.bot_user_id]
    [told] = [m for m in said if "subtype" not in m]
    await ana.click(told["ts"], "claim_question", channel=life.desk)
    await life.ready.card_saying(ts, "is on it")
    await life.slack.until(lambda: "is on" in str(ana.sees(life.desk)))


async def closed_by_its_asker(life: Life) -> None:
    """Bob writes that he needs it no more, and closes it."""
    ts = await life.ask()
    await life.ready.card_saying(ts, "can you help")
    bob = life.ready.as_(life.ready.bob)
    await bob.post(life.ready.channel, "Never mind, not needed any more", thread_ts=ts)

    def offers() -> list[Any]:
        seen = bob.sees(life.ready.channel, thread_ts=ts)
        return [m for m in seen if "need no answer" in m["text"]]

    [offer] = await life.slack.until(offers)
    await bob.click(offer["ts"], "close_question", channel=life.ready.channel)
    await life.ready.card_saying(ts, "needs no answer any more")


async def unanswered(life: Life) -> None:
    """Nobody answers for weeks."""
    ts = await life.ask()
    bob, ken = life.ready.as_(life.ready.bob), life.ready.as_(life.ready.ken)
    await life.pass_until(lambda: "nobody is left to ask" in str(bob.dm()))
    await life.pass_until(lambda: digests(life), 12 * HOUR)
    await life.pass_until(lambda: "that you may know the answer to" in str(ken.dm()), 12 * HOUR)
    life.slack.clock.advance(5 * WEEK)
    await life.pass_until(lambda: life.ready.card_says(ts, "nobody could answer"))
    await life.slack.until(lambda: "so I closed it" in str(bob.dm()))


def digests(life: Life) -> list[Any]:
    seen = life.ready.as_(life.ready.ana).sees(life.ready.channel)
    return [m for m in seen if "waiting for an answer" in m["text"]]


async def merged(life: Life) -> None:
    """Ana asks what Bob asked, and says that it is the same; Ken replies to Bob."""
    first = await life.ask()
    await life.ready.card_saying(first, "can you help")
    ana = life.ready.as_(life.ready.ana)
    second = await life.ready.ask(life.ready.ana, AGAIN)
    card = await life.ready.card_saying(second, "can you help")
    value = card["blocks"][-1]["elements"][-1]["options"][0]["value"]
    await ana.choose(card["ts"], "question_more", value, channel=life.ready.channel)
    assert ana.view is not None
    chosen = ana.view["blocks"][0]["element"]["options"][0]["value"]
    await ana.submit({"question": {"value": chosen}})
    await life.ready.card_saying(second, "The same as")
    await life.mark(first, await life.reply(first))
    await life.slack.until(lambda: "is answered" in str(ana.dm()))


LIVES: dict[str, Callable[[Life], Awaitable[None]]] = {
    "Solved by a suggestion": solved_by_suggestion,
    "Answered at once": answered_at_once,
    "Claimed": claimed,
    "Escalated": escalated,
    "Handed off": handed_off,
    "Closed by its asker": closed_by_its_asker,
    "Unanswered": unanswered,
    "Merged": merged,
}


@pytest.fixture
async def life(ready: Community) -> Life:
    now = ready.slack.clock.now()
    tuesday = (now + timedelta(days=15 - now.weekday())).replace(hour=8, minute=0)
    ready.slack.clock.advance(tuesday - now)
    await asyncio.sleep(0.6)  # digests in between are skipped: it is too late for them
    desk = ready.slack.add_channel("helpdesk", members=[ready.maria, ready.ana])
    await ready.slack.join(ready.slack.bot, desk)
    await ready.slack.until(lambda: ready.slack.calls_to("conversations.members"))
    for user in (ready.bob, ready.ana):  # the bot knows them by name
        await ready.as_(user).command("/find", "something", ready.channel)
    await ready.slack.delivered()
    return Life(ready, desk)


@pytest.mark.parametrize("name", LIVES)
async def test_everybody_gets_the_messages_that_the_page_keeps(life: Life, name: str):
    live = LIVES[name]

    await live(life)

    await life.slack.delivered()
    await asyncio.sleep(0.5)
    told = table_of(life.rows())
    assert told == kept(name), f"\n## {name}\n\n{live.__doc__}\n\n{told}"


def table_of(rows: list[tuple[str, str, str]]) -> str:
    """In the order of people; each one's own in the order in which they came."""
    order = ["Bob", "Ken", "Ana", "Maria", "the helpdesk", "everybody"]
    in_order = sorted(rows, key=lambda row: order.index(row[0]))
    lines = [f"| {who} | {where} | {text.replace('|', '/')} |" for who, where, text in in_order]
    return "\n".join(["| who | where | reads |", "|---|---|---|", *lines])


def kept(name: str) -> str:
    page = PAGE.read_text() if PAGE.exists() else ""
    section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    return "\n".join(line for line in section.splitlines() if line.startswith("|"))
