"""Questions that are the same: one of them waits for the other's answer.

A merged question is not asked about. It is solved with the other one, opens again with it, and
is asked about again when the other is withdrawn or somebody says that they are not the same.
Replies and ✅ in its own thread go on to count: a solution of its own comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import (
    AlreadyClosed,
    AlreadyMerged,
    AlreadySolved,
    CannotBeMerged,
    NothingIsTheSame,
    OnlyAskerOrExpertMayMerge,
    QuestionIsGone,
)
from bot.experts.cards import owe_card_and_marker
from bot.experts.steps import plan, start
from bot.finding.find import Result, results_of
from bot.kinds import MERGED_NOTE
from bot.questions.me_too import owe_solved_notes
from bot.rights import can_see, check_can_see, may_be_shown_in, may_decide
from bot.text import headline, plain
from storage import channels, outbox, people, search, workspaces
from storage.experts import nudges
from storage.questions import merging, questions, solutions
from storage.search import Search
from storage.tables import Question

CANDIDATES = 20
OPEN_LOOKED_AT = 200
SOLVED_WITHIN = timedelta(days=30)
SAME = 0.75  # how much of what one open question says another says too, to be the same
TOLD = "merged"  # the kind of nudge: its asker heard once that the answer came


@dataclass(frozen=True)
class Candidate:
    """A question that may be the same."""

    question_id: int
    text: str
    is_solved: bool


@dataclass(frozen=True)
class MergedNote:
    """What the asker of a merged question is told when the answer came to the other one."""

    question_id: int
    asker_id: str
    channel_id: str
    thread_ts: str
    text: str
    result: Result


@dataclass(frozen=True)
class SameElsewhere:
    """What an asker is shown who asked what somebody else asks in another channel."""

    question_id: int
    asker_id: str
    channel_id: str
    other_id: int
    other_channel_id: str
    other_thread_ts: str
    other_asker: str  # a name: nobody is called for it
    text: str


async def list_candidates(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> Sequence[Candidate]:
    """What it may be the same as, most alike first: open, or solved lately, and shown here."""
    question = await questions.get(session, team_id, question_id)
    question = await check_may_judge(session, question, user_id)
    check_is_waiting(question)
    alike = await list_alike(session, question, user_id, now=now)
    found = await questions.list_of_ids(session, team_id, list(alike))
    shown: dict[str, bool] = {}
    candidates = []
    for each in sorted(found, key=lambda other: (-alike[other.id], -other.id)):
        if each.channel_id not in shown:
            shown[each.channel_id] = await is_shown(session, each, question, user_id)
        if shown[each.channel_id]:
            candidates.append(Candidate(each.id, each.text, each.solved_at is not None))
    if not candidates:
        raise NothingIsTheSame()
    return candidates[:CANDIDATES]


async def list_alike(
    session: AsyncSession, question: Question, user_id: str, *, now: datetime
) -> dict[int, float]:
    """Other questions, each with how alike it is. Open ones are in no index: their words are
    compared."""
    asked = plain(question.text)
    newest = await merging.list_newest_waiting(session, question.team_id, OPEN_LOOKED_AT)
    open_ones = {each.id: plain(each.text) for each in newest}
    first = headline(asked)
    hits = await search.find(
        session,
        team_id=question.team_id,
        user_id=user_id,
        search=Search(f"{first}\n{asked.replace(first, '', 1)}", solved_from=now - SOLVED_WITHIN),
        limit=CANDIDATES,
    )
    alike = {**search.likeness(asked, open_ones), **{hit.question_id: hit.share for hit in hits}}
    alike.pop(question.id, None)
    return alike


async def get_same_elsewhere(
    session: AsyncSession, team_id: str, question_id: int
) -> SameElsewhere | None:
    """An open question of another channel that says the same, where its asker and all who read this
    one can read it too."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at or question.solved_at or question.closed_at:
        return None
    if question.merged_into_id is not None or question.thread_ts is None:
        return None
    for other in await list_same(session, question):
        if await is_shown(session, other, question, question.asker_id):
            asker = await people.get(session, team_id, other.asker_id)
            return SameElsewhere(
                question_id=question.id,
                asker_id=question.asker_id,
                channel_id=question.channel_id,
                other_id=other.id,
                other_channel_id=other.channel_id,
                other_thread_ts=other.thread_ts or "",
                other_asker=asker.name if asker else "",
                text=other.text,
            )
    return None


