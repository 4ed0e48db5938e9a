"""Solved questions that the asker privately sees before anybody is asked: few, and only when
one of them is likely right. How like a question must be for that is learned in each
workspace from what its askers say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.alike import find_alike
from bot.errors import AlreadySolved, QuestionIsGone
from bot.experts.cards import owe_about, owe_card_and_marker
from bot.experts.steps import plan
from bot.finding.find import RANKED, Result, by_trust, results_of
from bot.finding.reuse import note_helped, take_back_helped
from bot.kinds import NEWCOMER, QUESTION_CARD, SUGGESTION
from bot.questions.merging import catch_up, follow, is_following
from bot.rights import get_readable
from storage import channels, outbox, search
from storage.questions import questions, suggestions
from storage.questions.questions import Held
from storage.search import Hit
from storage.tables import Question

MOST = 3
PATIENCE = timedelta(minutes=2)  # for the asker to look, before experts are asked
WORDS = 2  # in common, at least: one word alone means too many things
CLOSE_BEHIND = 0.75  # of the best one's likeness: what is far behind it is not shown

WANTED = 0.8  # how often one of those shown should be right
START, STEP, LOWEST, HIGHEST = 0.5, 0.05, 0.2, 0.9
JUDGED_LOOKED_AT = 400  # the newest: a community changes
FAITH, FAITH_WEIGHT = 0.9, 10  # what is believed before anybody judged: as if of ten, nine
ENOUGH, SURE = 10, 0.85  # judgements just above that allow a step down


@dataclass(frozen=True)
class Suggestions:
    """What the asker of a question is shown."""

    question_id: int
    asker_id: str
    channel_id: str
    thread_ts: str | None  # None: in the channel, as nobody looks into a thread without replies
    results: tuple[Result, ...]


async def suggest_first(
    session: AsyncSession,
    question: Question,
    alike: Sequence[Hit],
    is_met: bool,
    *,
    now: datetime,
) -> bool:
    """Whether the asker sees something before anybody is asked. What a newcomer, who is not met
    yet, may see is not known before Slack says who they are."""
    if is_met:
        return await suggest(session, question, alike, now=now)
    if not await search.has_any(session, question.team_id):
        return False
    await owe_about(session, NEWCOMER, question, now=now)
    return True


async def get_newcomer(session: AsyncSession, team_id: str, question_id: int) -> str | None:
    """Who asked it, while that is of use."""
    question = await questions.get(session, team_id, question_id)
    return question.asker_id if question is not None and not question.withdrawn_at else None


async def suggest_to_newcomer(
    session: AsyncSession, *, team_id: str, question_id: int, now: datetime
) -> None:
    """Now that the asker is known: suggest something, or ask the experts at once."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        return
    if question.solved_at is not None or not await suggest(
        session, question, await find_alike(session, question), now=now
    ):
        await outbox.hasten(session, QUESTION_CARD, question.id, team_id=team_id)


async def suggest(
    session: AsyncSession, question: Question, alike: Sequence[Hit], *, now: datetime
) -> bool:
    """Owe the asker the solved questions that are likely right; False when there are none."""
    if not alike:
        return False
    hits = await by_trust(session, alike[:RANKED], now=now)
    judged = await suggestions.list_judged(session, question.team_id, JUDGED_LOOKED_AT)
    likely = choose(hits, likeness_needed(judged))
    if not likely:
        return False
    likeness = {hit.question_id: hit.share for hit in likely}
    await suggestions.add(session, question, likeness, now=now)
    await owe_about(session, SUGGESTION, question, now=now)
    return True


def choose(hits: Sequence[Hit], needed: float) -> list[Hit]:
    """The few to suggest: the first must be like enough, the others close behind it."""
    true = [hit for hit in hits if not (hit.is_doubted or hit.is_outdated)]
    true = [hit for hit in true if hit.unconfirmed != "unsure"]
    true = [hit for hit in true if hit.words >= WORDS][:MOST]
    if not true or true[0].share < needed:
        return []
    return [hit for hit in true if hit.share >= CLOSE_BEHIND * true[0].share]


