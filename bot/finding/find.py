"""Finding solved questions again: one ranking for everybody who looks for one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.files import list_files
from bot.finding.filters import read_search, without_phrases
from bot.finding.snippets import Piece, snippet
from bot.text import FileFacts
from storage import people, search
from storage.questions import archived, questions, solutions
from storage.recognition import kudos
from storage.search import Hit, Search
from storage.tables import Answer, Archived, Question, Solution

PAGE = 5
SNIPPET = 350  # characters
RANKED = 50  # the best; what comes after them is not what anybody looked for
HELPED_COUNTS = 0.08  # a solution that helped many rises a little
RECENT_COUNTS, RECENT_DAYS = 0.1, 180.0  # a new one too; half of it after that many days
DOUBTED_COUNTS, OUTDATED_COUNTS = 0.6, 0.3  # these sink
# What an archive alone calls solved sinks too, by how sure that is.
UNCONFIRMED_COUNTS = {"sure": 0.95, "likely": 0.85, "unsure": 0.65}


@dataclass(frozen=True)
class Result:
    question_id: int
    channel_id: str
    thread_ts: str
    question: str
    solution: str
    snippet: tuple[Piece, ...]  # of the solution
    solution_ts: str
    author_id: str
    solved_at: datetime
    helped: int  # how many people said that it helped them, the asker among them; not its author
    confirmed_at: datetime | None = None  # somebody who knows says that it is still true
    is_doubted: bool = False  # somebody says that it no longer works
    is_outdated: bool = False  # somebody who knows says so
    solution_thread_ts: str | None = None  # where it is not the question's thread
    files: tuple[FileFacts, ...] = ()  # of the question
    solution_files: tuple[FileFacts, ...] = ()
    is_unconfirmed: bool = False  # an archive alone says that this solved it
    link: str | None = None  # where it is read, if that is not Slack
    author_name: str | None = None  # of who has left, or was never here: they are called by nothing


@dataclass(frozen=True)
class Results:
    words: str
    search: Search
    results: tuple[Result, ...]
    total: int
    offset: int

    @property
    def has_more(self) -> bool:
        return self.offset + len(self.results) < self.total


async def find_solved(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    words: str,
    offset: int = 0,
    now: datetime,
) -> Results:
    """A page of what was searched for, best first, from the channels this person can read."""
    who = {"team_id": team_id, "user_id": user_id}
    wanted = await read_search(session, **who, text=words)
    ranked = await rank(session, **who, wanted=wanted, now=now)
    if not ranked and (in_words := without_phrases(wanted)):
        wanted, ranked = in_words, await rank(session, **who, wanted=in_words, now=now)
    searched = "\n".join([wanted.words, *wanted.phrases])
    page = [hit.question_id for hit in ranked[offset : offset + PAGE]]
    return Results(
        words=words,
        search=wanted,
        results=await results_of(session, team_id, page, searched=searched),
        total=len(ranked),
        offset=offset,
    )


async def rank(
    session: AsyncSession, *, team_id: str, user_id: str, wanted: Search, now: datetime
) -> Sequence[Hit]:
    """Solved questions that match, best first: by their words, then by how far they proved
    themselves."""
    hits = await search.find(session, team_id=team_id, user_id=user_id, search=wanted, limit=RANKED)
    return await by_trust(session, hits, now=now)


async def by_trust(session: AsyncSession, hits: Sequence[Hit], *, now: datetime) -> list[Hit]:
    ids = [hit.question_id for hit in hits]
    helped = await kudos.count_helped(session, ids)
    return sorted(
        hits, key=lambda hit: -hit.score * trust(hit, helped.get(hit.question_id, 0), now)
    )


def trust(hit: Hit, helped: int, now: datetime) -> float:
    """What a result's score is multiplied with."""
    age = (now - hit.true_at).total_seconds() / 86_400
    recent: float = RECENT_COUNTS * 0.5 ** (max(0.0, age) / RECENT_DAYS)
    proved = 1 + HELPED_COUNTS * math.log1p(helped) + recent
    if hit.unconfirmed is not None:
        proved *= UNCONFIRMED_COUNTS.get(hit.unconfirmed, 1.0)
    if hit.is_outdated:
        return OUTDATED_COUNTS * proved
    return DOUBTED_COUNTS * proved if hit.is_doubted else proved


async def results_of(
    session: AsyncSession, team_id: str, ids: Sequence[int], *, searched: str = ""
) -> tuple[Result, ...]:
    """The results to show, in that order."""
    known = {row.id: row for row in await questions.list_of_ids(session, team_id, ids)}
    first = await solutions.first_of(session, ids)
    helped = await kudos.count_helped(session, ids)
    shown = await list_files(session, known.values())
    of_imports = [each.id for each in known.values() if each.import_id is not None]
    from_archive = await archived.list_of(session, of_imports) if of_imports else {}
    authors = [first[each][1].author_id for each in from_archive if each in first]
    left = {
        person.user_id: person.name
        for person in (await people.list_known(session, team_id, authors) if authors else ())
        if person.is_deactivated
    }
    return tuple(
        Result(
            question_id=question_id,
            channel_id=known[question_id].channel_id,
            thread_ts=known[question_id].thread_ts or "",
            question=known[question_id].text,
            solution=first[question_id][1].text,
            snippet=snippet(first[question_id][1].text, searched, SNIPPET),
            solution_ts=first[question_id][1].message_ts,
            author_id=first[question_id][1].author_id,
            solved_at=first[question_id][0].accepted_at,
            helped=helped.get(question_id, 0)
            + is_asker_helped(known[question_id], first[question_id]),
            confirmed_at=known[question_id].confirmed_at,
            is_doubted=known[question_id].doubted_at is not None,
            is_outdated=known[question_id].outdated_at is not None,
            solution_thread_ts=first[question_id][1].thread_ts,
            files=shown.asked(known[question_id]),
            solution_files=shown.replied(first[question_id][1]),
            is_unconfirmed=is_unconfirmed(from_archive.get(question_id)),
            link=from_archive[question_id].link if question_id in from_archive else None,
            author_name=left.get(first[question_id][1].author_id),
        )
        for question_id in ids
        if question_id in known and question_id in first
    )


def is_asker_helped(question: Question, solved: tuple[Solution, Answer]) -> bool:
    """Whether its asker says that somebody else's answer helped; of an archive that is not known
    where nobody said so."""
    solution, answer = solved
    if question.import_id is not None:
        return answer.author_id != question.asker_id == solution.accepted_by
    return answer.author_id != question.asker_id


def is_unconfirmed(row: Archived | None) -> bool:
    return row is not None and row.confirmed_at is None
