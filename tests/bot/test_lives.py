"""Random lives of questions and people: whatever happens, in whatever order, a question has a
next step or an end, and nobody is asked whom the rules leave alone."""

import random
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.community.channels import join_channel, leave_channel
from bot.errors import OnlyMembersMayJoin, UserError
from bot.experts import steps
from bot.experts.availability import (
    DAILY_LIMIT,
    come_back,
    go_away,
    set_country,
    set_hours,
    set_limit,
)
from bot.experts.claims import claim, keep, pass_on, pause_topic, refer
from bot.experts.presence import learn_active, learn_quiet
from bot.experts.readiness import MOST_OPEN, OPEN_WITHIN, Roll
from bot.experts.steps import take_step
from bot.experts.stuck import call_stuck
from bot.experts.topics import join_topic, leave_topic
from bot.hours import is_working, read_hours
from bot.people import learn_person
from bot.questions.capture import call_not_a_question
from bot.questions.closing import close_it, keep_asking, open_again, solve_elsewhere
from bot.questions.messages import erase, hear
from bot.questions.refusals import refuse, settle_vouched
from storage.experts import offers, topics
from storage.experts.steps import get_facts
from storage.questions import questions, solutions
from storage.tables import Offer, Person, Question
from tests.bot.conftest import (
    ADA,
    ANA,
    BEN,
    EVA,
    HELP,
    NOW,
    OTHER_TEAM,
    PIA,
    TEAM,
    add_topic,
    ask,
    at,
    learn,
    learn_help_channel,
    profile,
    said,
    tick,
    ts,
)

HOUR = 3600
EXPERTS = [BEN, EVA, PIA, ADA]
START = datetime(2026, 10, 22, 9, tzinfo=UTC)  # the clocks go back on the Sunday after
HOURS = "mon-fri 9:00-17:30"


@dataclass
class Known:
    """What a person may be asked, as this test keeps it, apart from the bot."""

    away_until: datetime | None = None
    quiet: tuple[datetime, datetime] | None = None
    out_until: datetime | None = None
    country: str = "IT"
    limit: int = DAILY_LIMIT
    has_own_hours: bool = False
    is_guest: bool = False
    is_deactivated: bool = False
    is_in_channel: bool = True
    is_expert: bool = True
    has_paused: bool = False

    def can_be_asked(self, now: datetime) -> bool:
        if not self.is_expert or not self.is_there(now):
            return False
        own = replace(read_hours(HOURS, timezone="Europe/Rome"), country=self.country)
        return not self.has_own_hours or is_working(own, now)

    def is_there(self, now: datetime) -> bool:
        """Else what they were asked is not waited for."""
        if self.is_deactivated or (self.is_guest and not self.is_in_channel) or self.has_paused:
            return False
        is_away = any(until and now < until for until in (self.away_until, self.out_until))
        return not is_away and not (self.quiet and self.quiet[0] <= now < self.quiet[1])


REPLIES = (
    *("me too", "following", "No idea, sorry", "lol", "<@U_ZOE> do you know?"),
    *("Press Amend.", "Which form is it?", "Which country? And try Amend.", ":eyes:"),
)
ASKERS_WORDS = (
    *("Still stuck, none of this worked", "It does not work at all", "It broke again"),
    *("Never mind, found it", "Thanks, will try tomorrow", "That worked, thanks!"),
    *("Form 4711", "It is Italy, and it has been since Monday", "ok"),
)


