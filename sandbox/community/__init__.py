"""A sample community: weeks of questions and answers, played through the app as they came."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from sandbox.people import Person
from sandbox.server import Sandbox
from sandbox.typed import as_sent
from sandbox.workspace import Channel, Payload, User

FOLDER = Path(__file__).parent
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
# The fields of a topic's window, for what acme.yml has as `waits`.
TIMES = ("next_few", "everybody", "hand_off_after")
SOLVED_MARK, NOT_IT = "white_check_mark", "suggestions_wrong"
DIGEST_AT = time(9, 0, 30)  # on Mondays, where the admin is
LONGEST = 20.0  # seconds to wait for one thing the app owes
QUIET = 0.4  # seconds without a call, after which the app has nothing left to say

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Happening:
    """Something somebody does at a moment; what is played is a sorted list of these."""

    at: datetime
    do: Callable[[], Awaitable[None]]


class Community:
    """`source`: who and what there is, and what happened until when; see acme.yml."""

    def __init__(self, slack: Sandbox, source: Path = FOLDER / "acme.yml") -> None:
        self.slack = slack
        self.told: Payload = yaml.safe_load(source.read_text(encoding="utf-8"))
        self.present: datetime = self.told["now"]
        self.people = {
            name: slack.add_user(name, **fields) for name, fields in self.told["people"].items()
        }
        self.channels = {
            name: self._channel(name, fields) for name, fields in self.told["channels"].items()
        }
        for handle, members in self.told["usergroups"].items():
            slack.add_usergroup(handle, [self.people[each] for each in members])
        slack.parts = {user.id: self._parts(name) for name, user in self.people.items()}
        self.admin = next(user for user in self.people.values() if user.is_admin)
        self.home = next(iter(self.help_channels()))

    def help_channels(self) -> Iterator[Channel]:
        for name, channel in self.channels.items():
            if self.told["channels"][name].get("help"):
                yield channel

    async def play(self, progress: Progress = lambda _line: None) -> None:
        """All of it, in the order it happened; the clock ends in the present."""
        happenings = sorted(self._past(), key=lambda each: each.at)
        mondays = list(self._mondays(happenings[0].at))
        self.slack.clock.set(happenings[0].at - timedelta(days=2))
        await self._set_up()
        for monday in [*mondays, None]:
            until = monday or self.present
            while happenings and happenings[0].at < until:
                happening = happenings.pop(0)
                self._move_to(happening.at)
                await happening.do()
                await self.slack.delivered()
            if monday is not None:
                await self._digests(monday)
                progress(f"{monday:%d %B}: the week's digest")
        await self._come_to_the_present()

    # Who they are

    def _parts(self, name: str) -> list[str]:
        """What somebody is in the story, as a visitor needs to know it."""
        topics, user = self.told["topics"], self.people[name]
        parts = {
            "Admin": user.is_admin,
            "Guest": user.is_guest,
            "Sponsor": any(topic.get("sponsor") == name for topic in topics),
            "Expert": any(name in topic["experts"] for topic in topics),
        }
        return [part for part, is_theirs in parts.items() if is_theirs] or ["Asker"]

    # Setting up, as an admin does it

    def _channel(self, name: str, fields: Payload) -> Channel:
        everyone = [user for user in self.people.values() if not user.is_guest]
        chosen = fields["members"]
        members = everyone if chosen == "everyone" else [self.people[each] for each in chosen]
        guests = [self.people[each] for each in fields.get("guests", [])]
        return self.slack.add_channel(
            name, [*members, *guests, self.slack.bot], is_private=fields.get("is_private", False)
        )

    async def _set_up(self) -> None:
        admin = self._as(self.admin)
        for channel in self.help_channels():
            await admin.command("/askaround", "channel on", channel)
        for topic in self.told["topics"]:
            own = topic.get("channel")
            await admin.command(
                "/askaround", f"topic {topic['name']}", self.channels[own] if own else self.home
            )
            helpdesk = topic.get("helpdesk")
            times = dict(zip(TIMES, topic.get("waits", ()), strict=False))
            if times and admin.view:
                await admin.choose(admin.view, "choose_pace", "own")
            await admin.submit(
                {
                    "name": {"value": topic["name"]},
                    "keywords": {"value": ", ".join(topic["keywords"])},
                    "sponsor": {"value": self._id_of(topic.get("sponsor"))},
                    **{field: {"value": str(minutes)} for field, minutes in times.items()},
                    "hand_off": {"value": self.channels[helpdesk].id if helpdesk else None},
                    "own": {"value": ["own"] if own else []},
                }
            )
            await admin.close_view()
            for name in topic["experts"]:
                await self._as(name).command("/experts", f"join {topic['name']}", self.home)
        await self._quiet()

    # What happened

    def _past(self) -> Iterator[Happening]:
        for thread in self.told["threads"]:
            yield from self._thread(thread)
        for line in self.told["chatter"]:
            yield Happening(self._moment(line), partial(self._say, line))
        for line in self.told["commands"]:
            yield Happening(self._moment(line), partial(self._command, line))

    def _thread(self, told: Payload) -> Iterator[Happening]:
        """A question, what followed, and the ✅ on what worked."""
        thread = Thread(self, told)
        asked_at = self._moment(told)
        yield Happening(asked_at, thread.ask)
        if "more" in told:
            yield Happening(asked_at + timedelta(minutes=1), thread.say_more)
        if "edited" in told:
            yield Happening(asked_at + timedelta(minutes=2), thread.edit)
        if "claimed_by" in told:
            first = told["replies"][0] if told.get("replies") else {"after": "20m"}
            yield Happening(asked_at + span(first["after"]) / 2, thread.claim)
        for reply in told.get("replies", []):
            at = asked_at + span(reply["after"])
            yield Happening(at, partial(thread.reply, reply))
            if reply.get("solution"):
                later = timedelta(minutes=7)
                yield Happening(at + later, partial(thread.accept, reply))

    async def _say(self, line: Payload) -> None:
        await self._as(line["by"]).type(self.channels[line["channel"]], line["text"])

    async def _command(self, line: Payload) -> None:
        name, _, words = line["command"].partition(" ")
        words = as_sent(self.slack.workspace, self.people[line["by"]], words)
        await self._as(line["by"]).command(name, words, self.channels[line["channel"]])

    async def _digests(self, monday: datetime) -> None:
        """Wait for the digest of each help channel where something happened that week."""
        week_before = f"{(monday - timedelta(weeks=1)).timestamp():.6f}"
        busy = [each for each in self.help_channels() if self._asked_since(each, week_before)]
        before = {channel.id: len(channel.timeline) for channel in busy}
        self._move_to(monday)
        with contextlib.suppress(TimeoutError):  # a quiet week has no digest
            await self.slack.until(
                lambda: all(len(each.timeline) > before[each.id] for each in busy), timeout=4
            )
        await self._quiet()

    def _asked_since(self, channel: Channel, ts: str) -> bool:
        people = (message for message in channel.messages.values() if not message.bot_profile)
        return any(message.ts > ts and message.subtype is None for message in people)

    async def _come_to_the_present(self) -> None:
        """The last questions are new to everybody; what was before, everybody has read."""
        for channel in self.slack.channels.values():
            newest = max(channel.messages, default="")
            channel.last_read = dict.fromkeys(channel.members, newest)
            channel.ephemerals.clear()
        for question in sorted(self.told["open"], key=lambda each: -each["minutes_ago"]):
            self._move_to(self.present - timedelta(minutes=question["minutes_ago"]))
            await Thread(self, question).ask()
        await self._quiet()
        self.slack.clock.set(self.present)

    async def _quiet(self) -> None:
        await self.slack.delivered()
        calls = -1
        while calls != self.slack.calls_made:
            calls = self.slack.calls_made
            await asyncio.sleep(QUIET)

    # When, and who

    def _moment(self, told: Payload) -> datetime:
        """`weeks_ago` and `at`, on the clock of who acts."""
        day, _, clock = told["at"].partition(" ")
        zone = ZoneInfo(self.people[told["by"]].tz)
        today = self.present.astimezone(zone)
        monday = today.date() - timedelta(days=today.weekday())
        date = monday - timedelta(weeks=told["weeks_ago"]) + timedelta(days=DAYS.index(day))
        return datetime.combine(date, time.fromisoformat(clock), zone)

    def _mondays(self, first: datetime) -> Iterator[datetime]:
        zone = ZoneInfo(self.admin.tz)
        day = first.astimezone(zone).date()
        monday = day + timedelta(days=7 - day.weekday())
        while (at := datetime.combine(monday, DIGEST_AT, zone)) < self.present:
            yield at
            monday += timedelta(weeks=1)

    def _move_to(self, moment: datetime) -> None:
        if moment > self.slack.clock.now():
            self.slack.clock.set(moment)

    def _as(self, who: str | User) -> Person:
        return self.slack.act_as(self.people[who] if isinstance(who, str) else who)

    def _id_of(self, name: str | None) -> str | None:
        return self.people[name].id if name else None


class Thread:
    """One question as it is played."""

    def __init__(self, community: Community, told: Payload) -> None:
        self.slack, self.told = community.slack, told
        self.as_ = community._as
        self.channel = community.channels[told["channel"]]
        self.ts = ""
        self.posted: dict[int, str] = {}  # by the identity of the reply that was told

    async def ask(self) -> None:
        self.ts = await self.as_(self.told["by"]).type(self.channel, self.told["text"])
        await self.slack.until(lambda: self.card() or self.offered(), timeout=LONGEST)
        if offered := self.offered():
            await self.as_(self.told["by"]).click(offered, NOT_IT, channel=self.channel)
            await self.slack.until(self.card, timeout=LONGEST)

    async def say_more(self) -> None:
        await self.as_(self.told["by"]).type(self.channel, self.told["more"])

    async def edit(self) -> None:
        await self.as_(self.told["by"]).retype(self.channel, self.ts, self.told["edited"])

    async def claim(self) -> None:
        card = self.card()
        assert card is not None
        await self.as_(self.told["claimed_by"]).click(card, "claim_question", channel=self.channel)

    async def reply(self, told: Payload) -> None:
        ts = await self.as_(told["by"]).type(self.channel, told["text"], thread_ts=self.ts)
        self.posted[id(told)] = ts

    async def accept(self, told: Payload) -> None:
        for name in [self.told["by"], *told.get("helped", [])]:
            await self.as_(name).react(self.channel, self.posted[id(told)], SOLVED_MARK)

    def offered(self) -> str | None:
        """The ts of what the asker alone sees first, where something alike was solved before."""
        asker = self.as_(self.told["by"]).user
        private = self.channel.ephemerals.get(asker.id, [])
        with_button = (each for each in private if each.ts > self.ts and NOT_IT in str(each.blocks))
        return next((each.ts for each in with_button), None)

    def card(self) -> str | None:
        """The ts of the bot's message in the thread."""
        for message in self.channel.thread(self.ts)[1:]:
            if message.user == self.slack.bot_user_id:
                return message.ts
        return None


def load_tour(scene: str = "acme") -> list[Any]:
    tours: dict[str, list[Any]] = yaml.safe_load((FOLDER / "tour.yml").read_text(encoding="utf-8"))
    return tours[scene]


def span(text: str) -> timedelta:
    """`12m`, `3h` or `1d`."""
    return timedelta(**{UNITS[text[-1]]: int(text[:-1])})
