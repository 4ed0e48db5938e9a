"""Whom to ask about a question: who is likely to know, can be asked now, and should be."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.assistants import list_spared
from bot.experts.knowing import (
    NOTHING,
    Found,
    find,
    get_kept,
    keep,
    known_of,
    list_solved_alike,
)
from bot.experts.lateness import is_late
from bot.experts.offer_notes import offer
from bot.experts.presence import owe_look
from bot.experts.readiness import Readiness, Roll, count_reasons
from bot.experts.routing import (
    EXPERTS_ASKED_AT_ONCE,
    Known,
    Ranked,
    choose_experts,
    rank_experts,
)
from storage.experts import topics
from storage.experts.readiness import Facts
from storage.search import Hit
from storage.tables import Offer, Question

MOST_ASKED = 15  # when everybody is asked: no crowd
MOST_HELPERS = 20  # who are looked at besides, of very many
NEWCOMERS_TURN = timedelta(days=3)  # an expert who has not helped yet is asked that often

logger = logging.getLogger("askaround.asking")


@dataclass(frozen=True)
class Asking:
    """How it stands with those who can be asked about a question."""

    asked: Sequence[Offer]  # all who were, those who passed too; not those who are gone
    ready: Mapping[str, Readiness]  # of the experts but the asker; of very many, of some
    left: Sequence[str]  # experts who were not asked yet
    facts: Mapping[str, Facts]  # of all of them, and of others
    roll: Roll
    experts: Sequence[str] = ()  # those left, and those asked as such
    are_from_elsewhere: bool = False  # nobody helps on its topic: these help on others
    is_partial: bool = False  # there are more experts than those who were looked at

    @property
    def able(self) -> list[str]:
        """Those who were not asked yet and can be now."""
        return [each for each in self.left if self.ready[each].can_be_asked]

    @property
    def waiting(self) -> list[Offer]:
        """Those asked who may still take it."""
        return [each for each in self.asked if each.passed_at is None]

    @property
    def gone(self) -> list[str]:
        """Those asked who are not there, or help on the topic no more."""
        return [each.user_id for each in self.waiting if self.is_gone(each)]

    def is_gone(self, given: Offer) -> bool:
        is_asked_as_expert = given.referred_by is None and not given.is_from_elsewhere
        has_left_topic = is_asked_as_expert and given.user_id not in self.experts
        return self.ready[given.user_id].is_gone or has_left_topic

    @property
    def next_leaves_at(self) -> datetime | None:
        """When one of those asked is gone next."""
        times = [self.ready[each.user_id].leaves_at for each in self.waiting]
        return min((at for at in times if at is not None), default=None)

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
    alike: Sequence[Hit] | None = None,
    now: datetime,
) -> Asking:
    """How it stands, without asking anybody. `is_new`: nobody can have been asked. `alike`: what
    was found like it already."""
    roll = roll or Roll()
    offered = [] if is_new else await roll.list_offers(session, question.id)
    asked = [each for each in offered if each.ended_at is None]
    everybody = await list_experts(session, question, roll)
    if not everybody:
        elsewhere = await list_from_elsewhere(session, question, roll, alike)
        asking = await look_at(session, question, asked, elsewhere, roll, now=now)
        return replace(asking, are_from_elsewhere=True)
    first = await list_first_experts(session, question, roll, now=now)
    if len(everybody) > len(first):
        asking = await look_at(session, question, asked, first, roll, now=now)
        if asking.able:
            return replace(asking, experts=everybody, is_partial=True)
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
    spared = await list_spared(session, question, left, now=now)
    left = [each for each in left if each not in spared]
    return Asking(asked, ready, left, roll.facts[place], roll, experts=experts)


async def list_experts(session: AsyncSession, question: Question, roll: Roll) -> list[str]:
    """All of its topic, but its asker."""
    if question.topic_id is None:
        return []
    found = await roll.list_experts(session, question.team_id, question.topic_id)
    return [user_id for user_id in found if user_id != question.asker_id]


async def list_from_elsewhere(
    session: AsyncSession, question: Question, roll: Roll, alike: Sequence[Hit] | None
) -> list[str]:
    """Nobody helps on its topic: those who help on another and solved some like it, who solved most
    first."""
    solved = await list_solved_alike(session, question, alike, roll)
    helping = await topics.list_helping(session, question.team_id, list(solved)) if solved else ()
    theirs = [user_id for user_id in solved if user_id in helping]
    return sorted(theirs, key=lambda user_id: -len(solved[user_id]))


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
    if not asking.able:
        tell_choice(question, asking, [])
        return asking
    found = await find_known(session, question, asking, alike=alike)
    asking = await with_helpers(session, question, asking, found.helpers, now=now)
    known = await know(session, question, asking, found, now=now)
    in_order = await rank(session, question, asking, known, now=now)
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
        are_from_elsewhere=asking.are_from_elsewhere,
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


async def find_known(
    session: AsyncSession, question: Question, asking: Asking, *, alike: Sequence[Hit] | None
) -> Found:
    """What was known when it was asked first; else what is found now. Of one alone it need not
    be known."""
    if len(asking.ready) == 1:
        return NOTHING
    kept = await get_kept(session, question, asking.roll) if asking.asked else None
    return kept or await find(session, question, asking.roll, alike)


async def with_helpers(
    session: AsyncSession,
    question: Question,
    asking: Asking,
    helpers: Sequence[str],
    *,
    now: datetime,
) -> Asking:
    """With those experts who helped in questions like it, where of very many only some were
    looked at."""
    if question.topic_id is None or not asking.is_partial:
        return asking
    experts = set(await list_experts(session, question, asking.roll))
    more = [each for each in helpers if each in experts and each not in asking.ready]
    if not more:
        return asking
    wider = [*asking.left, *more[:MOST_HELPERS]]
    looked = await look_at(session, question, asking.asked, wider, asking.roll, now=now)
    return replace(looked, experts=asking.experts, is_partial=True)


async def know(
    session: AsyncSession, question: Question, asking: Asking, found: Found, *, now: datetime
) -> dict[str, Known]:
    """What is known of those left; kept for the next few, and to learn from."""
    rhythms = {user_id: asking.facts[user_id].rhythm for user_id in asking.left}
    known = known_of(found, asking.left, rhythms, now=now)
    if not found.is_kept:
        await keep(session, question, known, now=now)
    return known


async def rank(
    session: AsyncSession,
    question: Question,
    asking: Asking,
    known: Mapping[str, Known],
    *,
    now: datetime,
) -> list[Ranked]:
    """Those who can be asked, in the order in which they are: at work first, and among those who
    are about as likely to know, those at their screen."""
    able = {user_id: known[user_id] for user_id in asking.able}
    facts = [asking.facts[user_id] for user_id in able]
    ranked = rank_experts(
        able,
        await asking.roll.get_weights(session, question.team_id),
        offers={each.user_id: each.lately for each in facts if each.lately},
        helpers={each.user_id for each in facts if each.rhythm is not None},
        idle={user_id for user_id in able if asking.ready[user_id].is_idle},
    )
    return sorted(ranked, key=lambda each: not asking.ready[each.user_id].is_at_work)


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
