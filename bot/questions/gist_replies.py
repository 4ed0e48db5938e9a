"""A reply that an expert makes from a gist: in their words in the end, and theirs from then on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NobodyWaitsForYou, QuestionIsGone, SourcesAreNotForAll, WriteTheReply
from bot.finding.find import Result, results_of
from bot.finding.gists import Waiting, list_waiting
from bot.kinds import GIST_REPLY
from bot.people import get_name
from bot.questions.messages import hear
from bot.rights import can_see, may_be_shown_in
from bot.text import Message, plain
from storage import outbox
from storage.questions import questions
from storage.tables import Question


async def list_to_answer(
    session: AsyncSession, *, team_id: str, user_id: str
) -> tuple[Waiting, ...]:
    """The questions that this person could use it for; NobodyWaitsForYou where there is none."""
    waiting = await list_waiting(session, team_id=team_id, user_id=user_id)
    if not waiting:
        raise NobodyWaitsForYou()
    return waiting


async def reply(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    question_id: int,
    text: str,
    source_ids: Collection[int],
    now: datetime,
) -> None:
    """Owe their reply to the question, if it waits for them, and if everybody who reads it there
    may read what it is made from."""
    waiting = await list_waiting(session, team_id=team_id, user_id=user_id)
    if question_id not in [each.question_id for each in waiting]:
        raise QuestionIsGone()
    if not plain(text).strip():
        raise WriteTheReply()
    question = await questions.get_locked(session, team_id, question_id)
    assert question is not None  # it waits
    for source_id in source_ids:
        source = await questions.get(session, team_id, source_id)
        if source is None or not await may_be_cited(session, source, user_id, question):
            raise SourcesAreNotForAll()
    await outbox.owe(
        session,
        GIST_REPLY,
        uuid4().hex,
        team_id=team_id,
        lane=question.channel_id,
        payload={
            "question_id": question_id,
            "user_id": user_id,
            "text": text,
            "sources": list(source_ids),
        },
        now=now,
    )


async def may_be_cited(
    session: AsyncSession, source: Question, user_id: str, question: Question
) -> bool:
    if source.solved_at is None or source.withdrawn_at is not None:
        return False
    if not await can_see(session, source, user_id):
        return False
    return await may_be_shown_in(session, source, question.channel_id)


@dataclass(frozen=True)
class ToPost:
    channel_id: str
    thread_ts: str
    author: str  # their name
    sources: tuple[Result, ...]


async def get_to_post(
    session: AsyncSession, *, team_id: str, user_id: str, question_id: int, source_ids: list[int]
) -> ToPost | None:
    """Where it goes and what it cites, as that stands now; None where the question is gone."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None or question.thread_ts is None:
        return None
    cited = [
        each.id
        for each in await questions.list_of_ids(session, team_id, source_ids)
        if await may_be_cited(session, each, user_id, question)
    ]
    return ToPost(
        question.channel_id,
        question.thread_ts,
        await get_name(session, team_id, user_id),
        await results_of(session, team_id, cited),
    )


async def note_replied(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    question_id: int,
    text: str,
    message_ts: str,
    now: datetime,
) -> None:
    """It is posted: from now on it is what they answered."""
    question = await questions.get(session, team_id, question_id)
    if question is not None and question.thread_ts is not None:
        place = (team_id, question.channel_id, user_id, message_ts)
        await hear(session, Message(*place, question.thread_ts, text, now), now=now)
