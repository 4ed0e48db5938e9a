"""Asking without one's name, where a channel's admins allow it.

The question's asker is a mask: a person for everybody and everything, known by no name. Who is
behind it is sealed in a table of its own, opened only to send them something, to let them act on
their own question, and to show it to an admin who says why, which they hear of.

Somebody who helps on a topic is asked about their own question like about any other: that they
were not would give them away. The message comes after a while that nobody can tell, so that nobody
sees it come as somebody types. It is for public channels with some people in them: among a few,
who asks is soon guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import (
    CannotAskNameless,
    NamelessLimit,
    NotNamelessHere,
    NoVault,
    OnlyAskerMaySayMore,
    OnlyPublicNameless,
    QuestionIsGone,
    ReasonNeeded,
)
from bot.kinds import NAMELESS_LOOKED, NAMELESS_WORD
from bot.masks import whose
from bot.people import check_is_admin
from bot.questions.answers import record
from bot.questions.capture import ask_by_command
from bot.questions.wishes import check_is_heard
from bot.rights import get_joined, get_readable
from bot.text import MASK, MAX_TEXT, THE_ASKER, Message, cut, is_mask, plain
from bot.vault import Vault
from storage import channels, outbox, people
from storage.questions import answers, nameless, questions
from storage.tables import NamelessAsk, Question

FEWEST_READERS = 5  # among fewer, who asks is soon guessed
LONGEST_DELAY = timedelta(minutes=10)
A_DAY, MOST_A_DAY = timedelta(days=1), 3  # questions of a person
KEPT_FOR = timedelta(days=90)  # so long it can be told who asked
MAX_REASON = 300  # characters
FORGOTTEN_AT_ONCE = 50
SHOWN = 50


async def set_allowed(
    session: AsyncSession,
    vault: Vault | None,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    is_allowed: bool,
    now: datetime,
) -> str:
    """Whether one can ask without a name in this channel; returns its name."""
    await check_is_admin(session, team_id, user_id)
    channel = await get_joined(session, team_id, channel_id, user_id)
    before = audit.on_off(await nameless.is_allowed(session, team_id, channel_id))
    if is_allowed:
        if vault is None:
            raise NoVault()
        if channel.is_private or channel.is_shared:
            raise OnlyPublicNameless()
        await nameless.allow(session, team_id, channel_id, now=now)
    else:
        await nameless.forbid(session, team_id, channel_id)
    await audit.note(
        session,
        audit.UNNAMED,
        team_id=team_id,
        by=user_id,
        channel_id=channel_id,
        named=channel.name,
        before=before,
        after=audit.on_off(is_allowed),
        now=now,
    )
    return channel.name


async def list_allowed(session: AsyncSession, vault: Vault | None, team_id: str) -> Sequence[str]:
    """The channels in which one can ask without a name."""
    return [] if vault is None else await nameless.list_allowed(session, team_id)


async def ask_nameless(
    session: AsyncSession,
    vault: Vault | None,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    text: str,
    topic_id: int | None,
    delay: timedelta,
    now: datetime,
) -> str:
    """Ask it after that while, which nobody can tell; returns the mask."""
    if vault is None:
        raise NoVault()
    await check_may_ask(session, vault, team_id, channel_id, user_id, now=now)
    mask, at = f"{MASK}{uuid4().hex[:16]}", now + delay
    kept = NamelessAsk(
        mask=mask,
        team_id=team_id,
        sealed=vault.seal(user_id),
        tag=vault.tag(team_id, user_id),
        asked_at=at,
        forget_at=now + KEPT_FOR,
    )
    await nameless.add(session, kept)
    await save_mask(session, team_id, mask, is_gone=False, now=now)
    await ask_by_command(
        session,
        team_id=team_id,
        channel_id=channel_id,
        asker_id=mask,
        text=text.replace(f"<@{user_id}>", THE_ASKER),
        topic_id=topic_id,
        due_at=at,
        now=at,
    )
    return mask


async def check_may_ask(
    session: AsyncSession,
    vault: Vault,
    team_id: str,
    channel_id: str,
    user_id: str,
    *,
    now: datetime,
) -> None:
    await check_is_heard(session, team_id, user_id, channel_id)
    channel = await channels.get(session, team_id, channel_id)
    place = {"team_id": team_id, "channel_id": channel_id}
    if channel is None or not await channels.can_read(session, **place, user_id=user_id):
        raise NotNamelessHere()
    is_open = not channel.is_private and not channel.is_shared
    if not is_open or not await nameless.is_allowed(session, team_id, channel_id):
        raise NotNamelessHere()
    if await nameless.count_readers(session, team_id, channel_id) < FEWEST_READERS:
        raise NotNamelessHere()
    tag = vault.tag(team_id, user_id)
    if await nameless.is_blocked(session, team_id, tag):
        raise CannotAskNameless()
    if await nameless.count_since(session, team_id, tag, now - A_DAY) >= MOST_A_DAY:
        raise NamelessLimit(MOST_A_DAY)


async def save_mask(
    session: AsyncSession, team_id: str, mask: str, *, is_gone: bool, now: datetime
) -> None:
    """The mask as a person: a colleague whom nobody knows anything of."""
    plain_member = dict.fromkeys(("is_admin", "is_bot", "is_guest", "is_external"), False)
    await people.save(
        session,
        team_id=team_id,
        user_id=mask,
        name=THE_ASKER,
        timezone=None,
        is_deactivated=is_gone,
        out_until=None,
        read_at=now,
        **plain_member,
    )


# What they do through the bot


async def check_may_say_more(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str
) -> Question:
    question = await get_readable(session, team_id, question_id, user_id)
    if question.asker_id != user_id or not is_mask(user_id):
        raise OnlyAskerMaySayMore()
    return question


async def say(
    session: AsyncSession, *, team_id: str, question_id: int, user_id: str, text: str, now: datetime
) -> None:
    """The asker, by their mask, says more in the thread, where the bot posts it."""
    question = await check_may_say_more(
        session, team_id=team_id, question_id=question_id, user_id=user_id
    )
    await outbox.owe(
        session,
        NAMELESS_WORD,
        uuid4().hex,
        team_id=team_id,
        lane=question.channel_id,
        payload={"question_id": question_id, "text": cut(text, MAX_TEXT)},
        now=now,
    )


@dataclass(frozen=True)
class Thread:
    channel_id: str
    thread_ts: str
    asker_id: str


async def get_thread(session: AsyncSession, team_id: str, question_id: int) -> Thread | None:
    question = await questions.get(session, team_id, question_id)
    if question is None or question.withdrawn_at is not None or question.thread_ts is None:
        return None
    return Thread(question.channel_id, question.thread_ts, question.asker_id)


async def note_said(
    session: AsyncSession,
    *,
    team_id: str,
    question_id: int,
    text: str,
    message_ts: str,
    now: datetime,
) -> None:
    """It is posted: from now on it is what the asker said."""
    question = await questions.get_locked(session, team_id, question_id)
    if question is not None:
        place = (team_id, question.channel_id, question.asker_id, message_ts)
        await record(session, Message(*place, question.thread_ts, text, now), question, now=now)


@dataclass(frozen=True)
class Reply:
    """Somebody's answer, for the asker."""

    question_id: int
    answer_id: int
    author_id: str
    text: str
    channel_id: str
    thread_ts: str
    message_ts: str
    asker_id: str


