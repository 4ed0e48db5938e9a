"""Topics and their experts."""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.channels import readable_by
from storage.saving import insert
from storage.tables import (
    Channel,
    ChannelMember,
    Expert,
    GroupMember,
    Pause,
    Person,
    Rhythm,
    Topic,
)
from storage.tables.base import SlackId


async def get(session: AsyncSession, team_id: str, topic_id: int) -> Topic | None:
    topic = await session.get(Topic, topic_id)
    return topic if topic is not None and topic.team_id == team_id else None


async def get_by_key(session: AsyncSession, team_id: str, key: str) -> Topic | None:
    return await session.scalar(select(Topic).where(Topic.team_id == team_id, Topic.key == key))


OF_TEAM = select(Topic).where(Topic.team_id == bindparam("team_id")).order_by(Topic.key)


async def list_all(session: AsyncSession, team_id: str) -> Sequence[Topic]:
    return (await session.scalars(OF_TEAM, {"team_id": team_id})).all()


async def list_readable(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    """Those that belong to no channel, or to one that this person can read."""
    readable = belongs_to(team_id, readable_by(team_id, user_id))
    return (
        await session.scalars(
            select(Topic)
            .where(Topic.team_id == team_id, or_(~belongs_to(team_id), readable))
            .order_by(Topic.key)
        )
    ).all()


def belongs_to(
    team_id: str | BindParameter[str], *which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The condition on `topics` that one is such a channel's own; or any channel's."""
    return exists().where(Channel.team_id == team_id, Channel.topic_id == Topic.id, *which)


def usable() -> Select[int]:
    team_id, asker_id = bindparam("team_id", type_=SlackId), bindparam("asker_id", type_=SlackId)
    here = belongs_to(team_id, Channel.channel_id == bindparam("channel_id"))
    readable = belongs_to(team_id, ~Channel.is_private, readable_by(team_id, asker_id))
    public = belongs_to(team_id, ~Channel.is_private)
    is_known = exists().where(Person.team_id == team_id, Person.user_id == asker_id)
    return (
        select(Topic.id)
        .where(Topic.team_id == team_id, Topic.id.in_(bindparam("topic_ids", expanding=True)))
        .where(or_(~belongs_to(team_id), here, readable, and_(public, ~is_known)))
    )


USABLE = usable()


async def list_usable(
    session: AsyncSession,
    *,
    team_id: str,
    topic_ids: Sequence[int],
    channel_id: str,
    asker_id: str,
) -> set[int]:
    """Those of these topics that a question asked there may be about. Its card names the topic
    and its experts to the whole channel: so never what belongs to other private channels alone,
    and to a guest nothing that they cannot read."""
    known = {
        "team_id": team_id,
        "topic_ids": topic_ids,
        "channel_id": channel_id,
        "asker_id": asker_id,
    }
    return set((await session.scalars(USABLE, known)).all())


async def list_helped(session: AsyncSession, team_id: str, user_id: str) -> Sequence[Topic]:
    """Those that this person is an expert of, by themselves or by a user group."""
    return (
        await session.scalars(
            select(Topic)
            .where(Topic.team_id == team_id, helped_by(team_id, user_id))
            .order_by(Topic.key)
        )
    ).all()


async def list_helping(session: AsyncSession, team_id: str, user_ids: Collection[str]) -> set[str]:
    """Those of these people who are experts of any topic."""
    groups = select(GroupMember.usergroup_id).where(
        GroupMember.team_id == team_id, GroupMember.user_id == Person.user_id
    )
    is_theirs = or_(Expert.member_id == Person.user_id, Expert.member_id.in_(groups))
    helps = exists().where(
        Topic.team_id == team_id, Expert.topic_id == Topic.id, is_theirs.self_group()
    )
    statement = select(Person.user_id).where(
        Person.team_id == team_id, Person.user_id.in_(user_ids), helps
    )
    return set((await session.scalars(statement)).all())


def helped_by(team_id: str, user_id: str) -> ColumnElement[bool]:
    """The condition on `topics` that this person is its expert."""
    groups = select(GroupMember.usergroup_id).where(
        GroupMember.team_id == team_id, GroupMember.user_id == user_id
    )
    is_theirs = or_(Expert.member_id == user_id, Expert.member_id.in_(groups))
    return exists().where(Expert.topic_id == Topic.id, is_theirs)


async def list_experts(session: AsyncSession, topic_id: int) -> Sequence[Expert]:
    """The people and user groups, in the order in which they were added."""
    return (
        await session.scalars(
            select(Expert)
            .where(Expert.topic_id == topic_id)
            .order_by(Expert.added_at, Expert.member_id)
        )
    ).all()


# An expert themselves, or somebody in the user group that is.
PERSON = case((Expert.member_id.startswith("S"), GroupMember.user_id), else_=Expert.member_id)
IN_GROUP = and_(
    GroupMember.team_id == bindparam("team_id"), GroupMember.usergroup_id == Expert.member_id
)
PEOPLE = (
    select(PERSON.label("user_id"))
    .select_from(Expert)
    .outerjoin(GroupMember, IN_GROUP)
    .where(Expert.topic_id == bindparam("topic_id"), PERSON.is_not(None))
)
# Asked about every question: built once, because building costs more than running. In one row:
# a topic may have thousands of experts.
EXPERT_IDS = select(
    func.aggregate_strings(
        PEOPLE.order_by(Expert.added_at, Expert.member_id, PERSON).subquery("people").c.user_id, ","
    )
)
ANSWERED_LAST = (
    PEOPLE.join(Rhythm, and_(Rhythm.team_id == bindparam("team_id"), Rhythm.user_id == PERSON))
    .order_by(Rhythm.last_at.desc(), PERSON)
    .limit(bindparam("limit"))
)


async def list_expert_ids(session: AsyncSession, team_id: str, topic_id: int) -> list[str]:
    """The people who are experts of the topic, by themselves or by a user group; in order."""
    found = await session.scalar(EXPERT_IDS, {"team_id": team_id, "topic_id": topic_id})
    return list(dict.fromkeys(found.split(","))) if found else []


async def list_who_answered_last(
    session: AsyncSession, team_id: str, topic_id: int, limit: int
) -> list[str]:
    """Those of them who answered something, in whichever topic, the last first."""
    asked = {"team_id": team_id, "topic_id": topic_id, "limit": limit}
    return list(dict.fromkeys((await session.scalars(ANSWERED_LAST, asked)).all()))


async def list_asked_about(session: AsyncSession, team_id: str, user_id: str) -> set[int]:
    """The topics that this person is an expert of, by themselves or by a user group, and did
    not pause."""
    paused = select(Pause.topic_id).where(Pause.user_id == user_id)
    rows = await session.scalars(
        select(Topic.id)
        .where(Topic.team_id == team_id, Topic.id.not_in(paused))
        .where(helped_by(team_id, user_id))
    )
    return set(rows.all())


async def list_hand_off_channels(
    session: AsyncSession, *, team_id: str, user_id: str
) -> Sequence[str]:
    """The helpdesks' channels that this person is in."""
    return (
        await session.scalars(
            select(ChannelMember.channel_id)
            .join(
                Topic,
                and_(
                    Topic.team_id == ChannelMember.team_id,
                    Topic.hand_off_channel_id == ChannelMember.channel_id,
                ),
            )
            .where(ChannelMember.team_id == team_id, ChannelMember.user_id == user_id)
            .distinct()
        )
    ).all()


async def is_hand_off_channel(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    statement = select(Topic.id).where(
        Topic.team_id == team_id, Topic.hand_off_channel_id == channel_id
    )
    return (await session.scalar(statement.limit(1))) is not None


async def rename(session: AsyncSession, topic: Topic, *, name: str, key: str) -> bool:
    """False when another topic took the name at the same moment."""
    topic.name, topic.key = name, key
    try:
        await session.flush()
    except IntegrityError:
        return False
    return True


async def move_experts(session: AsyncSession, topic_id: int, to_id: int) -> None:
    """Who helps on the one helps on the other, and who paused the one and is new to the other has
    paused that."""
    new = select(literal(to_id), Pause.user_id, Pause.paused_at).where(
        Pause.topic_id == topic_id,
        Pause.user_id.not_in(select(Expert.member_id).where(Expert.topic_id == to_id)),
    )
    names = ["topic_id", "user_id", "paused_at"]
    await session.execute(insert(session, Pause).from_select(names, new).on_conflict_do_nothing())
    experts = select(literal(to_id), Expert.member_id, Expert.added_by, Expert.added_at)
    await session.execute(
        insert(session, Expert)
        .from_select(
            ["topic_id", "member_id", "added_by", "added_at"],
            experts.where(Expert.topic_id == topic_id),
        )
        .on_conflict_do_nothing()
    )


async def move_channels(
    session: AsyncSession, team_id: str, topic_id: int, to_id: int | None
) -> None:
    await session.execute(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.topic_id == topic_id)
        .values(topic_id=to_id)
    )


async def forget_own(session: AsyncSession, *, team_id: str, channel_id: str) -> None:
    """The channel is gone, and the topic that was made for it."""
    await session.execute(
        delete(Topic).where(Topic.team_id == team_id, Topic.made_for == channel_id)
    )


async def remove_expert(session: AsyncSession, *, topic_id: int, member_id: str) -> bool:
    removed = await session.execute(
        delete(Expert)
        .where(Expert.topic_id == topic_id, Expert.member_id == member_id)
        .returning(Expert.member_id)
    )
    return removed.first() is not None


def is_group(member_id: str) -> bool:
    return member_id.startswith("S")
