"""Answers that stand in the channel itself, because somebody did not use the thread.

A ✅ of who asked, or "Mark as solution", makes such a message an answer of the open question that
it fits; where it may fit several, who marked it is asked which, privately."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotAnAnswer, OnlyAskerOrExpertMayAccept
from bot.kinds import CHOOSE_QUESTION, READ_ANSWER, MessageAndPerson, MessageAt
from bot.questions.answers import record
from bot.questions.solutions import accept_solution, check_may_accept
from bot.rights import can_see, get_readable, is_expert, may_decide
from bot.text import Message, moment_of
from storage import outbox
from storage.questions import answers, marks, questions
from storage.tables import Question

WITHIN = timedelta(days=7)
MOST_SHOWN = 5
TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,10}")


@dataclass(frozen=True)
class Fitting:
    question_id: int
    text: str


@dataclass(frozen=True)
class Choice:
    """Which of these questions a message of the channel answers, to be said by who marked it."""

    user_id: str
    channel_id: str
    message_ts: str
    fitting: tuple[Fitting, ...]


async def take_marked(session: AsyncSession, message: Message, *, now: datetime) -> None:
    """Somebody put a ✅ on this message of the channel. What an asker marks answers their own
    question; others mark much that is none."""
    place = message.place
    if await answers.get_by_message(session, **place) or await questions.is_known(session, **place):
        return
    for user_id in await marks.list_givers(session, **place):
        asked = await list_fitting(session, **place, user_id=user_id)
        own = [question for question in asked if question.asker_id == user_id]
        if len(own) == 1:
            await take(session, message, own[0], now=now)
            return
        if own:
            await owe_choice(session, **place, user_id=user_id, now=now)


async def take_chosen(
    session: AsyncSession, message: Message, question_id: int, *, now: datetime
) -> None:
    """Somebody said that it answers this question; see `choose`."""
    question = await questions.get(session, message.team_id, question_id)
    if question is not None and is_after(message.message_ts, question):
        await take(session, message, question, now=now)


async def take(
    session: AsyncSession, message: Message, question: Question, *, now: datetime
) -> None:
    """From now on it is like a reply, in a thread of its own."""
    await record(session, replace(message, thread_ts=message.message_ts), question, now=now)


async def accept_chosen(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    is_reply: bool,
    now: datetime,
) -> None:
    """Somebody chose "Mark as solution" on a message."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    if is_reply or await answers.get_by_message(session, **place) is not None:
        await check_may_accept(session, **place, user_id=user_id)
        await accept_solution(session, **place, user_id=user_id, is_pressed=True, now=now)
    else:
        await accept_elsewhere(session, **place, user_id=user_id, now=now)


async def accept_elsewhere(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    now: datetime,
) -> None:
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    if await questions.is_known(session, **place):
        raise NotAnAnswer()
    fitting = await list_fitting(session, **place, user_id=user_id)
    if not fitting:
        raise NotAnAnswer()
    if len(fitting) == 1:
        await owe_reading(session, fitting[0], message_ts, user_id, now=now)
    else:
        await owe_choice(session, **place, user_id=user_id, now=now)


async def choose(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    message_ts: str,
    user_id: str,
    now: datetime,
) -> None:
    """They say that the message answers this question."""
    question = await get_readable(session, team_id, question_id, user_id)
    if not await may_decide(session, question, user_id):
        raise OnlyAskerOrExpertMayAccept(question.asker_id)
    if not TS.fullmatch(message_ts) or not is_after(message_ts, question):
        raise NotAnAnswer()
    await owe_reading(session, question, message_ts, user_id, now=now)


def is_after(message_ts: str, question: Question) -> bool:
    return message_ts > (question.message_ts or "")


async def owe_reading(
    session: AsyncSession, question: Question, message_ts: str, user_id: str, *, now: datetime
) -> None:
    """Their ✅ is noted, and the message read: then it solves the question."""
    await marks.save_if_newer(
        session,
        team_id=question.team_id,
        channel_id=question.channel_id,
        message_ts=message_ts,
        user_id=user_id,
        is_on=True,
        is_pressed=True,
        now=now,
    )
    await outbox.owe(
        session,
        READ_ANSWER,
        MessageAt(question.channel_id, message_ts),
        team_id=question.team_id,
        lane=question.channel_id,
        payload={"question_id": question.id},
        now=now,
    )


async def owe_choice(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    now: datetime,
) -> None:
    await outbox.owe(
        session,
        CHOOSE_QUESTION,
        MessageAndPerson(channel_id, message_ts, user_id),
        team_id=team_id,
        lane=channel_id,
        now=now,
    )


async def get_choice(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, user_id: str
) -> Choice | None:
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    fitting = await list_fitting(session, **place, user_id=user_id)
    shown = tuple(Fitting(each.id, each.text) for each in fitting[:MOST_SHOWN])
    return Choice(user_id, channel_id, message_ts, shown) if shown else None


async def list_fitting(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, user_id: str
) -> Sequence[Question]:
    """The open questions that it may answer, in this person's word: their own, else those that
    they may decide; newest first."""
    said_at = moment_of(message_ts)
    asked = await questions.list_open_in_channel(
        session, team_id=team_id, channel_id=channel_id, since=said_at - WITHIN, until=said_at
    )
    before = [each for each in asked if is_after(message_ts, each)]
    own = [each for each in before if each.asker_id == user_id]
    if own or not before or not await can_see(session, before[0], user_id):
        return own
    return [each for each in before if await is_expert(session, each, user_id)]
