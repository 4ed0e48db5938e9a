"""A prompt to act as anybody in one channel, and see what they see."""

import asyncio
import sys
from datetime import timedelta

from sandbox.clock import Clock
from sandbox.errors import SlackError
from sandbox.people import Person
from sandbox.server import Sandbox
from sandbox.terminal import message_lines
from sandbox.workspace import Channel, Payload, User

HOW_TO = """\
You can be anybody here too. Write who does what, for example:

  bob: How do I correct a T1?        Bob asks in the channel
  ken: > Press Amend first.          Ken replies in the newest thread
  bob: ✅                            Bob marks the newest reply (or: bob: ok)
  ana: /find correct T1              Ana searches (/ask is a window: it needs the browser)
  monday                             the clock moves on to Monday, for the digest
  quit
"""
SETTLE = 1.0  # seconds for the bot to say something


class Prompt:
    def __init__(self, slack: Sandbox) -> None:
        self.slack = slack
        self.shown: dict[str, str] = {}

    async def run(self) -> None:
        """Until somebody quits, or what is written ends."""
        self._news(next(iter(self._people().values())))
        lines = await typed_lines()
        while True:
            print("> ", end="", flush=True)
            line = (await lines.readline()).decode(errors="replace").strip()
            if line == "quit" or (not line and lines.at_eof()):
                return
            try:
                await self._do(line)
            except (SlackError, TimeoutError) as error:
                print(f"  That did not work: {error}".splitlines()[0])

    async def _do(self, line: str) -> None:
        if line == "monday":
            set_to_monday(self.slack.clock)
            await asyncio.sleep(3 * SETTLE)  # for the digest
            self._print(self._news(next(iter(self._people().values()))))
            return
        name, colon, said = line.partition(":")
        user = self._people().get(name.strip().lower())
        if not colon or user is None:
            print(HOW_TO)
            return
        await self._act(self.slack.act_as(user), said.strip())
        await self.slack.delivered()
        await asyncio.sleep(SETTLE)
        self._print(self._news(user))

    def _print(self, messages: list[Payload]) -> None:
        for message in messages:
            indent = "      " if message.get("thread_ts", message["ts"]) != message["ts"] else "  "
            print("\n".join(message_lines(self.slack, message, indent)), end="\n\n")

    async def _act(self, person: Person, said: str) -> None:
        if said.startswith("/"):
            name, _, text = said.partition(" ")
            await person.command(name, text, self.channel)
        elif said in ("✅", "ok"):
            await person.react(self.channel, self._newest_reply(person), "white_check_mark")
        elif said.startswith(">"):
            await person.post(self.channel, said[1:].strip(), thread_ts=self._newest_thread(person))
        else:
            await person.post(self.channel, said)

    def _newest_thread(self, person: Person) -> str:
        asked = [m for m in person.sees(self.channel) if "bot_id" not in m]
        return str(asked[-1]["ts"])

    def _newest_reply(self, person: Person) -> str:
        thread = person.sees(self.channel, thread_ts=self._newest_thread(person))
        replies = [m for m in thread[1:] if "bot_id" not in m]
        if not replies:
            raise SlackError("no_reply_yet")
        return str(replies[-1]["ts"])

    @property
    def channel(self) -> Channel:
        """The channel where people ask, or the first there is: the page may change the scene."""
        channels = [each for each in self.slack.channels.values() if each.kind == "channel"]
        return next((each for each in channels if each.name.endswith("-help")), channels[0])

    def _people(self) -> dict[str, User]:
        return {user.name: user for user in self.slack.users.values() if not user.is_bot}

    def _news(self, user: User) -> list[Payload]:
        """What this person sees that is new or changed since the last look."""
        person = self.slack.act_as(user)
        top = person.sees(self.channel)
        seen = [reply for m in top for reply in self._with_thread(person, m)]
        news = [m for m in seen if self.shown.get(m["ts"]) != fingerprint(m)]
        self.shown.update({m["ts"]: fingerprint(m) for m in seen})
        return news

    def _with_thread(self, person: Person, message: Payload) -> list[Payload]:
        if not message.get("reply_count"):
            return [message]
        return person.sees(self.channel, thread_ts=message["ts"])


def set_to_monday(clock: Clock) -> None:
    """Move on to the next Monday, a little after 9:00 in Rome (8:00 UTC, or 7:00 in summer)."""
    now = clock.now()
    monday = now + timedelta(days=7 - now.weekday())
    clock.set(monday.replace(hour=8, minute=5, second=0, microsecond=0))


def fingerprint(message: Payload) -> str:
    return str((message.get("text"), message.get("blocks"), message.get("reactions")))


async def typed_lines() -> asyncio.StreamReader:
    """What is typed into the terminal, without a thread that would wait for Enter at the end."""
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    return lines
