"""What is said once a question is asked: what a reply is, and what its asker's words call for."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.detection import (
    Afterwards,
    Reply,
    asks_back,
    has_words,
    said_by_another,
    said_by_asker,
)
from bot.experts.cards import owe_card
from bot.experts.lateness import is_unopened
from bot.experts.nudges import offer_to_mark
from bot.experts.steps import plan
from bot.experts.stuck import ask_on
from bot.questions.closing import offer_to_close, offer_to_open
from bot.text import Message
from storage.questions import answers, questions
from storage.questions.answers import ANSWER, ME_TOO, NO_ANSWER
from storage.tables import Question

TOO_LATE_TO_OFFER = timedelta(minutes=10)  # they do not look at the thread any more
KINDS = {
    Reply.ANSWER_OR_QUESTION_BACK: ANSWER,
    Reply.ME_TOO: ME_TOO,
    Reply.NO_ANSWER: NO_ANSWER,
}


def kind_of(text: str, *, has_files: bool = False) -> str:
    """What somebody else's reply is. A picture answers, whatever stands beside it."""
    return ANSWER if has_files else KINDS[said_by_another(text)]


async def heed_beside(
    session: AsyncSession, message: Message, question: Question, *, now: datetime
) -> bool:
    """In the channel, right after their question, an asker says that it is over; thanks may be
    meant for anybody there. False where they say something else."""
    if said_by_asker(message.text) is not Afterwards.OVER:
        return False
    held = await questions.get_locked(session, question.team_id, question.id)
    if held is not None:
        is_there = now - message.sent_at < TOO_LATE_TO_OFFER
        await offer_to_close(session, held, is_there=is_there, now=message.sent_at)
    return True


async def heed_asker(
    session: AsyncSession, message: Message, question: Question, *, now: datetime
) -> None:
    """Do what the asker's words in the thread call for, if anything."""
    said = said_by_asker(message.text)
    if said is Afterwards.LATER:
        return
    await questions.get_locked(session, question.team_id, question.id)
    is_there = now - message.sent_at < TOO_LATE_TO_OFFER
    if question.solved_at is not None or question.closed_at is not None:
        if is_there and said in (Afterwards.BROKE_AGAIN, Afterwards.PARTLY_OR_NO):
            await offer_to_open(session, question, now=message.sent_at)
        elif is_there and said is Afterwards.WORKS:
            await offer_to_mark(session, question, now=message.sent_at)
    elif said is Afterwards.UNSURE:
        await heed_answer_back(session, message, question, now=now)
    elif said is Afterwards.OVER:
        await offer_to_close(session, question, is_there=is_there, now=message.sent_at)
    elif said is not Afterwards.WORKS:
        await ask_on(session, question, said_at=message.sent_at, now=now)
    elif is_there:
        await heed_thanks(session, message, question)


async def heed_thanks(session: AsyncSession, message: Message, question: Question) -> None:
    """It works: which reply was it? Where nobody replied, they found it themselves."""
    if await questions.count_answers(session, question):
        await offer_to_mark(session, question, now=message.sent_at)
    else:
        await offer_to_close(session, question, is_sure=False, now=message.sent_at)


async def heed_answer_back(
    session: AsyncSession, message: Message, question: Question, *, now: datetime
) -> None:
    """They answered what they were asked back: where nobody comes back to that, the asking goes
    on by itself."""
    last = await answers.get_last_counted(session, question)
    is_old = last is None or (question.stuck_at is not None and last.said_at <= question.stuck_at)
    if last is None or is_old or is_unopened(question):
        return
    if not (has_words(message.text) and asks_back(last.text)):
        return
    question.answered_back_at = message.sent_at
    await plan(session, question, now=now)
    await owe_card(session, question, now=now)
