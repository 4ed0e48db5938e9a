"""Hearing what is said in channels: a question, a follow-up, an answer, or nothing for us."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import detection
from bot.detection import is_chatter
from bot.errors import AlreadyAQuestion, NothingAsked, NothingToAsk, NoWordsToAsk, StaysOut
from bot.experts.cards import owe_card
from bot.questions import afterwards, answers, capture, files, follow_ups, unsure
from bot.questions.parting import is_follow_up, part_off
from bot.questions.reading import owe_reading
from bot.questions.verdicts import (
    ASKABLE,
    ASKING,
    AWAITING,
    CALLED,
    Kind,
    Verdict,
    beside_files,
    kind_of,
    verdict_of,
    words_of,
)
from bot.questions.wishes import stays_out
from bot.rights import get_joined
from bot.text import Message, moment_of, plain
from storage import channels
from storage.questions import answers as answer_rows
from storage.questions import erased_messages
from storage.questions import questions as question_rows
from storage.questions import unsure as unsure_rows
from storage.tables import Channel, Question, QuestionPart, UnsureMessage

FOLLOW_UP_WITHIN = timedelta(minutes=3)
# An edit of an old message does not make it a new question.
EDIT_MAY_ASK_WITHIN = timedelta(minutes=10)
LATE_COPIES_WITHIN = timedelta(days=1)


async def is_just_talk(
    connection: question_rows.Look, message: Message, *, mentions_bot: bool
) -> bool:
    """Whether the message surely is nothing for us: one look, which takes no write lock."""
    if mentions_bot:
        return False
    place = {"team_id": message.team_id, "channel_id": message.channel_id}
    if message.thread_ts:
        return not may_ask_below(message) and not await question_rows.has_thread(
            connection, **place, thread_ts=message.thread_ts, author_id=message.user_id
        )
    around = await question_rows.glance(
        connection,
        **place,
        since=message.sent_at - FOLLOW_UP_WITHIN,
        message_ts=message.message_ts,
        author_id=message.user_id,
        awaited_since=message.sent_at - unsure.WAITS_FOR,
        awaited_kinds=AWAITING,
    )
    if not around.is_listening:
        return True
    if around.is_awaited or around.last_asker_id == message.user_id:
        return False
    _, verdict = verdict_of(message, mode=around.mode, boldness=around.boldness)
    if verdict is not Verdict.PASS:
        return False
    return around.last_asker_id is None or around.is_interrupted


async def is_known_channel(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    return await channels.get(session, team_id, channel_id) is not None


async def hear(
    session: AsyncSession,
    message: Message,
    *,
    mentions_bot: bool = False,
    is_caught_up: bool = False,
    now: datetime,
) -> bool:
    """Take the message in; False when there was nothing in it for us. `is_caught_up`: it was said
    while the bot was away."""
    if message.thread_ts:
        return await hear_reply(
            session, message, mentions_bot=mentions_bot, is_caught_up=is_caught_up, now=now
        )
    channel = await channels.get(session, message.team_id, message.channel_id)
    listens = channel is not None and channel.is_help and channel.left_at is None
    if not listens and not mentions_bot:
        return False
    if await stays_out(session, message):
        return await leave_alone(session, message, mentions_bot=mentions_bot)
    before = await follow_ups.get_asked_before(session, message, within=FOLLOW_UP_WITHIN)
    if before is not None and before.asker_id != message.user_id:
        await follow_ups.interrupt(session, before, message.message_ts)
        await hear_apart(session, before, now=now)
    elif before is not None and not mentions_bot:
        mode = channel.mode if channel else ASKING
        heard = await hear_next(session, message, before, mode, is_caught_up=is_caught_up, now=now)
        if heard is not None:
            return heard
    if mentions_bot and not plain(message.text):
        raise NothingAsked()
    if mentions_bot or channel is None:
        return await capture.capture(session, message, is_caught_up=is_caught_up, now=now)
    return await weigh(session, message, channel, is_caught_up=is_caught_up, now=now)


async def leave_alone(session: AsyncSession, message: Message, *, mentions_bot: bool) -> bool:
    """Its author stays out: nothing is kept, but that somebody spoke, which ends the wait for
    what others say next."""
    if mentions_bot:
        raise StaysOut()
    before = await follow_ups.get_asked_before(session, message, within=FOLLOW_UP_WITHIN)
    if before is not None and before.asker_id != message.user_id:
        await follow_ups.interrupt(session, before, message.message_ts)
    return False


async def hear_next(
    session: AsyncSession,
    message: Message,
    before: Question,
    mode: str,
    *,
    is_caught_up: bool,
    now: datetime,
) -> bool | None:
    """What somebody who just asked says next: that it is over, another question, or more of the
    same; None where it is nothing of these."""
    if kind_of(message) is not Kind.REQUEST and await afterwards.heed_beside(
        session, message, before, now=now
    ):
        return True
    if mode != CALLED and is_of_its_own(message, before):
        return await hear_another(session, message, before, is_caught_up=is_caught_up, now=now)
    if not await follow_ups.join_follow_up(session, message, before, now=now):
        return None
    if kind_of(message) in (Kind.REQUEST, Kind.UNSURE):
        await owe_card(session, before, now=now)  # it offers to part them
    return True


def is_of_its_own(message: Message, before: Question) -> bool:
    """Whether somebody who just asked surely asks something else now. After it was solved all
    that asks is another question."""
    if before.solved_at is not None:
        return kind_of(message) is Kind.REQUEST
    return detection.is_of_its_own(message.text, before.text)


async def hear_another(
    session: AsyncSession,
    message: Message,
    before: Question,
    *,
    is_caught_up: bool,
    now: datetime,
) -> bool:
    """The same person's next question; what they say after it belongs to that."""
    is_asked = await capture.capture(session, message, is_caught_up=is_caught_up, now=now)
    if is_asked:
        await follow_ups.interrupt(session, before, message.message_ts)
        await hear_apart(session, before, now=now)
    return is_asked


