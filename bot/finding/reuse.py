"""A solution that helps somebody later: credited to its author once a person, and shown to
others where they may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    HelpedYourself,
    NotAllCanRead,
    QuestionIsGone,
)
from bot.finding.find import Result, results_of
from bot.kinds import SHARE, SHARED_POST, Shared, SharedAt
from bot.people import owe_person
from bot.recognition.personal import plan_personal_digest
from bot.recognition.worked import owe_worked_note
from bot.rights import get_joined, get_readable, may_be_shown_in
from storage import channels, outbox
from storage.finding import shares
from storage.questions import questions, solutions
from storage.recognition import kudos
from storage.tables import Channel, Question
from storage.tables import Share as SharedPost

LOOKED_UP_AT_ONCE = 200  # people


@dataclass(frozen=True)
class Share:
    """A solved question that somebody shows to a channel."""

    channel_id: str
    sharer_id: str
    result: Result


async def get_solved(
    session: AsyncSession, team_id: str, question_id: int, user_id: str
) -> Question:
    """The question, locked, if it is solved and this person can read it."""
    question = await get_readable(session, team_id, question_id, user_id)
    if question.solved_at is None:
        raise QuestionIsGone()
    return question


async def note_helped(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> Sequence[str]:
    """It helped this person; returns whom that credits. Said again, nothing changes."""
    question = await get_solved(session, team_id, question_id, user_id)
    accepted = [answer for _, answer in await solutions.list_of(session, question.id)]
    credited = [answer for answer in accepted if answer.author_id != user_id]
    if not credited:
        raise HelpedYourself()
    history = await kudos.list_history(session, question.id)
    if not any(fact.giver_id == user_id for fact in kudos.standing_of(history)):
        for answer in credited:
            await kudos.give(
                session,
                question,
                "reused",
                answer_id=answer.id,
                giver_id=user_id,
                receiver_id=answer.author_id,
                history=history,
                now=now,
            )
            await owe_worked_note(session, team_id=team_id, user_id=answer.author_id, now=now)
    authors = list(dict.fromkeys(answer.author_id for answer in credited))
    for author_id in authors:
        await plan_personal_digest(session, team_id=team_id, user_id=author_id, now=now)
    return authors


async def take_back_helped(
    session: AsyncSession, *, question_id: int, user_id: str, now: datetime
) -> None:
    """It did not help this person after all."""
    for fact in await kudos.list_of_question(session, question_id):
        if fact.kind == "reused" and fact.giver_id == user_id:
            await kudos.reverse(session, fact, now=now)
    await session.flush()


async def share(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    user_id: str,
    channel_id: str,
    now: datetime,
) -> bool:
    """Show the solved question in this channel, which they can read, if everybody there could
    read it anyway; False when it is not known yet who they are, and Slack is asked."""
    question = await get_solved(session, team_id, question_id, user_id)
    channel = await get_joined(session, team_id, channel_id, user_id)
    unknown = await list_unknown(session, question, channel)
    for stranger_id in unknown[:LOOKED_UP_AT_ONCE]:
        await owe_person(session, team_id=team_id, user_id=stranger_id, now=now)
    if unknown:
        return False
    await outbox.owe(
        session,
        SHARE,
        Shared(channel_id, question.id, user_id),
        team_id=team_id,
        lane=channel_id,
        now=now,
    )
    return True


async def note_shared(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    question_id: int,
    sharer_id: str,
    message_ts: str,
    now: datetime,
) -> None:
    """It is posted; from now on it follows what it shows."""
    new = SharedPost(
        question_id=question_id,
        channel_id=channel_id,
        message_ts=message_ts,
        team_id=team_id,
        shared_by=sharer_id,
    )
    await shares.add(session, new)
    if await get_share(session, team_id, channel_id, question_id, sharer_id) is None:
        await owe_shares(session, team_id, question_id, now=now)  # it was deleted meanwhile


async def owe_shares(
    session: AsyncSession, team_id: str, question_id: int, *, now: datetime
) -> None:
    """The question or its solution changed, or is gone: so do the posts that show it."""
    for each in await shares.list_of(session, team_id, question_id):
        await outbox.owe(
            session,
            SHARED_POST,
            SharedAt(each.channel_id, question_id, each.message_ts),
            team_id=team_id,
            lane=each.channel_id,
            now=now,
        )


async def get_shared(
    session: AsyncSession, team_id: str, channel_id: str, question_id: int, message_ts: str
) -> tuple[bool, Share | None]:
    """Whether such a post is there, and what it is to show; None: it is to go."""
    row = await shares.get(session, team_id, question_id, channel_id, message_ts)
    if row is None:
        return False, None
    return True, await get_share(session, team_id, channel_id, question_id, row.shared_by)


async def forget_shared(
    session: AsyncSession, team_id: str, channel_id: str, question_id: int, message_ts: str
) -> None:
    await shares.remove(session, team_id, question_id, channel_id, message_ts)


async def list_unknown(
    session: AsyncSession, question: Question, channel: Channel
) -> Sequence[str]:
    """Those in the channel of whom we do not know whether they can read the question;
    NotAllCanRead when we know that somebody cannot."""
    if channel.channel_id == question.channel_id:
        return []
    unable = await channels.list_unable(
        session,
        team_id=question.team_id,
        members_of=channel.channel_id,
        channel_id=question.channel_id,
    )
    unknown = [user_id for user_id, is_known in unable if not is_known]
    if len(unknown) < len(unable) or channel.is_shared or channel.members_read_at is None:
        raise NotAllCanRead()
    return unknown


async def get_share(
    session: AsyncSession, team_id: str, channel_id: str, question_id: int, user_id: str
) -> Share | None:
    """What to show, if that is still right at this moment."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None or question.solved_at is None:
        return None
    if not await may_be_shown_in(session, question, channel_id):
        return None
    shown = await results_of(session, team_id, [question_id])
    return Share(channel_id, user_id, shown[0]) if shown else None
