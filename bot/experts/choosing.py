"""Whom to ask about a question: who is likely to know, can be asked now, and should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.lateness import is_late
from bot.experts.offer_notes import offer
from bot.experts.presence import owe_look
from bot.experts.readiness import Readiness, list_ready
from bot.experts.routing import (
    EXPERTS_ASKED_AT_ONCE,
    Help,
    Ranked,
    Rhythm,
    choose_experts,
    rank_experts,
    with_answer,
)
from bot.rights import may_be_shown_in
from bot.text import headline, plain
from storage import search
from storage.experts import availability, offers, rhythms, topics
from storage.questions import questions
from storage.search import Hit, Search
from storage.tables import Offer, Question

LIKE_LOOKED_AT = 100  # solved questions
LOAD_WITHIN = timedelta(days=7)
MOST_ASKED = 15  # when everybody is asked: no crowd
REFERRED = 0.7  # likeness that "ask them instead" counts as, for questions of the same topic
NEWCOMERS_TURN = timedelta(days=3)  # an expert who has not helped yet is asked that often


@dataclass(frozen=True)
class Asking:
    """How it stands with those who can be asked about a question."""

    asked: Sequence[Offer]  # all who were, those who passed too
    ready: Mapping[str, Readiness]  # of all experts but the asker
    left: Sequence[str]  # experts who were not asked yet

    @property
    def waiting(self) -> list[Offer]:
        """Those asked who may still take it."""
        return [each for each in self.asked if each.passed_at is None]

    @property
    def next_ready_at(self) -> datetime | None:
        """When somebody who was not asked yet can be."""
        times = [self.ready[each].ready_at for each in self.left]
        return min((at for at in times if at is not None), default=None)


async def look(session: AsyncSession, question: Question, *, now: datetime) -> Asking:
    """How it stands, without asking anybody."""
    experts = await list_experts(session, question)
    asked = await offers.list_of(session, question.id)
    known = {each.user_id for each in asked}
    ready = await list_ready(
        session,
        team_id=question.team_id,
        channel_id=question.channel_id,
        topic_id=question.topic_id,
        user_ids=[*experts, *(known - set(experts))],
        in_hours_only=is_late(question),
        now=now,
    )
    return Asking(asked, ready, [each for each in experts if each not in known])


async def list_experts(session: AsyncSession, question: Question) -> list[str]:
    if question.topic_id is None:
        return []
    found = await topics.list_expert_ids(session, question.team_id, question.topic_id)
    return [user_id for user_id in found if user_id != question.asker_id]


async def look_again(session: AsyncSession, question: Question, before: Asking) -> Asking:
    """How it stands once more were asked: what is known of people is still true."""
    asked = await offers.list_of(session, question.id)
    known = {each.user_id for each in asked}
    return Asking(asked, before.ready, [each for each in before.left if each not in known])


async def ask_next(
    session: AsyncSession,
    question: Question,
    asking: Asking,
    *,
    most: int = EXPERTS_ASKED_AT_ONCE,
    besides: bool = False,
    now: datetime,
) -> Asking:
    """Ask the next, until `most` are asked who have not passed; with `besides`, that many
    more than are asked already."""
    able = [each for each in asking.left if asking.ready[each].can_be_asked]
    if not able:
        return asking
    in_order = await rank(session, question, asking, able, now=now)
    chosen = choose_experts(
        [each.user_id for each in in_order],
        asker_id=question.asker_id,
        already_asked=[each.user_id for each in asking.asked],
        passed=[each.user_id for each in asking.asked if each.passed_at],
        most=most + (len(asking.waiting) if besides else 0),
    )
    if most == EXPERTS_ASKED_AT_ONCE:
        chosen = await with_newcomer(session, question, in_order, chosen, now=now)
    solved_like = {each.user_id: each.solved_like for each in in_order}
    await offer(session, question, {each: solved_like[each] for each in chosen}, now=now)
    later = [each.user_id for each in in_order if each.user_id not in chosen]
    await owe_look(session, question.team_id, later, now=now)
    return await look_again(session, question, asking)


async def rank(
    session: AsyncSession,
    question: Question,
    asking: Asking,
    user_ids: Sequence[str],
    *,
    now: datetime,
) -> list[Ranked]:
    """These people in the order in which they are asked: at work first, and among those who are
    about as likely to know, those at their screen."""
    known = await rhythms.list_of(session, question.team_id, user_ids)
    ranked = rank_experts(
        user_ids,
        await list_helps(session, question) if len(user_ids) > 1 else [],
        rhythms={key: Rhythm(row.amount, row.last_at) for key, row in known.items()},
        offers=await availability.count_offers(
            session, question.team_id, user_ids, since=now - LOAD_WITHIN
        ),
        idle=[each for each in user_ids if asking.ready[each].is_idle],
        now=now,
    )
    return sorted(ranked, key=lambda each: not asking.ready[each.user_id].is_at_work)


async def list_helps(session: AsyncSession, question: Question) -> list[Help]:
    """Who helped in questions like this one, as far as everybody who reads its card may know;
    and whom others named for its topic."""
    helps = [
        Help(row.to_id, REFERRED, 1, row.referred_at, is_solution=False)
        for row in await offers.list_referrals(session, question.team_id, question.topic_id)
    ]
    if not await search.has_any(session, question.team_id):
        return helps
    hits = await list_like(session, question)
    best = max((hit.score for hit in hits.values()), default=0.0) or 1.0
    return helps + [
        Help(row.user_id, hits[row.question_id].score / best, row.answers, row.helped_at, solved)
        for row in await rhythms.list_helps(session, list(hits))
        for solved in [row.solutions > 0]
    ]


async def list_like(session: AsyncSession, question: Question) -> dict[int, Hit]:
    text = plain(question.text)
    first = headline(text)
    hits = await search.find(
        session,
        team_id=question.team_id,
        user_id=question.asker_id,
        search=Search(f"{first}\n{text.replace(first, '', 1)}"),
        limit=LIKE_LOOKED_AT,
    )
    found = {hit.question_id: hit for hit in hits if hit.question_id != question.id}
    shown: dict[str, bool] = {}
    for like in await questions.list_of_ids(session, question.team_id, list(found)):
        if like.channel_id not in shown:
            shown[like.channel_id] = await may_be_shown_in(session, like, question.channel_id)
        if not shown[like.channel_id]:
            del found[like.id]
    return found


async def with_newcomer(
    session: AsyncSession,
    question: Question,
    in_order: Sequence[Ranked],
    chosen: list[str],
    *,
    now: datetime,
) -> list[str]:
    """Now and then the last of those chosen gives way to an expert who has not helped yet, so
    that they get to know how it is."""
    new = [each.user_id for each in in_order if not each.has_helped]
    if len(chosen) < EXPERTS_ASKED_AT_ONCE or not new or set(chosen).intersection(new):
        return chosen
    had_a_turn = await availability.count_offers(
        session, question.team_id, new, since=now - NEWCOMERS_TURN
    )
    turn = next((user_id for user_id in new if user_id not in had_a_turn), None)
    return [*chosen[:-1], turn] if turn else chosen


async def note_help(
    session: AsyncSession, question: Question, user_id: str, *, at: datetime
) -> None:
    """Somebody answered the question for the first time: it is in their rhythm."""
    known = (await rhythms.list_of(session, question.team_id, [user_id])).get(user_id)
    rhythm = with_answer(Rhythm(known.amount, known.last_at) if known else None, at)
    await rhythms.save(
        session,
        team_id=question.team_id,
        user_id=user_id,
        amount=rhythm.amount,
        last_at=rhythm.last_at,
    )