async def weigh(
    session: AsyncSession,
    message: Message,
    channel: Channel,
    *,
    is_caught_up: bool,
    now: datetime,
) -> bool:
    """A message in a help channel that calls nobody: what it is decides what becomes of it."""
    kind, verdict = verdict_of(message, mode=channel.mode, boldness=channel.boldness)
    awaited = await unsure.get_awaited(session, message) if channel.mode != CALLED else None
    if awaited is not None and goes_on_with(message, kind, awaited):
        verdict = Verdict.CAPTURE
    else:
        awaited = None
    if verdict is Verdict.PASS:
        return False
    if verdict is not Verdict.CAPTURE:
        is_shown = verdict is Verdict.WONDER and not is_caught_up
        return await unsure.note(session, message, kind, is_shown=is_shown, now=now)
    if not await capture.capture(session, message, is_caught_up=is_caught_up, now=now):
        return False
    if awaited is not None:
        await join_awaited(session, message, awaited, now=now)
    elif kind is not Kind.REQUEST and channel.mode == ASKING:
        await unsure.note_captured(session, message, kind)
    return True


def goes_on_with(message: Message, kind: Kind, awaited: UnsureMessage) -> bool:
    """Whether the message is the question that its author's earlier one stood before."""
    if awaited.kind == Kind.TO_ASK:
        return kind in ASKABLE and not (kind is Kind.PLAIN and is_chatter(words_of(message)))
    is_soon = message.sent_at - moment_of(awaited.message_ts) <= FOLLOW_UP_WITHIN
    if kind is Kind.PLAIN:
        kind = beside_files(words_of(message))
    return (is_soon or message.thread_ts is not None) and kind in (Kind.REQUEST, Kind.UNSURE)


async def join_awaited(
    session: AsyncSession, message: Message, awaited: UnsureMessage, *, now: datetime
) -> None:
    """What stood before the question is part of it: a picture with its name, whether one may ask
    without a word."""
    place = {**message.place, "message_ts": awaited.message_ts}
    await follow_ups.join_earlier(session, message, awaited.message_ts)
    await unsure.learn(session, **place, is_asked=True, now=now)


async def hear_apart(session: AsyncSession, question: Question, *, now: datetime) -> None:
    """Somebody else spoke, which ended the wait for follow-ups; what followed may have been heard
    before it."""
    for later in await follow_ups.part_later(session, question):
        await hear(session, later, now=now)


async def hear_reply(
    session: AsyncSession,
    message: Message,
    *,
    mentions_bot: bool,
    is_caught_up: bool,
    now: datetime,
) -> bool:
    question = await question_rows.get_of_thread(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        thread_ts=message.thread_ts or message.message_ts,
    )
    if question is not None:
        known_ts = question.interrupted_ts
        is_new = await answers.record(session, message, question, now=now)
        if question.interrupted_ts != known_ts:
            await hear_apart(session, question, now=now)
        return is_new
    if not mentions_bot:
        return await hear_in_own_thread(session, message, is_caught_up=is_caught_up, now=now)
    if plain(message.text):
        return await capture.capture(
            session, message, has_thread=True, is_caught_up=is_caught_up, now=now
        )
    # Only the bot's name: the question is the message that the thread is about.
    await owe_reading(
        session,
        message.team_id,
        message.channel_id,
        message.thread_ts or "",
        message.user_id,
        now=now,
    )
    return True


