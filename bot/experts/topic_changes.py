"""Topics that are renamed, merged or deleted, and what becomes of what they had."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import (
    OwnTopicStays,
    SameTopic,
    TopicExists,
    TopicIsGone,
    TopicNeedsName,
    UnknownTopic,
)
from bot.experts.cards import owe_about
from bot.experts.own_topics import get_own_topic
from bot.kinds import QUESTION_CARD, TOPIC_NOTE, TopicAndPerson
from bot.people import check_is_admin
from bot.recognition.sponsors import settle_sponsors
from bot.text import key_of
from storage import channels, outbox
from storage.experts import topics
from storage.questions import questions
from storage.tables import Topic

MAX_NAME = 60  # characters
CARDS_DRAWN = 200  # of open questions, the newest; the others are drawn when they next change


async def rename_topic(
    session: AsyncSession, *, team_id: str, user_id: str, name: str, to: str, now: datetime
) -> tuple[str, str]:
    """What it was called, and is."""
    topic = await get_named(session, team_id, user_id, name)
    former, new = topic.name, " ".join(to.split())
    if not 1 <= len(new) <= MAX_NAME:
        raise TopicNeedsName()
    namesake = await topics.get_by_key(session, team_id, key_of(new))
    if namesake is not None and namesake.id != topic.id:
        raise TopicExists(namesake.name)
    if not await topics.rename(session, topic, name=new, key=key_of(new)):
        raise TopicExists(new)
    how: dict[str, Any] = {"subject": topic.id, "named": new, "before": former, "after": new}
    await audit.note(session, audit.NAME, team_id=team_id, by=user_id, **how, now=now)
    return former, new


async def get_named(session: AsyncSession, team_id: str, user_id: str, name: str) -> Topic:
    """For an admin, who runs every topic."""
    await check_is_admin(session, team_id, user_id)
    topic = await topics.get_by_key(session, team_id, key_of(name))
    if topic is None:
        raise UnknownTopic(name)
    return topic


async def get_changed(session: AsyncSession, team_id: str, user_id: str, topic_id: int) -> Topic:
    await check_is_admin(session, team_id, user_id)
    topic = await topics.get(session, team_id, topic_id)
    if topic is None:
        raise TopicIsGone()
    return topic


async def merge_topics(
    session: AsyncSession, *, team_id: str, user_id: str, name: str, into: str, now: datetime
) -> tuple[str, str]:
    """All that the one had is the other's: questions, experts and channels. Their names."""
    topic = await get_named(session, team_id, user_id, name)
    other = await get_named(session, team_id, user_id, into)
    await merge_into(session, topic, other, by=user_id, now=now)
    return topic.name, other.name


async def merge_topic(
    session: AsyncSession, *, team_id: str, user_id: str, topic_id: int, into_id: int, now: datetime
) -> None:
    topic = await get_changed(session, team_id, user_id, topic_id)
    other = await get_changed(session, team_id, user_id, into_id)
    await merge_into(session, topic, other, by=user_id, now=now)


async def merge_into(
    session: AsyncSession, topic: Topic, other: Topic, *, by: str, now: datetime
) -> None:
    if topic.id == other.id:
        raise SameTopic()
    await tell_experts(session, topic, into=other.name, by=by, now=now)
    open_ids = await questions.list_open_of_topic(session, topic.team_id, topic.id)
    await topics.move_experts(session, topic.id, other.id)
    await topics.move_channels(session, topic.team_id, topic.id, other.id)
    await questions.move_to_topic(session, topic.team_id, topic.id, other.id, now=now)
    await end(session, topic, open_ids, by=by, into=other.name, now=now)


async def delete_topics(
    session: AsyncSession, *, team_id: str, user_id: str, name: str, now: datetime
) -> str:
    topic = await get_named(session, team_id, user_id, name)
    await delete(session, topic, by=user_id, now=now)
    return topic.name


async def delete_topic(
    session: AsyncSession, *, team_id: str, user_id: str, topic_id: int, now: datetime
) -> None:
    topic = await get_changed(session, team_id, user_id, topic_id)
    await delete(session, topic, by=user_id, now=now)


async def delete(session: AsyncSession, topic: Topic, *, by: str, now: datetime) -> None:
    """Its questions are about their channels' own topics from now on."""
    if topic.made_for is not None:
        raise OwnTopicStays(topic.name)
    await tell_experts(session, topic, into="", by=by, now=now)
    await topics.move_channels(session, topic.team_id, topic.id, None)
    open_ids = await questions.list_open_of_topic(session, topic.team_id, topic.id)
    for channel_id in await questions.list_channels_of_topic(session, topic.team_id, topic.id):
        channel = await channels.get(session, topic.team_id, channel_id)
        if channel is not None:
            own = await get_own_topic(session, channel, now=now)
            await questions.move_to_topic(
                session, topic.team_id, topic.id, own.id, channel_id=channel_id, now=now
            )
    await end(session, topic, open_ids, by=by, into=None, now=now)


async def end(
    session: AsyncSession,
    topic: Topic,
    open_ids: Sequence[int],
    *,
    by: str,
    into: str | None,
    now: datetime,
) -> None:
    """`into`: the topic that has now what it had."""
    team_id = topic.team_id
    how: dict[str, Any] = {"before": topic.name, "after": into or "", "channel_id": topic.made_for}
    about: dict[str, Any] = {"team_id": team_id, "subject": topic.id, "named": topic.name}
    await session.delete(topic)
    await session.flush()
    await settle_sponsors(session, team_id=team_id, now=now)
    for question in await questions.list_of_ids(session, team_id, open_ids[-CARDS_DRAWN:]):
        if question.card_ts is not None:
            await owe_about(session, QUESTION_CARD, question, now=now)
    await audit.note(session, audit.TOPIC, **about, by=by or None, **how, now=now)


async def tell_experts(
    session: AsyncSession, topic: Topic, *, into: str, by: str, now: datetime
) -> None:
    """Once, each of them but who does it."""
    for user_id in await topics.list_expert_ids(session, topic.team_id, topic.id):
        if user_id != by:
            await outbox.owe(
                session,
                TOPIC_NOTE,
                TopicAndPerson(topic.id, user_id),
                team_id=topic.team_id,
                lane=user_id,
                payload={"topic": topic.name, "into": into, "by": by},
                now=now,
            )


async def replace_own_topic(
    session: AsyncSession, team_id: str, former_id: int | None, topic: Topic, *, now: datetime
) -> None:
    """The channel has another topic now: what was made for it becomes a part of that."""
    former = await topics.get(session, team_id, former_id) if former_id else None
    if former is not None and former.made_for is not None and former.id != topic.id:
        await merge_into(session, former, topic, by=topic.created_by, now=now)
