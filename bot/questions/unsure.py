"""Messages of which we do not know whether they ask something: their author alone is asked, and
what they say is learned for the channel.

How bold a channel is (`boldness_of`): nothing but what certainly asks is captured unasked at
first; where authors keep saying yes, what we were unsure of is too, and then all but chatter.
Where they say no, the line rests (`rest_after`)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import MessageIsGone
from bot.experts.nudges import UNSURE, is_wanted
from bot.kinds import UNSURE_LINE, MessageAt
from bot.people import get_timezone
from bot.questions.files import keep
from bot.questions.reading import owe_reading
from bot.questions.verdicts import AWAITING, BOLDEST, Kind, kind_of
from bot.rights import get_joined
from bot.text import Message
from storage import outbox
from storage.questions import erased_messages, files, questions, unsure
from storage.tables import QuestionPart, UnsureMessage

LOOKED_AT = 40  # of what was judged last in a channel: it changes
ENOUGH, SURE = 5, 0.85  # judgements of a kind, and the share that asked, to capture it unasked
NO_IN_A_ROW = 2  # a single no says little
MOST_DOUBLED = 5  # from a day on: the longest rest is 32
TOO_LATE = timedelta(minutes=10)  # who wrote it does not look there any more
BARE_PATIENCE = timedelta(minutes=1)  # who shows a picture mostly says at once what it is about
WAITS_FOR = timedelta(minutes=30)  # for the question of somebody who asked whether they may ask
KEPT_FOR = timedelta(days=7)  # the line may still be pressed


@dataclass(frozen=True)
class UnsureLine:
    """What the author of such a message is asked."""

    channel_id: str
    message_ts: str
    author_id: str


async def note(
    session: AsyncSession, message: Message, kind: Kind, *, is_shown: bool, now: datetime
) -> bool:
    """Remember the message, and ask its author if that is right now; False when it is known."""
    if await erased_messages.is_erased(session, **message.place):
        return False
    row = row_of(message, kind)
    if kind is Kind.BARE:
        await keep(session, message, now=now)
    if is_shown and await may_show(session, message):
        zone = ZoneInfo(await get_timezone(session, message.team_id, message.user_id))
        row.shown_on = message.sent_at.astimezone(zone).date()
        if await unsure.add(session, row):
            due_at = message.sent_at + BARE_PATIENCE if kind is Kind.BARE else outbox.AT_ONCE
            await owe_line(session, message, due_at=due_at, now=now)
            return True
        row.shown_on = None  # asked today about another one
    if kind not in AWAITING:
        return False
    return await unsure.add(session, row)


async def note_captured(session: AsyncSession, message: Message, kind: Kind) -> None:
    """It was captured though nothing in it certainly asks: "Not a question" teaches."""
    await unsure.add(session, row_of(message, kind))


def row_of(message: Message, kind: Kind) -> UnsureMessage:
    return UnsureMessage(
        **message.place, author_id=message.user_id, kind=kind.value, said_at=message.sent_at
    )


async def owe_line(
    session: AsyncSession, message: Message, *, due_at: datetime, now: datetime
) -> None:
    await outbox.owe(
        session,
        UNSURE_LINE,
        MessageAt(message.channel_id, message.message_ts),
        team_id=message.team_id,
        lane=message.channel_id,
        now=now,
        due_at=due_at,
    )


async def may_show(session: AsyncSession, message: Message) -> bool:
    """Whether its author wants to be asked, and the channel's last noes are long enough ago."""
    if not await is_wanted(session, message.team_id, message.user_id, UNSURE):
        return False
    judged = await list_judged(session, message.team_id, message.channel_id)
    rest = rest_after(is_asked for _, is_asked in judged)
    if not rest:
        return True
    last_at = await unsure.last_shown_at(session, message.team_id, message.channel_id)
    return last_at is None or message.sent_at - last_at >= rest