class Life:
    """Random claims, passes, referrals, replies, deletions, marks, absences and jumps of time,
    over the Sunday on which the clocks go back."""

    def __init__(self, session: AsyncSession, seed: int) -> None:
        self.session, self.dice = session, random.Random(seed)
        self.now = (START - NOW).total_seconds()
        self.asked: dict[int, float] = {}
        self.replies: list[str] = []
        self.refused: set[int] = set()  # answers
        self.known = {user_id: Known() for user_id in EXPERTS}
        self.acts = [
            *(self.claim, self.pass_on, self.refer, self.keep, self.reply, self.erase, self.mark),
            *(self.end, self.go_away, self.be_quiet, self.set_limit, self.set_hours),
            *(self.become_guest, self.move, self.pause, self.join_or_leave, self.restart),
            *(self.change_status, self.change_status, self.change_country),
            *(self.write_something, self.write_something, self.say, self.say, self.say),
            *(self.close_or_open, self.mark_for_another, self.mark_for_another, self.refuse),
        ]

    async def go_on(self, number: int) -> None:
        """One thing happens, and the clock takes what is due."""
        jumps = [60, 900, 900, 5 * HOUR, 5 * HOUR, 30 * HOUR, 30 * HOUR, 200 * HOUR]
        self.now += self.dice.choice(jumps) + number / 1000
        if not self.asked or self.dice.random() < 0.2:
            self.now += 600  # or it would join the question before
            words = f"Which tariff code is form {number}?"
            await self.watched(self.ask(words))
        else:
            who = self.dice.choice(EXPERTS)
            lately = self.dice.choice(list(self.asked)[-3:])
            await self.watched(self.dice.choice(self.acts)(lately, who))
        await self.session.flush()
        await self.watched(settle_vouched(self.session, now=at(self.now)))
        while due := await questions.list_due(self.session, now=at(self.now), limit=1):
            # One by one: a claim that is given back makes the next count differ.
            await self.watched(self.take_step(due[0]))
            await self.session.flush()

    async def ask(self, words: str) -> int:
        return await ask(self.session, words, seconds=self.now)

    async def watched(self, act: Any) -> Any:
        """Do it, and hold every offer that it made against the rules."""
        before = {key_of(each) for each in await self.offers()}
        done = None
        with suppress(UserError):  # a sentence for who acted
            done = await act
        await self.session.flush()
        if isinstance(done, int) and not isinstance(done, bool):
            self.asked[done] = self.now
        made = [each for each in await self.offers() if key_of(each) not in before]
        for each in made:
            await self.check(each)
        return done

    async def offers(self) -> list[Offer]:
        ids = list(self.asked) or [0]
        found = [each for number in ids for each in await offers.list_of(self.session, number)]
        newest = await self.session.get(Question, max(ids) + 1)
        more = await offers.list_of(self.session, newest.id) if newest else []
        return [*found, *more]

    async def check(self, made: Offer) -> None:
        question = await self.session.get_one(Question, made.question_id)
        assert made.team_id == TEAM and made.user_id in self.known
        assert made.user_id != question.asker_id
        known = self.known[made.user_id]
        if made.passed_at is not None and made.passed_at == made.offered_at:
            return  # they said "not me" of their own accord
        assert not known.is_deactivated
        if made.referred_by is not None:
            return  # a colleague asked for them by name
        assert known.can_be_asked(made.offered_at), (made.user_id, known)
        given = [each for each in await self.offers() if each.user_id == made.user_id]
        day = [each for each in given if 0 <= age(made, each) < timedelta(days=1).total_seconds()]
        assert len(day) <= known.limit
        waiting = [each for each in given if 0 <= age(made, each) < OPEN_WITHIN.total_seconds()]
        waiting = [each for each in waiting if await self.waits(each)]
        assert len(waiting) <= MOST_OPEN

    async def waits(self, given: Offer) -> bool:
        question = await self.session.get_one(Question, given.question_id)
        ends = (question.solved_at, question.withdrawn_at, question.over_at, question.closed_at)
        is_open = all(each is None for each in ends)
        is_free = question.claimed_by in (None, given.user_id)
        return is_open and is_free and given.passed_at is None and given.ended_at is None

    # What people do

    async def press(self, act: Any, question_id: int, user_id: str, **more: Any) -> None:
        about = {"team_id": TEAM, "question_id": question_id, "user_id": user_id}
        await act(self.session, **about, **more, now=at(self.now))

    async def take_step(self, question: Question) -> None:
        facts = await get_facts(self.session, question)
        await take_step(self.session, question, facts, roll=Roll(), now=at(self.now))

    async def claim(self, question_id: int, user_id: str) -> None:
        await self.press(claim, question_id, user_id)

    async def keep(self, question_id: int, user_id: str) -> None:
        await self.press(keep, question_id, user_id)

    async def pass_on(self, question_id: int, user_id: str) -> None:
        await self.press(pass_on, question_id, user_id)

    async def refer(self, question_id: int, user_id: str) -> None:
        await self.press(refer, question_id, user_id, to_id=self.dice.choice(EXPERTS))

    async def reply(self, question_id: int, user_id: str) -> None:
        thread_ts = ts(self.asked[question_id])
        message = said("Form 7.", by=user_id, seconds=self.now, thread_ts=thread_ts)
        await hear(self.session, message, now=at(self.now))
        self.replies.append(message.message_ts)

    async def write_something(self, question_id: int, user_id: str) -> None:
        message_ts = await self.write(question_id, user_id, self.dice.choice(REPLIES))
        self.replies.append(message_ts)

    async def say(self, question_id: int, _: object) -> None:
        await self.write(question_id, ANA, self.dice.choice(ASKERS_WORDS))

    async def write(self, question_id: int, user_id: str, words: str) -> str:
        thread_ts = ts(self.asked[question_id])
        message = said(words, by=user_id, seconds=self.now, thread_ts=thread_ts)
        await hear(self.session, message, now=at(self.now))
        return message.message_ts

    async def close_or_open(self, question_id: int, _: object) -> None:
        ways = [open_again, open_again, keep_asking, close_it, solve_elsewhere, call_stuck]
        await self.press(self.dice.choice(ways), question_id, ANA)

    async def mark_for_another(self, _: object, user_id: str) -> None:
        """An expert, perhaps of their own reply."""
        if self.replies:
            is_on = self.dice.random() < 0.8
            reply = self.dice.choice(self.replies[-3:])
            await tick(self.session, reply, by=user_id, seconds=self.now, on=is_on)

    async def refuse(self, *_: object) -> None:
        """What others say solved it, of one of the questions."""
        found = {
            question_id: {answer.id for row, answer in rows if row.accepted_by != ANA}
            for question_id in self.asked
            for rows in [await solutions.list_of(self.session, question_id)]
        }
        judged = {question_id: ids for question_id, ids in found.items() if ids}
        if judged:
            question_id = self.dice.choice(list(judged))
            await self.press(refuse, question_id, ANA)
            self.refused |= judged[question_id]

    async def erase(self, *_: object) -> None:
        if self.replies:
            await erase(
                self.session,
                team_id=TEAM,
                channel_id=HELP,
                message_ts=self.dice.choice(self.replies),
                now=at(self.now),
            )

    async def mark(self, *_: object) -> None:
        if self.replies:
            is_on = self.dice.random() < 0.7
            reply = self.dice.choice(self.replies)
            await tick(self.session, reply, seconds=self.now, on=is_on)

    async def end(self, question_id: int, _: object) -> None:
        if self.dice.random() < 0.3:
            await self.press(call_not_a_question, question_id, ANA)

    async def go_away(self, _: object, user_id: str) -> None:
        about = {"team_id": TEAM, "user_id": user_id}
        if self.known[user_id].away_until is not None:
            await come_back(self.session, **about, now=at(self.now))
            self.known[user_id].away_until = None
        else:
            self.known[user_id].away_until = await go_away(
                self.session, **about, written="for 2 days", now=at(self.now)
            )

    async def change_status(self, _: object, user_id: str) -> None:
        known = self.known[user_id]
        days = self.dice.choice([None, 1, 5])
        known.out_until = at(self.now) + timedelta(days=days) if days else None
        await self.tell(user_id)

    async def change_country(self, _: object, user_id: str) -> None:
        """Some of them have a public holiday within these days."""
        known = self.known[user_id]
        known.country = self.dice.choice(["AT", "DE-BY", "IT", ""])
        about = {"team_id": TEAM, "user_id": user_id, "written": known.country or "none"}
        await set_country(self.session, **about)

    async def be_quiet(self, _: object, user_id: str) -> None:
        starts = at(self.now + self.dice.choice([-HOUR, HOUR]))
        ends = starts + timedelta(hours=self.dice.choice([2, 10]))
        about = {"team_id": TEAM, "user_id": user_id, "now": at(self.now)}
        await learn_quiet(self.session, **about, starts_at=starts, ends_at=ends)
        await learn_active(self.session, **about, is_active=self.dice.random() < 0.5)
        self.known[user_id].quiet = starts, ends

    async def set_limit(self, _: object, user_id: str) -> None:
        limit = self.dice.choice([0, 1, DAILY_LIMIT])
        await set_limit(self.session, team_id=TEAM, user_id=user_id, written=str(limit))
        self.known[user_id].limit = limit

    async def set_hours(self, _: object, user_id: str) -> None:
        known = self.known[user_id]
        known.has_own_hours = not known.has_own_hours
        written = HOURS if known.has_own_hours else "usual"
        await set_hours(self.session, team_id=TEAM, user_id=user_id, written=written)

    async def become_guest(self, _: object, user_id: str) -> None:
        known = self.known[user_id]
        known.is_guest, known.is_deactivated = self.dice.choice(
            [(True, False), (False, True), (False, False), (False, False)]
        )
        await self.tell(user_id)

    async def tell(self, user_id: str) -> None:
        """Slack says who they are."""
        known = self.known[user_id]
        names = ("is_guest", "is_deactivated", "out_until")
        changes = {name: getattr(known, name) for name in names}
        they = profile(user_id, **changes, is_admin=user_id == ADA)
        await learn_person(self.session, team_id=TEAM, profile=they, now=at(self.now))

    async def move(self, _: object, user_id: str) -> None:
        known = self.known[user_id]
        known.is_in_channel = not known.is_in_channel
        if not known.is_in_channel:
            await leave_channel(
                self.session, team_id=TEAM, channel_id=HELP, user_id=user_id, now=at(self.now)
            )
            return
        place = {"team_id": TEAM, "channel_id": HELP}
        await join_channel(self.session, **place, user_id=user_id, now=at(self.now))

    async def pause(self, question_id: int, user_id: str) -> None:
        await self.press(pause_topic, question_id, user_id)
        self.known[user_id].has_paused = True

    async def join_or_leave(self, _: object, user_id: str) -> None:
        about = {"team_id": TEAM, "user_id": user_id, "name": "customs"}
        known = self.known[user_id]
        if known.is_expert and not known.has_paused:
            await leave_topic(self.session, **about, now=at(self.now))
            known.is_expert = False
        elif known.is_expert or not (known.is_guest or known.is_deactivated):
            await join_topic(self.session, **about, now=at(self.now))
            known.is_expert, known.has_paused = True, False
        else:
            with pytest.raises(OnlyMembersMayJoin):
                await join_topic(self.session, **about, now=at(self.now))

    async def restart(self, *_: object) -> None:
        """Nothing that matters is in memory."""
        await self.session.flush()
        self.session.expire_all()