async def list_same(session: AsyncSession, question: Question) -> list[Question]:
    """Those asked before it elsewhere that say the same, the likest first: each says most of what
    the other does."""
    asked = plain(question.text)
    newest = await merging.list_newest_waiting(session, question.team_id, OPEN_LOOKED_AT)
    others = {
        each.id: each
        for each in newest
        if each.channel_id != question.channel_id and each.id < question.id
    }
    texts = {each.id: plain(each.text) for each in others.values()}
    alike = search.likeness(asked, texts)
    near = {
        key: min(how, search.likeness(texts[key], {0: asked})[0])
        for key, how in alike.items()
        if how >= SAME
    }
    same = [key for key, how in near.items() if how >= SAME]
    return [others[key] for key in sorted(same, key=lambda key: (-near[key], -key))]


def check_is_waiting(question: Question) -> None:
    if question.solved_at is not None:
        raise AlreadySolved()
    if question.closed_at is not None:
        raise AlreadyClosed()
    if question.merged_into_id is not None:
        raise AlreadyMerged()


async def check_may_judge(
    session: AsyncSession, question: Question | None, user_id: str
) -> Question:
    """The question, for its asker, an expert or an admin."""
    if question is None or question.withdrawn_at is not None:
        raise QuestionIsGone()
    await check_can_see(session, question, user_id)
    if not await may_decide(session, question, user_id):
        raise OnlyAskerOrExpertMayMerge(question.asker_id)
    return question


async def is_shown(
    session: AsyncSession, other: Question, question: Question, user_id: str
) -> bool:
    """Whether the other may be named to this person, and where the question was asked."""
    if not await can_see(session, other, user_id):
        return False
    return await may_be_shown_in(session, other, question.channel_id)


async def merge(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    into_id: int,
    user_id: str,
    now: datetime,
) -> bool:
    """It is the same as that one, or as what that one is the same as; False when that is said
    already."""
    await workspaces.lock(session, team_id)  # one merge at a time: two could wait for each other
    held, other = await hold_both(session, team_id, question_id, into_id, user_id)
    question = await check_may_judge(session, held, user_id)
    if other is None or other.withdrawn_at or other.closed_at or other.merged_into_id:
        raise CannotBeMerged()
    if question.merged_into_id == other.id:
        return False
    check_is_waiting(question)
    is_another = other.id != question.id and other.message_ts is not None
    if not is_another or not await is_shown(session, other, question, user_id):
        raise CannotBeMerged()
    question.merged_at, question.merged_by = now, user_id
    for each in [question, *await merging.list_merged(session, question.id)]:
        each.merged_into_id = other.id
        await stand_as(session, each, other, now=now)
    return True


async def hold_both(
    session: AsyncSession, team_id: str, question_id: int, into_id: int, user_id: str
) -> tuple[Question | None, Question | None]:
    """The question and the end of the chain that the other one is in, both held; None for what
    is not there, and for another one that this person cannot read."""
    named = await questions.get(session, team_id, into_id)
    is_seen = named is not None and await can_see(session, named, user_id)
    end_id = (named.merged_into_id or named.id) if named and is_seen else 0
    both = await merging.list_both_locked(session, team_id, question_id, end_id)
    held = {each.id: each for each in both}
    return held.get(question_id), held.get(end_id)


async def unmerge(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, now: datetime
) -> bool:
    """They are not the same: it is asked about again. False when it is not merged."""
    held = await questions.get_locked(session, team_id, question_id)
    question = await check_may_judge(session, held, user_id)
    if question.merged_into_id is None:
        return False
    await separate(session, question, now=now)
    return True


