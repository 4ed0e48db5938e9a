"""Topics: which one a question is about, and who helps on it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import (
    GroupMemberCannotLeave,
    NotWaits,
    OnlyPeopleCanBeExperts,
    TooManyKeywords,
    TopicExists,
    TopicIsGone,
    TopicNeedsName,
    UnknownTopic,
)
from bot.experts.hand_offs import follow_address
from bot.experts.inviting import Invited, invite, list_invited, take_yes, withdraw
from bot.experts.own_topics import get_own_topic
from bot.experts.topic_audit import note_expert, note_secret, note_settings, settings_of
from bot.experts.topic_changes import replace_own_topic
from bot.experts.webhooks import Networks, check_address, new_secret
from bot.people import (
    check_is_admin,
    is_known,
    list_group_members,
    owe_group,
    owe_person,
    owe_strangers,
)
from bot.recognition.sponsors import settle_sponsors
from bot.rights import check_may_join, list_known_topics, list_own_topics
from bot.text import key_of, shorten
from bot.typed import typed_key
from storage import channels, people
from storage.experts import availability, topics
from storage.questions import questions
from storage.saving import add_if_first
from storage.tables import Expert, Topic

MAX_NAME = 60  # characters
MAX_KEYWORDS = 50
MAX_HINT = 300  # characters
NOBODY_INVITED = Invited()


class HasKeywords(Protocol):
    id: int
    name: str
    keywords: list[str]
    made_for: str | None


@dataclass(frozen=True)
class Waits:
    """Minutes of work until the next few are asked, everybody, and it is handed off, and how many
    a reply pauses that; None where the usual ones count."""

    next_few: int | None = None
    everybody: int | None = None
    hand_off: int | None = None
    pause: int | None = None


@dataclass(frozen=True)
class TopicView:
    topic_id: int
    name: str
    keywords: tuple[str, ...]
    member_ids: tuple[str, ...]  # people and user groups, as named
    sponsor_id: str | None
    waits: Waits = Waits()
    hand_off_channel_id: str | None = None
    hint: str = ""  # what its experts will ask
    hand_off_url: str | None = None
    away: int = 0  # of those named, where only who can be asked is
    invited: Invited = NOBODY_INVITED  # for an admin
    new_secret: str | None = field(default=None, repr=False)  # told once, when it was made


def choose_topic(
    text: str, all_topics: Iterable[HasKeywords], *, channel_topic_id: int | None
) -> int | None:
    """The topic whose name and keywords the text has most of; else the channel's own."""
    hits = {topic.id: count_hits(text, topic) for topic in all_topics}
    best = max(hits.values(), default=0)
    if best == 0 or hits.get(channel_topic_id or 0) == best:
        return channel_topic_id
    return next(topic_id for topic_id, count in hits.items() if count == best)


def count_hits(text: str, topic: HasKeywords) -> int:
    named = [] if topic.made_for else [topic.name]  # a channel's name is no word for what is asked
    words = {" ".join(word.split()).lower() for word in (*named, *topic.keywords)}
    return sum(has_word(text, word) for word in words if word)


