"""A community with something private in it, and the bot's app to press its buttons.

In the private help channel `board-room` they talk about the zebra project. Its topic, its
keyword, its experts and every word said there are nobody's business outside of it."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.access.tokens import FIND, make_token
from bot.archive.archives import Conversation, Place, Post
from bot.archive.preparing import Who, prepare_all
from bot.archive.taking_in import take_in
from bot.community.channels import ChannelFacts, learn_members, set_help_channel
from bot.experts.claims import claim
from bot.experts.topics import add_expert, save_topic
from bot.experts.webhooks import new_secret
from bot.people import Profile, learn_person
from bot.questions.capture import ask_by_command, note_posted, withdraw
from bot.questions.merging import merge
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution
from bot.recognition.digests import SPONSOR
from bot.recognition.leaderboard import switch_leaderboard
from bot.recognition.sponsors import settle_sponsors
from bot.text import Message
from bot.workspaces import join_workspace
from handlers import build_app
from sandbox import Channel, Sandbox, User
from storage.database import Sessions
from storage.experts import topics
from storage.questions import answers, questions
from storage.tables import (
    DigestRun,
    Draft,
    Import,
    Invitation,
    Kudos,
    ManagerNote,
    Proposal,
    Question,
    Suggestion,
    Webhook,
    WebhookCall,
)
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]
TEAM, OTHER_TEAM = "T0HERE", "T0THERE"
SECRET, LOBBY, ELSEWHERE = "C0BOARDROOM", "C0LOBBY", "C0ELSEWHERE"
PRESSED_AT = NOW + timedelta(hours=2)

# Who presses. The first six can read the board room.
ASKER, EXPERT, MEMBER = "U0ASKER", "U0EXPERT", "U0MEMBER"
GUEST = "U0GUEST"  # an admin named them as an expert
EXTERNAL, ADMIN = "U0EXTERNAL", "U0ADMIN"
OUTSIDER, GUEST_OUTSIDE, ADMIN_OUTSIDE = "U0OUTSIDER", "U0GUESTOUT", "U0ADMINOUT"
LEFT = "U0LEFT"  # an expert, and the author of what solved it, who is out of the channel now
FOREIGN = "U0FOREIGN"  # an admin of another workspace, in a channel of theirs with the same id
CLOSED = "U0CLOSED"  # an expert and admin whose account is closed
INSIDE = (ASKER, EXPERT, MEMBER, GUEST, EXTERNAL, ADMIN)
OUTSIDE = (OUTSIDER, GUEST_OUTSIDE, ADMIN_OUTSIDE, LEFT, FOREIGN)
PEOPLE = (*INSIDE, *OUTSIDE, CLOSED)
BOT, STRANGER = "U0BOT", "U0STRANGER"

TOPIC, KEYWORD = "Falcon layoffs", "zebra"
PRIVATE_WORDS = ("falcon", "layoff", "zebra", "twice", "board-room")
SLOT = "2026-W47"

FLAGS: Mapping[str, Mapping[str, bool]] = {
    GUEST: {"is_guest": True},
    GUEST_OUTSIDE: {"is_guest": True},
    EXTERNAL: {"is_external": True},
    ADMIN: {"is_admin": True},
    ADMIN_OUTSIDE: {"is_admin": True},
    CLOSED: {"is_deactivated": True, "is_admin": True},
    BOT: {"is_bot": True},
}


@dataclass
class Ids:
    """The rows that buttons and modals name."""

    topic: int = 0
    public_topic: int = 0
    open: int = 0
    twin: int = 0  # another open one, so that there is something to be the same as
    claimed: int = 0
    answered: int = 0
    reply: int = 0  # to that one
    solved: int = 0
    marked: int = 0  # the reply that solved it
    judged: int = 0  # solved by an expert's word
    merged: int = 0
    several: int = 0  # whose asker said more in the channel
    by_command: int = 0  # which the bot posted for its asker
    suggested: int = 0
    reused: int = 0
    gone: int = 0
    elsewhere: int = 0  # in a channel that only the outsider is in
    theirs: int = 0  # of the other workspace
    note: int = 0  # to a manager, sent
    draft: int = 0
    fact: int = 0  # of help
    drafted: int = 0  # by the asker's assistant
    token: int = 0  # of the expert's
    webhook: int = 0
    call: int = 0  # to that one
    archived: int = 0  # a question from before the bot came, of which nobody said what solved it
    other_reply: int = 0  # to that one
    ts: dict[str, str] = field(default_factory=dict)

    @property
    def follow_up_ts(self) -> str:
        return self.ts["follow_up"]

    @property
    def unsure_ts(self) -> str:
        """A message whose author is asked whether it is a question."""
        return self.ts["unsure"]


class Writer:
    """Says things in the board room; questions far enough apart to be two."""

    def __init__(self, session: AsyncSession) -> None:
        self.session, self.now = session, NOW

    def at(self, *, later: timedelta = timedelta(seconds=1)) -> datetime:
        self.now += later
        return self.now

    async def say(
        self,
        text: str,
        *,
        by: str,
        thread_ts: str | None = None,
        channel_id: str = SECRET,
        team_id: str = TEAM,
    ) -> str:
        at = self.at() if thread_ts else self.at(later=timedelta(minutes=5))
        ts = f"{at.timestamp():.6f}"
        message = Message(team_id, channel_id, by, ts, thread_ts, text, at)
        assert await hear(self.session, message, now=at)
        return ts

    async def ask(self, text: str, *, by: str = ASKER, **where: str) -> Question:
        ts = await self.say(text, by=by, **where)
        found = await questions.get_by_thread(
            self.session,
            team_id=where.get("team_id", TEAM),
            channel_id=where.get("channel_id", SECRET),
            thread_ts=ts,
        )
        assert found is not None
        return found

    async def answer(self, question: Question, text: str, *, by: str) -> int:
        ts = await self.say(text, by=by, thread_ts=question.thread_ts)
        reply = await answers.get_by_message(
            self.session, team_id=TEAM, channel_id=SECRET, message_ts=ts
        )
        assert reply is not None
        return reply.id

    async def accept(self, answer_id: int, *, by: str = ASKER) -> None:
        reply = await answers.get(self.session, TEAM, answer_id)
        assert reply is not None
        assert await accept_solution(
            self.session,
            team_id=TEAM,
            channel_id=SECRET,
            message_ts=reply.message_ts,
            user_id=by,
            now=self.at(),
        )


async def set_scene(session: AsyncSession) -> Ids:
    ids = Ids()
    await settle_people(session)
    await settle_channels(session)
    await settle_topics(session, ids)
    writer = Writer(session)
    await ask_questions(writer, ids)
    await settle_recognition(session, ids)
    ids.token = await settle_token(session)
    ids.drafted = await settle_draft(session)
    ids.webhook, ids.call = await settle_webhook(session)
    ids.archived, ids.other_reply = await settle_archive(session)
    # One who was there when it was solved is out of the channel now.
    await learn_channel(session, SECRET, "board-room", (*INSIDE, CLOSED), is_private=True)
    return ids


async def settle_people(session: AsyncSession) -> None:
    for team_id, user_ids in ((TEAM, (*PEOPLE, BOT)), (OTHER_TEAM, (FOREIGN,))):
        await join_workspace(
            session,
            team_id=team_id,
            name=team_id,
            url=f"https://{team_id.lower()}.slack.com/",
            bot_user_id="U0ASKAROUND",
            now=NOW,
        )
        for user_id in user_ids:
            if (team_id, user_id) == (TEAM, FOREIGN):
                continue
            plain = Profile(user_id, user_id.title(), "Europe/Rome", *[False] * 5)
            flags = {"is_admin": True} if user_id == FOREIGN else FLAGS.get(user_id, {})
            profile = Profile(**{**vars(plain), **flags})
            await learn_person(session, team_id=team_id, profile=profile, now=PRESSED_AT)


async def settle_channels(session: AsyncSession) -> None:
    await learn_channel(session, SECRET, "board-room", (*INSIDE, LEFT, CLOSED), is_private=True)
    await learn_channel(session, LOBBY, "lobby", [each for each in PEOPLE if each != FOREIGN])
    await learn_channel(session, ELSEWHERE, "elsewhere", (OUTSIDER,), is_private=True)
    await learn_channel(session, SECRET, "theirs", (FOREIGN,), team_id=OTHER_TEAM)
    for team_id, channel_id, admin_id in (
        (TEAM, SECRET, ADMIN),
        (TEAM, LOBBY, ADMIN),
        (OTHER_TEAM, SECRET, FOREIGN),
    ):
        await set_help_channel(
            session,
            team_id=team_id,
            channel_id=channel_id,
            user_id=admin_id,
            is_help=True,
            now=NOW,
        )


async def learn_channel(
    session: AsyncSession,
    channel_id: str,
    name: str,
    user_ids: Any,
    *,
    is_private: bool = False,
    team_id: str = TEAM,
) -> None:
    channel = ChannelFacts(channel_id, name, is_private=is_private, is_shared=channel_id == SECRET)
    await learn_members(session, team_id=team_id, channel=channel, user_ids=user_ids, now=NOW)


async def settle_topics(session: AsyncSession, ids: Ids) -> None:
    experts = [EXPERT, GUEST, LEFT]
    private = await add_topic(session, TOPIC, KEYWORD, experts, SECRET)
    public = await add_topic(session, "Printing", "printer", [OUTSIDER], None)
    ids.topic, ids.public_topic = private, public


async def add_topic(
    session: AsyncSession, name: str, keywords: str, experts: list[str], channel_id: str | None
) -> int:
    await save_topic(
        session,
        team_id=TEAM,
        user_id=ADMIN,
        topic_id=None,
        name=name,
        keywords=keywords,
        member_ids=[],
        sponsor_id=EXPERT if channel_id else None,
        channel_id=channel_id,
        is_channel_topic=channel_id is not None,
        now=NOW,
    )
    topic = await topics.get_by_key(session, TEAM, name.casefold())
    assert topic is not None
    for place, user_id in enumerate(experts):
        added_at = NOW + timedelta(microseconds=place)
        await add_expert(session, topic, user_id, by=ADMIN, now=added_at)
    return topic.id


async def ask_questions(writer: Writer, ids: Ids) -> None:
    session = writer.session
    ids.open = (await writer.ask("Where is the zebra form for the layoffs?")).id
    ids.twin = (await writer.ask("Where do I find the zebra form for the layoffs?")).id
    claimed = await writer.ask("Who signs the zebra papers?")
    await claim(session, team_id=TEAM, question_id=claimed.id, user_id=EXPERT, now=writer.at())
    ids.claimed = claimed.id
    answered = await writer.ask("When does the zebra start?")
    ids.answered, ids.reply = answered.id, await writer.answer(answered, "In May.", by=MEMBER)
    await writer.answer(answered, "No, in zebra June, I think.", by=EXPERT)
    solved = await writer.ask("How do I open the zebra safe?")
    ids.marked = await writer.answer(solved, "Turn the zebra key twice.", by=LEFT)
    await writer.accept(ids.marked)
    ids.solved = solved.id
    merged = await writer.ask("Where are the zebra forms kept, please?")
    assert await merge(
        session,
        team_id=TEAM,
        question_id=merged.id,
        into_id=ids.open,
        user_id=ASKER,
        now=writer.at(),
    )
    ids.merged = merged.id
    suggested = await writer.ask("How can I open that zebra safe again?")
    await session.merge(suggestion(suggested.id, solved.id))
    ids.suggested = suggested.id
    reused = await writer.ask("What opens the zebra safe, please?")
    await session.merge(suggestion(reused.id, solved.id))
    reused.reused_id, reused.reused_at, reused.solved_at = solved.id, NOW, NOW
    ids.reused = reused.id
    gone = await writer.ask("Is anybody at the zebra today?")
    await withdraw(session, gone, now=writer.at())
    ids.gone = gone.id
    await set_help_channel(
        session, team_id=TEAM, channel_id=LOBBY, user_id=ADMIN, is_help=True, now=NOW
    )
    elsewhere = Question(
        team_id=TEAM,
        channel_id=ELSEWHERE,
        message_ts="1.000100",
        thread_ts="1.000100",
        asker_id=OUTSIDER,
        text="Where is the form for the others?",
        asked_at=NOW,
    )
    session.add(elsewhere)
    theirs = await writer.ask(
        "Where do I find the forms of theirs?", by=FOREIGN, team_id=OTHER_TEAM
    )
    ids.ts["unsure"] = await writer.say("Zebra blank", by=ASKER)
    several = await writer.ask("Which zebra stamp goes on the letters?")
    ids.ts["follow_up"] = f"{writer.at().timestamp():.6f}"
    more = Message(TEAM, SECRET, ASKER, ids.ts["follow_up"], None, "And the zebra ink?", writer.now)
    assert await hear(session, more, now=writer.now)
    ids.several = several.id
    place = {"team_id": TEAM, "channel_id": SECRET}
    asked = {**place, "asker_id": ASKER, "topic_id": None}
    asked["text"] = "Which zebra form is it for Spain?"
    ids.by_command = await ask_by_command(session, **asked, now=writer.at())
    posted = {"question_id": ids.by_command, "message_ts": f"{writer.now.timestamp():.6f}"}
    await note_posted(session, team_id=TEAM, **posted, now=writer.now)
    judged = await writer.ask("Who feeds the zebra at night?")
    await writer.accept(await writer.answer(judged, "The zebra guard.", by=MEMBER), by=EXPERT)
    ids.judged = judged.id
    await session.flush()
    ids.elsewhere, ids.theirs = elsewhere.id, theirs.id
    for name in ("open", "answered", "solved", "gone"):
        question = await questions.get(session, TEAM, getattr(ids, name))
        assert question is not None
        ids.ts[name] = question.thread_ts or ""
    for name in ("reply", "marked"):
        reply = await answers.get(session, TEAM, getattr(ids, name))
        assert reply is not None
        ids.ts[name] = reply.message_ts


def suggestion(question_id: int, solved_id: int) -> Suggestion:
    return Suggestion(
        question_id=question_id,
        solved_id=solved_id,
        team_id=TEAM,
        likeness=0.9,
        suggested_at=NOW,
    )


async def settle_recognition(session: AsyncSession, ids: Ids) -> None:
    """The member helped with three questions, told the expert so, and may become one."""
    facts = [
        Kudos(
            team_id=TEAM,
            kind="solved",
            giver_id=ASKER,
            receiver_id=MEMBER,
            question_id=question_id,
            channel_id=SECRET,
            given_at=NOW + timedelta(minutes=1),
        )
        for question_id in (ids.open, ids.twin, ids.answered)
    ]
    sent, draft = (
        ManagerNote(
            team_id=TEAM,
            user_id=MEMBER,
            manager_id=EXPERT,
            text="I helped.",
            period="week",
            since=NOW - timedelta(days=7),
            drafted_at=NOW,
            shown={},
            elsewhere=3,
            agreed_at=agreed_at,
        )
        for agreed_at in (NOW, None)
    )
    proposals = [
        Proposal(team_id=TEAM, topic_id=ids.topic, user_id=user_id, proposed_at=NOW)
        for user_id in (MEMBER, EXTERNAL, OUTSIDER, GUEST_OUTSIDE)
    ]
    invitation = Invitation(
        team_id=TEAM, topic_id=ids.topic, user_id=MEMBER, invited_by=ADMIN, invited_at=NOW
    )
    run = DigestRun(
        team_id=TEAM,
        kind=SPONSOR,
        subject=EXPERT,
        slot=SLOT,
        since=NOW - timedelta(days=7),
        until=NOW + timedelta(days=7),
    )
    session.add_all([*facts, sent, draft, *proposals, invitation, run])
    await switch_leaderboard(session, team_id=TEAM, user_id=ADMIN, is_on=True, now=NOW)
    await settle_sponsors(session, team_id=TEAM, now=NOW)
    await session.flush()
    ids.fact, ids.note, ids.draft = facts[0].id, sent.id, draft.id


async def settle_draft(session: AsyncSession) -> int:
    """What the asker's assistant wrote, of which they have not said anything."""
    new = Draft(
        team_id=TEAM,
        user_id=ASKER,
        assistant="Claude",
        text="Does the zebra know of the layoffs?",
        channel_id=SECRET,
        drafted_at=NOW,
    )
    session.add(new)
    await session.flush()
    return new.id