def key_of(given: Offer) -> tuple[int, str, datetime]:
    """Who was gone can be asked the same again."""
    return given.question_id, given.user_id, given.offered_at


def age(later: Offer, earlier: Offer) -> float:
    return (later.offered_at - earlier.offered_at).total_seconds()


@pytest.fixture
async def customs(session: AsyncSession, help_channel) -> None:
    """A topic with four experts; and people of the same names in another workspace."""
    for user_id in (*EXPERTS, ANA):
        await learn(session, user_id, team_id=OTHER_TEAM, is_admin=user_id == ADA)
    await learn_help_channel(session, team_id=OTHER_TEAM, user_ids=[*EXPERTS, ANA])
    for team_id in (OTHER_TEAM, TEAM):
        await add_topic(session, experts=EXPERTS, keywords="tariff", team_id=team_id)
    for person in await session.scalars(select(Person)):
        person.read_at = START  # what Slack says of them from then on is news


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_a_question_goes_on_and_the_rules_hold(
    session: AsyncSession, customs, seed: int
):
    if seed % 2:
        topic = await topics.get_by_key(session, TEAM, "customs")
        assert topic is not None
        topic.hand_off_channel_id = HELP
    life = Life(session, seed)

    for number in range(40):
        await life.go_on(number)
        for question_id in life.asked:
            await check_has_a_next_step_or_an_end(session, question_id, at(life.now))
            await check_solutions(life, question_id)
            await check_are_there(life, question_id)


