"""What the audit is told of a topic: each of its settings that changed, from what to what."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from storage.tables import Topic

Settings = dict[str, str]  # as the audit shows them; "" for what is not set


def about_topic(topic: Topic, by: str) -> dict[str, Any]:
    """One that is a channel's own is told to those who read the channel."""
    return {
        "team_id": topic.team_id,
        "by": by,
        "channel_id": topic.made_for,
        "subject": topic.id,
        "named": topic.name,
    }


def settings_of(topic: Topic) -> Settings:
    waits = (topic.next_after, topic.everybody_after, topic.hand_off_after, topic.pause_after)
    return {
        audit.NAME: topic.name,
        audit.KEYWORDS: ", ".join(topic.keywords),
        audit.SPONSOR: f"<@{topic.sponsor_id}>" if topic.sponsor_id else "",
        audit.WAITS: ", ".join(str(each) for each in waits if each is not None),
        audit.HINT: topic.hint or "",
        audit.HELPDESK: topic.hand_off_channel_id or "",
        audit.HELPDESK_ADDRESS: topic.hand_off_url or "",
    }


async def note_settings(
    session: AsyncSession, topic: Topic, before: Settings | None, *, by: str, now: datetime
) -> None:
    """`before`: as they were; None for a new topic."""
    about = about_topic(topic, by)
    if before is None:
        await audit.note(session, audit.TOPIC, **about, before="", after=topic.name, now=now)
    was = before or dict.fromkeys(settings_of(topic), "") | {audit.NAME: topic.name}
    for what, after in settings_of(topic).items():
        await audit.note(session, what, **about, before=was[what], after=after, now=now)


async def note_secret(session: AsyncSession, topic: Topic, *, by: str, now: datetime) -> None:
    """The helpdesk's secret is new. It is not told here."""
    about = about_topic(topic, by)
    await audit.note(session, audit.HELPDESK_SECRET, **about, now=now)


async def note_expert(
    session: AsyncSession,
    topic: Topic,
    member_id: str,
    *,
    is_expert: bool,
    by: str,
    now: datetime,
) -> None:
    """A person helps on the topic now, or no more; or a user group, which is no person."""
    is_group = member_id.startswith("S")
    await audit.note(
        session,
        audit.EXPERT,
        **about_topic(topic, by),
        person=None if is_group else member_id,
        before="" if is_expert else member_id if is_group else audit.ON,
        after=member_id if is_expert and is_group else audit.ON if is_expert else "",
        now=now,
    )
