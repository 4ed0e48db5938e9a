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
from bot.experts.readiness import Readiness, Roll, count_reasons, readiness
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
from storage.experts import offers, rhythms, topics
from storage.experts.readiness import Facts
from storage.questions.answers import Before
from storage.search import Hit
from storage.tables import Offer, Question

MOST_ASKED = 15  # when everybody is asked: no crowd
ALIKE = 0.4  # share of its words that a solved question has at least to tell who would know
WORDS = 2  # of them, at least
REFERRED = 0.7  # likeness that "ask them instead" counts as, for questions of the same topic
NEWCOMERS_TURN = timedelta(days=3)  # an expert who has not helped yet is asked that often

logger = logging.getLogger("askaround.asking")


@dataclass(frozen=True)
class Asking:
    """How it stands with those who can be asked about a question."""

    asked: Sequence[Offer]  # all who were, those who passed too; not those who are gone
    ready: Mapping[str, Readiness]  # of all experts but the asker
    left: Sequence[str]  # experts who were not asked yet
    facts: Mapping[str, Facts]  # of all of them
    roll: Roll
    experts: Sequence[str] = ()  # those left, and those asked as such
    are_from_elsewhere: bool = False  # nobody helps on its topic: these help on others

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
    known = [] if is_new else await offers.list_of(session, question.id)
    asked = [each for each in known if each.ended_at is None]
    asked_ids = [each.user_id for each in asked]
    own = await list_experts(session, question, roll)
    experts = own or await list_from_elsewhere(session, question, roll, alike)
    user_ids = list(dict.fromkeys([*experts, *asked_ids]))
    facts = await roll.list_facts(
        session,
        team_id=question.team_id,
        channel_id=question.channel_id,
        topic_id=question.topic_id,
        user_ids=user_ids,
        now=now,
    )
    calm = is_late(question)
    ready = {each: readiness(facts[each], now, in_hours_only=calm) for each in user_ids}
    return Asking(
        asked,
        ready,
        [each for each in experts if each not in asked_ids],
        facts,
        roll,
        experts=experts,
        are_from_elsewhere=not own,
    )


async def list_experts(session: AsyncSession, question: Question, roll: Roll) -> list[str]:
    if question.topic_id is None:
        return []
    found = await roll.list_experts(session, question.team_id, question.topic_id)
    return [user_id for user_id in found if user_id != question.asker_id]


async def list_from_elsewhere(
    session: AsyncSession, question: Question, roll: Roll, alike: Sequence[Hit] | None
) -> list[str]:
    """Nobody helps on its topic: those who help on another and solved some like it, who solved most
    first."""
    found = await find_alike(session, question) if alike is None else alike
    solved = await list_solved_alike(session, question, found, roll)
    helping = await topics.list_helping(session, question.team_id, list(solved)) if solved else ()
    theirs = [user_id for user_id in solved if user_id in helping]
    return sorted(theirs, key=lambda user_id: -len(solved[user_id]))


async def list_solved_alike(
    session: AsyncSession, question: Question, alike: Sequence[Hit], roll: Roll
) -> dict[str, set[int]]:
    """The questions truly like this one that each person but its asker solved, of those that all
    its readers can read."""
    near = [hit for hit in alike if hit.share >= ALIKE and hit.words >= WORDS]
    shown = await list_shown(session, question, near)
    helps = await roll.list_helps(session, list(shown)) if shown else []
    solved: dict[str, set[int]] = {}
    for row in helps:
        if row.solutions and row.user_id != question.asker_id:
            solved.setdefault(row.user_id, set()).add(row.question_id)
    return solved


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
