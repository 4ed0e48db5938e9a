"""Was this the answer? Asked of who answered, or of who helps with its topic, where nobody ever
said so: a few a week, in the message of their reviews, until they switch it off there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.errors import AlreadyTold, NoOtherReply
from bot.finding.reviews import REVIEW_AFTER, choose_reviewers, close_reviews, get_judged, owe_note
from bot.questions.capture import owe_posts_about, withdraw
from storage.archive import checking
from storage.finding import checkers, reviews
from storage.questions import answers, archived, solutions
from storage.questions.answers import ANSWER, BY_APP
from storage.tables import Answer, Archived, Question, Solution

WEEK = timedelta(days=7)
A_WEEK = 3  # answers that one person is asked about
AGAIN_AFTER = timedelta(days=90)  # where nobody said anything
NOBODY_AFTER = timedelta(days=14)  # experts may have come
DUE_AT_ONCE = 20  # questions a tick


async def has_unsure(session: AsyncSession, *, now: datetime) -> bool:
    return await checking.has_due(session, now=now)


async def ask_unsure(session: AsyncSession, *, now: datetime) -> int:
    """Ask about the next few answers of which nobody ever said that they were; how many."""
    asked = 0
    for row, question in await checking.list_due(session, now=now, limit=DUE_AT_ONCE):
        chosen = await choose_reviewers(session, question)
        if not chosen:
            row.ask_at = now + NOBODY_AFTER
            continue
        free = [each for each in chosen if await is_free(session, row.team_id, each, now=now)]
        if not free:
            row.ask_at = now + WEEK
            continue
        await reviews.add(session, question, free[:1], now=now)
        await count_asked(session, row.team_id, free[0], now=now)
        await owe_note(session, row.team_id, free[0], now=now)
        row.ask_at = now + AGAIN_AFTER
        asked += 1
    await session.flush()
    return asked


async def is_free(session: AsyncSession, team_id: str, user_id: str, *, now: datetime) -> bool:
    """Whether one more is not too much for them this week; who did not answer gets no new ones."""
    checker = await checkers.get(session, team_id, user_id)
    if checker is None:
        return True
    if checker.off_at is not None:
        return False
    if checker.asked_at is not None and now - checker.asked_at < WEEK:
        return checker.asked < A_WEEK
    return await checkers.count_open(session, team_id, user_id) == 0


async def count_asked(session: AsyncSession, team_id: str, user_id: str, *, now: datetime) -> None:
    checker = await checkers.get(session, team_id, user_id)
    began_at, asked = now, 0
    if checker is not None and checker.asked_at is not None and now - checker.asked_at < WEEK:
        began_at, asked = checker.asked_at, checker.asked
    who = {"team_id": team_id, "user_id": user_id}
    await checkers.save(session, **who, asked_at=began_at, asked=asked + 1, off_at=None)


async def switch_checks(
    session: AsyncSession, *, team_id: str, user_id: str, is_on: bool, now: datetime
) -> None:
    """Whether this person is asked at all. Off, what they are asked about now goes as well."""
    was = await checkers.get(session, team_id, user_id)
    await checkers.save(
        session,
        team_id=team_id,
        user_id=user_id,
        asked_at=was.asked_at if was else None,
        asked=was.asked if was else 0,
        off_at=None if is_on else now,
    )
    if not is_on:
        await checkers.withdraw(session, team_id, user_id)
    await owe_note(session, team_id, user_id, now=now)


async def call_answer(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """It was the answer, says somebody who knows."""
    question, row = await get_checked(session, team_id, question_id, user_id)
    await confirm_archived(session, question, row, user_id, now=now)


async def call_no_answer(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """Nothing there was the answer: nobody finds the question any more."""
    question, row = await get_checked(session, team_id, question_id, user_id)
    row.ask_at = None
    await withdraw(session, question, now=now)
    await close_reviews(session, question, now=now)


async def list_other_replies(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str
) -> Sequence[tuple[int, str]]:
    """The replies that may have been the answer instead: their numbers and words."""
    question, _ = await get_checked(session, team_id, question_id, user_id)
    others = await list_others(session, question)
    if not others:
        raise NoOtherReply()
    return [(each.id, each.text) for each in others]


async def call_other_answer(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    answer_id: int,
    user_id: str,
    now: datetime,
) -> None:
    """Another reply was the answer, says somebody who knows: from now on that one is found."""
    question, row = await get_checked(session, team_id, question_id, user_id)
    other = next(
        (each for each in await list_others(session, question) if each.id == answer_id), None
    )
    if other is None:
        raise NoOtherReply()
    present = await solutions.list_of(session, question.id)
    await solutions.remove(session, [answer.id for _, answer in present])
    other.kind = ANSWER
    session.add(
        Solution(
            answer_id=other.id,
            question_id=question.id,
            accepted_by=user_id,
            accepted_at=question.solved_at,
        )
    )
    await session.flush()
    await index.refresh(session, question)
    await confirm_archived(session, question, row, user_id, now=now)
    await owe_posts_about(session, question, now=now)


async def list_others(session: AsyncSession, question: Question) -> list[Answer]:
    present = {answer.id for _, answer in await solutions.list_of(session, question.id)}
    said = await answers.list_of(session, question.id)
    return [each for each in said if each.id not in present and each.kind != BY_APP]


async def get_checked(
    session: AsyncSession, team_id: str, question_id: int, user_id: str
) -> tuple[Question, Archived]:
    """The question, locked, if this person may judge it and nobody did."""
    question = await get_judged(session, team_id, question_id, user_id)
    row = (await archived.list_of(session, [question.id])).get(question.id)
    if row is None or row.confirmed_at is not None:
        raise AlreadyTold()
    return question, row


async def confirm_archived(
    session: AsyncSession, question: Question, row: Archived, user_id: str, *, now: datetime
) -> None:
    """That it was the answer then is no word on whether it is still true: that is asked later."""
    row.confirmed_at, row.confirmed_by, row.ask_at = now, user_id, None
    question.review_at = now + REVIEW_AFTER
    await session.flush()
    await close_reviews(session, question, now=now)
