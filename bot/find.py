"""Finding solved questions again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import search_words
from storage import kudos, questions, search, solutions

PAGE = 5


@dataclass(frozen=True)
class Result:
    question_id: int
    channel_id: str
    thread_ts: str
    question: str
    solution: str
    solution_ts: str
    author_id: str
    solved_at: datetime
    helped: int  # how many people said that it helped them, the asker among them


@dataclass(frozen=True)
class Results:
    words: str
    results: tuple[Result, ...]
    total: int
    offset: int

    @property
    def has_more(self) -> bool:
        return self.offset + len(self.results) < self.total


async def find_solved(
    session: AsyncSession, *, team_id: str, user_id: str, words: str, offset: int = 0
) -> Results:
    """A page of solved questions that match any of the words, best first, from the channels
    this person can read."""
    found = await search.find(
        session,
        team_id=team_id,
        user_id=user_id,
        words=search_words(words),
        limit=PAGE,
        offset=offset,
    )
    results = [await result_of(session, team_id, each) for each in found.question_ids]
    return Results(
        words=words,
        results=tuple(result for result in results if result is not None),
        total=found.total,
        offset=offset,
    )


async def result_of(session: AsyncSession, team_id: str, question_id: int) -> Result | None:
    question = await questions.get(session, team_id, question_id)
    accepted = await solutions.list_of(session, question_id)
    if question is None or not accepted or question.thread_ts is None:
        return None
    solution, answer = accepted[0]
    facts = await kudos.list_of_question(session, question_id)
    return Result(
        question_id=question_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts,
        question=question.text,
        solution=answer.text,
        solution_ts=answer.message_ts,
        author_id=answer.author_id,
        solved_at=solution.accepted_at,
        helped=len({question.asker_id, *(f.giver_id for f in facts if f.kind == "helped")}),
    )
