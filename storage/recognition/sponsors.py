"""Who sponsors what, and what happened in their topics in a period, added up by the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.questions.answers import counts_for
from storage.questions.questions import list_of_ids, waiting_questions
from storage.recognition.kudos import HELPED, standing
from storage.tables import (
    IS_CALLED_STALE,
    Answer,
    Channel,
    DigestSchedule,
    Expert,
    Faq,
    Kudos,
    Question,
    Review,
    SponsorThanks,
    Topic,
)

SOLVED, REUSED = "solved", "reused"


@dataclass(frozen=True)
class Reach:
    """A sponsor's topics in a period, and the channels whose words they may read."""

    team_id: str
    topic_ids: tuple[int, ...]
    since: datetime
    until: datetime
    readable: frozenset[str]


class Given(NamedTuple):
    """A fact of help about a question of the topics."""

    kudos_id: int
    kind: str
    giver_id: str
    receiver_id: str
    question_id: int
    asker_id: str
    channel_id: str
    has_words: bool  # the question was not withdrawn


async def list_topics(session: AsyncSession, team_id: str, sponsor_id: str) -> Sequence[Topic]:
    return (
        await session.scalars(
            select(Topic)
            .where(Topic.team_id == team_id, Topic.sponsor_id == sponsor_id)
            .order_by(Topic.key)
        )
    ).all()


def has_schedule(kind: str) -> ColumnElement[bool]:
    """The condition on `topics` that its sponsor has a schedule; the same one the other way
    round, on `digest_schedules`, that its person is a sponsor."""
    return and_(
        DigestSchedule.team_id == Topic.team_id,
        DigestSchedule.kind == kind,
        DigestSchedule.subject == Topic.sponsor_id,
    )


async def list_unscheduled(session: AsyncSession, team_id: str, kind: str) -> Sequence[str]:
    """The sponsors without a schedule of this kind."""
    rows = await session.scalars(
        select(Topic.sponsor_id)
        .where(Topic.team_id == team_id, Topic.sponsor_id.is_not(None))
        .where(~select(DigestSchedule.kind).where(has_schedule(kind)).exists())
        .distinct()
        .order_by(Topic.sponsor_id)
    )
    return [sponsor_id for sponsor_id in rows if sponsor_id is not None]


async def remove_former(session: AsyncSession, team_id: str, kind: str) -> None:
    """Forget the schedules of those who sponsor nothing any more."""
    await session.execute(
        delete(DigestSchedule)
        .where(DigestSchedule.team_id == team_id, DigestSchedule.kind == kind)
        .where(~select(Topic.id).where(has_schedule(kind)).correlate(DigestSchedule).exists())
        .execution_options(synchronize_session=False)
    )


async def list_given(session: AsyncSession, reach: Reach) -> list[Given]:
    """All help of the period, in its order. Found by channel: that is how the ledger is kept."""
    known = select(Channel.channel_id).where(Channel.team_id == reach.team_id)
    rows = await session.execute(
        select(
            Kudos.id,
            Kudos.kind,
            Kudos.giver_id,
            Kudos.receiver_id,
            Kudos.question_id,
            Question.asker_id,
            Kudos.channel_id,
            Question.withdrawn_at.is_(None),
        )
        .join(Question, Question.id == Kudos.question_id)
        .where(Kudos.team_id == reach.team_id, Kudos.channel_id.in_(known))
        .where(Kudos.given_at >= reach.since, Kudos.given_at < reach.until)
        .where(Kudos.kind.in_((SOLVED, *HELPED)), standing())
        .where(Question.topic_id.in_(reach.topic_ids))
        .order_by(Kudos.given_at, Kudos.id)
    )
    return [Given(*row) for row in rows]  # type: ignore[arg-type]  # these have a question


