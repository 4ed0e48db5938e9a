"""What was missed while the bot was away: since when, how far it is read, and what we keep."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.outbox import Kind
from storage.saving import insert
from storage.tables import (
    Absence,
    Answer,
    CatchUp,
    Channel,
    Mark,
    Outbox,
    Question,
    QuestionPart,
    Workspace,
)


@dataclass(frozen=True)
class Kept:
    """A message whose words we keep, as we know it."""

    message_ts: str
    text: str
    said_at: datetime
    is_in_thread: bool  # else it is a follow-up in the channel


# Until when everything was heard


async def get_heard_until(session: AsyncSession, team_id: str) -> datetime | None:
    return await session.scalar(select(Workspace.heard_until).where(Workspace.team_id == team_id))


async def lock_heard_until(session: AsyncSession, team_id: str) -> datetime | None:
    """The same, held until the transaction ends."""
    return await session.scalar(
        select(Workspace.heard_until).where(Workspace.team_id == team_id).with_for_update()
    )


async def set_heard_until(
    session: AsyncSession, team_ids: Sequence[str], until: datetime, *, now: datetime
) -> None:
    """Move it on; back only from the future, where the clock was wrong."""
    is_news = or_(
        Workspace.heard_until.is_(None), Workspace.heard_until < until, Workspace.heard_until > now
    )
    await session.execute(
        update(Workspace)
        .where(Workspace.team_id.in_(team_ids), is_news)
        .values(heard_until=until)
        .execution_options(synchronize_session=False)
    )


async def get_last_asked_at(session: AsyncSession, team_id: str) -> datetime | None:
    return await session.scalar(
        select(func.max(Question.asked_at)).where(Question.team_id == team_id)
    )


# Absences, and how far their reading is


async def get_absence(session: AsyncSession, absence_id: int) -> Absence | None:
    return await session.get(Absence, absence_id)


async def list_open_absences(
    session: AsyncSession, team_id: str | None = None
) -> Sequence[Absence]:
    """Those that are not ended, held; another replica's are passed over."""
    statement = select(Absence).where(Absence.ended_at.is_(None)).order_by(Absence.id)
    if team_id is not None:
        statement = statement.where(Absence.team_id == team_id)
    return (await session.scalars(statement.with_for_update(skip_locked=True))).all()


async def has_open_absence(session: AsyncSession, *, since: datetime | None = None) -> bool:
    """Whether one is not ended; with `since`, whether what was said is still being taken in after
    the bot came back then or later."""
    statement = select(Absence.id).where(Absence.ended_at.is_(None)).limit(1)
    if since is not None:
        statement = statement.where(Absence.caught_up_at.is_(None), Absence.until >= since)
    return (await session.scalar(statement)) is not None


async def get_last_absence(
    session: AsyncSession, team_id: str, *, since: datetime
) -> Absence | None:
    """The newest one that brought something, caught up with since then."""
    brought = Absence.questions + Absence.replies + Absence.marks
    brought += Absence.edits + Absence.deletions
    return await session.scalar(
        select(Absence)
        .where(Absence.team_id == team_id, Absence.ended_at >= since, brought > 0)
        .order_by(Absence.ended_at.desc())
        .limit(1)
    )


async def add_talked(session: AsyncSession, absence_id: int, thread: str) -> None:
    """Note a thread that went on, to be read once the questions' are."""
    absence = await session.get(Absence, absence_id, with_for_update=True, populate_existing=True)
    if absence is not None and thread not in absence.talked:
        absence.talked = [*absence.talked, thread]


async def count(session: AsyncSession, absence_id: int, **more: int) -> None:
    """Add to what an absence brought."""
    if any(more.values()):
        await session.execute(
            update(Absence)
            .where(Absence.id == absence_id)
            .values({name: getattr(Absence, name) + number for name, number in more.items()})
            .execution_options(synchronize_session=False)
        )


async def get_reading(
    session: AsyncSession, team_id: str, channel_id: str, *, is_locked: bool = False
) -> CatchUp | None:
    statement = select(CatchUp).where(CatchUp.team_id == team_id, CatchUp.channel_id == channel_id)
    if is_locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return await session.scalar(statement)


async def start_reading(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    absence_id: int,
    unheard_ts: str,
    read_ts: str,
) -> None:
    """Read the channel from there on; where an earlier absence is still being read, from where
    that has come to, if it is earlier."""
    new = insert(session, CatchUp).values(
        team_id=team_id,
        channel_id=channel_id,
        absence_id=absence_id,
        unheard_ts=unheard_ts,
        read_ts=read_ts,
        edges=[],
    )
    await session.execute(
        new.on_conflict_do_update(
            index_elements=["team_id", "channel_id"],
            set_={
                "absence_id": absence_id,
                "unheard_ts": lesser(CatchUp.unheard_ts, unheard_ts),
                "read_ts": lesser(CatchUp.read_ts, read_ts),
                "edges": [],
            },
        )
    )


def lesser(column: Any, value: str) -> Any:
    return case((column < value, column), else_=value)


async def end_reading(session: AsyncSession, team_id: str, channel_id: str) -> None:
    await session.execute(
        delete(CatchUp).where(CatchUp.team_id == team_id, CatchUp.channel_id == channel_id)
    )


async def count_owed(session: AsyncSession, team_id: str, kinds: Collection[Kind[Any]]) -> int:
    statement = select(func.count()).where(
        Outbox.team_id == team_id,
        Outbox.kind.in_([kind.name for kind in kinds]),
        Outbox.gave_up_at.is_(None),
    )
    return (await session.scalar(statement)) or 0


