"""What the bot knows of people and user groups, and what they may do."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot import audit
from bot.errors import OnlyAdmins
from bot.kinds import (
    HAND_OFF,
    INVITATION,
    READ_GROUP,
    READ_PEOPLE,
    READ_PERSON,
    TopicAndPerson,
)
from bot.schedules import TIMEZONES
from bot.text import plain
from storage import channels, outbox, people, workspaces
from storage.access import tokens
from storage.experts import invitations, topics
from storage.questions import questions

# How far apart Slack's clock and ours may be: what one of them says is older by less is not.
CLOCKS_DIFFER_BY = timedelta(minutes=2)
PERSON, CHANNEL = re.compile(r"<@([UW][A-Z0-9]+)"), re.compile(r"<#([CG][A-Z0-9]+)")
STRANGERS_AT_ONCE = 200  # some minutes' worth of what Slack answers
# Events keep what we know of people; this mends what was missed. Who acts through us and was
# read longer ago is asked about first.
READ_PEOPLE_EVERY, PEOPLE_STAY_FRESH = timedelta(hours=3), timedelta(hours=4)


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
    out_until: datetime | None = None  # says their status


async def learn_person(
    session: AsyncSession, *, team_id: str, profile: Profile, now: datetime
) -> None:
    """Slack told then who they are. A late copy of what it told changes nothing; how things
    stand is read."""
    known = await people.get(session, team_id, profile.user_id)
    if known is not None and known.read_at > now:
        await owe_person(session, team_id=team_id, user_id=profile.user_id, now=now)
        return
    was_gone = known is not None and known.is_deactivated
    was_admin = known is not None and known.is_admin
    was_out_until = known.out_until if known is not None else None
    await people.save(session, team_id=team_id, read_at=now, **vars(profile))
    if known is not None:
        how = {"before": audit.on_off(was_admin), "after": audit.on_off(profile.is_admin)}
        about = {"team_id": team_id, "person": profile.user_id}
        await audit.note(session, audit.ADMIN, **about, **how, by=None, now=now)
    if profile.is_deactivated and not was_gone:  # nobody waits for the answer any more
        await end_tokens(session, team_id, profile.user_id, now=now)
        await questions.hasten_steps(session, team_id, profile.user_id, now=now)
    if profile.is_deactivated != was_gone or profile.out_until != was_out_until:
        await questions.hasten_asked(session, team_id, profile.user_id, now=now)
    if known is None:
        for channel_id in await topics.list_hand_off_channels(
            session, team_id=team_id, user_id=profile.user_id
        ):
            await owe_hand_offs(session, team_id=team_id, channel_id=channel_id, now=now)


async def end_tokens(session: AsyncSession, team_id: str, user_id: str, *, now: datetime) -> None:
    """Their programs act for nobody any more; an account that is opened again begins anew."""
    for ending in await tokens.remove_of(session, team_id, user_id):
        await audit.note(
            session,
            audit.TOKEN_ENDED,
            team_id=team_id,
            by=None,
            person=user_id,
            named=f"…{ending}",
            now=now,
        )


async def learn_profile(
    session: AsyncSession,
    *,
    team_id: str,
    profile: Profile,
    known_at: datetime | None,
    now: datetime,
) -> None:
    """What we read of a person. `known_at`: when Slack had last told us of them as we began to
    read; what it told since stands."""
    newest = (await list_read_at(session, team_id, [profile.user_id])).get(profile.user_id)
    if newest == known_at:
        moment = max(now, known_at or now)
        await learn_person(session, team_id=team_id, profile=profile, now=moment)


async def list_read_at(
    session: AsyncSession, team_id: str, user_ids: Iterable[str]
) -> dict[str, datetime]:
    """When Slack last told us of these people; without those whom we do not know."""
    return await people.list_read_at(session, team_id, user_ids)


async def owe_people(session: AsyncSession, *, team_id: str, now: datetime) -> None:
    """Owe a look at all whom we know: what Slack says of them may have changed unheard."""
    await owe_page(session, team_id, 1, "", now=now)


async def owe_page(
    session: AsyncSession, team_id: str, number: int, cursor: str, *, now: datetime
) -> None:
    await outbox.owe(
        session,
        READ_PEOPLE,
        number,
        team_id=team_id,
        lane="read_people",
        payload={"cursor": cursor},
        now=now,
    )


async def owe_stale_people(session: AsyncSession, *, now: datetime) -> None:
    before = now - READ_PEOPLE_EVERY
    for team_id in await workspaces.list_people_unread_since(session, before):
        await owe_people(session, team_id=team_id, now=now)


async def learn_page(
    session: AsyncSession,
    *,
    team_id: str,
    number: int,
    profiles: Sequence[Profile],
    next_page: str,
    now: datetime,
) -> None:
    """A page of all who are in the workspace, as it was then: those whom we know are known
    anew."""
    known = await list_read_at(session, team_id, [each.user_id for each in profiles])
    for profile in profiles:
        if profile.user_id in known and known[profile.user_id] <= now:
            await learn_person(session, team_id=team_id, profile=profile, now=now)
    if next_page:
        await owe_page(session, team_id, number + 1, next_page, now=now)
    else:
        await workspaces.note_people_read(session, team_id, now=now)


async def learn_group(
    session: AsyncSession,
    *,
    team_id: str,
    usergroup_id: str,
    user_ids: Sequence[str],
    now: datetime,
) -> None:
    """Who is in a user group now; whom of them we do not know is looked up."""
    before = await list_group_members(session, team_id, usergroup_id)
    await people.set_group(session, team_id=team_id, usergroup_id=usergroup_id, user_ids=user_ids)
    for user_id in set(before) - set(user_ids):  # what they were asked, others are asked
        await questions.hasten_asked(session, team_id, user_id, now=now)
    known = {person.user_id for person in await people.list_known(session, team_id, user_ids)}
    for user_id in user_ids:
        if user_id not in known:
            await owe_person(session, team_id=team_id, user_id=user_id, now=now)
    for topic_id, user_id in await invitations.add_members(
        session, team_id=team_id, usergroup_id=usergroup_id, now=now
    ):
        told = TopicAndPerson(topic_id, user_id)
        await outbox.owe(session, INVITATION, told, team_id=team_id, lane=user_id, now=now)


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


async def read_out(session: AsyncSession, *, team_id: str, text: str) -> str:
    """The text as its writer typed it: with the names of the people and channels it mentions."""
    user_ids, channel_ids = PERSON.findall(text), CHANNEL.findall(text)
    names = {
        each.user_id: each.name for each in await people.list_known(session, team_id, user_ids)
    }
    return plain(text, names | await channels.list_public_names(session, team_id, channel_ids))


async def list_group_members(
    session: AsyncSession, team_id: str, usergroup_id: str
) -> Sequence[str]:
    """Of a user group that helps on a topic; of no other we know who is in it."""
    return await people.list_group_members(session, team_id, usergroup_id)


async def is_known(session: AsyncSession, team_id: str, user_id: str) -> bool:
    return await people.get(session, team_id, user_id) is not None


async def is_person(session: AsyncSession, team_id: str, user_id: str) -> bool:
    """Whether we know them as a person, and no app's user."""
    person = await people.get(session, team_id, user_id)
    return person is not None and not person.is_bot


async def get_name(session: AsyncSession, team_id: str, user_id: str) -> str:
    """What they are called; their id where we do not know them."""
    person = await people.get(session, team_id, user_id)
    return person.name if person else user_id


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
