"""Whom to ask about a question: who is likely to know, can be asked now, and should be."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.alike import find_alike
from bot.experts.lateness import is_late
from bot.experts.offer_notes import offer
from bot.experts.presence import owe_look
from bot.experts.readiness import Readiness, Roll, count_reasons
from bot.experts.routing import (
    EXPERTS_ASKED_AT_ONCE,
    PastHelp,
    Ranked,
    Rhythm,
    choose_experts,
    rank_experts,
    with_answer,
)
from bot.rights import may_all_read
from storage.experts import offers, rhythms
from storage.experts.readiness import Facts
from storage.questions.answers import Before
from storage.search import Hit
from storage.tables import Offer, Question

MOST_ASKED = 15  # when everybody is asked: no crowd
REFERRED = 0.7  # likeness that "ask them instead" counts as, for questions of the same topic
NEWCOMERS_TURN = timedelta(days=3)  # an expert who has not helped yet is asked that often

logger = logging.getLogger("askaround.asking")


@dataclass(frozen=True)
class Asking:
    """How it stands with those who can be asked about a question."""

    asked: Sequence[Offer]  # all who were, those who passed too
    ready: Mapping[str, Readiness]  # of the experts but the asker; of very many, of some
    left: Sequence[str]  # experts who were not asked yet
    facts: Mapping[str, Facts]  # of all of them, and of others
    roll: Roll

    @property
    def waiting(self) -> list[Offer]:
        """Those asked who may still take it."""
        return [each for each in self.asked if each.passed_at is None]

    @property
    def next_ready_at(self) -> datetime | None:
        """When somebody who was not asked yet can be."""
        times = [self.ready[each].ready_at for each in self.left]
        return min((at for at in times if at is not None), default=None)


async def look(
    session: AsyncSession,
    question: Question,
    *,
    is_new: bool = False,
    roll: Roll | None = None,
    now: datetime,
) -> Asking:
    """How it stands, without asking anybody. `is_new`: nobody can have been asked."""
    roll = roll or Roll()
    asked = [] if is_new else await roll.list_offers(session, question.id)
    experts = await list_first_experts(session, question, roll, now=now)
    asking = await look_at(session, question, asked, experts, roll, now=now)
    if any(asking.ready[each].can_be_asked for each in asking.left):
        return asking
    everybody = await list_experts(session, question, roll)
    if len(everybody) == len(experts):
        return asking
    return await look_at(session, question, asked, everybody, roll, now=now)


async def look_at(
    session: AsyncSession,
    question: Question,
    asked: Sequence[Offer],
    experts: Sequence[str],
    roll: Roll,
    *,
    now: datetime,
) -> Asking:
    """How it stands with these experts and with those who were asked."""
    known = [each.user_id for each in asked]
    user_ids = list(dict.fromkeys([*experts, *known]))
    place = (question.team_id, question.channel_id, question.topic_id)
    await roll.read_facts(session, {place: user_ids}, now=now)
    ready = roll.list_ready(place, user_ids, now, in_hours_only=is_late(question))
    left = [each for each in experts if each not in known]
    return Asking(asked, ready, left, roll.facts[place], roll)


async def list_experts(session: AsyncSession, question: Question, roll: Roll) -> list[str]:
    """All of its topic, but its asker."""
    if question.topic_id is None:
        return []
    found = await roll.list_experts(session, question.team_id, question.topic_id)
    return [user_id for user_id in found if user_id != question.asker_id]


async def list_first_experts(
    session: AsyncSession, question: Question, roll: Roll, *, now: datetime
) -> list[str]:
    """Those of them to look at first, where they are very many."""
    if question.topic_id is None:
        return []
    found = await roll.list_first_experts(session, question.team_id, question.topic_id, now=now)
    return [user_id for user_id in found if user_id != question.asker_id]


async def ask_next(
    session: AsyncSession,
    question: Question,
    asking: Asking,
    *,
    most: int = EXPERTS_ASKED_AT_ONCE,
    besides: bool = False,
    alike: Sequence[Hit] | None = None,
    now: datetime,
) -> Asking:
    """Ask the next, until `most` are asked who have not passed; with `besides`, that many
    more than are asked already. Who calls holds the question. `alike`: what was found already."""
    able = [each for each in asking.left if asking.ready[each].can_be_asked]
    if not able:
        tell_choice(question, asking, [])
        return asking
    in_order = await rank(session, question, asking, able, alike=alike, now=now)
    chosen = choose_experts(
        [each.user_id for each in in_order],
        asker_id=question.asker_id,
        already_asked=[each.user_id for each in asking.asked],
        passed=[each.user_id for each in asking.asked if each.passed_at],
        most=most + (len(asking.waiting) if besides else 0),
    )
    if most == EXPERTS_ASKED_AT_ONCE:
        chosen = with_newcomer(asking, in_order, chosen, now=now)
    tell_choice(question, asking, chosen)
    solved_like = {each.user_id: each.solved_like for each in in_order}
    new = await offer(
        session,
        question,
        {each: solved_like[each] for each in chosen},
        said={user_id: asking.facts[user_id].said for user_id in chosen},
        now=now,
    )
    asking.roll.note_offered(chosen, now=now)
    later = [each.user_id for each in in_order if each.user_id not in chosen]
    reached = {user_id: asking.facts[user_id].reached for user_id in later}
    await owe_look(session, question.team_id, reached, now=now)
    left = [each for each in asking.left if each not in chosen]
    return replace(asking, asked=[*asking.asked, *new], left=left)


def tell_choice(question: Question, asking: Asking, chosen: Sequence[str]) -> None:
    """For who runs the bot and is asked why somebody was asked, or nobody."""
    if logger.isEnabledFor(logging.DEBUG):
        who = f"asked {', '.join(chosen)}" if chosen else "nobody asked"
        not_asked = [each for each in asking.left if each not in chosen]
        why = count_reasons(asking.ready, not_asked)
        logger.debug("Question %d: %s: %s", question.id, who, why)


async def rank(
    session: AsyncSession,
    question: Question,
    asking: Asking,
    user_ids: Sequence[str],
    *,
    alike: Sequence[Hit] | None = None,
    now: datetime,
) -> list[Ranked]:
    """These people in the order in which they are asked: at work first, and among those who are
    about as likely to know, those at their screen."""
    facts = [asking.facts[user_id] for user_id in user_ids]
    ranked = rank_experts(
        user_ids,
        await list_helps(session, question, asking.roll, alike) if len(user_ids) > 1 else [],
        rhythms={
            each.user_id: Rhythm(each.amount, each.last_at)
            for each in facts
            if each.amount is not None and each.last_at is not None
        },
        offers={each.user_id: each.lately for each in facts if each.lately},
        idle=[each for each in user_ids if asking.ready[each].is_idle],
        now=now,
    )
    return sorted(ranked, key=lambda each: not asking.ready[each.user_id].is_at_work)


async def list_helps(
    session: AsyncSession, question: Question, roll: Roll, alike: Sequence[Hit] | None
) -> list[PastHelp]:
    """Who helped in questions like this one, as far as everybody who reads its card may know;
    and whom others named for its topic."""
    referrals = (
        await roll.list_referrals(session, question.team_id, question.topic_id)
        if question.topic_id is not None
        else []
    )
    helps = [
        PastHelp(row.to_id, REFERRED, 1, row.referred_at, is_solution=False) for row in referrals
    ]
    alike = await find_alike(session, question) if alike is None else alike
    hits = await list_shown(session, question, alike)
    if not hits:
        return helps
    best = max((hit.score for hit in hits.values()), default=0.0) or 1.0
    return helps + [
        PastHelp(
            row.user_id, hits[row.question_id].score / best, row.answers, row.helped_at, solved
        )
        for row in await roll.list_helps(session, list(hits))
        for solved in [row.solutions > 0]
    ]


async def list_shown(
    session: AsyncSession, question: Question, alike: Sequence[Hit]
) -> dict[int, Hit]:
    """Those of them that everybody who reads the question can read too."""
    shown = {
        channel_id: await may_all_read(
            session, question.team_id, channel_id=channel_id, members_of=question.channel_id
        )
        for channel_id in dict.fromkeys(hit.channel_id for hit in alike)
    }
    return {hit.question_id: hit for hit in alike if shown[hit.channel_id]}


def with_newcomer(
    asking: Asking, in_order: Sequence[Ranked], chosen: list[str], *, now: datetime
) -> list[str]:
    """Now and then the last of those chosen gives way to an expert who has not helped yet, so
    that they get to know how it is."""
    new = [each.user_id for each in in_order if not each.has_helped]
    if len(chosen) < EXPERTS_ASKED_AT_ONCE or not new or set(chosen).intersection(new):
        return chosen
    turn = next((user_id for user_id in new if is_their_turn(asking.facts[user_id], now)), None)
    return [*chosen[:-1], turn] if turn else chosen


def is_their_turn(newcomer: Facts, now: datetime) -> bool:
    last = newcomer.last_offered_at
    return last is None or last < now - NEWCOMERS_TURN


async def note_help(
    session: AsyncSession, team_id: str, user_id: str, before: Before, *, at: datetime
) -> None:
    """Somebody answered a question for the first time: it is in their rhythm."""
    is_known = before.amount is not None and before.last_at is not None
    known = Rhythm(before.amount or 0.0, before.last_at or at) if is_known else None
    rhythm = with_answer(known, at)
    await rhythms.save(
        session, team_id=team_id, user_id=user_id, amount=rhythm.amount, last_at=rhythm.last_at
    )