async def list_experienced(
    session: AsyncSession, team_id: str, user_ids: Collection[str], before: datetime
) -> set[str]:
    """Those of them who had solved a question before then, wherever."""
    rows = await session.scalars(
        select(Kudos.receiver_id)
        .where(Kudos.team_id == team_id, Kudos.receiver_id.in_(user_ids))
        .where(Kudos.kind == SOLVED, Kudos.given_at < before, standing())
        .distinct()
    )
    return set(rows.all())


def asked(reach: Reach) -> list[ColumnElement[bool]]:
    """The questions of the topics that were asked in the period, and are some still."""
    return [
        Question.team_id == reach.team_id,
        Question.topic_id.in_(reach.topic_ids),
        Question.asked_at >= reach.since,
        Question.asked_at < reach.until,
        Question.withdrawn_at.is_(None),
        Question.import_id.is_(None),
    ]


async def count_asked(session: AsyncSession, reach: Reach) -> tuple[int, int]:
    """How many questions were asked, and how many of them are solved."""
    row = (
        await session.execute(
            select(func.count(), func.count(Question.solved_at)).where(*asked(reach))
        )
    ).one()
    return row[0], row[1]


async def list_unanswered(
    session: AsyncSession, reach: Reach, *, limit: int
) -> tuple[Sequence[Question], int]:
    """Questions without a reply by somebody else: those that the sponsor can read, who waited
    longest first; and how many there are in all."""
    readable = unanswered(reach).where(Question.channel_id.in_(reach.readable))
    shown = await session.scalars(readable.order_by(Question.asked_at).limit(limit))
    return shown.all(), await count_unanswered(session, reach)


async def count_unanswered(session: AsyncSession, reach: Reach) -> int:
    waiting = select(func.count()).select_from(unanswered(reach).subquery())
    return (await session.scalar(waiting)) or 0


def unanswered(reach: Reach):  # type: ignore[no-untyped-def]
    reply = select(Answer.id).where(*counts_for(Question.id, Question.asker_id))
    return waiting_questions(reach.team_id).where(*asked(reach), ~reply.exists())


async def count_helpers(session: AsyncSession, reach: Reach) -> int:
    """How many people helped in the period."""
    known = select(Channel.channel_id).where(Channel.team_id == reach.team_id)
    helpers = (
        select(func.count(Kudos.receiver_id.distinct()))
        .join(Question, Question.id == Kudos.question_id)
        .where(Kudos.team_id == reach.team_id, Kudos.channel_id.in_(known))
        .where(Kudos.given_at >= reach.since, Kudos.given_at < reach.until)
        .where(Kudos.kind.in_((SOLVED, *HELPED)), standing())
        .where(Question.topic_id.in_(reach.topic_ids))
    )
    return (await session.scalar(helpers)) or 0


async def list_without_experts(session: AsyncSession, reach: Reach) -> Sequence[tuple[str, int]]:
    """Topics that were asked about and have no expert: name, questions."""
    expert = select(Expert.member_id).where(Expert.topic_id == Topic.id)
    rows = await session.execute(
        select(Topic.name, func.count())
        .join(Question, Question.topic_id == Topic.id)
        .where(*asked(reach), ~expert.exists())
        .group_by(Topic.id, Topic.name)
        .order_by(func.count().desc(), Topic.name)
    )
    return [(name, questions) for name, questions in rows]


async def list_without_topic(
    session: AsyncSession, reach: Reach, *, limit: int
) -> Sequence[tuple[str, str]]:
    """The newest questions that fitted no topic, where the sponsor can read them: asker, text."""
    rows = await session.execute(
        select(Question.asker_id, Question.text)
        .outerjoin(Topic, Topic.id == Question.topic_id)
        .where(Question.team_id == reach.team_id)
        .where(or_(Question.topic_id.is_(None), Topic.made_for.is_not(None)))
        .where(Question.asked_at >= reach.since, Question.asked_at < reach.until)
        .where(Question.withdrawn_at.is_(None), Question.channel_id.in_(reach.readable))
        .where(Question.import_id.is_(None))
        .order_by(Question.asked_at.desc())
        .limit(limit)
    )
    return [(asker_id, text) for asker_id, text in rows]