async def settle_token(session: AsyncSession) -> int:
    made = await make_token(
        session,
        team_id=TEAM,
        user_id=EXPERT,
        name="Search",
        scopes=[FIND],
        days=30,
        now=PRESSED_AT,
    )
    return made.token.token_id


async def settle_webhook(session: AsyncSession) -> tuple[int, int]:
    webhook = Webhook(
        team_id=TEAM,
        webhook_url="https://intranet.example.com/hook",
        webhook_secret=new_secret(),
        kinds=["question.solved"],
        made_by=ADMIN,
        made_at=NOW,
    )
    session.add(webhook)
    await session.flush()
    call = WebhookCall(
        team_id=TEAM,
        webhook_id=webhook.id,
        kind="question.solved",
        about="1",
        happened_at=NOW,
        message_id="msg_1",
        told_at=NOW,
    )
    session.add(call)
    await session.flush()
    return webhook.id, call.id


async def settle_archive(session: AsyncSession) -> tuple[int, int]:
    imported = Import(
        team_id=TEAM, source="slack", name="e.zip", checksum="1", started_at=NOW, ended_at=NOW
    )
    session.add(imported)
    await session.flush()
    said = (
        Post("1600000000.000100", ASKER, "Which zebra did the old board choose?"),
        Post("1600000060.000100", LEFT, "You can call the zebra desk, they know the number."),
        Post("1600000120.000100", MEMBER, "Open the zebra list and press Choose in the menu."),
    )
    place = Place(SECRET, "board-room", is_private=True)
    prepared = prepare_all([Conversation(said)], Who())
    await take_in(session, imported, {}, place, prepared, now=NOW)
    rows = {"team_id": TEAM, "channel_id": SECRET}
    other = await answers.get_by_message(session, **rows, message_ts=said[1].ts)
    assert other is not None
    return other.question_id, other.id


