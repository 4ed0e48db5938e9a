"""Catching up with what was said while the bot was away: what is to be read, and what follows
from what Slack shows.

Reading is cut into small pieces, each owed like anything else, so that it goes on after a crash
and is done once by any number of replicas: the pages of a channel's history, from the oldest to
the newest (`take_in_page`), and the threads of questions (`take_in_thread`). What is read goes
the way of what is heard, with the messages' own times; so it makes no difference what was heard
already, or is heard at the same time. Once all that was said is taken in, what was kept before
is looked at again, because it may have been edited or deleted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.experts.lateness import is_archived, is_unopened
from bot.experts.steps import plan
from bot.questions.absences import OVERLAP, Count, owe_channel, owe_thread, ts_of
from bot.questions.answers import get_held
from bot.questions.capture import capture, open_question
from bot.questions.messages import erase, hear, reword
from bot.questions.solutions import accept_solution, withdraw_solution
from bot.text import MAX_TEXT, Message, plain
from storage import channels
from storage.questions import answers, catch_up, questions
from storage.questions.catch_up import Kept
from storage.tables import Absence, CatchUp

A_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Seen:
    """A message as Slack shows it."""

    message_ts: str
    message: Message | None = None  # None: an app's, a notice, or deleted
    thread_ts: str | None = None
    mentions_bot: bool = False
    is_deleted: bool = False  # it stands there without its words, because it has replies
    latest_reply: str | None = None
    marked_by: frozenset[str] = frozenset()  # who put ✅ on it
    is_pointed_at: bool = False  # by ❓


@dataclass(frozen=True)
class Reading:
    """What of a channel is to be read next: after `read_ts`, up to `upto_ts`, or up to now."""

    channel_id: str
    read_ts: str
    upto_ts: str | None


@dataclass(frozen=True)
class Thread:
    """What is known of a thread before it is read. What differs then is news; what changes
    meanwhile was heard, and is newer."""

    kept: Mapping[str, Kept]
    marks: Mapping[tuple[str, str], tuple[bool, datetime]]  # of message and person
    is_solved: bool = False

    def follow_ups(self) -> list[str]:
        """Those that are messages in the channel itself, with their question's own."""
        outside = [each.message_ts for each in self.kept.values() if not each.is_in_thread]
        return sorted(outside)


# A channel's history


async def get_reading(session: AsyncSession, team_id: str, channel_id: str) -> Reading | None:
    """What to read next; None when nothing is left, or the bot is out again."""
    row = await catch_up.get_reading(session, team_id, channel_id)
    channel = await channels.get(session, team_id, channel_id)
    if row is None or channel is None or channel.left_at is not None:
        return None
    return reading_of(row)


def reading_of(row: CatchUp) -> Reading:
    return Reading(row.channel_id, row.read_ts, row.edges[-1] if row.edges else None)


async def take_in_page(
    session: AsyncSession,
    team_id: str,
    reading: Reading,
    page: Sequence[Seen],
    *,
    upto_ts: str,
    has_more: bool,
    now: datetime,
) -> None:
    """Take in a page of the channel's history, oldest message first. While older ones are left
    (`has_more`), only its end is noted: those come first."""
    await channels.lock(session, team_id, reading.channel_id)  # a page touches many questions
    row = await catch_up.get_reading(session, team_id, reading.channel_id, is_locked=True)
    if row is None:
        return
    if reading_of(row) != reading:  # away again meanwhile
        await owe_channel(session, team_id, reading.channel_id, now=now)
        return
    if has_more and page:
        row.edges = [*(row.edges or [upto_ts]), page[0].message_ts]
    else:
        for seen in page:
            await take_in(session, team_id, row, seen, now=now)
        row.read_ts, row.edges = upto_ts, row.edges[:-1]
        if not row.edges:
            await stop_reading(session, team_id, reading.channel_id)
            return
    await owe_channel(session, team_id, reading.channel_id, now=now)


async def stop_reading(session: AsyncSession, team_id: str, channel_id: str) -> None:
    await catch_up.end_reading(session, team_id, channel_id)