async def hear_in_own_thread(
    session: AsyncSession, message: Message, *, is_caught_up: bool, now: datetime
) -> bool:
    """Below one's own picture, 👇 or "may I ask?" stands the question; and what asks below one's
    own message is one where it was sent to the channel too."""
    channel = await channels.get(session, message.team_id, message.channel_id)
    if channel is None or not channel.is_help or channel.left_at or channel.mode == CALLED:
        return False
    above = {**message.place, "message_ts": message.thread_ts or ""}
    awaited = await unsure_rows.get(session, **above)
    is_awaited = (
        awaited is not None
        and awaited.author_id == message.user_id
        and awaited.kind in AWAITING
        and goes_on_with(message, kind_of(message), awaited)
    )
    if not is_awaited and not may_ask_below(message):
        return False
    if not await capture.capture(
        session, message, has_thread=True, is_caught_up=is_caught_up, now=now
    ):
        return False
    if is_awaited and awaited is not None:
        await join_awaited(session, message, awaited, now=now)
    return True


def may_ask_below(message: Message) -> bool:
    is_sent_to_all = message.is_broadcast and message.is_in_own_thread
    return is_sent_to_all and kind_of(message) is Kind.REQUEST


async def reword(session: AsyncSession, message: Message, *, now: datetime) -> bool:
    """Follow an edit; `message` carries the new text and the time of the edit."""
    if await reword_known(session, message, now=now):
        return True
    if now - message.sent_at > EDIT_MAY_ASK_WITHIN:
        return False
    if await hear(session, message, now=now):
        return True
    # Another replica may have taken it in meanwhile, as it was before.
    return await reword_known(session, message, now=now)


async def reword_known(session: AsyncSession, message: Message, *, now: datetime) -> bool:
    return await follow_ups.reword_part(session, message, now=now) or await answers.reword(
        session, message, now=now
    )


async def erase(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str, now: datetime
) -> bool:
    """Forget a deleted message's text, and what followed from it."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    if await channels.get(session, team_id, channel_id) is not None:
        await erased_messages.add(session, **place, now=now)  # a late copy must not come back
        await unsure_rows.forget(session, **place)
        await files.forget_of(session, team_id, channel_id, [message_ts])
    return await follow_ups.erase_part(session, **place, now=now) or await answers.erase(
        session, **place, now=now
    )


async def ask_about(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str | None = None,
    now: datetime,
) -> bool:
    """Somebody pointed at a message as a question (❓): read it, unless it is known."""
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    part = await question_rows.get_part(session, **place)
    if part is not None:
        return await ask_part(session, part, now=now)
    if await answer_rows.get_by_message(session, **place) is not None:
        return False
    await owe_reading(session, team_id, channel_id, message_ts, user_id, now=now)
    return True


async def capture_read(session: AsyncSession, message: Message, *, now: datetime) -> bool:
    """Somebody called this message a question, which is learned for the channel."""
    part = await question_rows.get_part(session, **message.place)
    if part is not None:
        return await ask_part(session, part, now=now)
    is_asked = await capture.capture(session, message, has_thread=True, now=now)
    if is_asked and message.thread_ts is None:
        await unsure.teach(session, message, now=now)
    return is_asked


async def ask_part(session: AsyncSession, part: QuestionPart, *, now: datetime) -> bool:
    """Somebody says that a message of a question is one: it is asked again where it was
    withdrawn; what had only joined it is parted from it."""
    question = await question_rows.get_locked(session, part.team_id, part.question_id)
    if question is None:
        return False
    if is_follow_up(question, part):
        return await part_off(session, question, part.message_ts, now=now)
    return await capture.reopen(
        session, team_id=part.team_id, question_id=part.question_id, now=now
    )


async def capture_pointed_at(
    session: AsyncSession,
    message: Message | None,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    now: datetime,
) -> None:
    """Somebody chose "Ask around about this" on a message (None: not a person's message), in a
    channel that they can read."""
    await get_joined(session, team_id, channel_id, user_id)
    if message is None or await stays_out(session, message):
        raise NothingToAsk()
    if not plain(message.text):
        raise NoWordsToAsk()
    if not await capture_read(session, message, now=now):
        raise AlreadyAQuestion()


async def forget_erased(session: AsyncSession, *, now: datetime) -> None:
    """Slack delivers nothing again after this long; nobody presses a line that is much older."""
    await erased_messages.forget_before(session, now - LATE_COPIES_WITHIN)
    await unsure.forget_old(session, now=now)
