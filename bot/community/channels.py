"""Channels: which the bot is in, who may read them, and which are help channels."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import FormNeedsName, NoSuchForm
from bot.experts.own_topics import get_own_topic, rename_own_topic
from bot.kinds import READ_CHANNEL
from bot.outbox import PLACE
from bot.people import CLOCKS_DIFFER_BY, check_is_admin, owe_hand_offs, owe_strangers
from bot.questions.absences import come_back_to
from bot.questions.capture import withdraw
from bot.questions.hearing import get_heard_until
from bot.questions.verdicts import ASKING
from bot.recognition.digests import plan_first_digest
from bot.rights import get_joined
from bot.text import key_of, shorten
from storage import channels, outbox
from storage.experts import topics
from storage.questions import answers, files, questions, unsure
from storage.tables import Question

MEMBERS_STAY_FRESH = timedelta(hours=6)  # events keep them; this mends what was missed
CHANNELS_READ_AT_ONCE = 20
MAX_FORM_NAME = 80
FORMS_AT_MOST = 20  # in one channel
ERASED_AT_ONCE = 20  # questions in one transaction: short enough to keep nobody waiting


@dataclass(frozen=True)
class ChannelFacts:
    """A channel as Slack describes it."""

    channel_id: str
    name: str
    is_private: bool
    is_shared: bool


async def learn_channel(
    session: AsyncSession, *, team_id: str, channel: ChannelFacts, now: datetime
) -> None:
    """The bot is in this channel; who else is has to be read."""
    place = {"team_id": team_id, "channel_id": channel.channel_id}
    if channel.is_private:
        await channels.make_private(session, **place, now=now)
    elif await is_known_as_private(session, **place):
        await owe_members(session, **place, now=now)  # it opens when that is read
        channel = replace(channel, is_private=True)
    await come_back_in(session, team_id, channel.channel_id, now=now)
    await channels.save(session, team_id=team_id, **vars(channel))
    if channel.is_private or not await channels.is_read(session, **place):
        await owe_members(session, **place, now=now)


async def learn_all_channels(
    session: AsyncSession, *, team_id: str, present: Iterable[ChannelFacts], now: datetime
) -> None:
    """Exactly these are the channels the bot is in. Which it was taken out of while it was away,
    it heard of until then; what became of them has to be read: they may be private by now, or
    deleted."""
    found = {channel.channel_id: channel for channel in present}
    heard_until = min(await get_heard_until(session, team_id) or now, now)
    for channel_id in await channels.list_ids(session, team_id):
        if channel_id not in found:
            await lose_channel(session, team_id=team_id, channel_id=channel_id, now=heard_until)
    for channel in found.values():
        await learn_channel(session, team_id=team_id, channel=channel, now=now)


async def learn_members(
    session: AsyncSession,
    *,
    team_id: str,
    channel: ChannelFacts,
    user_ids: Iterable[str],
    closed_at: datetime | None = None,
    now: datetime,
) -> None:
    """Keep what Slack said then. `closed_at`: when it had been made private, as far as we knew
    when we asked. One that was closed since stays closed, and is being asked about again."""
    place = {"team_id": team_id, "channel_id": channel.channel_id}
    await channels.lock(session, **place)
    if await channels.get_closed_at(session, **place) != closed_at:
        return
    was_read = await channels.is_read(session, **place)
    if not was_read:  # the bot came in, or is back: what waited for that can be said
        await outbox.wake(session, waits_for=PLACE, team_id=team_id)
    await come_back_in(session, **place, now=now)
    await channels.save(session, team_id=team_id, **vars(channel))
    await channels.set_members(
        session, **place, user_ids=user_ids, now=now, moved_since=now - CLOCKS_DIFFER_BY
    )
    if not was_read and await topics.is_hand_off_channel(session, **place):
        await owe_strangers(session, **place, now=now)
        await owe_hand_offs(session, **place, now=now)


async def come_back_in(
    session: AsyncSession, team_id: str, channel_id: str, *, now: datetime
) -> None:
    """Where the bot was out of the channel, or the channel archived, read what was said."""
    known = await channels.get(session, team_id, channel_id)
    if known is not None and known.left_at is not None:
        left_at, known.left_at = known.left_at, None
        await come_back_to(session, team_id=team_id, channel_id=channel_id, since=left_at, now=now)


async def owe_members(
    session: AsyncSession, team_id: str, channel_id: str, *, now: datetime
) -> None:
    await outbox.owe(session, READ_CHANNEL, channel_id, team_id=team_id, lane=channel_id, now=now)


async def join_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> None:
    """Somebody came in. What else we know of them is read when they first matter."""
    place = {"team_id": team_id, "channel_id": channel_id}
    if await channels.get(session, **place) is None:
        await owe_members(session, **place, now=now)
    elif await is_news(session, **place, user_id=user_id, now=now):
        await channels.add_member(session, **place, user_id=user_id)


async def leave_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> None:
    place = {"team_id": team_id, "channel_id": channel_id}
    if await is_news(session, **place, user_id=user_id, now=now):
        await channels.remove_member(session, **place, user_id=user_id)
        await questions.hasten_asked(session, team_id, user_id, now=now)


async def is_news(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> bool:
    """Whether that they came or left then is not known, nor overtaken by what came after: a
    late copy makes nobody a reader who has left. Holds the channel."""
    place = {"team_id": team_id, "channel_id": channel_id}
    await channels.lock(session, **place)
    channel = await channels.get(session, **place)
    if channel is None:
        return False
    read_at = channel.members_read_at
    if read_at is not None and now < read_at - CLOCKS_DIFFER_BY:
        return False
    return await channels.note_move(session, **place, user_id=user_id, now=now)


async def lose_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> None:
    """The bot is out, or the channel is archived: what was asked there is shown to nobody who
    could not read it anyway. That may be a late copy, so Slack is asked how it is."""
    place = {"team_id": team_id, "channel_id": channel_id}
    if await channels.get(session, **place) is not None:
        await channels.leave(session, **place, now=now)
        await owe_members(session, **place, now=now)


async def learn_lost_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, is_public: bool, now: datetime
) -> None:
    """Slack says that the bot is not in it; and, unless it is public, nothing more: it may be
    private by now, or deleted."""
    place = {"team_id": team_id, "channel_id": channel_id}
    await channels.leave(session, **place, now=now)
    if is_public:
        await channels.note_look(session, **place, now=now)
    else:
        await channels.make_private(session, **place, now=now)


async def close_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> None:
    """The channel was made private. Nothing of it is shown until we know who is in it now."""
    if await channels.make_private(session, team_id=team_id, channel_id=channel_id, now=now):
        await owe_members(session, team_id, channel_id, now=now)


async def get_closed_at(session: AsyncSession, *, team_id: str, channel_id: str) -> datetime | None:
    return await channels.get_closed_at(session, team_id=team_id, channel_id=channel_id)


async def is_known_as_public(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    return await channels.is_public(session, team_id=team_id, channel_id=channel_id)


async def is_known_as_private(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    channel = await channels.get(session, team_id, channel_id)
    return channel is not None and channel.is_private


async def forget_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> None:
    """The channel was deleted, with all that was said there: nobody finds it from now on, and
    its words are erased in the background."""
    place = {"team_id": team_id, "channel_id": channel_id}
    await channels.leave(session, **place, now=now)
    await channels.note_deleted(session, **place, now=now)


async def has_deleted_channels(session: AsyncSession, *, now: datetime) -> bool:
    return await channels.has_deleted(session)


async def erase_deleted_channels(session: AsyncSession, *, now: datetime) -> bool:
    """Erase some questions of a deleted channel, and at last the channel; True when there is
    more to do. What helping there did still counts."""
    channel = await channels.get_deleted(session)
    if channel is None:
        return False
    place = {"team_id": channel.team_id, "channel_id": channel.channel_id}
    remaining = await questions.list_with_words(session, **place, limit=ERASED_AT_ONCE)
    for question in remaining:
        await erase_question(session, question, now=now)
    if not remaining:
        await unsure.forget_channel(session, **place)
        await files.forget_channel(session, **place)
        await session.delete(channel)
        await topics.forget_own(session, **place)
    return bool(remaining)


async def erase_question(session: AsyncSession, question: Question, *, now: datetime) -> None:
    await questions.get_locked(session, question.team_id, question.id)
    await withdraw(session, question, now=now)
    for part in await questions.list_parts(session, question.id):
        await session.delete(part)
    for answer in await answers.list_of(session, question.id):
        answer.text = ""
    question.text = ""


async def rename_channel(
    session: AsyncSession, *, team_id: str, channel_id: str, name: str
) -> None:
    channel = await channels.get(session, team_id, channel_id)
    if channel is not None:
        channel.name = name
        await rename_own_topic(session, channel)


async def set_help_channel(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    is_help: bool,
    now: datetime,
) -> str:
    """Listen for questions in the channel, or stop; returns its name."""
    await check_is_admin(session, team_id, user_id)
    channel = await get_joined(session, team_id, channel_id, user_id)
    how = {"before": audit.on_off(channel.is_help), "after": audit.on_off(is_help)}
    if is_help and not channel.is_help:
        channel.listens_since = now
    channel.is_help = is_help
    if is_help:
        await get_own_topic(session, channel, by=user_id, now=now)
        # What others can be told of here, and what of here elsewhere, depends on who reads it.
        await owe_strangers(session, team_id=team_id, channel_id=channel_id, now=now)
        await plan_first_digest(session, team_id=team_id, user_id=user_id, now=now)
    about = {"team_id": team_id, "channel_id": channel_id, "named": channel.name}
    await audit.note(session, audit.HELP_CHANNEL, **about, **how, by=user_id, now=now)
    return channel.name


@dataclass(frozen=True)
class Hearing:
    """How much of a channel is heard."""

    name: str
    is_help: bool
    mode: str
    is_learned: bool  # more is captured than what certainly asks, because authors said so
    forms: tuple[str, ...]  # the workflows whose posts are questions


async def get_hearing(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str
) -> Hearing:
    """For somebody who can read the channel."""
    channel = await get_joined(session, team_id, channel_id, user_id)
    return Hearing(
        name=channel.name,
        is_help=channel.is_help,
        mode=channel.mode,
        is_learned=channel.mode == ASKING and channel.boldness > 0,
        forms=tuple(await channels.list_forms(session, team_id, channel_id)),
    )


async def set_mode(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    mode: str,
    now: datetime,
) -> None:
    """How much of the channel is heard; who chooses that makes it a help channel."""
    name = {"team_id": team_id, "channel_id": channel_id, "user_id": user_id}
    await set_help_channel(session, **name, is_help=True, now=now)
    channel = await get_joined(session, **name)
    how = {"before": channel.mode, "after": mode}
    channel.mode, channel.boldness = mode, 0  # what was learned before was of another choice
    about = {"team_id": team_id, "channel_id": channel_id, "named": channel.name}
    await audit.note(session, audit.HEARING, **about, **how, by=user_id, now=now)


async def set_form(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    user_id: str,
    name: str,
    is_asking: bool,
    now: datetime,
) -> None:
    """Whether the posts of the workflow of that name are questions in this channel."""
    await check_is_admin(session, team_id, user_id)
    channel = await get_joined(session, team_id, channel_id, user_id)
    if not key_of(name):
        raise FormNeedsName()
    place = {"team_id": team_id, "channel_id": channel_id, "key": key_of(name)}
    if is_asking:
        await channels.add_form(session, **place, name=shorten(name, MAX_FORM_NAME))
    elif not await channels.remove_form(session, **place):
        raise NoSuchForm(name)
    about = {"team_id": team_id, "channel_id": channel_id, "named": channel.name}
    how = {"before": "" if is_asking else name, "after": name if is_asking else ""}
    await audit.note(session, audit.FORM, **about, **how, by=user_id, now=now)


async def owe_stale_members(session: AsyncSession, *, now: datetime) -> None:
    """Owe a new look at the channels we have not looked at for long, and at who is in them."""
    stale = await channels.list_members_unread_since(
        session, now - MEMBERS_STAY_FRESH, CHANNELS_READ_AT_ONCE
    )
    for channel in stale:
        await owe_members(session, channel.team_id, channel.channel_id, now=now)