async def get_reply(
    session: AsyncSession, *, team_id: str, channel_id: str, message_ts: str
) -> Reply | None:
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    answer = await answers.get_by_message(session, **place)
    question = await questions.get(session, team_id, answer.question_id) if answer else None
    if answer is None or question is None or question.withdrawn_at is not None:
        return None
    return Reply(
        question.id,
        answer.id,
        answer.author_id,
        answer.text,
        channel_id,
        question.thread_ts or "",
        message_ts,
        question.asker_id,
    )


# An admin's look


@dataclass(frozen=True)
class Asked:
    question_id: int
    text: str


async def list_asked(
    session: AsyncSession, vault: Vault | None, *, team_id: str, user_id: str
) -> Sequence[Asked]:
    """The newest questions without a name, for an admin; of channels that they can read."""
    await check_is_admin(session, team_id, user_id)
    found = await nameless.list_questions(session, team_id, SHOWN) if vault is not None else []
    return [
        Asked(each.id, plain(each.text))
        for each in found
        if await channels.can_read(
            session, team_id=team_id, channel_id=each.channel_id, user_id=user_id
        )
    ]


async def look(
    session: AsyncSession,
    vault: Vault | None,
    *,
    team_id: str,
    admin_id: str,
    question_id: int,
    reason: str,
    now: datetime,
) -> str:
    """Who asked it. The asker hears who looked and why, and the audit has both."""
    question, why = await get_asked(session, team_id, admin_id, question_id, reason)
    mask = question.asker_id
    user_id = await whose(session, vault, team_id=team_id, mask=mask)
    if user_id is None:
        raise QuestionIsGone()
    await outbox.owe(
        session,
        NAMELESS_LOOKED,
        uuid4().hex,
        team_id=team_id,
        lane=mask,
        payload={"question_id": question_id, "by": admin_id, "reason": why},
        now=now,
    )
    await note_look(session, question, audit.LOOKED, admin_id, why, now=now)
    return user_id