async def list_found_again(
    session: AsyncSession, reach: Reach, *, since: datetime, least: int, limit: int
) -> Sequence[tuple[Question, int, bool]]:
    """Solved questions that so many people found again since then, some of them in the period;
    each with how many, and whether there is an FAQ entry on it."""
    people = func.count(Kudos.giver_id.distinct())
    entry = select(Faq.question_id).where(Faq.question_id == Question.id).exists()
    rows = await session.execute(
        select(Question, people, entry)
        .join(Kudos, Kudos.question_id == Question.id)
        .where(Kudos.team_id == reach.team_id, Kudos.channel_id.in_(reach.readable))
        .where(Kudos.given_at >= since, Kudos.given_at < reach.until)
        .where(Kudos.kind == REUSED, standing())
        .where(Question.topic_id.in_(reach.topic_ids), Question.channel_id.in_(reach.readable))
        .where(Question.withdrawn_at.is_(None), Question.outdated_at.is_(None))
        .group_by(Question.id)
        .having(people >= least, func.max(Kudos.given_at) >= reach.since)
        .order_by(people.desc(), Question.id)
        .limit(limit)
    )
    return [(question, number, bool(has_entry)) for question, number, has_entry in rows]


async def list_stale(
    session: AsyncSession, reach: Reach, *, limit: int
) -> tuple[Sequence[Question], int, int]:
    """Solved questions whose answer is outdated, doubted or to be reviewed: those that the
    sponsor can read, the latest first; how many there are, and how many came up in the period."""
    rows = (await session.execute(stale(reach))).all()
    ids = [row.id for row in rows if row.channel_id in reach.readable][:limit]
    shown = await list_of_ids(session, reach.team_id, ids)
    new = [row for row in rows if row.came_up_at >= reach.since]
    return sorted(shown, key=lambda each: ids.index(each.id)), len(rows), len(new)


def stale(reach: Reach) -> Select[int, str, datetime]:
    """Found by what is stale in the workspace, which is little, and not by topic."""
    reviews = (
        select(Review.question_id, func.min(Review.asked_at).label("asked_at"))
        .where(Review.team_id == reach.team_id)
        .group_by(Review.question_id)
        .subquery()
    )
    called = select(Question.id).where(Question.team_id == reach.team_id, IS_CALLED_STALE)
    came_up_at = func.coalesce(
        Question.outdated_at,
        Question.doubted_at,
        reviews.c.asked_at,
        type_=Question.outdated_at.type,
    )
    return (
        select(Question.id, Question.channel_id, came_up_at.label("came_up_at"))
        .outerjoin(reviews, reviews.c.question_id == Question.id)
        .where(Question.id.in_(called.union_all(select(reviews.c.question_id))))
        .where(Question.topic_id.in_(reach.topic_ids), Question.solved_at.is_not(None))
        .where(Question.withdrawn_at.is_(None), came_up_at < reach.until)
        .order_by(came_up_at.desc(), Question.id)
    )


async def list_thanked(
    session: AsyncSession, *, team_id: str, sponsor_id: str, slot: str
) -> set[str]:
    """Whom the sponsor thanked from this digest already."""
    rows = await session.scalars(
        select(SponsorThanks.receiver_id).where(
            SponsorThanks.team_id == team_id,
            SponsorThanks.sponsor_id == sponsor_id,
            SponsorThanks.slot == slot,
        )
    )
    return set(rows.all())


async def get_thanks(
    session: AsyncSession, team_id: str, kudos_id: int
) -> tuple[SponsorThanks, Kudos] | None:
    row = (
        await session.execute(
            select(SponsorThanks, Kudos)
            .join(Kudos, Kudos.id == SponsorThanks.kudos_id)
            .where(SponsorThanks.team_id == team_id, SponsorThanks.kudos_id == kudos_id)
        )
    ).first()
    return None if row is None else (row[0], row[1])
