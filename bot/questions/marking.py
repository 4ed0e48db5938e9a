"""Asking the asker privately which reply worked: what they see, and what their button does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyAskerMayMark, QuestionIsGone
from bot.questions.solutions import accept_solution, withdraw_solution
from bot.rights import can_see, get_readable
from storage import people
from storage.questions import answers, questions, solutions
from storage.questions.answers import ANSWER
from storage.tables import Answer, Question

REPLIES_SHOWN = 3


@dataclass(frozen=True)
class Reply:
    answer_id: int
    author: str  # a name: nobody is called by a reminder to somebody else
    text: str


@dataclass(frozen=True)
class Unmarked:
    """A question with replies, of which the asker may mark one."""

    question_id: int
    channel_id: str
    thread_ts: str
    text: str
    replies: tuple[Reply, ...]  # the newest, oldest first
    solved_by: str | None  # the author's name; empty where we know none
    marked_id: int | None  # the solution that the asker marked


async def get_unmarked(
    session: AsyncSession,
    team_id: str,
    question_ids: Sequence[int],
    user_id: str | None = None,
    *,
    in_thread: bool = False,
) -> tuple[str, tuple[Unmarked, ...]]:
    """The asker of the first, and those of these questions that are theirs, as they stand;
    with `user_id`, only that person's. `in_thread`: they are in its thread right now."""
    found = await questions.list_of_ids(session, team_id, question_ids)
    in_order = sorted(found, key=lambda each: question_ids.index(each.id))
    asker_id = user_id or (in_order[0].asker_id if in_order else "")
    shown = [
        await unmarked_of(session, question)
        for question in in_order
        if question.asker_id == asker_id
        and question.withdrawn_at is None
        and (in_thread or question.closed_at is None)
        and (in_thread or await can_see(session, question, asker_id))
    ]
    return asker_id, tuple(each for each in shown if each.replies or in_thread)


async def unmarked_of(session: AsyncSession, question: Question) -> Unmarked:
    replies = [
        answer
        for answer in await answers.list_of(session, question.id)
        if answer.author_id != question.asker_id and answer.kind == ANSWER
    ]
    accepted = await solutions.list_of(session, question.id)
    authors = {each.author_id for each in replies} | {each.author_id for _, each in accepted}
    known = await people.list_known(session, question.team_id, authors)
    names = {person.user_id: person.name for person in known}
    mine = [answer for row, answer in accepted if row.accepted_by == question.asker_id]
    return Unmarked(
        question_id=question.id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
        replies=tuple(
            Reply(each.id, names.get(each.author_id, ""), each.text)
            for each in replies[-REPLIES_SHOWN:]
        ),
        solved_by=names.get(accepted[0][1].author_id, "") if accepted else None,
        marked_id=mine[0].id if mine else None,
    )


async def mark(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    answer_id: int,
    user_id: str,
    is_on: bool = True,
    now: datetime,
) -> Unmarked:
    """The asker pressed the button of a reply that worked, or took that back."""
    question, answer = await get_markable(session, team_id, question_id, answer_id, user_id)
    place = {
        "team_id": team_id,
        "channel_id": answer.channel_id,
        "message_ts": answer.message_ts,
    }
    if is_on:
        await accept_solution(session, **place, user_id=user_id, is_pressed=True, now=now)
    else:
        await withdraw_solution(session, **place, user_id=user_id, now=now)
    return await unmarked_of(session, question)


async def get_markable(
    session: AsyncSession, team_id: str, question_id: int, answer_id: int, user_id: str
) -> tuple[Question, Answer]:
    question = await get_readable(session, team_id, question_id, user_id)
    if question.asker_id != user_id:
        raise OnlyAskerMayMark()
    answer = await answers.get(session, team_id, answer_id)
    if answer is None or answer.question_id != question.id or answer.erased_at is not None:
        raise QuestionIsGone()
    return question, answer
