"""Whether a solution is still true: asked when somebody doubts it, and from time to time.

Who is asked gets one message that lists all they are asked about, edited as they answer; the
next one comes some days later at the earliest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import AlreadyOutdated, OnlyWhoKnowsMayConfirm
from bot.experts.cards import owe_card
from bot.finding.faq_posts import owe_page_with
from bot.finding.find import Result, results_of
from bot.finding.reuse import get_solved
from bot.kinds import REVIEW_NOTE
from bot.people import list_unavailable
from bot.rights import is_expert, list_expert_ids
from storage import channels, outbox, people
from storage.finding import checkers, reviews
from storage.questions import archived, solutions
from storage.questions.answers import BY_APP
from storage.tables import Question

REVIEW_AFTER = timedelta(days=180)
NEXT_NOTE_AFTER = timedelta(days=7)  # for what only grew old
NEXT_DOUBT_AFTER = timedelta(days=1)
EXPERTS_ASKED = 2
DUE_AT_ONCE = 200  # questions a tick


@dataclass(frozen=True)
class ReviewItem:
    result: Result
    doubted_by: str | None

    @property
    def is_check(self) -> bool:
        """Nobody ever said that it was the answer: that is asked first."""
        return self.result.is_unconfirmed and self.doubted_by is None


@dataclass(frozen=True)
class ReviewNote:
    """What a person is asked to look at again; and where the message is, if it goes on."""

    reviewer_id: str
    items: tuple[ReviewItem, ...]
    channel_id: str | None
    message_ts: str | None
    is_unasked: bool = False  # about answers of the archive: they switched that off


async def doubt(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> Sequence[str] | None:
    """This person says that it no longer works; returns who is asked about that, of those who are
    still here. Who may judge it needs nobody to ask: then it is outdated, and None is returned."""
    question = await get_solved(session, team_id, question_id, user_id)
    if question.outdated_at is not None:
        raise AlreadyOutdated()
    if await may_judge(session, question, user_id):
        await mark_outdated(session, question, now=now)
        return None
    if question.doubted_at is None:
        question.doubted_at, question.doubted_by = now, user_id
        await ask_reviewers(session, question, now=now)
        await owe_card(session, question, now=now)
        await owe_page_with(session, question, now=now)
    return await reviews.list_reviewers(session, question.id)


async def confirm(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """It is still true, says somebody who knows: it gets a new review date."""
    question = await get_judged(session, team_id, question_id, user_id)
    question.confirmed_at = now
    if question.import_id is not None:
        await archived.confirm(session, question.id, user_id=user_id, at=now)
    renew(question, now=now)
    await close_reviews(session, question, now=now)


async def call_outdated(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """It is true no more, says somebody who knows: it sinks in search until it is confirmed."""
    question = await get_judged(session, team_id, question_id, user_id)
    await mark_outdated(session, question, now=now)


async def get_judged(
    session: AsyncSession, team_id: str, question_id: int, user_id: str
) -> Question:
    question = await get_solved(session, team_id, question_id, user_id)
    if not await may_judge(session, question, user_id):
        raise OnlyWhoKnowsMayConfirm()
    return question


async def may_judge(session: AsyncSession, question: Question, user_id: str) -> bool:
    if user_id in await list_authors(session, question):
        return True
    return await is_expert(session, question, user_id)


async def list_authors(session: AsyncSession, question: Question) -> list[str]:
    accepted = await solutions.list_of(session, question.id)
    by_people = [answer for _, answer in accepted if answer.kind != BY_APP]
    return list(dict.fromkeys(answer.author_id for answer in by_people))


async def mark_outdated(session: AsyncSession, question: Question, *, now: datetime) -> None:
    question.outdated_at = now
    question.doubted_at = question.doubted_by = question.review_at = None
    await close_reviews(session, question, now=now)


def renew(question: Question, *, now: datetime) -> None:
    """It is true now: nothing is left of doubts, and it is looked at again after a while."""
    question.review_at = now + REVIEW_AFTER
    question.doubted_at = question.doubted_by = question.outdated_at = None


async def close_reviews(session: AsyncSession, question: Question, *, now: datetime) -> None:
    asked = await reviews.list_reviewers(session, question.id)
    await reviews.finish(session, question.id)
    for reviewer_id in asked:
        await owe_note(session, question.team_id, reviewer_id, now=now)
    await owe_card(session, question, now=now)
    await owe_page_with(session, question, now=now)


async def ask_reviewers(session: AsyncSession, question: Question, *, now: datetime) -> None:
    chosen = await choose_reviewers(session, question)
    await reviews.add(session, question, chosen, now=now)
    for reviewer_id in chosen:
        await owe_note(session, question.team_id, reviewer_id, now=now)


async def choose_reviewers(session: AsyncSession, question: Question) -> Sequence[str]:
    """Who wrote the solution; when they are gone, experts of its topic; admins, where somebody
    doubts it."""
    authors = await list_authors(session, question)
    experts = await list_expert_ids(session, question)
    for asked, most in ((authors, len(authors)), (experts, EXPERTS_ASKED)):
        away = await list_unavailable(session, question.team_id, question.channel_id, asked)
        present = [user_id for user_id in asked if user_id not in away]
        if present:
            return present[:most]
    if question.doubted_at is None:
        return []
    return await people.list_admins(
        session, question.team_id, channel_id=question.channel_id, limit=EXPERTS_ASKED
    )


async def owe_note(session: AsyncSession, team_id: str, reviewer_id: str, *, now: datetime) -> None:
    await outbox.owe(session, REVIEW_NOTE, reviewer_id, team_id=team_id, lane=reviewer_id, now=now)


async def ask_due_reviews(session: AsyncSession, *, now: datetime) -> int:
    """Ask about the solutions whose review date has come; how many. Who had a note lately
    is asked later, so that what comes due meanwhile comes in one."""
    asked = 0
    for question in await reviews.list_due(session, now=now, limit=DUE_AT_ONCE):
        question.review_at = None
        chosen = await choose_reviewers(session, question)
        notes = [await reviews.get_note(session, question.team_id, each) for each in chosen]
        latest = max((note.posted_at for note in notes if note is not None), default=None)
        if latest is not None and latest + NEXT_NOTE_AFTER > now:
            question.review_at = latest + NEXT_NOTE_AFTER
            continue
        await ask_reviewers(session, question, now=now)
        asked += 1
    return asked


async def get_review_note(
    session: AsyncSession, team_id: str, reviewer_id: str, *, now: datetime
) -> ReviewNote | None:
    """What this person's message says now; None when there is nothing to say."""
    note = await reviews.get_note(session, team_id, reviewer_id)
    open_reviews = [
        (review, question)
        for review, question in await reviews.list_for(session, team_id, reviewer_id)
        if question.withdrawn_at is None
        and await channels.can_read(
            session, team_id=team_id, channel_id=question.channel_id, user_id=reviewer_id
        )
    ]
    if note is None and not open_reviews:
        return None
    results = {
        result.question_id: result
        for result in await results_of(session, team_id, [each.id for _, each in open_reviews])
    }
    checker = await checkers.get(session, team_id, reviewer_id)
    has_new = note is not None and any(
        review.asked_at > note.posted_at for review, _ in open_reviews
    )
    goes_on = note is not None and not (has_new and note.posted_at + NEXT_DOUBT_AFTER <= now)
    return ReviewNote(
        reviewer_id=reviewer_id,
        items=tuple(
            ReviewItem(results[question.id], question.doubted_by)
            for _, question in open_reviews
            if question.id in results
        ),
        channel_id=note.channel_id if note and goes_on else None,
        message_ts=note.message_ts if note and goes_on else None,
        is_unasked=checker is not None and checker.off_at is not None,
    )


async def note_posted(
    session: AsyncSession,
    *,
    team_id: str,
    reviewer_id: str,
    channel_id: str,
    message_ts: str,
    now: datetime,
) -> None:
    await reviews.save_note(
        session,
        team_id=team_id,
        reviewer_id=reviewer_id,
        channel_id=channel_id,
        message_ts=message_ts,
        posted_at=now,
    )
