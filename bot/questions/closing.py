"""Closing a question that its asker needs no answer to any more, and opening it again."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AlreadyClosed,
    AlreadySolved,
    NoCardYet,
    NothingWasSaid,
    OnlyAskerMaySay,
    OnlyAskerOrExpertMayOpen,
    QuestionIsGone,
)
from bot.experts.cards import owe_about, owe_card, owe_card_and_marker
from bot.experts.closing import NO_ANSWER, OVER, close, follow_edits, is_waited_for
from bot.experts.nudges import JUDGED, MARK
from bot.experts.steps import HAND_OFF, plan, start
from bot.experts.stuck import ask_on
from bot.kinds import CLOSE_OFFER, OPEN_OFFER
from bot.questions.merging import follow
from bot.questions.solutions import accept_solution, settle
from bot.rights import can_see, get_readable, may_decide
from bot.text import MAX_TEXT, cut, plain
from storage import people
from storage.experts import nudges
from storage.questions import answers, questions, solutions
from storage.questions.questions import Held
from storage.saving import add_if_first
from storage.tables import Answer, Question


@dataclass(frozen=True)
class Offer:
    """What the asker is offered in the thread, where they alone see it."""

    question_id: int
    asker_id: str
    channel_id: str
    thread_ts: str
    text: str
    closes_at: datetime | None = None  # where they said that it is over
    is_others_word: bool = False  # it is solved because somebody else said so


async def offer_to_close(
    session: AsyncSession,
    question: Question,
    *,
    is_sure: bool = True,
    is_there: bool = True,
    now: datetime,
) -> None:
    """Its asker says that it is over: nobody is asked meanwhile, and it is closed after a day,
    unless others wait for the answer too. `is_sure`: False where they may mean something else;
    `is_there`: False where they would not see what is offered. Who calls holds the question."""
    if question.solved_at or question.closed_at or question.merged_into_id:
        return
    if question.over_at is not None and now <= question.over_at:
        return  # the same words, told twice
    if is_there:
        await owe_about(session, CLOSE_OFFER, question, now=now)
    if is_sure and question.over_at is None and not await is_waited_for(session, question):
        question.over_at = now
        await plan(session, question, now=now)
        await owe_card(session, question, now=now)


async def offer_to_open(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """The asker is back in the thread: it does not work after all."""
    if question.merged_into_id is None:
        await owe_about(session, OPEN_OFFER, question, now=now)


async def get_close_offer(session: AsyncSession, team_id: str, question_id: int) -> Offer | None:
    """None where there is nothing to close any more."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at or question.solved_at or question.closed_at:
        return None
    closes_at = question.next_at if question.over_at is not None else None
    return offer_of(question, closes_at)


async def get_open_offer(session: AsyncSession, team_id: str, question_id: int) -> Offer | None:
    """None where it is open."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        return None
    if question.solved_at is None and question.closed_at is None:
        return None
    judged = [row for row, _ in await solutions.list_of(session, question.id)]
    is_others_word = any(row.accepted_by != question.asker_id for row in judged)
    return replace(offer_of(question), is_others_word=is_others_word)


async def get_unanswered(session: AsyncSession, team_id: str, question_id: int) -> Offer | None:
    """For its asker, that nobody could answer it; None where that is no more so, or they are not
    here or cannot read it any more."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at or question.closed_why != NO_ANSWER:
        return None
    asker = await people.get(session, team_id, question.asker_id)
    if asker is not None and asker.is_deactivated:
        return None
    return offer_of(question) if await can_see(session, question, question.asker_id) else None


def offer_of(question: Question, closes_at: datetime | None = None) -> Offer:
    return Offer(
        question_id=question.id,
        asker_id=question.asker_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
        closes_at=closes_at,
    )