async def take_in(
    session: AsyncSession, team_id: str, row: CatchUp, seen: Seen, *, now: datetime
) -> None:
    """A message of the channel itself: perhaps a question, and perhaps its thread goes on."""
    absence = await catch_up.get_absence(session, row.absence_id)
    assert absence is not None  # the row goes with it
    is_asked = seen.message is not None and await is_question(session, row, seen, now=now)
    thread_ts = seen.thread_ts or seen.message_ts
    last_ts = seen.message_ts if seen.thread_ts else (seen.latest_reply or "")
    place = {"team_id": team_id, "channel_id": row.channel_id, "thread_ts": thread_ts}
    goes_on = last_ts >= row.unheard_ts
    if is_asked or (goes_on and await questions.get_of_thread(session, **place) is not None):
        await owe_thread(session, absence, row.channel_id, thread_ts, now=now)
    elif goes_on:  # somebody may have called the bot's name there
        await catch_up.add_talked(session, absence.id, f"{row.channel_id}:{thread_ts}")


async def is_question(session: AsyncSession, row: CatchUp, seen: Seen, *, now: datetime) -> bool:
    """Hear what was said; whether it became a question now."""
    message = seen.message
    assert message is not None
    if seen.message_ts >= row.unheard_ts and await may_ask(session, seen):
        await hear(session, message, mentions_bot=seen.mentions_bot, is_caught_up=True, now=now)
    if seen.is_pointed_at and not await is_known(session, message):
        await capture(session, message, is_caught_up=True, now=now)
    question = await questions.get_by_thread(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        thread_ts=message.message_ts,
    )
    return question is not None and question.withdrawn_at is None and is_unopened(question)


async def may_ask(session: AsyncSession, seen: Seen) -> bool:
    """Whether it was said where the bot was to listen. A mere call of the bot's name gets no
    answer after all this time."""
    message = seen.message
    if message is None or message.thread_ts:
        return False  # its thread is read
    if seen.mentions_bot:
        return bool(plain(message.text))
    channel = await channels.get(session, message.team_id, message.channel_id)
    since = channel.listens_since if channel else None
    return since is None or message.sent_at >= since


async def is_known(session: AsyncSession, message: Message) -> bool:
    part = await questions.get_part(session, **message.place)
    return part is not None or await answers.get_by_message(session, **message.place) is not None


# A thread


async def get_thread(
    session: AsyncSession, *, team_id: str, channel_id: str, thread_ts: str
) -> Thread:
    kept = await catch_up.list_kept(
        session, team_id=team_id, channel_id=channel_id, thread_ts=thread_ts
    )
    marks = await catch_up.list_marks(
        session,
        team_id=team_id,
        channel_id=channel_id,
        message_tss=[each.message_ts for each in kept],
    )
    question = await questions.get_by_thread(
        session, team_id=team_id, channel_id=channel_id, thread_ts=thread_ts
    )
    return Thread(
        {each.message_ts: each for each in kept},
        {(each.message_ts, each.user_id): (each.is_on, each.changed_at) for each in marks},
        is_solved=question is not None and question.solved_at is not None,
    )