async def check_has_a_next_step_or_an_end(
    session: AsyncSession, question_id: int, now: datetime
) -> None:
    question = await session.get(Question, question_id, populate_existing=True)
    assert question is not None
    if question.solved_at or question.withdrawn_at or question.closed_at:
        assert question.step_at is None
        assert bool(question.closed_at) == bool(question.closed_why)
    elif question.step_at is not None:
        assert now < question.step_at < now + timedelta(days=40)
    else:
        assert question.stage == steps.HAND_OFF and question.handed_off_at is not None


async def check_solutions(life: Life, question_id: int) -> None:
    """What its asker refused is no solution by the word of others, nor is what somebody marked of
    their own within a day."""
    for row, answer in await solutions.list_of(life.session, question_id):
        if row.accepted_by == ANA:
            continue
        assert answer.id not in life.refused
        if row.accepted_by == answer.author_id:
            assert at(life.now) - row.accepted_at >= timedelta(days=1)


async def check_are_there(life: Life, question_id: int) -> None:
    """Who is asked, as its card says, is there."""
    question = await life.session.get_one(Question, question_id)
    if question.next_step not in (steps.ASK, steps.OPENS) or question.claimed_by is not None:
        return
    for each in await offers.list_of(life.session, question_id):
        if each.passed_at is None and each.ended_at is None:
            known = life.known[each.user_id]
            assert known.is_there(at(life.now)), (each.user_id, known)
            assert known.is_expert or each.referred_by
