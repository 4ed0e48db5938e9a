"""Replies in a question's thread."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.experts.cards import owe_card
from bot.experts.rhythms import note_help, note_seen
from bot.experts.steps import plan
from bot.kinds import NAMELESS_REPLY, MessageAt
from bot.people import is_known, owe_person
from bot.questions import solutions
from bot.questions.afterwards import heed_asker, kind_of
from bot.questions.capture import owe_posts_about
from bot.questions.files import keep, keep_anew
from bot.questions.follow_ups import erase_part, interrupt, reword_part
from bot.questions.wishes import tell_asker, tell_kept
from bot.text import MAX_TEXT, Message, cut, is_mask
from storage import outbox
from storage.experts.steps import get_facts
from storage.questions import answers, marks, questions
from storage.questions.answers import ANSWER, BY_APP, ME_TOO
from storage.saving import add_if_first
from storage.tables import Answer, Question


async def record(
    session: AsyncSession,
    message: Message,
    question: Question,
    *,
    is_by_app: bool = False,
    now: datetime,
) -> bool:
    """Keep a reply; False when it is known, deleted, or the question itself."""
    if message.message_ts == question.message_ts:
        return False
    before = await answers.look_before(session, question, message.user_id, **message.place)
    if not await may_be_kept(session, question, before, is_by_app=is_by_app, now=now):
        return False
    is_askers = message.user_id == question.asker_id
    kind = ANSWER if is_askers else kind_of(message.text, has_files=message.has_files)
    kind = BY_APP if is_by_app else kind
    answer = Answer(
        **message.place,
        question_id=question.id,
        author_id=message.user_id,
        kind=kind,
        thread_ts=message.thread_ts if message.thread_ts != question.thread_ts else None,
        text=cut(message.text, MAX_TEXT),
        answered_at=message.sent_at,
        said_at=message.worded_at,
        client_msg_id=message.client_msg_id,
    )
    if not await add_if_first(session, answer):
        # Told twice; but a ✅ that came at the same time may not have seen the first telling.
        return await settle_if_marked(session, message)
    await keep(session, message, question, now=now)
    await note_kept(session, answer, message, before, now=now)
    await owe_to_mask(session, question, message, now=now)
    who = (message.team_id, message.user_id)
    if is_askers:
        await note_seen(session, *who, before.rhythm, at=message.sent_at)
        await heed_asker(session, message, question, now=now)
    elif kind == ANSWER:
        if not before.has_answered:
            await note_help(session, *who, before, at=message.sent_at)
        else:
            await note_seen(session, *who, before.rhythm, at=message.sent_at)
        await hear_answer(session, message, question)
    else:
        await interrupt(session, question, message.message_ts)
        if kind == ME_TOO:
            await count_in(session, message, question)
    if not await settle_if_marked(session, message) and question.solved_at is not None:
        await index.refresh(session, question)
    return True


async def hear_app(session: AsyncSession, message: Message, *, now: datetime) -> None:
    """What an app replied carries a ✅: that solves its question too, and credits nobody."""
    question = await questions.get_of_thread(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        thread_ts=message.thread_ts or message.message_ts,
    )
    if question is not None:
        await record(session, message, question, is_by_app=True, now=now)


async def owe_to_mask(
    session: AsyncSession, question: Question, message: Message, *, now: datetime
) -> None:
    """Who asked without a name is shown privately what somebody replied."""
    if is_mask(question.asker_id) and message.user_id != question.asker_id:
        about = MessageAt(message.channel_id, message.message_ts)
        team_id, lane = question.team_id, question.asker_id
        await outbox.owe(session, NAMELESS_REPLY, about, team_id=team_id, lane=lane, now=now)


async def may_be_kept(
    session: AsyncSession,
    question: Question,
    before: answers.Before,
    *,
    is_by_app: bool,
    now: datetime,
) -> bool:
    """Not what was deleted before we heard of it, nor of who stays out: of that its asker hears."""
    if before.stays_out and not is_by_app:
        await tell_asker(session, question, now=now)
        return False
    return not before.is_erased


async def note_kept(
    session: AsyncSession,
    answer: Answer,
    message: Message,
    before: answers.Before,
    *,
    now: datetime,
) -> None:
    """The first time that something of somebody is kept, they are told so."""
    if not before.was_told and answer.kind != BY_APP and not is_mask(answer.author_id):
        await tell_kept(session, message, now=now)


async def hear_answer(session: AsyncSession, message: Message, question: Question) -> None:
    facts = await get_facts(session, question)
    await interrupt(session, question, message.message_ts)
    await plan(session, question, facts=facts, now=message.sent_at)
    if facts.answers == 1 or question.stuck_at is not None:  # the card says how to mark one
        await owe_card(session, question, has_notes=facts.has_notes, now=message.sent_at)


async def count_in(session: AsyncSession, message: Message, question: Question) -> None:
    """They have it too: the card says so, and they hear what solved it, if we know that they can
    read it."""
    await owe_card(session, question, now=message.sent_at)
    if not await is_known(session, message.team_id, message.user_id):
        await owe_person(
            session, team_id=message.team_id, user_id=message.user_id, now=message.sent_at
        )


async def settle_if_marked(session: AsyncSession, message: Message) -> bool:
    """The ✅ may have come before the reply; False when that changes nothing."""
    if not await marks.has_any(session, **message.place):
        return False
    return await solutions.settle_answer(session, **message.place, now=message.sent_at)


async def reword(session: AsyncSession, message: Message, *, now: datetime) -> bool:
    """Follow an edit of an answer; False when the message is none."""
    answer = await get_held(session, **message.place)
    if answer is None:
        return False
    if answer.erased_at is not None:  # it may have become a question just now
        return await reword_part(session, message, now=now) or True
    if answer.said_at < now:
        answer.text, answer.said_at = cut(message.text, MAX_TEXT), now
        was = answer.kind
        await judge_anew(session, answer, has_files=message.has_files)
        question = await questions.get(session, answer.team_id, answer.question_id)
        if question is not None:
            await keep_anew(session, message, question, now=now)
        await show_change(session, answer, is_counted_anew=answer.kind != was, now=now)
    return True


async def judge_anew(session: AsyncSession, answer: Answer, *, has_files: bool) -> None:
    """Reworded, it may answer where it said only "same here", or the other way round."""
    question = await questions.get(session, answer.team_id, answer.question_id)
    if answer.kind != BY_APP and question is not None and answer.author_id != question.asker_id:
        answer.kind = kind_of(answer.text, has_files=has_files)


async def erase(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> bool:
    """Forget a deleted answer; it is no solution any more. False when the message is none."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    answer = await get_held(session, **place)
    if answer is None:
        return False
    if answer.erased_at is not None:
        return await erase_part(session, **place, now=now) or True
    answer.text, answer.erased_at = "", now
    await marks.erase(session, **place)
    await solutions.settle(session, team_id, answer.question_id, now=now)
    await show_change(session, answer, is_counted_anew=True, now=now)
    return True


async def get_held(session: AsyncSession, **place: str) -> Answer | None:
    """The answer, as it is once its question is held: nobody splits it off meanwhile."""
    answer = await answers.get_by_message(session, **place)
    if answer is not None:
        await questions.get_locked(session, answer.team_id, answer.question_id)
        await session.refresh(answer)
    return answer


async def show_change(
    session: AsyncSession, answer: Answer, *, is_counted_anew: bool = False, now: datetime
) -> None:
    """The words of a solved question changed: in the index, and on the card, which also says how
    many replies there are."""
    await session.flush()
    question = await questions.get_locked(session, answer.team_id, answer.question_id)
    if question is None:
        return
    await plan(session, question, now=now)
    await owe_posts_about(session, question, now=now)
    if question.solved_at is not None:
        await index.refresh(session, question)
    if question.solved_at is not None or question.stuck_at is not None or is_counted_anew:
        # It shows the solution or counts replies, and notes tell what did not help.
        await owe_card(session, question, now=now)