# What is looked at again


async def list_joined(session: AsyncSession, team_id: str) -> Sequence[str]:
    """The channels the bot is in, help channels first."""
    return (
        await session.scalars(
            select(Channel.channel_id)
            .where(Channel.team_id == team_id, Channel.left_at.is_(None))
            .order_by(Channel.is_help.desc(), Channel.channel_id)
        )
    ).all()


async def list_open_threads(
    session: AsyncSession, team_id: str, channel_ids: Collection[str], limit: int
) -> Sequence[tuple[str, str]]:
    """Channel and thread of the questions that are not solved, newest first."""
    return await list_threads(
        session,
        *(team_id, channel_ids, limit),
        *(Question.solved_at.is_(None), Question.closed_at.is_(None), is_open()),
    )


async def list_kept_threads(
    session: AsyncSession,
    team_id: str,
    channel_ids: Collection[str],
    limit: int,
    *,
    since: datetime,
    unread_since: datetime,
) -> Sequence[tuple[str, str]]:
    """Channel and thread of the other questions that were asked or answered since then; of those
    asked while the bot was away, all is read."""
    answered = (
        select(Answer.question_id)
        .where(Answer.team_id == team_id, Answer.answered_at >= since)
        .scalar_subquery()
    )
    return await list_threads(
        session,
        team_id,
        channel_ids,
        limit,
        or_(
            Question.solved_at.is_not(None),
            Question.withdrawn_at.is_not(None),
            Question.closed_at.is_not(None),
        ),
        or_(Question.asked_at >= since, Question.id.in_(answered)),
        or_(Question.caught_up_at.is_(None), Question.caught_up_at < unread_since),
    )


async def list_threads(
    session: AsyncSession, team_id: str, channel_ids: Collection[str], limit: int, *which: Any
) -> Sequence[tuple[str, str]]:
    questions = (
        select(Question.id, Question.channel_id, Question.thread_ts, Question.asked_at)
        .where(Question.team_id == team_id, Question.channel_id.in_(channel_ids))
        .where(Question.thread_ts.is_not(None), *which)
        .order_by(Question.asked_at.desc())
        .limit(limit)
        .subquery()
    )
    elsewhere = (
        select(questions.c.channel_id, Answer.thread_ts)
        .join(Answer, Answer.question_id == questions.c.id)
        .where(Answer.thread_ts.is_not(None), Answer.erased_at.is_(None))
    )
    rows = await session.execute(select(questions.c.channel_id, questions.c.thread_ts))
    moved = await session.execute(elsewhere)
    return list(dict.fromkeys([(each[0], each[1]) for each in [*rows, *moved]]))


def is_open() -> Any:
    return and_(Question.withdrawn_at.is_(None), Question.message_ts.is_not(None))


async def list_planned(
    session: AsyncSession, team_id: str, channel_ids: Collection[str]
) -> Sequence[Question]:
    """The questions with a next step, held until the transaction ends."""
    return (
        await session.scalars(
            select(Question)
            .where(Question.team_id == team_id, Question.channel_id.in_(channel_ids))
            .where(Question.step_at.is_not(None))
            .order_by(Question.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).all()


async def list_kept(
    session: AsyncSession, *, team_id: str, channel_id: str, thread_ts: str
) -> Sequence[Kept]:
    """The words we keep of what was said in a thread, and of the follow-ups to its question."""
    asked_in = (Question.team_id == team_id) & (Question.channel_id == channel_id)
    said_in = func.coalesce(Answer.thread_ts, Question.thread_ts) == thread_ts
    answers = await session.execute(
        select(Answer.message_ts, Answer.text, Answer.said_at)
        .join(Question, Question.id == Answer.question_id)
        .where(asked_in, said_in, Answer.erased_at.is_(None))
    )
    parts = await session.execute(
        select(
            QuestionPart.message_ts,
            QuestionPart.text,
            QuestionPart.said_at,
            or_(QuestionPart.message_ts == Question.message_ts, Question.split_ts.is_not(None)),
        )
        .join(Question, Question.id == QuestionPart.question_id)
        .where(asked_in, Question.thread_ts == thread_ts)
        .where(or_(Question.split_ts.is_(None), QuestionPart.message_ts == Question.message_ts))
    )
    split_off = await session.execute(
        select(QuestionPart.message_ts, QuestionPart.text, QuestionPart.said_at)
        .join(
            Answer,
            and_(
                Answer.team_id == QuestionPart.team_id,
                Answer.channel_id == QuestionPart.channel_id,
                Answer.message_ts == QuestionPart.message_ts,
            ),
        )
        .where(
            QuestionPart.team_id == team_id,
            QuestionPart.channel_id == channel_id,
            Answer.thread_ts == thread_ts,
        )
    )
    return [
        *[Kept(ts, text, said_at, True) for ts, text, said_at in [*answers, *split_off]],
        *[Kept(ts, text, said_at, bool(is_in)) for ts, text, said_at, is_in in parts],
    ]


async def list_marks(
    session: AsyncSession, *, team_id: str, channel_id: str, message_tss: Collection[str]
) -> Sequence[Mark]:
    return (
        await session.scalars(
            select(Mark)
            .where(Mark.team_id == team_id, Mark.channel_id == channel_id)
            .where(Mark.message_ts.in_(message_tss))
            .execution_options(populate_existing=True)
        )
    ).all()