class Slack(Sandbox):
    """The sandbox, which keeps what is sent to a `response_url`."""

    def __init__(self) -> None:
        super().__init__(ROOT / "manifest.yml", team_id=TEAM)
        self.responses: list[Any] = []
        self.triggers.lifetime = 60.0
        for user_id in PEOPLE:
            flags = FLAGS.get(user_id, {})
            self.workspace.add_user(
                User(
                    user_id,
                    user_id.lower(),
                    user_id.title(),
                    OTHER_TEAM if user_id == FOREIGN else TEAM,
                    is_admin=flags.get("is_admin", False),
                    is_guest=flags.get("is_guest", False),
                    is_external=flags.get("is_external", False),
                    deleted=flags.get("is_deactivated", False),
                )
            )
        for channel_id in (SECRET, LOBBY, ELSEWHERE):
            members = {self.bot_user_id: None}
            self.workspace.add_channel(
                Channel(channel_id, channel_id.lower(), "channel", self.bot_user_id, 0, members)
            )

    async def on_response_url(self, request: web.Request) -> web.Response:
        self.responses.append(await request.json())
        return await super().on_response_url(request)


@dataclass(frozen=True)
class Answer:
    """What came of a press: all that anybody was shown, and what of it is a sentence."""

    shown: str
    sentence: str | None
    status: int