def has_word(text: str, word: str) -> bool:
    """Whether the word or phrase stands in the text by itself, in any case."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def split_keywords(written: str) -> list[str]:
    """Keywords as a person types them: separated by commas or lines, each once."""
    found = [" ".join(word.split()) for word in re.split(r"[,;\n]", written)]
    return list({key_of(word): word for word in found if word}.values())


async def save_topic(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    topic_id: int | None,
    name: str,
    keywords: str,
    member_ids: Sequence[str],
    sponsor_id: str | None,
    channel_id: str | None,
    is_channel_topic: bool,
    waits: str = "",
    hand_off_channel_id: str | None = None,
    hint: str = "",
    hand_off_url: str = "",
    wants_new_secret: bool = False,
    helpdesk_networks: Networks = (),
    now: datetime,
) -> TopicView:
    """Create the topic, or change it; and say whether it is the channel's own topic.

    `helpdesk_networks`: those inside which a helpdesk may be called."""
    await check_is_admin(session, team_id, user_id)
    name, words = " ".join(name.split()), split_keywords(keywords)
    check_topic(name, words)
    known = await topics.get(session, team_id, topic_id) if topic_id is not None else None
    before = settings_of(known) if known is not None else None
    topic = await get_or_add(session, team_id, topic_id, name, user_id, now=now)
    topic.keywords, topic.sponsor_id = words, sponsor_id
    topic.hint = shorten(hint, MAX_HINT) or None
    chosen = read_waits(waits)
    topic.next_after, topic.everybody_after = chosen.next_few, chosen.everybody
    topic.hand_off_after, topic.hand_off_channel_id = chosen.hand_off, hand_off_channel_id
    topic.pause_after = chosen.pause
    if hand_off_channel_id is not None:
        await owe_strangers(session, team_id=team_id, channel_id=hand_off_channel_id, now=now)
    address = check_address(hand_off_url, helpdesk_networks) if hand_off_url.strip() else None
    secret = await set_address(session, topic, address, renew=wants_new_secret, now=now)
    await set_experts(session, topic, member_ids, by=user_id, now=now)
    await settle_sponsors(session, team_id=team_id, now=now)
    if channel_id is not None:
        await set_channel_topic(
            session, topic, channel_id, user_id, is_own=is_channel_topic, now=now
        )
    await note_settings(session, topic, before, by=user_id, now=now)
    if secret is not None:
        await note_secret(session, topic, by=user_id, now=now)
    return replace(view_of(topic, member_ids), new_secret=secret)


async def set_address(
    session: AsyncSession, topic: Topic, address: str | None, *, renew: bool, now: datetime
) -> str | None:
    """Where the outside helpdesk is called, if there is one; its secret, if that is new."""
    is_new = address is not None and (renew or topic.hand_off_secret is None)
    topic.hand_off_url = address
    if is_new or address is None:
        topic.hand_off_secret = new_secret() if is_new else None
    await follow_address(session, topic, now=now)
    return topic.hand_off_secret if is_new else None


def read_waits(written: str) -> Waits:
    """`10, 60, 480`: three numbers of minutes, each larger than the one before; and a fourth of
    any size, if wanted: how long a reply pauses the asking."""
    if not written.strip():
        return Waits()
    parts = [part.strip() for part in written.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        raise NotWaits()
    minutes = [int(part) for part in parts]
    if len(minutes) not in (3, 4) or not 0 < minutes[0] < minutes[1] < minutes[2]:
        raise NotWaits()
    if len(minutes) == 4 and minutes[3] < 1:
        raise NotWaits()
    return Waits(*minutes)


async def set_channel_topic(
    session: AsyncSession,
    topic: Topic,
    channel_id: str,
    user_id: str,
    *,
    is_own: bool,
    now: datetime,
) -> None:
    """An admin who is out of the channel by now changes nothing of it."""
    place = {"team_id": topic.team_id, "channel_id": channel_id}
    if not await channels.can_read(session, **place, user_id=user_id):
        return
    channel = await channels.get(session, **place)
    if channel is not None and is_own:
        former_id, channel.topic_id = channel.topic_id, topic.id
        await session.flush()
        await replace_own_topic(session, topic.team_id, former_id, topic, now=now)
        await note_channel_topic(session, topic, channel_id, former_id, by=user_id, now=now)
    elif channel is not None and channel.topic_id == topic.id and topic.made_for is None:
        channel.topic_id = None
        own = await get_own_topic(session, channel, by=user_id, now=now)
        await note_channel_topic(session, own, channel_id, topic.id, by=user_id, now=now)


async def note_channel_topic(
    session: AsyncSession,
    topic: Topic,
    channel_id: str,
    former_id: int | None,
    *,
    by: str,
    now: datetime,
) -> None:
    about = {"team_id": topic.team_id, "channel_id": channel_id, "named": topic.name}
    how = {"before": str(former_id or ""), "after": str(topic.id)}
    await audit.note(session, audit.CHANNEL_TOPIC, **about, **how, by=by, now=now)


def check_topic(name: str, keywords: Sequence[str]) -> None:
    if not 1 <= len(name) <= MAX_NAME:
        raise TopicNeedsName()
    if len(keywords) > MAX_KEYWORDS:
        raise TooManyKeywords(MAX_KEYWORDS)


async def get_or_add(
    session: AsyncSession,
    team_id: str,
    topic_id: int | None,
    name: str,
    user_id: str,
    *,
    now: datetime,
) -> Topic:
    topic = await topics.get(session, team_id, topic_id) if topic_id is not None else None
    if topic is None and topic_id is not None:
        raise TopicIsGone()
    namesake = await topics.get_by_key(session, team_id, key_of(name))
    if namesake is not None and namesake.id != topic_id:
        raise TopicExists(namesake.name)
    if topic is not None:
        if not await topics.rename(session, topic, name=name, key=key_of(name)):
            raise TopicExists(name)
        return topic
    new = Topic(
        team_id=team_id,
        name=name,
        key=key_of(name),
        keywords=[],
        created_by=user_id,
        created_at=now,
    )
    topic = await add_if_first(session, new)
    if topic is None:
        raise TopicExists(name)
    return topic


async def set_experts(
    session: AsyncSession, topic: Topic, member_ids: Sequence[str], *, by: str, now: datetime
) -> None:
    """Make exactly these the topic's experts; who stays keeps their place, and somebody else than
    who names them is asked first."""
    present = {expert.member_id for expert in await topics.list_experts(session, topic.id)}
    await check_are_people(session, topic.team_id, set(member_ids) - present)
    for member_id in sorted(present - set(member_ids)):
        await let_go(session, topic, member_id, by=by, now=now)
    invited = await list_invited(session, topic.id)
    await withdraw(session, topic, set(invited.waiting) - set(member_ids), now=now)
    for place, member_id in enumerate(dict.fromkeys(member_ids)):
        if member_id not in present:
            # Who is named first is asked first, so their times differ.
            at = now + timedelta(microseconds=place)
            if topics.is_group(member_id) or member_id == by:
                await add_expert(session, topic, member_id, by=by, now=at)
            else:
                await invite(session, topic, member_id, by=by, now=at)


async def let_go(
    session: AsyncSession, topic: Topic, member_id: str, *, by: str, now: datetime
) -> bool:
    """This person or user group helps on the topic no more, and what they were asked of it is
    looked at again; False when they did not help on it."""
    if not await topics.remove_expert(session, topic_id=topic.id, member_id=member_id):
        return False
    is_group = topics.is_group(member_id)
    members = await list_group_members(session, topic.team_id, member_id) if is_group else []
    for user_id in members if is_group else [member_id]:
        await questions.hasten_asked(session, topic.team_id, user_id, now=now)
    await note_expert(session, topic, member_id, is_expert=False, by=by, now=now)
    return True


async def check_are_people(session: AsyncSession, team_id: str, member_ids: set[str]) -> None:
    """No app and no closed account, as far as we know."""
    for person in await people.list_known(session, team_id, member_ids):
        if person.is_bot or person.is_deactivated:
            raise OnlyPeopleCanBeExperts()


async def add_expert(
    session: AsyncSession, topic: Topic, member_id: str, *, by: str, now: datetime
) -> bool:
    """Add a person or user group, and owe a look at who they are if we do not know."""
    expert = Expert(topic_id=topic.id, member_id=member_id, added_by=by, added_at=now)
    if not await add_if_first(session, expert):
        return False
    if topics.is_group(member_id):
        await owe_group(session, team_id=topic.team_id, usergroup_id=member_id, now=now)
    elif not await is_known(session, topic.team_id, member_id):
        await owe_person(session, team_id=topic.team_id, user_id=member_id, now=now)
    await note_expert(session, topic, member_id, is_expert=True, by=by, now=now)
    return True


async def join_topic(
    session: AsyncSession, *, team_id: str, name: str, user_id: str, now: datetime
) -> tuple[str, bool]:
    """Become an expert, or one again after a pause: the topic's name, and False when the person
    was one already."""
    topic = with_name(await list_own_topics(session, team_id, user_id), name)
    if topic is None:
        await check_may_join(session, team_id, user_id)
        raise UnknownTopic(name)
    was_paused = user_id in await availability.list_paused(session, topic.id)
    return topic.name, await start_asking(session, topic, user_id, now=now) or was_paused


async def start_asking(session: AsyncSession, topic: Topic, user_id: str, *, now: datetime) -> bool:
    """Ask this person about the topic, by their own wish; False when they are its expert."""
    await availability.set_pause(session, topic_id=topic.id, user_id=user_id, paused_at=None)
    is_invited = await take_yes(session, topic, user_id, now=now)
    if user_id in await topics.list_expert_ids(session, topic.team_id, topic.id):
        return False
    if not is_invited:
        await check_may_join(session, topic.team_id, user_id)
    return await add_expert(session, topic, user_id, by=user_id, now=now)


async def leave_topic(
    session: AsyncSession, *, team_id: str, name: str, user_id: str, now: datetime
) -> tuple[str, bool]:
    """Be no expert any more: the topic's name, and False when the person was none."""
    known = await list_known_topics(session, team_id, user_id)
    topic = with_name([*known, *await topics.list_helped(session, team_id, user_id)], name)
    if topic is None:
        raise UnknownTopic(name)
    if await let_go(session, topic, user_id, by=user_id, now=now):
        return topic.name, True
    if user_id in await topics.list_expert_ids(session, team_id, topic.id):
        raise GroupMemberCannotLeave(topic.name)
    return topic.name, False