async def block(
    session: AsyncSession,
    vault: Vault | None,
    *,
    team_id: str,
    admin_id: str,
    question_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Whoever asked it cannot ask without a name any more; nobody learns who that is."""
    question, why = await get_asked(session, team_id, admin_id, question_id, reason)
    found = await nameless.get(session, team_id, question.asker_id)
    if found is None:
        raise QuestionIsGone()
    await nameless.block(session, team_id, found.tag, now=now)
    await note_look(session, question, audit.BLOCKED, admin_id, why, now=now)


async def get_asked(
    session: AsyncSession, team_id: str, admin_id: str, question_id: int, reason: str
) -> tuple[Question, str]:
    await check_is_admin(session, team_id, admin_id)
    question = await get_readable(session, team_id, question_id, admin_id)
    why = " ".join(reason.split())[:MAX_REASON]
    if not is_mask(question.asker_id):
        raise QuestionIsGone()
    if not why:
        raise ReasonNeeded()
    return question, why


async def note_look(
    session: AsyncSession, question: Question, what: str, by: str, why: str, *, now: datetime
) -> None:
    await audit.note(
        session,
        what,
        team_id=question.team_id,
        by=by,
        channel_id=question.channel_id,
        subject=question.id,
        reason=why,
        now=now,
    )


# Forgetting


async def forget_expired(session: AsyncSession, *, now: datetime) -> bool:
    """After a while nobody can tell any more who asked; True when there is more to do."""
    found = await nameless.list_expired(session, now, FORGOTTEN_AT_ONCE)
    await forget(session, found, now=now)
    return bool(found)


async def forget_person(
    session: AsyncSession, vault: Vault | None, *, team_id: str, user_id: str, now: datetime
) -> Sequence[str]:
    """Nobody can tell any more that these were theirs; the masks that they asked by."""
    if vault is None:
        return []
    theirs = await nameless.list_of(session, team_id, vault.tag(team_id, user_id))
    await forget(session, theirs, now=now)
    await nameless.unblock(session, team_id, vault.tag(team_id, user_id))
    return [each.mask for each in theirs]


async def forget(session: AsyncSession, asks: Sequence[NamelessAsk], *, now: datetime) -> None:
    """The masks are those of somebody who left: what is open ends, and nothing is sent."""
    for ask in asks:
        await save_mask(session, ask.team_id, ask.mask, is_gone=True, now=now)
        await questions.hasten_steps(session, ask.team_id, ask.mask, now=now)
    if asks:
        await nameless.forget(session, [each.mask for each in asks])
