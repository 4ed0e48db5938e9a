"""Finding and saving questions and the messages they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import aliased

from storage.questions.answers import counts_for
from storage.tables import (
    Answer,
    Channel,
    ErasedMessage,
    Expert,
    GroupMember,
    Offer,
    Question,
    QuestionPart,
    Referral,
    Topic,
    UnsureMessage,
)

Earlier = aliased(Question)
Look = AsyncConnection  # to look at plain columns: it costs half of a session
# A question whose row is locked until the transaction ends: what changes it asks for one.
Held = NewType("Held", Question)


# Asked of every question: built once, because building costs more than running.
BY_ID = select(Question).where(
    Question.team_id == bindparam("team_id"), Question.id == bindparam("question_id")
)
BY_THREAD = select(Question).where(
    Question.team_id == bindparam("team_id"),
    Question.channel_id == bindparam("channel_id"),
    Question.thread_ts == bindparam("thread_ts"),
)


async def get(session: AsyncSession, team_id: str, question_id: int) -> Question | None:
    return await session.scalar(BY_ID, {"team_id": team_id, "question_id": question_id})


async def get_locked(session: AsyncSession, team_id: str, question_id: int) -> Held | None:
    """The question, held until the transaction ends, so that two cannot settle it at once.
    What is merged into it changes with it: that is held too, always in the same order."""
    rows = await session.scalars(
        select(Question)
        # Without coalesce, SQLite would rather walk through an index of the whole workspace.
        .where(func.coalesce(Question.team_id, "") == team_id)
        .where(or_(Question.id == question_id, Question.merged_into_id == question_id))
        .order_by(Question.id)
        # A new answer holds its question's key (a foreign key); only a weaker lock lets it.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return next((Held(each) for each in rows if each.id == question_id), None)


async def get_by_thread(
    session: AsyncSession, *, team_id: str, channel_id: str, thread_ts: str
) -> Question | None:
    place = {"team_id": team_id, "channel_id": channel_id, "thread_ts": thread_ts}
    return await session.scalar(BY_THREAD, place)


async def get_of_thread(
    session: AsyncSession, *, team_id: str, channel_id: str, thread_ts: str
) -> Question | None:
    """The question that the thread is about, or that its first message is a follow-up to."""
    place = {"team_id": team_id, "channel_id": channel_id}
    question = await get_by_thread(session, **place, thread_ts=thread_ts)
    if question is not None:
        return question
    part = await get_part(session, **place, message_ts=thread_ts)
    return await get(session, team_id, part.question_id) if part else None


async def get_latest_in_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, since: datetime, until: datetime
) -> Question | None:
    """The newest question asked there in that time by a message in the channel itself."""
    return await session.scalar(
        select(Question)
        .where(
            Question.team_id == team_id,
            Question.channel_id == channel_id,
            Question.asked_at >= since,
            Question.asked_at <= until,
            Question.thread_ts == Question.message_ts,
            *goes_on(),
        )
        .order_by(Question.asked_at.desc())
        .limit(1)
    )


def goes_on() -> tuple[ColumnElement[bool], ...]:
    """The conditions that a question is one, and its asker has not said that it is over."""
    return (
        Question.withdrawn_at.is_(None),
        Question.over_at.is_(None),
        Question.closed_at.is_(None),
    )


@dataclass(frozen=True)
class Glance:
    """What decides whether a message in a channel can concern us, in one query."""

    is_listening: bool
    last_asker_id: str | None  # of the newest question, asked since then
    is_interrupted: bool  # somebody else had spoken when that message was written
    is_awaited: bool  # its author had asked whether they may ask, or shown a picture
    mode: str
    boldness: int


def newest_in_channel() -> Subquery:
    return (
        select(Question.asker_id, Question.interrupted_ts)
        .where(
            Question.team_id == bindparam("team_id"),
            Question.channel_id == bindparam("channel_id"),
            Question.asked_at >= bindparam("since"),
            Question.thread_ts == Question.message_ts,
            *goes_on(),
        )
        .order_by(Question.asked_at.desc())
        .limit(1)
        .subquery()
    )


NEWEST = newest_in_channel()
# Asked of every message: built once, because building costs more than running.
IS_AWAITED = exists().where(
    UnsureMessage.team_id == bindparam("team_id"),
    UnsureMessage.channel_id == bindparam("channel_id"),
    UnsureMessage.author_id == bindparam("author_id"),
    UnsureMessage.said_at >= bindparam("awaited_since"),
    UnsureMessage.kind.in_(bindparam("awaited_kinds", expanding=True)),
    UnsureMessage.is_asked.is_(None),
)
GLANCE = (
    select(
        NEWEST.c.asker_id,
        NEWEST.c.interrupted_ts,
        IS_AWAITED.label("is_awaited"),
        Channel.mode,
        Channel.boldness,
    )
    .select_from(Channel)
    .outerjoin(NEWEST, true())
    .where(
        Channel.team_id == bindparam("team_id"),
        Channel.channel_id == bindparam("channel_id"),
        Channel.is_help,
        Channel.left_at.is_(None),
    )
)
HAS_THREAD = select(
    or_(
        exists().where(
            Question.team_id == bindparam("team_id"),
            Question.channel_id == bindparam("channel_id"),
            Question.thread_ts == bindparam("thread_ts"),
        ),
        exists().where(
            UnsureMessage.team_id == bindparam("team_id"),
            UnsureMessage.channel_id == bindparam("channel_id"),
            UnsureMessage.message_ts == bindparam("thread_ts"),
            UnsureMessage.author_id == bindparam("author_id"),
        ),
        exists().where(  # a follow-up's
            QuestionPart.team_id == bindparam("team_id"),
            QuestionPart.channel_id == bindparam("channel_id"),
            QuestionPart.message_ts == bindparam("thread_ts"),
        ),
    )
)


async def glance(
    connection: Look,
    *,
    team_id: str,
    channel_id: str,
    since: datetime,
    message_ts: str,
    author_id: str,
    awaited_since: datetime,
    awaited_kinds: Sequence[str],
) -> Glance:
    """How things stood when that message was written."""
    known = {
        "team_id": team_id,
        "channel_id": channel_id,
        "since": since,
        "author_id": author_id,
        "awaited_since": awaited_since,
        "awaited_kinds": awaited_kinds,
    }
    row = (await connection.execute(GLANCE, known)).first()
    if row is None:
        return Glance(False, None, False, False, "", 0)
    is_interrupted = (row.interrupted_ts or message_ts) < message_ts
    return Glance(True, row.asker_id, is_interrupted, bool(row.is_awaited), row.mode, row.boldness)


async def has_thread(
    connection: Look, *, team_id: str, channel_id: str, thread_ts: str, author_id: str
) -> bool:
    """Whether a question has that thread, or a follow-up, or it is below a message of this person
    that may be one, or stand before one."""
    known = {
        "team_id": team_id,
        "channel_id": channel_id,
        "thread_ts": thread_ts,
        "author_id": author_id,
    }
    return bool(await connection.scalar(HAS_THREAD, known))


async def list_of_ids(
    session: AsyncSession, team_id: str, ids: Sequence[int]
) -> Sequence[Question]:
    # Without coalesce, SQLite would rather walk through an index of the whole workspace.
    is_theirs = func.coalesce(Question.team_id, "") == team_id
    return (await session.scalars(select(Question).where(Question.id.in_(ids), is_theirs))).all()


async def list_answered_by(
    session: AsyncSession, team_id: str, question_id: int
) -> Sequence[Question]:
    """The questions that this one's solution answered too."""
    return (
        await session.scalars(
            select(Question).where(Question.team_id == team_id, Question.reused_id == question_id)
        )
    ).all()