async def join_by_id(
    session: AsyncSession, *, team_id: str, topic_id: int, user_id: str, now: datetime
) -> bool:
    """False when the person was an expert already."""
    own = await list_own_topics(session, team_id, user_id)
    topic = next((each for each in own if each.id == topic_id), None)
    if topic is None:
        await check_may_join(session, team_id, user_id)
        raise TopicIsGone()
    return await start_asking(session, topic, user_id, now=now)


async def leave_by_id(
    session: AsyncSession, *, team_id: str, topic_id: int, user_id: str, now: datetime
) -> bool:
    """Be asked about it no more; False when the person was no expert. Who helps by a user group
    pauses it."""
    helped = await topics.list_helped(session, team_id, user_id)
    topic = next((each for each in helped if each.id == topic_id), None)
    if topic is None:
        return False
    if not await let_go(session, topic, user_id, by=user_id, now=now):
        await availability.set_pause(session, topic_id=topic.id, user_id=user_id, paused_at=now)
        await questions.hasten_asked(session, team_id, user_id, now=now)
    return True


def with_name(known: Iterable[Topic], name: str) -> Topic | None:
    key = typed_key(name)
    return next((topic for topic in known if typed_key(topic.key) == key), None)


async def list_names(session: AsyncSession, *, team_id: str, user_id: str) -> list[tuple[int, str]]:
    """Of all topics, for an admin, who runs them."""
    await check_is_admin(session, team_id, user_id)
    return [(topic.id, topic.name) for topic in await topics.list_all(session, team_id)]


