"""A small community: Ana asks, Ben and Eva help, Pia passes by, Ada runs it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import ChannelFacts, learn_members, set_help_channel
from bot.experts.cards import QuestionCard, get_card
from bot.experts.topics import TopicView, add_expert, check_are_people, save_topic
from bot.finding.find import Results, find_solved
from bot.people import Profile, learn_person
from bot.questions.messages import hear
from bot.questions.solutions import accept_solution, withdraw_solution
from bot.text import Message
from storage import channels, outbox
from storage.questions import questions as question_rows
from storage.tables import Base, Question, Topic
from tests.conftest import NOW
from tests.databases import Scene

TEAM, OTHER_TEAM, HELP = "T1", "T2", "C_HELP"
ANA, BEN, EVA, PIA, ADA = "U_ANA", "U_BEN", "U_EVA", "U_PIA", "U_ADA"
ASKED = "How do I correct the tariff code of a rejected form?"


def ts(seconds: float = 0) -> str:
    """The ts of a message said that many seconds after now."""
    return f"{NOW.timestamp() + seconds:.6f}"


def at(seconds: float = 0) -> datetime:
    return NOW + timedelta(seconds=seconds)


def said(text: str, *, by: str = ANA, seconds: float = 0, **changes: Any) -> Message:
    """A message in the help channel, that many seconds after now."""
    message = Message(TEAM, HELP, by, ts(seconds), None, text, at(seconds))
    return replace(message, **changes)


def replied(text: str = "Press Amend.", *, by: str = BEN, seconds: float = 60) -> Message:
    """A reply to the message said now."""
    return said(text, by=by, seconds=seconds, thread_ts=ts())


def profile(user_id: str, **changes: Any) -> Profile:
    plain_member = Profile(user_id, user_id.title(), "Europe/Rome", *[False] * 5)
    return replace(plain_member, **changes)


async def learn(session: AsyncSession, user_id: str, **changes: Any) -> None:
    team_id = changes.pop("team_id", TEAM)
    await learn_person(session, team_id=team_id, profile=profile(user_id, **changes), now=NOW)


async def learn_help_channel(
    session: AsyncSession, channel_id: str = HELP, *, user_ids: Any = (), **changes: Any
) -> None:
    """A help channel that the bot is in, with these people in it."""
    team_id = changes.pop("team_id", TEAM)
    facts = replace(ChannelFacts(channel_id, channel_id.lower(), False, False), **changes)
    there = {"team_id": team_id, "channel": facts, "now": NOW}
    await learn_members(session, **there, user_ids=[*user_ids, ADA])  # who must be in to do that
    await set_help_channel(
        session, team_id=team_id, channel_id=channel_id, user_id=ADA, is_help=True, now=NOW
    )
    await learn_members(session, **there, user_ids=user_ids)


async def settle_in(session: AsyncSession) -> None:
    for user_id in (ANA, BEN, EVA, PIA):
        await learn(session, user_id)
    await learn(session, ADA, is_admin=True)
    await learn_help_channel(session, user_ids=(ANA, BEN, EVA, PIA, ADA))


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene | None:
    return settle_in if "help_channel" in request.fixturenames else None


@pytest.fixture
def help_channel(session: AsyncSession) -> str:
    """A public help channel that everybody is in; returns its id."""
    return HELP


async def add_topic(
    session: AsyncSession, name: str = "Customs", *, experts: Any = (), **changes: Any
) -> TopicView:
    settings: dict[str, Any] = {
        "team_id": TEAM,
        "user_id": ADA,
        "topic_id": None,
        "keywords": "",
        "sponsor_id": None,
        "channel_id": None,
        "is_channel_topic": False,
        "now": NOW,
    }
    settings |= changes
    await check_are_people(session, settings["team_id"], set(experts))
    if settings["topic_id"] is None:
        made = await save_topic(session, name=name, member_ids=(), **settings)
        await add_experts(session, made.topic_id, experts)
        return replace(made, member_ids=tuple(experts))
    await add_experts(session, settings["topic_id"], experts)
    return await save_topic(session, name=name, member_ids=experts, **settings)


async def add_experts(session: AsyncSession, topic_id: int, experts: Any) -> None:
    """These said yes before."""
    topic = await session.get_one(Topic, topic_id)
    for place, member_id in enumerate(experts):
        added_at = NOW + timedelta(microseconds=place)
        await add_expert(session, topic, member_id, by=ADA, now=added_at)


async def ask(session: AsyncSession, text: str = ASKED, **changes: Any) -> int:
    """Ask in the help channel; the question's id."""
    message = said(text, **changes)
    assert await hear(session, message, now=message.sent_at)
    return (await question_of(session, message.message_ts)).id


async def answer(session: AsyncSession, text: str = "Press Amend.", **changes: Any) -> str:
    """Reply to the question asked now; the reply's ts."""
    message = replied(text, **changes)
    assert await hear(session, message, now=message.sent_at)
    return message.message_ts


async def tick(
    session: AsyncSession, message_ts: str, *, by: str = ANA, seconds: float = 120, on: bool = True
) -> bool:
    """Put ✅ on a message, or take it off."""
    change = accept_solution if on else withdraw_solution
    return await change(
        session,
        team_id=TEAM,
        channel_id=HELP,
        message_ts=message_ts,
        user_id=by,
        now=at(seconds),
    )


async def solve(session: AsyncSession, asked: str = ASKED, solved: str = "Press Amend.") -> int:
    """A question asked by Ana and solved by Ben."""
    question_id = await ask(session, asked)
    await tick(session, await answer(session, solved))
    return question_id


async def question_of(session: AsyncSession, thread_ts: str) -> Question:
    found = await question_rows.get_by_thread(
        session, team_id=TEAM, channel_id=HELP, thread_ts=thread_ts
    )
    assert found is not None
    return found


async def card_of(session: AsyncSession, question_id: int) -> QuestionCard:
    card = await get_card(session, TEAM, question_id)
    assert card is not None
    return card


async def find(
    session: AsyncSession, words: str = "tariff", *, by: str = PIA, team_id: str = TEAM
) -> Results:
    return await find_solved(session, team_id=team_id, user_id=by, words=words, now=NOW)


async def owed(session: AsyncSession, *, now: datetime = NOW) -> set[tuple[str, str]]:
    """What is owed to Slack: kinds and subjects."""
    rows = await outbox.claim_due(session, now=now, seconds=0, limit=1000, claim="test")
    return {(row.kind, row.subject) for row in rows}


async def count(session: AsyncSession, table: type[Base]) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


async def leave_help_channel(session: AsyncSession, user_id: str) -> None:
    await channels.remove_member(session, team_id=TEAM, channel_id=HELP, user_id=user_id)