class Stage:
    """The bot's app, joined to the sandbox; every press goes through Bolt."""

    def __init__(self, app: AsyncApp, slack: Slack) -> None:
        self.app, self.slack = app, slack

    async def press(self, body: dict[str, Any]) -> Answer:
        calls, responses = len(self.slack.calls), len(self.slack.responses)
        request = AsyncBoltRequest(body=body, mode="socket_mode")
        response: BoltResponse = await self.app.async_dispatch(request)
        given = json.loads(response.body) if response.body else {}
        said = [call.args for call in list(self.slack.calls)[calls:]]
        told = self.slack.responses[responses:]
        everything = [*([given] if given else []), *said, *told]
        return Answer(
            shown=json.dumps(everything, ensure_ascii=False).lower() if everything else "",
            sentence=sentence_of(given, said, told),
            status=response.status,
        )


def sentence_of(given: dict[str, Any], said: list[Any], told: list[Any]) -> str | None:
    """What it says where it is one sentence, as refusals are."""
    if errors := given.get("errors"):
        return str(next(iter(errors.values())))
    for view in [each["view"] for each in [given, *said] if each.get("view")]:
        if "callback_id" not in view and len(view["blocks"]) == 1:
            return str(view["blocks"][0]["text"]["text"])
    for message in [given, *told, *said]:
        if message.get("text") and not message.get("blocks"):
            return str(message["text"])
    return None


@asynccontextmanager
async def open_stage(sessions: Sessions) -> AsyncIterator[Stage]:
    async with Slack() as slack, aiohttp.ClientSession() as http:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, session=http)
        app = build_app(
            client=client,
            signing_secret=slack.signing_secret,
            identity=AuthorizeResult(
                enterprise_id=None,
                team_id=TEAM,
                bot_token=slack.bot_token,
                bot_id=slack.bot_id,
                bot_user_id=slack.bot_user_id,
            ),
            sessions=sessions,
            clock=lambda: PRESSED_AT,
            helpdesk_networks=(),
        )
        yield Stage(app, slack)