async def get_line(
    session: AsyncSession, team_id: str, place: MessageAt, *, now: datetime
) -> UnsureLine | None:
    """None where it is gone, a question by now, said to be none, or said too long ago."""
    where = {"team_id": team_id, **place._asdict()}
    row = await unsure.get(session, **where)
    if row is None or row.judged_at is not None or now - row.said_at > TOO_LATE:
        return None
    if await questions.is_known(session, **where):
        return None
    if not await is_wanted(session, team_id, row.author_id, UNSURE):
        return None
    return UnsureLine(row.channel_id, row.message_ts, row.author_id)


async def answer_line(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    user_id: str,
    is_asked: bool,
    now: datetime,
) -> bool:
    """Its author says whether it asks something; whether it is a question now. If it shall be
    one it is read anew, as it is in Slack: it may have been edited or deleted."""
    await get_joined(session, team_id, channel_id, user_id)
    place = {"team_id": team_id, "channel_id": channel_id, "message_ts": message_ts}
    row = await unsure.get(session, **place)
    if row is None or row.author_id != user_id or row.shown_on is None:
        raise MessageIsGone()
    part = await questions.get_part(session, **place)
    if row.is_asked if part is None else not await is_withdrawn(session, part):
        return True
    await learn(session, **place, is_asked=is_asked, now=now)
    if is_asked:
        await owe_reading(session, team_id, channel_id, message_ts, user_id, now=now)
    return is_asked


async def is_withdrawn(session: AsyncSession, part: QuestionPart) -> bool:
    question = await questions.get(session, part.team_id, part.question_id)
    return question is not None and question.withdrawn_at is not None


async def learn(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    message_ts: str,
    is_asked: bool,
    now: datetime,
) -> None:
    """Take in what such a message turned out to be; others teach nothing."""
    place = {"team_id": team_id, "channel_id": channel_id}
    if await unsure.judge(session, **place, message_ts=message_ts, is_asked=is_asked, now=now):
        boldness = boldness_of(await list_judged(session, **place))
        await unsure.set_boldness(session, **place, boldness=boldness)


async def teach(session: AsyncSession, message: Message, *, now: datetime) -> None:
    """Take in that somebody called this message a question, which it did not look like."""
    kind = kind_of(message)
    if kind in (Kind.UNSURE, Kind.BARE, Kind.PLAIN):
        await unsure.add(session, row_of(message, kind))
        await learn(session, **message.place, is_asked=True, now=now)


async def list_judged(
    session: AsyncSession, team_id: str, channel_id: str
) -> Sequence[tuple[str, bool]]:
    return await unsure.list_judged(session, team_id, channel_id, LOOKED_AT)


def boldness_of(judged: Sequence[tuple[str, bool]]) -> int:
    """How far beyond what certainly asks is captured unasked: each step is taken where enough
    of what stands on it was judged, and nearly all of that asked. `judged`: kind, and whether
    it asked."""
    steps = ((Kind.UNSURE, Kind.BARE), (Kind.PLAIN,))
    for boldness, kinds in enumerate(steps):
        asked = [is_asked for kind, is_asked in judged if kind in kinds]
        if len(asked) < ENOUGH or sum(asked) / len(asked) < SURE:
            return boldness
    return BOLDEST


def rest_after(judged: Iterable[bool]) -> timedelta:
    """How long nobody in the channel is asked after the last line, by how many noes in a row
    came last; the newest judgement is the first."""
    noes = 0
    for is_asked in judged:
        if is_asked:
            break
        noes += 1
    if noes < NO_IN_A_ROW:
        return timedelta()
    doubled = min(noes - NO_IN_A_ROW, MOST_DOUBLED)
    return timedelta(days=1 << doubled)


async def get_awaited(session: AsyncSession, message: Message) -> UnsureMessage | None:
    """What this message goes on with: its author asked whether they may ask, or showed a
    picture, just before."""
    return await unsure.get_awaited(
        session,
        team_id=message.team_id,
        channel_id=message.channel_id,
        author_id=message.user_id,
        since=message.sent_at - WAITS_FOR,
        until_ts=message.message_ts,
        kinds=AWAITING,
    )


async def forget_old(session: AsyncSession, *, now: datetime) -> None:
    await unsure.forget_unjudged(session, now - KEPT_FOR)
    await files.forget_unused(session, now - KEPT_FOR)