async def follow(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Let what is merged into this question stand as it does. Who calls holds the question. What
    is merged is looked up here: more may have come while they waited to hold it."""
    await session.flush()
    for merged in await merging.list_merged(session, question.id):
        is_ended = question.withdrawn_at is not None or question.closed_at is not None
        has_no_answer = question.solved_at in (None, question.solved_elsewhere_at)
        if has_no_answer and (is_ended or question.solved_at is not None):
            await separate(session, merged, now=now)
        elif has_to_change(merged, question):
            await stand_as(session, merged, question, now=now)


async def catch_up(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Let this question, which is held, stand as the one it is merged into."""
    other = (
        await questions.get(session, question.team_id, question.merged_into_id)
        if question.merged_into_id
        else None
    )
    if other is not None and has_to_change(question, other):
        await stand_as(session, question, other, now=now)


def is_following(question: Question) -> bool:
    """Whether it is solved by the one it is merged into."""
    return question.reused_id is not None and question.reused_id == question.merged_into_id


def has_to_change(merged: Question, other: Question) -> bool:
    return is_following(merged) != (other.solved_at is not None)


async def stand_as(
    session: AsyncSession, merged: Question, other: Question, *, now: datetime
) -> None:
    """Solved with the other, open with it; unless its asker found another answer."""
    if merged.reused_id in (None, other.id):
        is_solved = other.solved_at is not None
        merged.reused_id = other.id if is_solved else None
        merged.reused_at = other.solved_at
        await solve_again(session, merged)
        if is_solved and merged.asker_id != other.asker_id:
            await tell_asker(session, merged, now=now)
        if is_solved:
            await owe_solved_notes(session, merged, now=now)
    await plan(session, merged, now=now)
    await owe_card_and_marker(session, merged, now=now)


async def solve_again(session: AsyncSession, question: Question) -> None:
    """Its own solution counts first."""
    await session.flush()
    accepted = await solutions.list_of(session, question.id)
    elsewhere_at = question.reused_at or question.solved_elsewhere_at
    question.solved_at = accepted[0][0].accepted_at if accepted else elsewhere_at


async def tell_asker(session: AsyncSession, question: Question, *, now: datetime) -> None:
    if question.solved_at != question.reused_at:
        return
    first_time = await nudges.add_if_first_time(
        session, question_id=question.id, user_id=question.asker_id, kind=TOLD, now=now
    )
    if first_time:
        await outbox.owe(
            session,
            MERGED_NOTE,
            question.id,
            team_id=question.team_id,
            lane=question.asker_id,
            now=now,
        )


async def separate(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """It stands by itself again, and is asked about where it is open."""
    await forget_merge(session, question)
    if question.solved_at is None and question.claimed_by is None:
        await start(session, question, now=now)
    await plan(session, question, now=now)
    await owe_card_and_marker(session, question, now=now)


async def forget_merge(session: AsyncSession, question: Question) -> None:
    """Nothing is left of the merge, if there is one."""
    if question.merged_into_id is None:
        return
    if is_following(question):
        question.reused_id = question.reused_at = None
        await solve_again(session, question)
    question.merged_into_id = question.merged_at = question.merged_by = None
    await nudges.forget(session, question.id, TOLD)


async def get_merged_note(
    session: AsyncSession, team_id: str, question_id: int
) -> MergedNote | None:
    """None where there is nothing to say, or the asker may not read it."""
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None or not is_following(question):
        return None
    other = await questions.get(session, team_id, question.reused_id or 0)
    accepted = await solutions.answering(session, other) if other else None
    shown = await results_of(session, team_id, [accepted[0].question_id] if accepted else [])
    if not shown or shown[0].author_id == question.asker_id:
        return None
    if not await channels.can_read(
        session, team_id=team_id, channel_id=shown[0].channel_id, user_id=question.asker_id
    ):
        return None
    return MergedNote(
        question_id=question.id,
        asker_id=question.asker_id,
        channel_id=question.channel_id,
        thread_ts=question.thread_ts or "",
        text=question.text,
        result=shown[0],
    )
