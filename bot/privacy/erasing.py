"""Erasing a person: what they wrote, and their name in what stays.

It is asked for in one transaction, and done in many small ones: each takes some of what is left and
is whole in itself. So it goes on where it stopped, whatever happens to the bot meanwhile."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit, index
from bot.errors import BeingErased, NobodyToErase, OnlyWhoLeft, ReasonNeeded
from bot.experts.cards import owe_card_and_marker
from bot.kinds import ERASED_NOTE, SPONSOR_THANKS, TAKE_BACK, THANKS, MessageAt
from bot.people import check_is_admin
from bot.privacy.staying_out import stay_out_everywhere
from bot.questions.capture import forget_in_digests, withdraw
from bot.questions.follow_ups import refresh_text
from bot.questions.messages import erase
from bot.questions.nameless import forget_person
from bot.recognition.digests import owe_digest
from bot.recognition.managers import owe_note
from bot.text import A_COLLEAGUE, ERASED, is_mask
from bot.vault import Vault
from storage import outbox, people
from storage.privacy import erasing
from storage.questions import questions, solutions
from storage.recognition import thanking
from storage.tables import Answer, Erasure, Question

AT_ONCE = 5  # questions or replies in one transaction: short enough to keep nobody waiting
MAX_REASON = 300  # characters
AN_ASSISTANT = "an assistant"


@dataclass(frozen=True)
class Preview:
    """What would become of somebody's things."""

    user_id: str
    asked: int  # questions
    answered: int  # replies
    thanked: int  # facts of help that others told of: they stay, without the name
    rows: int  # all that names them


@dataclass(frozen=True)
class Erased:
    """What was erased, for the receipt."""

    questions: int
    answers: int
    keeps_words: bool
    is_of_other: bool  # who asked for it is an admin, and the person has left


async def preview(session: AsyncSession, *, team_id: str, user_id: str) -> Preview:
    counted = await erasing.count_theirs(session, team_id, user_id)
    return Preview(
        user_id,
        await erasing.count_asked(session, team_id, user_id),
        await erasing.count_answered(session, team_id, user_id),
        counted.get("kudos", 0),
        sum(counted.values()),
    )


async def erase_me(
    session: AsyncSession,
    vault: Vault | None = None,
    *,
    team_id: str,
    user_id: str,
    keeps_words: bool,
    stays_out: bool,
    now: datetime,
) -> None:
    """`keeps_words`: what they asked and answered stays, without their name. `stays_out`: nothing
    of theirs is kept from now on."""
    await begin(session, team_id, user_id, by=user_id, keeps_words=keeps_words, now=now)
    await begin_masks(session, vault, team_id, user_id, keeps_words=keeps_words, now=now)
    if stays_out:
        await stay_out_everywhere(session, team_id=team_id, user_id=user_id, now=now)


async def preview_other(
    session: AsyncSession, *, team_id: str, admin_id: str, user_id: str
) -> Preview:
    """For an admin: of somebody who has left."""
    await check_may_erase(session, team_id, admin_id, user_id)
    return await preview(session, team_id=team_id, user_id=user_id)


async def erase_other(
    session: AsyncSession,
    vault: Vault | None = None,
    *,
    team_id: str,
    admin_id: str,
    user_id: str,
    keeps_words: bool,
    reason: str,
    now: datetime,
) -> None:
    """An admin does it for somebody who has left, and says why."""
    await check_may_erase(session, team_id, admin_id, user_id)
    why = " ".join(reason.split())[:MAX_REASON]
    if not why:
        raise ReasonNeeded()
    await begin(
        session, team_id, user_id, by=admin_id, keeps_words=keeps_words, reason=why, now=now
    )
    await begin_masks(session, vault, team_id, user_id, keeps_words=keeps_words, now=now)


async def check_may_erase(session: AsyncSession, team_id: str, admin_id: str, user_id: str) -> None:
    await check_is_admin(session, team_id, admin_id)
    person = await people.get(session, team_id, user_id)
    if person is not None and not person.is_deactivated:
        raise OnlyWhoLeft(user_id)
    if not await erasing.count_theirs(session, team_id, user_id):
        raise NobodyToErase()


async def begin_masks(
    session: AsyncSession,
    vault: Vault | None,
    team_id: str,
    user_id: str,
    *,
    keeps_words: bool,
    now: datetime,
) -> None:
    """What they asked without their name is erased like the rest; nobody is told that it was."""
    who = {"team_id": team_id, "user_id": user_id}
    for mask in await forget_person(session, vault, **who, now=now):
        await begin(session, team_id, mask, by=mask, keeps_words=keeps_words, now=now)


