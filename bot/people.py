"""What the bot knows of people and user groups, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OnlyAdmins
from bot.kinds import HAND_OFF, READ_GROUP, READ_PERSON
from bot.schedules import TIMEZONES
from storage import channels, outbox, people
from storage.experts import topics
from storage.questions import questions

STRANGERS_AT_ONCE = 200  # some minutes' worth of what Slack answers


@dataclass(frozen=True)
class Profile:
    """A person as Slack describes them."""

    user_id: str
    name: str
    timezone: str | None
    is_admin: bool
    is_bot: bool
    is_guest: bool
    is_external: bool  # of another company, here by Slack Connect
    is_deactivated: bool


async def learn_person(
    session: AsyncSession, *, team_id: str, profile: Profile, now: datetime
) -> None:
    is_new = not await is_known(session, team_id, profile.user_id)
    await people.save(session, team_id=team_id, read_at=now, **vars(profile))
    if is_new:
        for channel_id in await topics.list_hand_off_channels(
            session, team_id=team_id, user_id=profile.user_id
        ):
            await owe_hand_offs(session, team_id=team_id, channel_id=channel_id, now=now)


async def learn_group(
    session: AsyncSession,
    *,
    team_id: str,
    usergroup_id: str,
    user_ids: Sequence[str],
    now: datetime,
) -> None:
    """Who is in a user group now; whom of them we do not know is looked up."""
    await people.set_group(session, team_id=team_id, usergroup_id=usergroup_id, user_ids=user_ids)
    known = {person.user_id for person in await people.list_known(session, team_id, user_ids)}
    for user_id in user_ids:
        if user_id not in known:
            await owe_person(session, team_id=team_id, user_id=user_id, now=now)


async def owe_group(
    session: AsyncSession, *, team_id: str, usergroup_id: str, now: datetime
) -> None:
    """Owe a look at who is in a user group; only groups that are experts matter."""
    if await people.is_expert_group(session, team_id=team_id, usergroup_id=usergroup_id):
        await outbox.owe(
            session, READ_GROUP, usergroup_id, team_id=team_id, lane=usergroup_id, now=now
        )


async def owe_person(session: AsyncSession, *, team_id: str, user_id: str, now: datetime) -> None:
    await outbox.owe(session, READ_PERSON, user_id, team_id=team_id, lane=user_id, now=now)


async def owe_strangers(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> None:
    """Owe a look at those in a channel whom we do not know: what may be shown there depends
    on all of them."""
    strangers = await list_strangers(session, team_id, channel_id)
    for user_id in strangers[:STRANGERS_AT_ONCE]:
        await owe_person(session, team_id=team_id, user_id=user_id, now=now)


async def list_strangers(session: AsyncSession, team_id: str, channel_id: str) -> list[str]:
    unable = await channels.list_unable(
        session, team_id=team_id, members_of=channel_id, channel_id=channel_id
    )
    return [user_id for user_id, is_known in unable if not is_known]


async def owe_hand_offs(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> None:
    """Once everybody in a helpdesk's channel is known, what was said there can have its words."""
    await channels.lock(session, team_id, channel_id)  # the last two may be met at once
    if await list_strangers(session, team_id, channel_id):
        return
    for question in await questions.list_handed_off(
        session, team_id=team_id, channel_id=channel_id
    ):
        await outbox.owe(
            session,
            HAND_OFF,
            question.id,
            team_id=team_id,
            lane=question.channel_id,
            now=now,
        )


async def is_known(session: AsyncSession, team_id: str, user_id: str) -> bool:
    return await people.get(session, team_id, user_id) is not None


async def get_timezone(session: AsyncSession, team_id: str, user_id: str) -> str:
    person = await people.get(session, team_id, user_id)
    return known_timezone(person.timezone if person else None)


def known_timezone(timezone: str | None) -> str:
    return timezone if timezone in TIMEZONES else "UTC"


async def is_member(session: AsyncSession, team_id: str, user_id: str) -> bool:
    """A colleague who is here: no guest, nobody of another company, no app, no closed account.
    Who is unknown may be anybody."""
    person = await people.get(session, team_id, user_id)
    if person is None or person.is_bot or person.is_deactivated:
        return False
    return not (person.is_guest or person.is_external)


async def is_admin(session: AsyncSession, team_id: str, user_id: str) -> bool:
    person = await people.get(session, team_id, user_id)
    if person is None or person.is_external or person.is_bot or person.is_deactivated:
        return False  # another company's admin is none here
    return person.is_admin


async def check_is_admin(session: AsyncSession, team_id: str, user_id: str) -> None:
    if not await is_admin(session, team_id, user_id):
        raise OnlyAdmins()


async def list_unavailable(
    session: AsyncSession, team_id: str, channel_id: str, user_ids: Sequence[str]
) -> set[str]:
    """Those who cannot be asked about something in this channel. Somebody we know nothing of
    is asked all the same: an admin named them."""
    known = await people.list_known_ids(session, team_id, user_ids)
    readers = await channels.list_readers(
        session, team_id=team_id, channel_id=channel_id, user_ids=user_ids
    )
    return set(known) - readers
