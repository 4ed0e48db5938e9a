"""The people of a history, what they do in Slack, and what must have become of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from bench.faulty.histories import Act
from sandbox import Channel, Sandbox, User
from sandbox.errors import SlackError

MARK = "white_check_mark"
WHAT = ("pump", "scanner", "valve", "printer", "crane", "gate", "belt", "oven", "lift", "sensor")
HOW = ("reset", "calibrate", "unlock", "clean", "replace", "order", "register", "repair")
PRESSED = ("I'll take it", "Give it back", "Not me", "Still stuck")
EXPERTS, ASKERS = 3, 10
SET_UP = ("is a help channel now", "will reach you from now on")  # says the bot
ZONES = ("Europe/Rome", "Asia/Tokyo", "America/Chicago")

Found = TypeVar("Found")


@dataclass(eq=False)
class Said:
    """A message, as it stands in Slack now."""

    channel: Channel
    author: User
    token: str
    ts: str
    replies: list["Said"] = field(default_factory=list)
    is_reply: bool = False
    is_marked: bool = False
    is_gone: bool = False


class Town:
    def __init__(self, slack: Sandbox) -> None:
        self.slack = slack
        self.admin = slack.add_user("admin", is_admin=True, tz=ZONES[0])
        self.experts = [slack.add_user(f"expert{n}", tz=ZONES[n]) for n in range(EXPERTS)]
        self.askers = [slack.add_user(f"asker{n}", tz=ZONES[n % 3]) for n in range(ASKERS)]
        self.guest = slack.add_user("guest", is_guest=True)
        self.stranger = slack.add_user("stranger")
        members = [self.admin, *self.experts, *self.askers, slack.bot]
        self.channels = [
            slack.add_channel("help", members),
            slack.add_channel("help-site", [*members, self.guest]),
            slack.add_channel("help-secret", members, is_private=True),
        ]
        self.questions: list[Said] = []
        self.said: dict[str, Channel] = {}  # where each word of ours was said
        self.forbidden: set[str] = set()  # words that nobody must see any more

    async def set_up(self) -> None:
        for channel in self.channels:
            await self.said_to(self.admin, "/askaround", "channel on", channel)
            for expert in self.experts:
                await self.said_to(expert, "/experts", "join", channel)

    async def said_to(self, user: User, command: str, text: str, channel: Channel) -> None:
        answer = str(await self.slack.act_as(user).command(command, text, channel))
        if not any(each in answer for each in SET_UP):
            raise RuntimeError(f"{command} {text}: {answer}")

    async def act(self, act: Act) -> None:
        """What Slack refuses because the bot is away or late, people do not try again."""
        with suppress(SlackError):
            match act.what:
                case "ask":
                    await self.ask(act)
                case "talk":
                    talker, channel = pick(self.experts, act.which), pick(self.channels, act.how)
                    await self.slack.act_as(talker).post(channel, "The window is at 18:00 UTC.")
                case "reply" if self.open_to_replies:
                    await self.reply(pick(self.open_to_replies, act.which), act.how)
                case "mark":
                    await self.mark(act)
                case "unmark":
                    await self.unmark(act)
                case "edit" | "delete" if self.changeable:
                    await self.change(act, pick(self.changeable, act.which))
                case "press":
                    await self.press(act)
                case "find":
                    person = pick([self.guest, self.stranger, *self.experts], act.which)
                    words = f"{pick(HOW, act.how)} {pick(WHAT, act.which)}"
                    place = pick(self.channels[:2], act.how)
                    await self.slack.act_as(person).command("/find", words, place)
                case "home":
                    person = pick([self.guest, self.stranger, *self.experts], act.which)
                    await self.slack.act_as(person).open_home()

    @property
    def open_to_replies(self) -> list[Said]:
        return [each for each in self.questions if not each.is_gone]

    @property
    def changeable(self) -> list[Said]:
        """The replies of a question that is gone stay as they are."""
        alive = self.open_to_replies
        return [*alive, *(each for one in alive for each in one.replies if not each.is_gone)]

    async def ask(self, act: Act) -> None:
        """Each by somebody else: what one person says in a row belongs together."""
        if len(self.questions) == len(self.askers):
            return
        asker, channel = self.askers[len(self.questions)], pick(self.channels, act.which)
        token = self.token(channel)
        text = f"How do I {pick(HOW, act.how)} the {pick(WHAT, act.which // 7)} {token}?"
        ts = await self.slack.act_as(asker).post(channel, text)
        self.questions.append(Said(channel, asker, token, ts))

    async def reply(self, question: Said, how: int) -> None:
        author = pick([*self.experts, *self.askers], how)
        token = self.token(question.channel)
        text = f"Hold the button of {token} for ten seconds."
        ts = await self.slack.act_as(author).post(question.channel, text, thread_ts=question.ts)
        question.replies.append(Said(question.channel, author, token, ts, is_reply=True))

    async def mark(self, act: Act) -> None:
        found = [
            (question, each)
            for question in self.open_to_replies
            for each in question.replies
            if not each.is_gone and not each.is_marked and each.author is not question.author
        ]
        if found:
            question, reply = pick(found, act.which)
            asker = self.slack.act_as(question.author)
            await asker.react(question.channel, reply.ts, MARK)
            reply.is_marked = True

    async def unmark(self, act: Act) -> None:
        found = [
            (question, each)
            for question in self.open_to_replies
            for each in question.replies
            if each.is_marked and not each.is_gone
        ]
        if found:
            question, reply = pick(found, act.which)
            await self.slack.act_as(question.author).unreact(question.channel, reply.ts, MARK)
            reply.is_marked = False

    async def change(self, act: Act, said: Said) -> None:
        self.forbidden.add(said.token)
        author = self.slack.act_as(said.author)
        if act.what == "delete":
            said.is_gone = True
            await author.delete(said.channel, said.ts)
            return
        said.token = self.token(said.channel)
        text = f"The button of {said.token} is at the back."
        if not said.is_reply:
            text = f"How do I {pick(HOW, act.how)} the {pick(WHAT, act.how // 7)} {said.token}?"
        await author.edit(said.channel, said.ts, text)

    async def press(self, act: Act) -> None:
        """A button of a card, by an expert or the asker; which one is there depends on much."""
        if not self.open_to_replies:
            return
        question = pick(self.open_to_replies, act.which)
        presser = pick([*self.experts, question.author], act.how)
        person = self.slack.act_as(presser)
        found = [
            (message["ts"], element)
            for message in person.sees(question.channel, question.ts)[1:]
            for block in message.get("blocks", [])
            for element in block.get("elements", [])
            if element.get("type") == "button" and element["text"]["text"] in PRESSED
        ]
        if found:
            ts, element = pick(found, act.how // 7)
            await person.click(ts, element["action_id"], channel=question.channel)

    def token(self, channel: Channel) -> str:
        token = f"zq{len(self.said) + 1}x"
        self.said[token] = channel
        return token


def pick(among: Sequence[Found], number: int) -> Found:
    return among[number % len(among)]