async def begin(
    session: AsyncSession,
    team_id: str,
    user_id: str,
    *,
    by: str,
    keeps_words: bool,
    reason: str | None = None,
    now: datetime,
) -> None:
    if await erasing.get(session, team_id, user_id) is not None:
        raise BeingErased()
    alias = f"{ERASED}{uuid4().hex[:16]}"
    row = Erasure(
        team_id=team_id,
        user_id=user_id,
        alias=alias,
        keeps_words=keeps_words,
        asked_at=now,
        asked_by=by,
    )
    await erasing.add(session, row)
    # An account that is closed: nobody waits for its word, and nothing is sent to it.
    closed = dict.fromkeys(("is_admin", "is_bot", "is_guest", "is_external"), False)
    await people.save(
        session,
        team_id=team_id,
        user_id=alias,
        name=A_COLLEAGUE,
        timezone=None,
        is_deactivated=True,
        out_until=None,
        read_at=now,
        **closed,
    )
    if is_mask(user_id):
        return  # that somebody asked without a name is nobody's business
    about: dict[str, Any] = {"team_id": team_id, "by": by, "person": user_id, "reason": reason}
    await audit.note(session, audit.ERASING, **about, now=now)


async def has_erasing(session: AsyncSession, *, now: datetime) -> bool:
    return await erasing.has_any(session)


async def erase_some(session: AsyncSession, *, now: datetime) -> bool:
    """Take a step; True when there is more to do."""
    who = await erasing.claim(session)
    if who is None:
        return False
    if who.stage < len(STEPS):  # one at a time: most of them look through whole tables
        if not await STEPS[who.stage](session, who, now):
            who.stage += 1
        return True
    for step in STEPS:  # what came meanwhile
        if await step(session, who, now):
            return True
    await end(session, who, now=now)
    return await erasing.has_any(session)


