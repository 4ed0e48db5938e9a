"""What those say who were named as experts: yes, no, or nothing for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.audit import on_off
from bot.errors import InvitationIsSettled
from bot.experts.availability import get_choices
from bot.experts.inviting import is_waiting
from bot.experts.topics import add_expert, start_asking
from bot.hours import Hours
from bot.outbox import owe_homes
from bot.people import check_is_admin
from storage import workspaces
from storage.experts import availability, invitations, topics
from storage.questions import questions
from storage.tables import Invitation, Topic

SILENCE = timedelta(days=1)
TAKEN_AT_ONCE = 50


@dataclass(frozen=True)
class InvitationNote:
    """What somebody who was named reads."""

    topic_id: int
    topic: str
    invited_by: str
    usergroup_id: str | None  # by which they are in already
    hours: Hours | None  # when they would be asked
    daily_limit: int
    is_silence_yes: bool = False
    channel_id: str = ""  # whose own the topic is
    withdrawn_ts: str | None = None  # of the message that is to go


async def get_invitation_note(
    session: AsyncSession, team_id: str, topic_id: int, user_id: str, *, now: datetime
) -> InvitationNote | None:
    """None where there is nothing to say, or nothing any more."""
    invitation = await invitations.get(session, team_id, topic_id, user_id)
    topic = await topics.get(session, team_id, topic_id)
    if invitation is None or topic is None or not is_to_be_told(invitation):
        return None
    choices = await get_choices(session, team_id=team_id, user_id=user_id, now=now)
    workspace = await workspaces.get(session, team_id)
    return InvitationNote(
        topic_id=topic.id,
        topic=topic.name,
        invited_by=invitation.invited_by,
        usergroup_id=invitation.usergroup_id,
        hours=choices.hours,
        daily_limit=choices.daily_limit,
        is_silence_yes=workspace is not None and workspace.silence_is_yes_at is not None,
        channel_id=topic.made_for or "",
        withdrawn_ts=invitation.message_ts if invitation.withdrawn_at else None,
    )


def is_to_be_told(invitation: Invitation) -> bool:
    if invitation.withdrawn_at is not None:
        return invitation.message_ts is not None
    said = (invitation.accepted_at, invitation.declined_at, invitation.message_ts)
    return not any(said)


async def note_posted(
    session: AsyncSession, *, team_id: str, topic_id: int, user_id: str, message_ts: str | None
) -> None:
    invitation = await invitations.get(session, team_id, topic_id, user_id)
    if invitation is not None:
        invitation.message_ts = message_ts


async def accept(
    session: AsyncSession, *, team_id: str, topic_id: int, user_id: str, now: datetime
) -> str:
    """They would: the topic's name. They are asked from now on."""
    invitation, topic = await get_told(session, team_id, topic_id, user_id)
    await start_asking(session, topic, user_id, now=now)
    await owe_homes(session, team_id=team_id, user_ids=[invitation.invited_by], now=now)
    return topic.name


async def decline(
    session: AsyncSession, *, team_id: str, topic_id: int, user_id: str, now: datetime
) -> tuple[str, bool]:
    """They would rather not: the topic's name, and False when they said yes before. Who has the
    role by a user group keeps it, and is not asked about the topic."""
    invitation, topic = await get_told(session, team_id, topic_id, user_id)
    if invitation.usergroup_id is not None:
        await availability.set_pause(session, topic_id=topic.id, user_id=user_id, paused_at=now)
        await questions.hasten_asked(session, team_id, user_id, now=now)
    elif not is_waiting(invitation) and invitation.declined_at is None:
        return topic.name, False
    invitation.declined_at = invitation.declined_at or now
    return topic.name, True


async def get_told(
    session: AsyncSession, team_id: str, topic_id: int, user_id: str
) -> tuple[Invitation, Topic]:
    invitation = await invitations.get(session, team_id, topic_id, user_id)
    topic = await topics.get(session, team_id, topic_id)
    if invitation is None or topic is None or invitation.withdrawn_at is not None:
        raise InvitationIsSettled()
    return invitation, topic


async def take_silence(session: AsyncSession, *, now: datetime) -> bool:
    """Where the workspace wants it so, who said no to nothing for a day is in; True when there
    may be more."""
    silent = await invitations.list_silent(session, before=now - SILENCE, limit=TAKEN_AT_ONCE)
    for invitation in silent:
        topic = await topics.get(session, invitation.team_id, invitation.topic_id)
        invitation.accepted_at = now
        if topic is not None:
            by = invitation.invited_by
            await add_expert(session, topic, invitation.user_id, by=by, now=now)
    return len(silent) == TAKEN_AT_ONCE


async def set_silence_is_yes(
    session: AsyncSession, *, team_id: str, user_id: str, is_yes: bool, now: datetime
) -> None:
    """Whether who says nothing for a day is asked from then on; else only their yes counts."""
    await check_is_admin(session, team_id, user_id)
    workspace = await workspaces.get(session, team_id)
    if workspace is None:
        return
    was_yes = workspace.silence_is_yes_at is not None
    workspace.silence_is_yes_at = (workspace.silence_is_yes_at or now) if is_yes else None
    how = {"before": on_off(was_yes), "after": on_off(is_yes)}
    await audit.note(session, audit.CONSENT, team_id=team_id, by=user_id, **how, now=now)