async def take_in_thread(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    thread_ts: str,
    absence_id: int,
    thread: Thread,
    seen: Sequence[Seen],
    gone: Collection[str],
    more: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Take in what Slack shows of a thread, oldest message first, and that the messages in `gone`
    are deleted. `more`: how far it is read, where something is left."""
    absence = await catch_up.get_absence(session, absence_id)
    if absence is None:
        return
    await channels.lock(session, team_id, channel_id)
    count = Count()
    place = {"team_id": team_id, "channel_id": channel_id}
    for message_ts in sorted(gone):
        erased = await erase(session, **place, message_ts=message_ts, now=now)
        count.deletions += int(erased)
    is_asked = False
    for each in seen:
        if each.message is not None:
            is_asked |= await take_in_reply(session, absence, thread, seen, each, count, now=now)
    if more is not None or is_asked:
        await owe_thread(session, absence, channel_id, thread_ts, now=now, **(more or {}))
    await go_on(
        session,
        **place,
        thread_ts=thread_ts,
        count=count,
        was_solved=thread.is_solved,
        is_read=more is None and not is_asked,
        now=now,
    )
    await catch_up.count(session, absence_id, **vars(count))


async def take_in_late(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    thread: Thread,
    said: Sequence[Message],
    there: Collection[str],
    now: datetime,
) -> None:
    """Take in all that Slack shows of a thread which we may have been told of too early. `there`:
    the messages that are not deleted."""
    await channels.lock(session, team_id, channel_id)
    for message_ts, kept in thread.kept.items():
        if kept.is_in_thread and message_ts not in there:
            place = {"team_id": team_id, "channel_id": channel_id}
            await erase(session, **place, message_ts=message_ts, now=now)
    for message in said:
        known = thread.kept.get(message.message_ts)
        if known is not None:
            await follow_edit(session, message, known)
        elif message.thread_ts not in (None, message.message_ts):
            await hear(session, message, now=message.sent_at)


async def take_in_reply(
    session: AsyncSession,
    absence: Absence,
    thread: Thread,
    page: Sequence[Seen],
    seen: Seen,
    count: Count,
    *,
    now: datetime,
) -> bool:
    """A message of the thread; True when it made the thread one of a question."""
    message = seen.message
    assert message is not None
    known = thread.kept.get(seen.message_ts)
    if known is not None:
        count.edits += int(await follow_edit(session, message, known))
    elif message.thread_ts is not None:
        question = await questions.get_of_thread(
            session,
            team_id=message.team_id,
            channel_id=message.channel_id,
            thread_ts=message.thread_ts,
        )
        if question is None:
            return await ask_where_called(session, absence, page, seen, now=now)
        count.replies += int(await hear(session, message, is_caught_up=True, now=now))
    count.marks += await follow_marks(session, absence, thread, seen)
    return False


async def ask_where_called(
    session: AsyncSession, absence: Absence, page: Sequence[Seen], seen: Seen, *, now: datetime
) -> bool:
    """Somebody called the bot's name in a thread that has no question yet. With nothing but the
    name, the question is the message that the thread is about."""
    message = seen.message
    assert message is not None
    if not seen.mentions_bot or seen.message_ts < ts_of(absence.since - OVERLAP):
        return False  # not called, or heard then
    first = next((each for each in page if each.message_ts == message.thread_ts), None)
    asked = message if plain(message.text) else (first.message if first else None)
    return asked is not None and await capture(session, asked, is_caught_up=True, now=now)


async def follow_edit(session: AsyncSession, message: Message, known: Kept) -> bool:
    """Slack's wording counts, unless another one was heard while it was read."""
    if message.text[:MAX_TEXT] == known.text:
        return False
    part = await questions.get_part(session, **message.place)
    answer = await get_held(session, **message.place) if part is None else None
    held = part or answer
    if held is None or held.said_at != known.said_at:
        return False
    # An edit has the time of its second only.
    return await reword(session, message, now=max(message.worded_at, known.said_at + A_TICK))


async def follow_marks(session: AsyncSession, absence: Absence, thread: Thread, seen: Seen) -> int:
    """The ✅ put on and taken off; how many. When that was is not known: as soon as it can have
    been, so that whatever is heard of it later counts."""
    message = seen.message
    assert message is not None
    answer = await answers.get_by_message(session, **message.place)
    if answer is None or answer.erased_at is not None:
        return 0
    rows = await catch_up.list_marks(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        message_tss=[message.message_ts],
    )
    present = {row.user_id: (row.is_on, row.changed_at) for row in rows}
    changed = 0
    pressed = {row.user_id for row in rows if row.is_pressed}
    for user_id in sorted(seen.marked_by | present.keys() - pressed):
        wanted = user_id in seen.marked_by
        is_on, changed_at = present.get(user_id, (False, None))
        was_heard = present.get(user_id) != thread.marks.get((message.message_ts, user_id))
        if is_on == wanted or was_heard:
            continue
        at = changed_at + A_TICK if changed_at else max(message.sent_at, absence.since)
        change = accept_solution if wanted else withdraw_solution
        await change(session, **message.place, user_id=user_id, now=at)
        changed += 1
    return changed


async def go_on(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    thread_ts: str,
    count: Count,
    was_solved: bool,
    is_read: bool,
    now: datetime,
) -> None:
    """Once the thread is read, a new question is asked about, unless it was answered meanwhile,
    and an earlier one has its next step again. One that is open again, because what solved it is
    gone, calls nobody outside their hours either."""
    found = await questions.get_by_thread(
        session, team_id=team_id, channel_id=channel_id, thread_ts=thread_ts
    )
    question = await questions.get_locked(session, team_id, found.id) if found else None
    if question is None or question.withdrawn_at is not None:
        return
    if is_unopened(question) and is_read and not is_archived(question):
        count.questions += 1
        question.routed_at = now
        await open_question(session, question, is_new=True, now=now)
    elif was_solved and question.solved_at is None:
        question.caught_up_at = question.routed_at = now
        await plan(session, question, now=now)
    elif question.step_at is None and is_read:
        await plan(session, question, now=now)