async def erase_questions(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    if who.keeps_words:
        return False
    asked = await erasing.list_asked(session, who, AT_ONCE)
    for question in asked:
        await erase_question(session, question, now=now)
    who.questions += len(asked)
    return bool(asked)


async def erase_question(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """As if they had deleted the message. Where the bot posted it for them, that is taken back."""
    place = {"team_id": question.team_id, "channel_id": question.channel_id}
    for part in await questions.list_parts(session, question.id):
        await erase(session, **place, message_ts=part.message_ts, now=now)
    held = await questions.get_locked(session, question.team_id, question.id)
    if held is None:
        return
    await withdraw(session, held, now=now)
    held.text = ""
    if held.assistant is not None:
        held.assistant = AN_ASSISTANT  # what they called it is theirs; that there was one counts on
    if held.message_ts is not None and held.is_asked_by_command:
        await owe_back(session, held.team_id, held.channel_id, held.message_ts, now=now)
    await session.flush()


async def erase_answers(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    if who.keeps_words:
        return False
    answered = await erasing.list_answered(session, who, AT_ONCE)
    for answer in answered:
        await stay_solved(session, answer)
        place = {"channel_id": answer.channel_id, "message_ts": answer.message_ts}
        await erase(session, team_id=answer.team_id, **place, now=now)
        if is_mask(answer.author_id):  # the bot posted it for them
            await owe_back(session, answer.team_id, **place, now=now)
    who.answers += len(answered)
    return bool(answered)


async def stay_solved(session: AsyncSession, answer: Answer) -> None:
    """What was solved stays so: nobody is asked again because an answer of long ago is gone."""
    question = await questions.get_locked(session, answer.team_id, answer.question_id)
    if question is None or question.solved_at is None:
        return
    accepted = [each.id for _, each in await solutions.list_of(session, question.id)]
    if accepted == [answer.id] and question.solved_elsewhere_at is None:
        question.solved_elsewhere_at = question.solved_at
        await session.flush()


async def erase_words_about(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    """What was said of them in thanks; the notes to managers that tell of their help; and the FAQ
    entries that they wrote, whose words are in Slack alone."""
    await erasing.forget_reasons(session, who, keeps_own=who.keeps_words)
    sent = [
        *await erasing.list_sent_notes(session, who),
        *await erasing.list_faq_posts(session, who),
    ]
    for channel_id, message_ts in sent:
        await owe_back(session, who.team_id, channel_id, message_ts, now=now)
    return False


async def rename_in_texts(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    """Where others named them with an @."""
    parts = await erasing.list_parts_naming(session, who, AT_ONCE)
    for part in parts:
        part.text = without(who, part.text)
        part.edited_to = part.edited_to and without(who, part.edited_to)
    answers = await erasing.list_answers_naming(session, who, AT_ONCE)
    for answer in answers:
        answer.text = without(who, answer.text)
    touched = {each.question_id for each in parts} | {each.question_id for each in answers}
    for question_id in sorted(touched):
        await show_anew(session, who.team_id, question_id, now=now)
    others = await erasing.list_others_naming(session, who, AT_ONCE)
    for row, column in others:
        setattr(row, column, without(who, getattr(row, column)))
    return bool(parts or answers or others)


def without(who: Erasure, text: str) -> str:
    before, *after = text.split(f"<@{who.user_id}")
    return A_COLLEAGUE.join([before, *(each.partition(">")[2] for each in after)])


async def rename_in_questions(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    """Where they asked, answered, marked, took or were asked; and in what shows that."""
    touched = await erasing.list_touched(session, who, AT_ONCE)
    for question_id in touched:
        await questions.get_locked(session, who.team_id, question_id)
        await erasing.rename_in_question(session, who, question_id)
        await show_anew(session, who.team_id, question_id, now=now)
    if touched:  # nobody waits for their answer any more, nor for them to help
        await questions.hasten_steps(session, who.team_id, who.alias, now=now)
        await questions.hasten_asked(session, who.team_id, who.alias, now=now)
    return bool(touched)


async def show_anew(
    session: AsyncSession, team_id: str, question_id: int, *, now: datetime
) -> None:
    question = await questions.get_locked(session, team_id, question_id)
    if question is None:
        return
    if question.text:
        await refresh_text(session, question)
    else:
        await index.refresh(session, question)
    if question.card_ts is not None or question.withdrawn_at is None:
        await owe_card_and_marker(session, question, now=now)
    await forget_in_digests(session, question, now=now)


async def rename_in_thanks(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    """What was said to them goes; what they said, and what others read, names nobody. It is shown
    anew from what stands, so that is renamed at once."""
    found = await thanking.list_of(session, who.team_id, who.user_id, AT_ONCE)
    for fact, post, is_from_digest in found:
        for note in await thanking.list_notes_showing(session, fact):
            await owe_note(session, note, now=now)
        is_to_them = fact.receiver_id == who.user_id
        if post is not None and is_to_them and post.channel_id != fact.channel_id:
            await owe_back(session, who.team_id, *post, now=now)
            await thanking.forget(session, fact.id)
        elif post is not None:
            about: dict[str, Any] = {"team_id": who.team_id, "lane": post.channel_id, "now": now}
            if is_from_digest:
                await outbox.owe(session, SPONSOR_THANKS, fact.id, **about)
            else:
                await outbox.owe(session, THANKS, fact.id, **about)
        fact.giver_id = who.alias if fact.giver_id == who.user_id else fact.giver_id
        fact.receiver_id = who.alias if is_to_them else fact.receiver_id
    await session.flush()
    return bool(found)


async def rename_in_digests(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    runs = await erasing.list_runs_naming(session, who, AT_ONCE)
    for run in runs:
        run.named = [who.alias if each == who.user_id else each for each in run.named]
        if run.subject != who.user_id:
            await owe_digest(session, run, now=now)
    return bool(runs)


async def clear_rows(session: AsyncSession, who: Erasure, now: datetime) -> bool:
    """All that is left, but what others are owed because of it."""
    return await erasing.clear_rows(session, who)


Step = Callable[[AsyncSession, Erasure, datetime], Coroutine[Any, Any, bool]]
# The words first: they are what hurts. Then the name, first where people see it.
STEPS: tuple[Step, ...] = (
    erase_questions,
    erase_answers,
    erase_words_about,
    rename_in_texts,
    rename_in_questions,
    rename_in_thanks,
    rename_in_digests,
    clear_rows,
)


async def end(session: AsyncSession, who: Erasure, *, now: datetime) -> None:
    """Write down that it is done, tell whoever asked for it, and forget who it was."""
    done = {"questions": who.questions, "answers": who.answers, "kept": int(who.keeps_words)}
    if is_mask(who.user_id):
        await erasing.end(session, who)
        return
    about: dict[str, Any] = {"team_id": who.team_id, "by": None, "person": who.user_id}
    told = f"{who.questions} questions, {who.answers} replies"
    await audit.note(session, audit.ERASED, **about, after=told, now=now)
    await outbox.owe(
        session,
        ERASED_NOTE,
        who.asked_by,
        team_id=who.team_id,
        lane=who.asked_by,
        payload={**done, "of_other": int(who.asked_by != who.user_id)},
        now=now,
    )
    await erasing.end(session, who)


async def owe_back(
    session: AsyncSession, team_id: str, channel_id: str, message_ts: str, *, now: datetime
) -> None:
    """Owe that a message of ours goes."""
    subject = MessageAt(channel_id, message_ts)
    await outbox.owe(session, TAKE_BACK, subject, team_id=team_id, lane=channel_id, now=now)
