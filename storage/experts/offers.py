"""Whom we asked to take a question, and whom others named."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.saving import insert, upsert
from storage.tables import Offer, OfferNote, Question, Referral

MOST_REFERRALS = 500  # of a topic, the newest
MOST_WAITING = 30  # questions for one person's word


# Asked about every question: built once, because building costs more than running.
OFFERS = (
    select(Offer)
    .order_by(Offer.offered_at, Offer.user_id)
    .execution_options(populate_existing=True)
)
OF_QUESTION = OFFERS.where(Offer.question_id == bindparam("question_id"))
OF_QUESTIONS = OFFERS.where(Offer.question_id.in_(bindparam("question_ids", expanding=True)))
BY_MESSAGE = select(Offer.user_id).where(
    Offer.question_id == bindparam("question_id"), Offer.is_by_message
)


async def list_of(session: AsyncSession, question_id: int) -> Sequence[Offer]:
    return (await session.scalars(OF_QUESTION, {"question_id": question_id})).all()


async def list_of_many(
    session: AsyncSession, question_ids: Sequence[int]
) -> dict[int, list[Offer]]:
    found: dict[int, list[Offer]] = {question_id: [] for question_id in question_ids}
    for each in await session.scalars(OF_QUESTIONS, {"question_ids": question_ids}):
        found[each.question_id].append(each)
    return found


async def add(session: AsyncSession, new: Sequence[Offer]) -> None:
    """Save the offers; who was asked the same before keeps what they have, unless that ended."""
    rows = [
        {name: value for name, value in vars(each).items() if not name.startswith("_")}
        for each in new
    ]
    statement = insert(session, Offer)
    anew = {name: statement.excluded[name] for name in rows[0]}
    statement = statement.on_conflict_do_update(
        index_elements=["question_id", "user_id"],
        set_={**anew, "told_at": None, "ended_at": None},
        where=Offer.ended_at.is_not(None),
    )
    await session.execute(statement, rows)


async def end(
    session: AsyncSession, question_id: int, user_ids: Collection[str], *, now: datetime
) -> None:
    """These people are not there any more."""
    await session.execute(
        update(Offer)
        .where(Offer.question_id == question_id, Offer.user_id.in_(user_ids))
        .values(ended_at=now)
    )


async def note_pass(
    session: AsyncSession, question: Question, user_id: str, *, now: datetime
) -> None:
    """Remember that this person passed, asked or not, so that nobody asks them again."""
    passed = Offer(
        question_id=question.id, user_id=user_id, team_id=question.team_id, offered_at=now
    )
    await add(session, [passed])
    await session.execute(
        update(Offer)
        .where(Offer.question_id == question.id, Offer.user_id == user_id)
        .values(passed_at=now)
    )


async def forget_before(session: AsyncSession, question_id: int, moment: datetime) -> None:
    """Who was asked until then, and neither took it nor passed."""
    await session.execute(
        delete(Offer).where(
            Offer.question_id == question_id,
            Offer.passed_at.is_(None),
            Offer.offered_at < moment,
        )
    )


async def withdraw_pass(session: AsyncSession, *, question_id: int, user_id: str) -> None:
    await session.execute(
        update(Offer)
        .where(Offer.question_id == question_id, Offer.user_id == user_id)
        .values(passed_at=None)
    )


async def add_referral(
    session: AsyncSession, question: Question, *, from_id: str, to_id: str, now: datetime
) -> None:
    """The newest word of each person counts."""
    await upsert(
        session,
        Referral,
        question_id=question.id,
        from_id=from_id,
        to_id=to_id,
        team_id=question.team_id,
        topic_id=question.topic_id,
        referred_at=now,
    )


async def list_referrals(session: AsyncSession, team_id: str, topic_id: int) -> Sequence[Referral]:
    return (
        await session.scalars(
            select(Referral)
            .where(Referral.team_id == team_id, Referral.topic_id == topic_id)
            .order_by(Referral.referred_at.desc())
            .limit(MOST_REFERRALS)
        )
    ).all()


async def list_by_message(
    session: AsyncSession, team_id: str, user_id: str
) -> Sequence[tuple[Offer, Question]]:
    """What this person was asked by message, while it is open and not another's; the newest."""
    rows = await session.execute(
        select(Offer, Question)
        .join(Question, Question.id == Offer.question_id)
        .where(
            Offer.team_id == team_id,
            Offer.user_id == user_id,
            Offer.is_by_message,
            Offer.passed_at.is_(None),
            Offer.ended_at.is_(None),
            Question.solved_at.is_(None),
            Question.withdrawn_at.is_(None),
            Question.merged_into_id.is_(None),
            Question.over_at.is_(None),
            Question.closed_at.is_(None),
            (Question.claimed_by.is_(None)) | (Question.claimed_by == user_id),
        )
        .order_by(Offer.offered_at.desc())
        .limit(MOST_WAITING)
    )
    return [(offer, question) for offer, question in rows]


async def list_messaged(session: AsyncSession, question_id: int) -> Sequence[str]:
    """Whom a message asks to take the question, or may be about to."""
    return (await session.scalars(BY_MESSAGE, {"question_id": question_id})).all()


async def mark_told(
    session: AsyncSession, *, user_id: str, question_ids: Sequence[int], now: datetime
) -> None:
    await session.execute(
        update(Offer)
        .where(Offer.user_id == user_id, Offer.question_id.in_(question_ids))
        .values(told_at=now)
    )


async def get_note(session: AsyncSession, team_id: str, user_id: str) -> OfferNote | None:
    return await session.get(OfferNote, (team_id, user_id), populate_existing=True)


async def save_note(session: AsyncSession, **note: str) -> None:
    await upsert(session, OfferNote, **note)
