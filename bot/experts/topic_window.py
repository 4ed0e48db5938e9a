"""The window in which an admin makes or changes a topic: what it shows, saving, taking back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.changes import Value, check_unchanged, mark_of, note_change
from bot.errors import NotInChannel, TopicIsGone
from bot.experts.inviting import list_invited
from bot.experts.topics import TopicView, add_expert, list_names, save_topic, view
from bot.experts.webhooks import Networks
from bot.people import check_is_admin
from bot.rights import get_joined
from bot.text import key_of
from storage.experts import topics
from storage.tables import Channel, Topic

TOPIC = "topic"  # the setting


@dataclass(frozen=True)
class TopicForm:
    """What the window shows. `channel_id`: where it was opened, or which it sets up."""

    topic: TopicView | None = None
    name: str = ""  # of a new one
    channel_id: str | None = None
    channel: str = ""  # its name
    is_channel_topic: bool = False
    others: tuple[tuple[int, str], ...] = ()  # those that it can become a part of
    seen: str = ""
    sets_up: bool = False  # saving makes the channel a help channel

    def for_set_up(self) -> "TopicForm":
        """It is made for that channel: what others change of the topic meanwhile does not stop
        that."""
        return replace(self, sets_up=True, seen="")


@dataclass(frozen=True)
class Given:
    """What was written and chosen in the window; None where it did not show that."""

    name: str
    people: Sequence[str]
    groups: Sequence[str] | None = None
    keywords: str | None = None
    sponsor_id: str | None = None
    waits: str | None = None
    hand_off_channel_id: str | None = None
    hint: str | None = None
    hand_off_url: str | None = None
    wants_new_secret: bool = False
    is_whole: bool = True  # False: what is not given stays as it is


@dataclass(frozen=True)
class SavedTopic:
    topic: TopicView
    change_id: int | None


async def get_form(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    topic_id: int | None = None,
    name: str = "",
    channel_id: str | None = None,
) -> TopicForm:
    """For an admin. Without a topic's number or a known name it is a new one."""
    await check_is_admin(session, team_id, user_id)
    topic = await find(session, team_id, topic_id, name)
    channel = await find_channel(session, team_id, channel_id, user_id)
    others = await list_names(session, team_id=team_id, user_id=user_id)
    if topic is None:
        form = TopicForm(name=name)
    else:
        invited = await list_invited(session, topic.id)
        shown = replace(await view(session, topic), invited=invited)
        form = TopicForm(topic=shown, seen=mark_of(await read_topic(session, topic)))
    return replace(
        form,
        channel_id=channel.channel_id if channel else None,
        channel=channel.name if channel else "",
        is_channel_topic=channel is not None and topic is not None and channel.topic_id == topic.id,
        others=tuple(others),
    )


async def find(
    session: AsyncSession, team_id: str, topic_id: int | None, name: str
) -> Topic | None:
    if topic_id is None:
        return await topics.get_by_key(session, team_id, key_of(name)) if name else None
    topic = await topics.get(session, team_id, topic_id)
    if topic is None:
        raise TopicIsGone()
    return topic


async def find_channel(
    session: AsyncSession, team_id: str, channel_id: str | None, user_id: str
) -> Channel | None:
    if channel_id is None:
        return None
    try:
        return await get_joined(session, team_id, channel_id, user_id)
    except NotInChannel:
        return None