def likeness_needed(judged: Sequence[tuple[float, bool]]) -> float:
    """How like the best suggestion must be, 0 to 1, so that what is shown is right often
    enough here. `judged`: likeness of the best, and whether one of those shown was right.

    The start is careful. Wrong ones raise it at once; it falls a step below the start only
    where just above it there was enough that was right."""
    needed = START
    while needed < HIGHEST and share_right(judged, needed) < WANTED:
        needed += STEP
    while needed - STEP >= LOWEST and needed <= START:
        just_above = [right for like, right in judged if needed <= like < needed + 2 * STEP]
        is_sure = len(just_above) >= ENOUGH and sum(just_above) / len(just_above) >= SURE
        if not is_sure or share_right(judged, needed - STEP, needed) < WANTED:
            break
        needed -= STEP
    return needed


def share_right(judged: Sequence[tuple[float, bool]], low: float, high: float = 2.0) -> float:
    """How often one was right where the best was that like, judgement and faith together."""
    there = [right for likeness, right in judged if low <= likeness < high]
    return (sum(there) + FAITH * FAITH_WEIGHT) / (len(there) + FAITH_WEIGHT)


async def get_suggestions(
    session: AsyncSession, team_id: str, question_id: int
) -> Suggestions | None:
    """What to show now, from what the asker can read now; None when it came too late."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at or question.solved_at or not question.thread_ts:
        return None
    if question.merged_into_id or question.over_at or question.closed_at:
        return None
    ids = [row.solved_id for row in await suggestions.list_of(session, question_id)]
    results = [
        result
        for result in await results_of(session, team_id, ids)
        if await channels.can_read(
            session, team_id=team_id, channel_id=result.channel_id, user_id=question.asker_id
        )
    ]
    if not results:
        return None
    is_in_thread = question.thread_ts != question.message_ts
    return Suggestions(
        question_id=question.id,
        asker_id=question.asker_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts if is_in_thread else None,
        results=tuple(results),
    )


async def accept_suggestion(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    solved_id: int,
    user_id: str,
    now: datetime,
) -> Sequence[str]:
    """It solved the asker's question: nobody is asked, and its authors are credited."""
    question = await get_asked(session, team_id, question_id, user_id)
    if question.solved_at is not None:
        raise AlreadySolved()
    if solved_id not in {row.solved_id for row in await suggestions.list_of(session, question_id)}:
        raise QuestionIsGone()
    credited = await note_helped(
        session, team_id=team_id, question_id=solved_id, user_id=user_id, now=now
    )
    question.reused_id, question.reused_at, question.solved_at = solved_id, now, now
    await suggestions.judge(session, question_id, solved_id=solved_id, is_right=True, now=now)
    await follow(session, question, now=now)
    await show_now(session, question, now=now)
    return credited


async def decline_suggestions(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> None:
    """None of them: the experts are asked now. Said of one that was accepted, that is undone."""
    question = await get_asked(session, team_id, question_id, user_id)
    if question.reused_id is not None and not is_following(question):
        await take_back_helped(session, question_id=question.reused_id, user_id=user_id, now=now)
        await suggestions.judge(
            session, question_id, solved_id=question.reused_id, is_right=False, now=now
        )
        if question.solved_at == question.reused_at:
            question.solved_at = None
        question.reused_id = question.reused_at = None
        await follow(session, question, now=now)
        await catch_up(session, question, now=now)
    await suggestions.judge(session, question_id, is_right=False, now=now)
    await show_now(session, question, now=now)


async def get_asked(session: AsyncSession, team_id: str, question_id: int, user_id: str) -> Held:
    """The question, locked, for its asker alone."""
    question = await get_readable(session, team_id, question_id, user_id)
    if question.asker_id != user_id:
        raise QuestionIsGone()
    return question


async def show_now(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Let the card, which waited for the asker's word, wait no longer."""
    await plan(session, question, now=now)
    await owe_card_and_marker(session, question, now=now)
    await outbox.hasten(session, QUESTION_CARD, question.id, team_id=question.team_id)
