"""`make demo`: a local Slack with the real bot in it, a short story, and a prompt to go on."""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.people import Person
from sandbox.prompt import Prompt
from sandbox.server import Sandbox
from sandbox.terminal import message_lines
from sandbox.workspace import Channel, Payload, User

PORT = 8765
MANIFEST = Path(__file__).parent.parent / "manifest.yml"

Join = Callable[[Sandbox, str], AbstractAsyncContextManager[Any]]


async def demo(join: Join) -> None:
    """`join` brings the bot into this Slack, with a database at that address, for as long as
    the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        slack = await start()
        try:
            story = Story(slack)
            async with join(slack, f"sqlite:///{folder}/demo.db"):
                await slack.until(lambda: slack.connections, timeout=20)
                await story.play()
                await stay(slack, story)
        finally:
            await slack.stop()


async def start() -> Sandbox:
    try:
        return await Sandbox(MANIFEST, PORT, team_name="Acme").start()
    except OSError:  # somebody else has the port
        return await Sandbox(MANIFEST, team_name="Acme").start()


class Story:
    """A morning in a company whose logistics system is used around the world."""

    def __init__(self, slack: Sandbox) -> None:
        self.slack = slack
        set_to_monday(slack.clock)
        self.maria = slack.add_user("maria", "Maria Rossi", tz="Europe/Rome", is_admin=True)
        self.ken = slack.add_user("ken", "Ken Sato", tz="Asia/Tokyo")
        self.bob = slack.add_user("bob", "Bob Miller", tz="America/Chicago")
        self.ana = slack.add_user("ana", "Ana Silva", tz="America/Sao_Paulo")
        people = [self.maria, self.ken, self.bob, self.ana]
        self.channel: Channel = slack.add_channel("logistics-help", [*people, slack.bot])

    async def play(self) -> None:
        await self.set_up()
        question = await self.ask()
        await self.answer(question)
        await self.find()
        await self.wait_for_monday()

    async def set_up(self) -> None:
        say("1. Maria, an admin, makes #logistics-help a help channel and names an expert")
        maria = self.as_(self.maria)
        await self.command(self.maria, "/askaround", "channel on")
        await maria.command("/askaround", "topic Customs", self.channel)
        await maria.submit(
            {
                "name": {"value": "Customs"},
                "keywords": {"value": "tariff, T1, form 4711"},
                "people": {"value": [self.ken.id]},
                "own": {"value": ["own"]},
            }
        )
        await self.command(self.maria, "/experts", "")

    async def ask(self) -> str:
        say("2. Bob is stuck, and asks as he would anyway")
        text = "How do I correct the tariff code of a rejected T1 form? The field is greyed out."
        ts = await self.as_(self.bob).post(self.channel, text)
        await self.slack.until(lambda: self.card(ts))
        self.show_thread(ts)
        return ts

    async def answer(self, question: str) -> None:
        say("3. Ken takes it and answers; Bob puts ✅ on what worked")
        bob, ken = self.as_(self.bob), self.as_(self.ken)
        card = self.card(question)
        assert card is not None
        await ken.click(card["ts"], "claim_question", channel=self.channel)
        text = "Press Amend first, then the field opens. Enter the new code and resend the form."
        reply = await ken.post(self.channel, text, thread_ts=question)
        await self.slack.delivered()
        await bob.react(self.channel, reply, "white_check_mark")
        await self.slack.until(lambda: "Solved" in str(self.card(question)))
        await self.slack.until(lambda: "white_check_mark" in str(self.top(question)["reactions"]))
        self.show_thread(question)

    async def find(self) -> None:
        say("4. Ana has the same problem, and need not ask anybody")
        await self.command(self.ana, "/find", "rejected tariff code")

    async def wait_for_monday(self) -> None:
        say("5. A question is still open; on Monday at 9:00 the week's help is told")
        open_question = "Where can I see the seal number of a container in transit?"
        waiting = await self.as_(self.ana).post(self.channel, open_question)
        await self.slack.until(lambda: self.card(waiting))
        await self.next_monday()

    async def next_monday(self) -> None:
        before = self.slack.clock.now()
        set_to_monday(self.slack.clock)
        await self.slack.until(lambda: self.digest_since(before.timestamp()), timeout=10)
        digest = self.digest_since(before.timestamp())
        assert digest is not None
        show(self.slack, digest)

    def digest_since(self, seconds: float) -> Payload | None:
        posts = self.as_(self.maria).sees(self.channel)
        own = [each for each in posts if each["user"] == self.slack.bot_user_id]
        return own[-1] if own and float(own[-1]["ts"]) > seconds else None

    async def command(self, user: User, name: str, text: str) -> None:
        print(f"{user.real_name} types: {name} {text}".rstrip())
        await self.as_(user).command(name, text, self.channel)
        private = [each for each in self.as_(user).sees(self.channel) if each.get("is_ephemeral")]
        show(self.slack, private[-1])

    def as_(self, user: User) -> Person:
        return self.slack.act_as(user)

    def card(self, question: str) -> Payload | None:
        thread = self.as_(self.maria).sees(self.channel, thread_ts=question)
        cards = [each for each in thread[1:] if each["user"] == self.slack.bot_user_id]
        return cards[0] if cards else None

    def top(self, question: str) -> Payload:
        return self.as_(self.maria).sees(self.channel, thread_ts=question)[0]

    def show_thread(self, question: str) -> None:
        first, *replies = self.as_(self.bob).sees(self.channel, thread_ts=question)
        show(self.slack, first)
        for reply in replies:
            show(self.slack, reply, indent="    ")


def set_to_monday(clock: Clock) -> None:
    """Move on to the next Monday, a little after 9:00 in Rome (8:00 UTC, or 7:00 in summer)."""
    now = clock.now()
    monday = now + timedelta(days=7 - now.weekday())
    clock.set(monday.replace(hour=8, minute=5, second=0, microsecond=0))


async def stay(slack: Sandbox, story: Story) -> None:
    """Stay up: with a prompt for who sits at a terminal, else until stopped."""
    act = '{"user": "bob", "act": "post", "channel": "logistics-help", "text": "Where is …?"}'
    say("The local Slack stays up, with the bot in it")
    print(f"It listens on {slack.address}. From another terminal:\n")
    print(f"  curl {slack.address}/sandbox/act -H 'Content-Type: application/json' -d '{act}'")
    print(f"  curl '{slack.address}/sandbox/sees?user=bob&channel=logistics-help'\n")
    if sys.stdin is not None and sys.stdin.isatty():
        await Prompt(slack, story.channel, next_monday=story.next_monday).run()
    else:
        print("Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()


def say(title: str) -> None:
    print(f"\n\033[1m{title}\033[0m\n" if sys.stdout.isatty() else f"\n{title}\n")


def show(slack: Sandbox, message: Payload, indent: str = "") -> None:
    print("\n".join(message_lines(slack, message, "  " + indent)), end="\n\n", flush=True)
