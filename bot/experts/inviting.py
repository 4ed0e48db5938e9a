"""Naming somebody as an expert: they are asked first, and called for nothing until they say yes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import SaidNo
from bot.kinds import INVITATION, TopicAndPerson
from bot.people import get_name
from storage import outbox
from storage.experts import invitations
from storage.tables import Invitation, Topic


@dataclass(frozen=True)
class Invited:
    """Those named by themselves who are no experts: not yet, or because they would rather not."""

    waiting: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()


async def invite(
    session: AsyncSession, topic: Topic, user_id: str, *, by: str, now: datetime
) -> None:
    """Ask them once. Who said no can only come by themselves."""
    known = await invitations.get(session, topic.team_id, topic.id, user_id)
    if known is not None and known.usergroup_id is None:
        if known.declined_at is not None:
            raise SaidNo(await get_name(session, topic.team_id, user_id))
        if is_waiting(known):
            return
    await invitations.save(session, topic, user_id, by=by, now=now)
    await owe_invitation(session, topic, user_id, now=now)


def is_waiting(invitation: Invitation) -> bool:
    said = (invitation.accepted_at, invitation.declined_at, invitation.withdrawn_at)
    return invitation.usergroup_id is None and not any(said)


async def withdraw(
    session: AsyncSession, topic: Topic, user_ids: Collection[str], *, now: datetime
) -> None:
    """They need not answer any more; what asked them goes."""
    for invitation in await invitations.list_of_topic(session, topic.id):
        if invitation.user_id in user_ids and is_waiting(invitation):
            invitation.withdrawn_at = now
            await owe_invitation(session, topic, invitation.user_id, now=now)


async def owe_invitation(
    session: AsyncSession, topic: Topic, user_id: str, *, now: datetime
) -> None:
    await outbox.owe(
        session,
        INVITATION,
        TopicAndPerson(topic.id, user_id),
        team_id=topic.team_id,
        lane=user_id,
        now=now,
    )


async def take_yes(session: AsyncSession, topic: Topic, user_id: str, *, now: datetime) -> bool:
    """They said so, by whichever way; False where nobody waits for it."""
    invitation = await invitations.get(session, topic.team_id, topic.id, user_id)
    if invitation is None or not is_waiting(invitation):
        return False
    invitation.accepted_at = now
    return True


async def list_invited(session: AsyncSession, topic_id: int) -> Invited:
    known = await invitations.list_of_topic(session, topic_id)
    return Invited(
        waiting=tuple(each.user_id for each in known if is_waiting(each)),
        declined=tuple(each.user_id for each in known if each.declined_at is not None),
    )
