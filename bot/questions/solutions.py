"""Accepting an answer as the solution to a question, and taking that back.

Every ✅ is kept as a fact about a message and a person. What is a solution, and who is
credited, follows from these facts alone (`settle`), so the order in which Slack tells us
of replies, marks and their removal does not matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot import index
from bot.errors import NotAnAnswer, OnlyAskerOrExpertMayAccept
from bot.experts.cards import VOUCHED_FOR, owe_about, owe_card, owe_card_and_marker
from bot.experts.lateness import is_archived
from bot.experts.proposals import propose_if_due
from bot.experts.steps import plan
from bot.finding.reviews import close_reviews, renew
from bot.kinds import (
    CLOSE_OFFER,
    MARK_HINT,
    READ_ANSWER,
    READ_STRANGER,
    REPLY_MARKER,
    MessageAt,
    QuestionAndPerson,
)
from bot.people import Profile, learn_person
from bot.questions.judging import is_others_word, owe_judged_note
from bot.questions.me_too import owe_solved_notes
from bot.questions.merging import follow
from bot.recognition.personal import plan_personal_digest
from bot.recognition.worked import owe_worked_note
from bot.rights import can_see, is_expert, may_decide
from storage import channels, outbox, people
from storage.questions import answers, archived, marks, questions, solutions, suggestions
from storage.questions.answers import BY_APP, ME_TOO, NO_ANSWER
from storage.recognition import kudos
from storage.saving import add_if_first
from storage.tables import Answer, Mark, Person, Question, Solution

Fact = tuple[str, int, str, str]  # kind, answer, giver, receiver
Given = tuple[Answer, Mark]
MARKED = ("solved", "helped")  # the kinds of kudos that follow from marks


@dataclass(frozen=True)
class ReplyMarker:
    """The bot's own ✅ on a reply, in the name of who pressed that it worked."""

    channel_id: str
    message_ts: str
    is_wanted: bool


@dataclass(frozen=True)
class Settled:
    changed: bool
    answer_ids: frozenset[int]  # the question's answers, as it was held


async def accept_solution(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    is_pressed: bool = False,
    now: datetime,
) -> bool:
    """Somebody put a ✅ on the message, or pressed a button that says the same (`is_pressed`);
    False when that changed nothing.

    The asker's, an expert's or an admin's makes it a solution; anybody else's says that it
    helped them too. A message we do not know yet is looked up."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    answer = await answers.get_by_message(session, **place)
    if answer is None and not await channels.is_asked_in(
        session, team_id=team_id, channel_id=channel_id
    ):
        return False
    if not await marks.save_if_newer(
        session, **place, user_id=user_id, is_on=True, is_pressed=is_pressed, now=now
    ):
        return False
    if answer is not None and answer.erased_at is None:
        return await settle_moving(session, answer, now=now)
    part = await questions.get_part(session, **place)
    if part is not None:
        await hint_at_replies(session, part.question_id, team_id, user_id, now=now)
        return False
    if answer is not None:
        return await settle_moving(session, answer, now=now)
    # A reply that comes at this moment is found by that look, too.
    await outbox.owe(
        session,
        READ_ANSWER,
        MessageAt(channel_id, message_ts),
        team_id=team_id,
        lane=channel_id,
        now=now,
    )
    return False


async def owe_reply_marker(
    session: AsyncSession, question: Question, answer_id: int, *, now: datetime
) -> None:
    await outbox.owe(
        session,
        REPLY_MARKER,
        answer_id,
        team_id=question.team_id,
        lane=question.channel_id,
        now=now,
    )


async def get_reply_marker(
    session: AsyncSession, team_id: str, answer_id: int
) -> ReplyMarker | None:
    """Wanted where a press made it a solution: who put the ✅ there themselves sees theirs."""
    answer = await answers.get(session, team_id, answer_id)
    if answer is None or answer.erased_at is not None:
        return None
    place = {"channel_id": answer.channel_id, "message_ts": answer.message_ts}
    is_solution = await solutions.is_solution(session, answer_id)
    is_wanted = is_solution and await marks.is_pressed(session, team_id=team_id, **place)
    return ReplyMarker(**place, is_wanted=is_wanted)


async def withdraw_solution(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    now: datetime,
) -> bool:
    """Somebody took their ✅ off; False when that changed nothing."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    if not await channels.is_asked_in(session, team_id=team_id, channel_id=channel_id):
        return False
    if not await marks.save_if_newer(
        session, **place, user_id=user_id, is_on=False, is_pressed=False, now=now
    ):
        return False
    changed = await settle_answer(session, **place, now=now)
    if changed:
        await let_go(session, **place, now=now)
    return changed