async def save_form(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    topic_id: int | None,
    given: Given,
    seen: str = "",
    channel_id: str | None = None,
    is_channel_topic: bool = False,
    helpdesk_networks: Networks = (),
    now: datetime,
) -> SavedTopic:
    """Keep what was given, unless somebody else changed the topic since it was shown."""
    await check_is_admin(session, team_id, user_id)
    topic = await topics.get(session, team_id, topic_id) if topic_id is not None else None
    before = await read_topic(session, topic) if topic is not None else {}
    await check_unchanged(
        session,
        team_id=team_id,
        setting=TOPIC,
        subject=str(topic_id),
        value=before,
        seen=seen if topic is not None else "",
    )
    saved = await save_topic(
        session,
        team_id=team_id,
        user_id=user_id,
        topic_id=topic_id,
        **values_of(given, before),
        channel_id=channel_id,
        is_channel_topic=is_channel_topic,
        wants_new_secret=given.wants_new_secret,
        helpdesk_networks=helpdesk_networks,
        now=now,
    )
    row = await topics.get(session, team_id, saved.topic_id)
    shown = replace(saved, member_ids=(), invited=await list_invited(session, saved.topic_id))
    change_id = None
    if row is not None:
        shown = replace(shown, member_ids=(await view(session, row)).member_ids)
        if topic is not None:
            change_id = await note_change(
                session,
                team_id=team_id,
                setting=TOPIC,
                subject=str(saved.topic_id),
                before=before,
                after=await read_topic(session, row),
                by=user_id,
                now=now,
            )
    return SavedTopic(shown, change_id)


def values_of(given: Given, before: Value) -> dict[str, Any]:
    """For `save_topic`: what was given, or stays."""
    groups = given.groups
    if groups is None:
        groups = [each for each in before.get("experts", ()) if topics.is_group(each)]
    return {
        "name": given.name,
        "member_ids": [*given.people, *groups],
        "keywords": kept(given.keywords, before.get("keywords")),
        "hint": kept(given.hint, before.get("hint")),
        "waits": kept(given.waits, before.get("waits")),
        "hand_off_url": kept(given.hand_off_url, before.get("hand_off_url")),
        "sponsor_id": given.sponsor_id if given.is_whole else before.get("sponsor_id"),
        "hand_off_channel_id": given.hand_off_channel_id
        if given.is_whole
        else before.get("hand_off_channel_id"),
    }


def kept(given: str | None, before: str | None) -> str:
    return (before or "") if given is None else given


async def read_topic(session: AsyncSession, topic: Topic) -> dict[str, Any]:
    """All that the window sets, as JSON holds it."""
    shown = await view(session, topic)
    waits = vars(shown.waits).values()
    return {
        "name": topic.name,
        "keywords": ", ".join(topic.keywords),
        "experts": sorted(shown.member_ids),
        "waiting": sorted((await list_invited(session, topic.id)).waiting),
        "sponsor_id": topic.sponsor_id,
        "waits": ", ".join(str(each) for each in waits if each is not None),
        "hand_off_channel_id": topic.hand_off_channel_id,
        "hint": topic.hint or "",
        "hand_off_url": topic.hand_off_url or "",
    }


async def get_topic_value(session: AsyncSession, team_id: str, subject: str) -> dict[str, Any]:
    topic = await topics.get(session, team_id, int(subject))
    if topic is None:
        raise TopicIsGone()
    return await read_topic(session, topic)


async def restore_topic(
    session: AsyncSession,
    *,
    team_id: str,
    user_id: str,
    subject: str,
    value: Value,
    helpdesk_networks: Networks = (),
    now: datetime,
) -> None:
    """Make it what it was. Who was its expert then said yes once, and is one again."""
    topic = await topics.get(session, team_id, int(subject))
    if topic is None:
        raise TopicIsGone()
    for member_id in value["experts"]:
        await add_expert(session, topic, member_id, by=user_id, now=now)
    await save_topic(
        session,
        team_id=team_id,
        user_id=user_id,
        topic_id=topic.id,
        name=value["name"],
        keywords=value["keywords"],
        member_ids=[*value["experts"], *value["waiting"]],
        sponsor_id=value["sponsor_id"],
        channel_id=None,
        is_channel_topic=False,
        waits=value["waits"],
        hand_off_channel_id=value["hand_off_channel_id"],
        hint=value["hint"],
        hand_off_url=value["hand_off_url"],
        helpdesk_networks=helpdesk_networks,
        now=now,
    )