async def get_topic(session: AsyncSession, *, team_id: str, name: str) -> TopicView | None:
    """For an admin, who runs every topic."""
    topic = await topics.get_by_key(session, team_id, key_of(name))
    if topic is None:
        return None
    return replace(await view(session, topic), invited=await list_invited(session, topic.id))


async def find_topic(
    session: AsyncSession, *, team_id: str, user_id: str, name: str
) -> TopicView | None:
    """The topic of that name, if this person may know of it."""
    topic = with_name(await list_known_topics(session, team_id, user_id), name)
    return None if topic is None else await view(session, topic)


async def list_topics(session: AsyncSession, *, team_id: str, user_id: str) -> list[TopicView]:
    """Those that this person may know of."""
    known = await list_known_topics(session, team_id, user_id)
    return [await view(session, topic) for topic in known]


async def with_those_there(
    session: AsyncSession, team_id: str, views: Sequence[TopicView], *, now: datetime
) -> list[TopicView]:
    """The same without those whose account is closed, who are away, or who paused the topic. A user
    group is there while one of its members is."""
    named = dict.fromkeys(each for view in views for each in view.member_ids)
    members = {
        each: await list_group_members(session, team_id, each) if topics.is_group(each) else [each]
        for each in named
    }
    user_ids = [user_id for theirs in members.values() for user_id in theirs]
    closed = await people.list_closed(session, team_id, user_ids)
    away = await availability.list_away(session, team_id, user_ids, now=now)
    paused = await availability.list_pauses(session, [view.topic_id for view in views])
    shown = []
    for view in views:
        out = away | {user_id for topic_id, user_id in paused if topic_id == view.topic_id}
        there = [each for each in view.member_ids if set(members[each]) - closed - out]
        gone = [each for each in view.member_ids if not set(members[each]) <= closed]
        shown.append(replace(view, member_ids=tuple(there), away=len(gone) - len(there)))
    return shown


async def view(session: AsyncSession, topic: Topic) -> TopicView:
    experts = await topics.list_experts(session, topic.id)
    return view_of(topic, [expert.member_id for expert in experts])


def view_of(topic: Topic, member_ids: Sequence[str]) -> TopicView:
    return TopicView(
        topic.id,
        topic.name,
        tuple(topic.keywords),
        tuple(member_ids),
        topic.sponsor_id,
        Waits(topic.next_after, topic.everybody_after, topic.hand_off_after, topic.pause_after),
        topic.hand_off_channel_id,
        topic.hint or "",
        topic.hand_off_url,
    )