async def close_it(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """Its asker needs no answer any more."""
    question = await get_own(session, team_id, question_id, user_id)
    if question.closed_at is not None:
        return
    check_is_not_solved(question)
    await close(session, question, OVER, now=now)
    await plan(session, question, now=now)
    await follow(session, question, now=now)


async def solve_elsewhere(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """It is solved, says its asker, and no reply did it: that credits nobody. What did it can be
    said afterwards; see `say_what_it_was`."""
    question = await get_own(session, team_id, question_id, user_id)
    check_is_not_solved(question)
    question.closed_at = question.closed_why = question.over_at = None
    question.solved_at = question.solved_elsewhere_at = now
    await follow_edits(session, question)
    await plan(session, question, now=now)
    await owe_card_and_marker(session, question, now=now)
    await follow(session, question, now=now)


async def keep_asking(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """It is not over: the asking goes on."""
    question = await get_own(session, team_id, question_id, user_id)
    check_is_not_solved(question)
    if question.closed_at is not None:
        raise AlreadyClosed()
    await ask_on(session, question, now=now)


async def open_again(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """Ask about it anew. What solved it until now solves it no more, but who helped then keeps
    the credit. False where it is open."""
    question = await get_readable(session, team_id, question_id, user_id)
    if not await may_decide(session, question, user_id):
        raise OnlyAskerOrExpertMayOpen(question.asker_id)
    is_handed_off = question.stage == HAND_OFF and question.claimed_by is None
    if question.solved_at is None and question.closed_at is None and not is_handed_off:
        return False
    if question.merged_into_id is not None:
        raise QuestionIsGone()
    question.closed_at = question.closed_why = question.over_at = None
    question.solved_elsewhere_at = None
    question.reopened_at = question.stuck_at = now
    question.claimed_by = question.claimed_at = None
    question.reused_id = question.reused_at = None
    await forget_words(session, question, now=now)
    for kind in (MARK, JUDGED):  # what comes now is another answer
        await nudges.forget(session, question.id, kind)
    await settle(session, team_id, question_id, now=now)
    await start(session, question, now=now)
    await owe_card_and_marker(session, question, now=now)
    await follow(session, question, now=now)
    return True


async def check_may_say(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str
) -> None:
    """For who wants to say what it was; see `say_what_it_was`."""
    await get_own(session, team_id, question_id, user_id)


async def say_what_it_was(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    user_id: str,
    words: str,
    now: datetime,
) -> None:
    """Keep the asker's words as what solved it. They stand on the question's card, and credit
    nobody."""
    question = await get_own(session, team_id, question_id, user_id)
    if not plain(words):
        raise NothingWasSaid()
    if question.card_ts is None:
        raise NoCardYet()
    place = place_of_words(question)
    answer = await answers.get_by_message(session, **place)
    if answer is None:
        new = Answer(
            **place,
            question_id=question.id,
            author_id=user_id,
            text="",
            answered_at=now,
            said_at=now,
        )
        answer = await add_if_first(session, new)
    if answer is not None:
        answer.text, answer.said_at, answer.erased_at = cut(words, MAX_TEXT), now, None
    question.closed_at = question.closed_why = question.over_at = None
    await accept_solution(session, **place, user_id=user_id, is_pressed=True, now=now)
    await owe_card_and_marker(session, question, now=now)


def place_of_words(question: Question) -> dict[str, str]:
    """Where the asker's words of what it was are: on the card."""
    return {
        "team_id": question.team_id,
        "channel_id": question.channel_id,
        "message_ts": question.card_ts or "",
    }


async def forget_words(session: AsyncSession, question: Question, *, now: datetime) -> None:
    answer = await answers.get_by_message(session, **place_of_words(question))
    if answer is not None:
        answer.text, answer.erased_at = "", now


async def get_own(session: AsyncSession, team_id: str, question_id: int, user_id: str) -> Held:
    """The question, held, for its asker alone."""
    question = await get_readable(session, team_id, question_id, user_id)
    if question.asker_id != user_id:
        raise OnlyAskerMaySay(question.asker_id)
    return question


def check_is_not_solved(question: Question) -> None:
    if question.solved_at is not None:
        raise AlreadySolved()