async def list_locked(session: AsyncSession, ids: Sequence[int]) -> Sequence[Question]:
    """These questions of any workspace, held until the transaction ends."""
    return (
        await session.scalars(
            select(Question)
            .where(Question.id.in_(ids))
            .order_by(Question.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).all()


KNOWN = select(
    or_(
        exists().where(
            QuestionPart.team_id == bindparam("team_id"),
            QuestionPart.channel_id == bindparam("channel_id"),
            QuestionPart.message_ts == bindparam("message_ts"),
        ),
        exists().where(
            ErasedMessage.team_id == bindparam("team_id"),
            ErasedMessage.channel_id == bindparam("channel_id"),
            ErasedMessage.message_ts == bindparam("message_ts"),
        ),
    )
)


async def is_known(session: AsyncSession, **place: str) -> bool:
    """Whether the message belongs to a question already, or was deleted."""
    return bool(await session.scalar(KNOWN, place))


async def get_part(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> QuestionPart | None:
    return await session.get(QuestionPart, (team_id, channel_id, message_ts))


async def list_parts(session: AsyncSession, question_id: int) -> Sequence[QuestionPart]:
    return (
        await session.scalars(
            select(QuestionPart)
            .where(QuestionPart.question_id == question_id)
            .order_by(QuestionPart.message_ts)
        )
    ).all()


async def has_later_part(session: AsyncSession, question: Question) -> bool:
    """Whether its asker said more in the channel after it."""
    statement = select(QuestionPart.message_ts).where(
        QuestionPart.question_id == question.id,
        QuestionPart.message_ts > question.message_ts,
        QuestionPart.text != "",
    )
    if question.message_ts is None or question.thread_ts != question.message_ts:
        return False
    return (await session.scalar(statement.limit(1))) is not None


async def list_with_words(
    session: AsyncSession, *, team_id: str, channel_id: str, limit: int
) -> Sequence[Question]:
    """Questions of the channel whose words are still here, or those of a reply to them."""
    replied = exists().where(Answer.question_id == Question.id, Answer.text != "")
    return (
        await session.scalars(
            select(Question)
            .where(Question.team_id == team_id, Question.channel_id == channel_id)
            .where(or_(Question.text != "", replied))
            .limit(limit)
        )
    ).all()


async def note_card(
    session: AsyncSession, team_id: str, question_id: int, card_ts: str | None
) -> None:
    await session.execute(
        update(Question)
        .where(Question.team_id == team_id, Question.id == question_id)
        .values(card_ts=card_ts)
    )


async def note_marker(
    session: AsyncSession, team_id: str, question_id: int, marker: str | None
) -> None:
    await session.execute(
        update(Question)
        .where(Question.team_id == team_id, Question.id == question_id)
        .values(marker=marker)
    )


async def list_open_by_asker(
    session: AsyncSession, team_id: str, user_id: str, limit: int
) -> Sequence[Question]:
    return (
        await session.scalars(
            open_questions(team_id)
            .where(Question.asker_id == user_id)
            .order_by(Question.asked_at.desc())
            .limit(limit)
        )
    ).all()


async def list_open_in_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, since: datetime, until: datetime
) -> Sequence[Question]:
    """The open questions asked there in that time, newest first."""
    return (
        await session.scalars(
            waiting_questions(team_id)
            .where(Question.channel_id == channel_id)
            .where(Question.asked_at >= since, Question.asked_at <= until)
            .order_by(Question.asked_at.desc())
        )
    ).all()


async def list_open_for_expert(
    session: AsyncSession, team_id: str, user_id: str, limit: int
) -> Sequence[Question]:
    """The open questions this person was asked to take and has not passed on; newcomers'
    first ones before others, and then the newest."""
    return (
        await session.scalars(
            waiting_questions(team_id)
            .join(Offer, Offer.question_id == Question.id)
            .where(Offer.team_id == team_id, Offer.user_id == user_id)
            .where(Offer.passed_at.is_(None), Offer.ended_at.is_(None))
            .where((Question.claimed_by.is_(None)) | (Question.claimed_by == user_id))
            .order_by(is_later_one(), Question.asked_at.desc())
            .limit(limit)
        )
    ).all()


async def count_asked(
    session: AsyncSession, *, team_id: str, channel_id: str, since: datetime, until: datetime
) -> tuple[int, int]:
    """How many questions were asked there in that time, and how many of them are solved."""
    row = (
        await session.execute(
            select(func.count(), func.count(Question.solved_at)).where(
                Question.team_id == team_id,
                Question.channel_id == channel_id,
                Question.withdrawn_at.is_(None),
                Question.import_id.is_(None),
                Question.asked_at >= since,
                Question.asked_at < until,
            )
        )
    ).one()
    return row[0], row[1]


async def list_handed_off(
    session: AsyncSession, *, team_id: str, channel_id: str
) -> Sequence[Question]:
    """The open questions that this helpdesk's channel is told of."""
    return (
        await session.scalars(
            open_questions(team_id)
            .join(Topic, Topic.id == Question.topic_id)
            .where(Topic.hand_off_channel_id == channel_id, Question.handed_off_at.is_not(None))
        )
    ).all()


async def list_untold(session: AsyncSession, *, team_id: str, topic_id: int) -> Sequence[Question]:
    """The open questions of the topic that an outside helpdesk is still to hear of."""
    return (
        await session.scalars(
            open_questions(team_id).where(
                Question.topic_id == topic_id,
                Question.hand_off_called_at.is_not(None),
                Question.hand_off_told.is_(None),
            )
        )
    ).all()


async def list_open_of_topic(session: AsyncSession, team_id: str, topic_id: int) -> Sequence[int]:
    statement = open_questions(team_id).where(Question.topic_id == topic_id).order_by(Question.id)
    return [each.id for each in await session.scalars(statement)]


async def list_channels_of_topic(
    session: AsyncSession, team_id: str, topic_id: int
) -> Sequence[str]:
    statement = select(Question.channel_id).where(
        Question.team_id == team_id, Question.topic_id == topic_id
    )
    return (await session.scalars(statement.distinct().order_by(Question.channel_id))).all()


async def move_to_topic(
    session: AsyncSession,
    team_id: str,
    topic_id: int,
    to_id: int,
    *,
    channel_id: str | None = None,
    now: datetime,
) -> None:
    """Make the questions of the one topic the other's, those of one channel or all; what comes next
    to them is looked at now."""
    theirs = [Question.team_id == team_id, Question.topic_id == topic_id]
    if channel_id is not None:
        theirs.append(Question.channel_id == channel_id)
    waiting = update(Question).where(*theirs, Question.step_at > now)
    await session.execute(waiting.values(step_at=now))
    referred = update(Referral).where(Referral.topic_id == topic_id)
    if channel_id is None:
        await session.execute(referred.values(topic_id=to_id))
    await session.execute(update(Question).where(*theirs).values(topic_id=to_id))


def open_questions(team_id: str):  # type: ignore[no-untyped-def]  # the type of select() is long
    return select(Question).where(
        Question.team_id == team_id,
        Question.withdrawn_at.is_(None),
        Question.solved_at.is_(None),
        Question.closed_at.is_(None),
        Question.message_ts.is_not(None),
        Question.import_id.is_(None),  # nobody waits for an answer to it
    )


def waiting_questions(team_id: str):  # type: ignore[no-untyped-def]
    """The open ones that are asked about: a merged one waits for another's answer, and one that
    is over, as its asker says, for none."""
    return open_questions(team_id).where(
        Question.merged_into_id.is_(None), Question.over_at.is_(None)
    )


def unanswered_questions(team_id: str):  # type: ignore[no-untyped-def]
    """Those of them that nobody answered since their asker last said that nothing helped, and
    that no helpdesk has."""
    is_answered = exists().where(
        *counts_for(Question.id, Question.asker_id),
        or_(Question.stuck_at.is_(None), Answer.answered_at > Question.stuck_at),
    )
    is_handed_off = and_(
        Question.handed_off_at.is_not(None),
        or_(Question.hand_off_failed_at.is_(None), Question.hand_off_ts.is_not(None)),
    )
    return waiting_questions(team_id).where(~is_answered, ~is_handed_off)


async def count_answers(session: AsyncSession, question: Question) -> int:
    """Replies of others than the asker that answer or ask back, and still stand."""
    stands = counts_for(question.id, question.asker_id)
    return (await session.scalar(select(func.count()).select_from(Answer).where(*stands))) or 0


async def last_answered_at(session: AsyncSession, question: Question) -> datetime | None:
    """When somebody else than the asker last answered or asked back."""
    last = func.max(Answer.answered_at, type_=Answer.answered_at.type)
    return await session.scalar(select(last).where(*counts_for(question.id, question.asker_id)))


async def has_asked_before(session: AsyncSession, question: Question) -> bool:
    earlier = select(Question.id).where(
        Question.team_id == question.team_id,
        Question.asker_id == question.asker_id,
        Question.id < question.id,
    )
    return (await session.scalar(earlier.limit(1))) is not None


def is_later_one() -> ColumnElement[bool]:
    """The condition that a question is not its asker's first."""
    return exists().where(
        Earlier.team_id == Question.team_id,
        Earlier.asker_id == Question.asker_id,
        Earlier.id < Question.id,
    )


async def list_first_ones(session: AsyncSession, ids: Sequence[int]) -> Sequence[int]:
    """Those of these questions that are their askers' first."""
    statement = select(Question.id).where(Question.id.in_(ids), ~is_later_one())
    return (await session.scalars(statement)).all()


async def list_texts(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    rows = await session.execute(select(Question.id, Question.text).where(Question.id.in_(ids)))
    return {row.id: row.text for row in rows}


async def hasten_steps(
    session: AsyncSession, team_id: str, asker_id: str, *, now: datetime
) -> None:
    """What comes next to the questions that this person asked is looked at now."""
    await session.execute(
        update(Question)
        .where(Question.team_id == team_id, Question.asker_id == asker_id)
        .where(Question.step_at > now)
        .values(step_at=now)
    )


async def hasten_asked(session: AsyncSession, team_id: str, user_id: str, *, now: datetime) -> None:
    """They came, or are not there any more: what comes next to the questions that this person was
    asked to take, took, or may be asked next is looked at now."""
    asked = select(Offer.question_id).where(
        Offer.team_id == team_id,
        Offer.user_id == user_id,
        Offer.passed_at.is_(None),
        Offer.ended_at.is_(None),
    )
    groups = select(GroupMember.usergroup_id).where(
        GroupMember.team_id == team_id, GroupMember.user_id == user_id
    )
    helps_on = select(Expert.topic_id).where(
        or_(Expert.member_id == user_id, Expert.member_id.in_(groups))
    )
    waits_for_them = and_(Question.next_step == "opens", Question.topic_id.in_(helps_on))
    theirs = or_(Question.claimed_by == user_id, Question.id.in_(asked), waits_for_them)
    await session.execute(
        update(Question)
        .where(Question.team_id == team_id, Question.step_at > now, theirs)
        .values(step_at=now)
        .execution_options(synchronize_session="fetch")
    )


async def has_due(session: AsyncSession, *, now: datetime) -> bool:
    statement = select(Question.id).where(Question.step_at <= now).limit(1)
    return (await session.scalar(statement)) is not None


async def list_due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Question]:
    """Questions whose next step is due, held until the transaction ends; another replica's
    are passed over."""
    return (
        await session.scalars(
            select(Question)
            .where(Question.step_at <= now)
            .order_by(Question.step_at)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
        )
    ).all()


def vouched(until: datetime) -> tuple[ColumnElement[bool], ...]:
    return Question.vouched_at <= until, Question.withdrawn_at.is_(None)


async def has_vouched(session: AsyncSession, *, until: datetime) -> bool:
    statement = select(Question.id).where(*vouched(until)).limit(1)
    return (await session.scalar(statement)) is not None


async def get_vouched(session: AsyncSession, *, until: datetime) -> Question | None:
    """One of which somebody said until then that their own reply solved it, the longest ago."""
    statement = select(Question).where(*vouched(until)).order_by(Question.vouched_at)
    return await session.scalar(statement.limit(1))