async def let_go(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> None:
    """A message of the channel was an answer because of its ✅ alone."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    answer = await answers.get_by_message(session, **place)
    if answer is None or answer.thread_ts != message_ts or await marks.has_any(session, **place):
        return
    answer.kind = NO_ANSWER
    await session.flush()
    question = await questions.get_locked(session, team_id, answer.question_id)
    if question is not None:
        await plan(session, question, now=now)


async def check_may_accept(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, user_id: str
) -> None:
    """For those who chose "Mark as solution": a sentence if it would not count, or if they
    cannot read it."""
    answer = await answers.get_by_message(
        session, team_id=team_id, channel_id=channel_id, message_ts=message_ts
    )
    if answer is None or answer.erased_at is not None:
        raise NotAnAnswer()
    question = await questions.get(session, team_id, answer.question_id)
    if question is None or question.withdrawn_at is not None:
        raise NotAnAnswer()
    if not await can_see(session, question, user_id):
        raise NotAnAnswer()
    if not await may_decide(session, question, user_id):
        raise OnlyAskerOrExpertMayAccept(question.asker_id)


async def hint_at_replies(
    session: AsyncSession, question_id: int, team_id: str, user_id: str, *, now: datetime
) -> None:
    """The asker put ✅ on the question itself: it belongs on the reply that worked, if there is
    one, and else they may say that it is solved."""
    question = await questions.get(session, team_id, question_id)
    if question is None or user_id != question.asker_id or question.solved_at is not None:
        return
    if await questions.count_answers(session, question):
        await owe_about(session, MARK_HINT, question, now=now)
    else:
        await owe_about(session, CLOSE_OFFER, question, now=now)


async def settle_answer(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> bool:
    """Settle the question of the answer there, if it is one; False when that changed nothing."""
    answer = await answers.get_by_message(
        session, team_id=team_id, channel_id=channel_id, message_ts=message_ts
    )
    return answer is not None and await settle_moving(session, answer, now=now)


async def settle_moving(session: AsyncSession, answer: Answer, *, now: datetime) -> bool:
    """Settle the answer's question. A split may move it to another one while we wait for the one
    it had."""
    changed, settled_id = False, None
    while answer.question_id != settled_id:
        settled_id = answer.question_id
        settled = await settle_all(session, answer.team_id, settled_id, now=now)
        changed |= settled.changed
        if answer.id not in settled.answer_ids:
            await session.refresh(answer)
    return changed


async def settle(session: AsyncSession, team_id: str, question_id: int, *, now: datetime) -> bool:
    """Make solutions, kudos and the index what the marks say; False when they already are."""
    return (await settle_all(session, team_id, question_id, now=now)).changed


async def settle_all(
    session: AsyncSession, team_id: str, question_id: int, *, now: datetime
) -> Settled:
    await session.flush()
    question = await questions.get_locked(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None:
        return Settled(False, frozenset())
    found = await marks.get_thread(session, question_id)
    thread = found.answers
    given = [(answer, mark) for answer, mark in thread if mark is not None]
    known = await list_people(session, question, given)
    judges = await list_judges(session, question, given)
    was_solved = question.solved_at is not None
    present = await solutions.list_of(session, question.id) if was_solved else []
    waiting = waiting_marks(question, given, judges, present, now=now)
    accepted = accepted_answers(question, given, judges, waiting)
    is_vouched_anew = await wait_for_asker(
        session, question, said_of_own(question, given, waiting, accepted), now=now
    )
    standing = standing_still(question, accepted) or kept_from_archive(question, present)
    if is_archived(question):
        said = standing_still(question, accepted)
        await confirm_archived(session, question, present, said, now=now)
    is_solved_anew = await settle_solutions(session, question, present, standing, now=now)
    if not was_solved and standing and any(answer.kind == ME_TOO for answer, _ in thread):
        await owe_solved_notes(session, question, now=now)
    unheard = await list_unheard(session, question, given, judges, known, now=now)
    facts = facts_of(question, given, accepted, judges, unheard)
    changed = await settle_kudos(session, question, facts, now=now)
    if changed and not is_solved_anew:
        await plan(session, question, now=now)
    if is_vouched_anew or (is_solved_anew and is_others_word(question, standing)):
        await owe_judged_note(session, question, now=now)
    if changed or is_solved_anew:
        await index.refresh(session, question, thread_of(thread, standing))
        await owe_card_and_marker(session, question, now=now)
        if found.may_have_merged:
            await follow(session, question, now=now)
    return Settled(changed or is_solved_anew, frozenset(answer.id for answer, _ in thread))


def thread_of(
    thread: Sequence[tuple[Answer, Mark | None]], accepted: Mapping[int, Given]
) -> index.Thread:
    first = sorted(accepted.values(), key=lambda each: (each[1].changed_at, each[0].id))
    standing = {answer.id: answer for answer, _ in thread}
    return index.Thread(
        accepted=[answer for answer, _ in first],
        answers=sorted(standing.values(), key=lambda each: each.message_ts),
    )


async def list_people(
    session: AsyncSession, question: Question, given: Sequence[Given]
) -> Mapping[str, Person]:
    """Who marked and whose answers are marked, as far as we know them. While they are held, the
    session has them at hand."""
    involved = {user_id for answer, mark in given for user_id in (mark.user_id, answer.author_id)}
    found = await people.list_known(session, question.team_id, sorted(involved))
    return {person.user_id: person for person in found}


async def list_judges(
    session: AsyncSession, question: Question, given: Sequence[Given]
) -> frozenset[str]:
    """Those who marked and whose mark can make a solution, beside the asker."""
    markers = {mark.user_id for _, mark in given} - {question.asker_id}
    return frozenset([each for each in markers if await is_expert(session, question, each)])


async def list_unheard(
    session: AsyncSession,
    question: Question,
    given: Sequence[Given],
    judges: frozenset[str],
    known: Mapping[str, Person],
    *,
    now: datetime,
) -> frozenset[str]:
    """Whose ✅ tells of no help: bots, and passers-by of whom we do not know what they are. Slack
    is asked, and then theirs counts (`hear_stranger`)."""
    markers = {mark.user_id for _, mark in given}
    strangers = markers - known.keys() - judges - {question.asker_id}
    for user_id in sorted(strangers):
        await outbox.owe(
            session,
            READ_STRANGER,
            QuestionAndPerson(question.id, user_id),
            team_id=question.team_id,
            lane=user_id,
            now=now,
        )
    bots = {user_id for user_id in markers & known.keys() if known[user_id].is_bot}
    return frozenset(strangers | bots)


async def hear_stranger(
    session: AsyncSession, *, team_id: str, question_id: int, profile: Profile, now: datetime
) -> None:
    """Who put a ✅ on an answer of this question is known now, and so what it tells."""
    await learn_person(session, team_id=team_id, profile=profile, now=now)
    await settle(session, team_id, question_id, now=now)


def accepted_answers(
    question: Question, given: Sequence[Given], judges: frozenset[str], waiting: Sequence[Given]
) -> dict[int, Given]:
    """Which answers are solutions, each with the mark that made it one. The asker's word
    wins: experts' marks count only where the asker marked nothing, and did not refuse them."""
    by_asker = [each for each in given if each[1].user_id == question.asker_id]
    by_judges = [
        each
        for each in given
        if each[1].user_id in judges and each[0].refused_at is None and each not in waiting
    ]
    accepted: dict[int, Given] = {}
    for answer, mark in by_asker or by_judges:
        accepted.setdefault(answer.id, (answer, mark))
    return accepted


def waiting_marks(
    question: Question,
    given: Sequence[Given],
    judges: frozenset[str],
    present: Sequence[tuple[Solution, Answer]],
    *,
    now: datetime,
) -> list[Given]:
    """Marks that experts put on their own replies and that do not count yet: their asker may
    say otherwise for a day. One that their asker was still stuck after never counts."""
    counts = {row.answer_id for row, _ in present}
    return [
        (answer, mark)
        for answer, mark in given
        if mark.user_id == answer.author_id != question.asker_id
        and mark.user_id in judges
        and answer.refused_at is None
        and answer.id not in counts
        and (now - mark.changed_at < VOUCHED_FOR or is_stuck_since(question, mark))
    ]


def is_stuck_since(question: Question, mark: Mark) -> bool:
    return question.stuck_at is not None and question.stuck_at >= mark.changed_at


def said_of_own(
    question: Question,
    given: Sequence[Given],
    waiting: Sequence[Given],
    accepted: Mapping[int, Given],
) -> datetime | None:
    """When the first of these marks was given whose asker may still object to it."""
    if any(mark.user_id == question.asker_id for _, mark in given):
        return None
    said = [
        mark.changed_at
        for answer, mark in waiting
        if answer.id not in accepted and not is_past(question, mark)
    ]
    return min(said, default=None)


async def wait_for_asker(
    session: AsyncSession, question: Question, said_at: datetime | None, *, now: datetime
) -> bool:
    """Note since when that mark waits for the asker's word; True where that is news."""
    was, question.vouched_at = question.vouched_at, said_at
    if said_at != was:
        await owe_card(session, question, now=now)
    return said_at is not None and was is None


def is_past(question: Question, mark: Mark) -> bool:
    is_reopened = question.reopened_at is not None and question.reopened_at >= mark.changed_at
    return is_reopened or is_stuck_since(question, mark)


def standing_still(question: Question, accepted: dict[int, Given]) -> dict[int, Given]:
    """Without what was marked before the question was opened again."""
    if question.reopened_at is None:
        return accepted
    return {
        answer_id: given
        for answer_id, given in accepted.items()
        if given[1].changed_at > question.reopened_at
    }


def kept_from_archive(
    question: Question, present: Sequence[tuple[Solution, Answer]]
) -> dict[int, Given]:
    """What solved it before the bot was there, by a word that is no mark here: it stands until
    somebody marks another reply."""
    if not is_archived(question) or question.reopened_at is not None:
        return {}
    return {
        answer.id: (answer, mark_of(row)) for row, answer in present if answer.erased_at is None
    }


async def confirm_archived(
    session: AsyncSession,
    question: Question,
    present: Sequence[tuple[Solution, Answer]],
    accepted: Mapping[int, Given],
    *,
    now: datetime,
) -> None:
    """A ✅ of today says that it was the answer; taken off, nobody says so any more."""
    if accepted:
        mark = min((each for _, each in accepted.values()), key=lambda each: each.changed_at)
        if await archived.confirm(session, question.id, user_id=mark.user_id, at=mark.changed_at):
            await close_reviews(session, question, now=now)
        return
    known = (await archived.list_of(session, [question.id])).get(question.id)
    if known is not None and known.confirmed_at in [row.accepted_at for row, _ in present]:
        await archived.confirm(session, question.id, user_id=None, at=None)


def mark_of(row: Solution) -> Mark:
    """As if there were one: it is not kept."""
    return Mark(user_id=row.accepted_by, is_on=True, is_pressed=False, changed_at=row.accepted_at)


async def settle_solutions(
    session: AsyncSession,
    question: Question,
    found: Sequence[tuple[Solution, Answer]],
    accepted: dict[int, Given],
    *,
    now: datetime,
) -> bool:
    """`found`: what solved it until now."""
    present = {row.answer_id: row for row, _ in found}
    gone = [
        answer_id
        for answer_id, row in present.items()
        if answer_id not in accepted or accepted[answer_id][1].user_id != row.accepted_by
    ]
    if gone:
        await solutions.remove(session, gone)
        for answer_id in gone:
            await owe_reply_marker(session, question, answer_id, now=now)
    new = [answer_id for answer_id in accepted if answer_id in gone or answer_id not in present]
    marked_at = min((mark.changed_at for _, mark in accepted.values()), default=None)
    question.solved_at = marked_at or question.reused_at or question.solved_elsewhere_at
    if new:
        renew(question, now=max(accepted[answer_id][1].changed_at for answer_id in new))
    if gone or new:
        await plan(session, question, now=now)
    for answer_id in new:
        _, mark = accepted[answer_id]
        row = Solution(
            answer_id=answer_id,
            question_id=question.id,
            accepted_by=mark.user_id,
            accepted_at=mark.changed_at,
        )
        await add_if_first(session, row)
        if mark.is_pressed:
            await owe_reply_marker(session, question, answer_id, now=now)
    if accepted:  # an end that nothing had solved
        question.over_at = question.closed_at = question.closed_why = None
    if new and marked_at is not None:
        await suggestions.judge(session, question.id, is_right=False, now=marked_at)
    await session.flush()
    return bool(gone or new)


def facts_of(
    question: Question,
    given: Sequence[Given],
    accepted: dict[int, Given],
    judges: frozenset[str],
    unheard: frozenset[str],
) -> set[Fact]:
    """The help that the marks tell of. Nobody helps themselves, and one person says so once.
    An expert's ✅ says that an answer is right, not that it helped them."""
    facts: set[Fact] = set()
    for answer, mark in given:
        if answer.author_id in (mark.user_id, question.asker_id) or mark.user_id in unheard:
            continue
        if answer.kind == BY_APP:
            continue
        if answer.id in accepted and accepted[answer.id][1].user_id == mark.user_id:
            facts.add(("solved", answer.id, mark.user_id, answer.author_id))
        elif mark.user_id not in judges:
            facts.add(("helped", answer.id, mark.user_id, answer.author_id))
    return facts


async def settle_kudos(
    session: AsyncSession, question: Question, facts: set[Fact], *, now: datetime
) -> bool:
    history = await kudos.list_history(session, question.id)
    present = {
        (fact.kind, fact.answer_id, fact.giver_id, fact.receiver_id): fact
        for fact in kudos.standing_of(history)
        if fact.answer_id is not None and fact.kind in MARKED
    }
    for fact_key in sorted(present.keys() - facts):
        await kudos.reverse(session, present[fact_key], now=now)
    await session.flush()
    new = sorted(facts - present.keys())
    for kind, answer_id, giver_id, receiver_id in new:
        await kudos.give(
            session,
            question,
            kind,
            answer_id=answer_id,
            giver_id=giver_id,
            receiver_id=receiver_id,
            history=history,
            now=now,
        )
    for author_id in sorted({receiver_id for kind, *_, receiver_id in new if kind == "solved"}):
        await owe_worked_note(session, team_id=question.team_id, user_id=author_id, now=now)
    for author_id in sorted({fact_key[3] for fact_key in new}):
        await plan_personal_digest(session, team_id=question.team_id, user_id=author_id, now=now)
    solvers = {receiver_id for kind, *_, receiver_id in facts - present.keys() if kind == "solved"}
    await propose_if_due(session, question, solvers, now=now)
    return present.keys() != facts
