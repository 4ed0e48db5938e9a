"""Channels, who is in them, and who may read them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage.saving import insert, upsert
from storage.tables import (
    AskingForm,
    Channel,
    ChannelMember,
    ChannelMove,
    Person,
    Question,
    Workspace,
)


async def get(session: AsyncSession, team_id: str, channel_id: str) -> Channel | None:
    return await session.get(Channel, (team_id, channel_id))


async def lock(session: AsyncSession, team_id: str, channel_id: str) -> None:
    """Hold this channel until the transaction ends."""
    await session.execute(
        select(Channel.channel_id)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id)
        .with_for_update(key_share=True)
    )


async def find_named(
    session: AsyncSession, team_id: str, name: str, *, reader_id: str
) -> str | None:
    """The channel of that name that this person can read."""
    return await session.scalar(
        select(Channel.channel_id)
        .where(Channel.team_id == team_id, Channel.name == name.lower(), Channel.left_at.is_(None))
        .where(readable_by(team_id, reader_id))
    )


async def list_public_names(
    session: AsyncSession, team_id: str, channel_ids: Collection[str]
) -> dict[str, str]:
    rows = await session.execute(
        select(Channel.channel_id, Channel.name).where(
            Channel.team_id == team_id, Channel.channel_id.in_(channel_ids), ~Channel.is_private
        )
    )
    return {row.channel_id: row.name for row in rows}


async def save(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    name: str,
    is_private: bool,
    is_shared: bool,
) -> None:
    """Remember the channel as one the bot is in."""
    await upsert(
        session,
        Channel,
        team_id=team_id,
        channel_id=channel_id,
        name=name,
        is_private=is_private,
        is_shared=is_shared,
        left_at=None,
    )


async def leave(session: AsyncSession, *, team_id: str, channel_id: str, now: datetime) -> None:
    await session.execute(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id)
        .values(left_at=now, members_read_at=None)
    )


async def make_private(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> bool:
    """Only its members may read it from now on, once we know them; False when it is known as
    private already, or not at all."""
    closed = await session.scalar(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id, ~Channel.is_private)
        .values(is_private=True, members_read_at=None, closed_at=now)
        .returning(Channel.channel_id)
    )
    return closed is not None


async def get_closed_at(session: AsyncSession, *, team_id: str, channel_id: str) -> datetime | None:
    """When it was made private, as far as we were told."""
    return await session.scalar(
        select(Channel.closed_at).where(
            Channel.team_id == team_id, Channel.channel_id == channel_id
        )
    )


async def is_public(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    """Whether we know the channel as one that all colleagues can read."""
    statement = select(Channel.channel_id).where(
        Channel.team_id == team_id, Channel.channel_id == channel_id, ~Channel.is_private
    )
    return (await session.scalar(statement)) is not None


async def note_look(session: AsyncSession, *, team_id: str, channel_id: str, now: datetime) -> None:
    await session.execute(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id)
        .values(looked_at=now)
    )


async def note_deleted(
    session: AsyncSession, *, team_id: str, channel_id: str, now: datetime
) -> None:
    await session.execute(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id)
        .values(deleted_at=now)
    )


async def has_deleted(session: AsyncSession) -> bool:
    """Whether there is a deleted channel whose words are still to be erased."""
    statement = select(Channel.channel_id).where(Channel.deleted_at.is_not(None)).limit(1)
    return (await session.scalar(statement)) is not None


async def get_deleted(session: AsyncSession) -> Channel | None:
    """A deleted channel, held until the transaction ends; another replica's is passed over."""
    return await session.scalar(
        select(Channel)
        .where(Channel.deleted_at.is_not(None))
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def list_help_channels(session: AsyncSession, team_id: str) -> Sequence[Channel]:
    return (
        await session.scalars(
            select(Channel)
            .where(Channel.team_id == team_id, Channel.is_help, Channel.left_at.is_(None))
            .order_by(Channel.name)
        )
    ).all()


async def list_forms(session: AsyncSession, team_id: str, channel_id: str) -> Sequence[str]:
    """The names of the workflows whose posts are questions there."""
    return (
        await session.scalars(
            select(AskingForm.name)
            .where(AskingForm.team_id == team_id, AskingForm.channel_id == channel_id)
            .order_by(AskingForm.key)
        )
    ).all()


async def add_form(
    session: AsyncSession, *, team_id: str, channel_id: str, key: str, name: str
) -> None:
    await upsert(session, AskingForm, team_id=team_id, channel_id=channel_id, key=key, name=name)


async def remove_form(session: AsyncSession, *, team_id: str, channel_id: str, key: str) -> bool:
    removed = await session.scalar(
        delete(AskingForm)
        .where(
            AskingForm.team_id == team_id,
            AskingForm.channel_id == channel_id,
            AskingForm.key == key,
        )
        .returning(AskingForm.key)
    )
    return removed is not None


async def has_form(session: AsyncSession, *, team_id: str, channel_id: str, key: str) -> bool:
    """Whether the posts of that workflow are questions in a channel that is listened to."""
    statement = select(AskingForm.key).join(
        Channel,
        and_(Channel.team_id == AskingForm.team_id, Channel.channel_id == AskingForm.channel_id),
    )
    found = await session.scalar(
        statement.where(
            AskingForm.team_id == team_id,
            AskingForm.channel_id == channel_id,
            AskingForm.key == key,
            Channel.is_help,
            Channel.left_at.is_(None),
        )
    )
    return found is not None


async def list_ids(session: AsyncSession, team_id: str) -> Sequence[str]:
    """The channels the bot believes it is in."""
    return (
        await session.scalars(
            select(Channel.channel_id).where(Channel.team_id == team_id, Channel.left_at.is_(None))
        )
    ).all()


async def list_members_unread_since(
    session: AsyncSession, before: datetime, limit: int
) -> Sequence[Channel]:
    """Channels whose members were last read before then, or never; and those that the bot has
    left, where all colleagues read on as long as they are public."""
    unread = and_(
        Channel.left_at.is_(None),
        or_(Channel.members_read_at.is_(None), Channel.members_read_at < before),
    )
    unseen = and_(
        Channel.left_at.is_not(None),
        ~Channel.is_private,
        or_(Channel.looked_at.is_(None), Channel.looked_at < before),
    )
    return (await session.scalars(select(Channel).where(or_(unread, unseen)).limit(limit))).all()


async def is_read(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    """Whether we know who is in the channel."""
    statement = select(Channel.members_read_at).where(
        Channel.team_id == team_id, Channel.channel_id == channel_id
    )
    return (await session.scalar(statement)) is not None


async def note_move(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str, now: datetime
) -> bool:
    """Note that they came or left then; False when they moved again since."""
    new = insert(session, ChannelMove).values(
        team_id=team_id, channel_id=channel_id, user_id=user_id, moved_at=now
    )
    noted = await session.scalar(
        new.on_conflict_do_update(
            index_elements=["team_id", "channel_id", "user_id"],
            set_={"moved_at": new.excluded.moved_at},
            where=ChannelMove.moved_at <= new.excluded.moved_at,
        ).returning(ChannelMove.user_id)
    )
    return noted is not None


async def add_member(session: AsyncSession, *, team_id: str, channel_id: str, user_id: str) -> None:
    await upsert(session, ChannelMember, team_id=team_id, channel_id=channel_id, user_id=user_id)


async def remove_member(
    session: AsyncSession, *, team_id: str, channel_id: str, user_id: str
) -> None:
    await session.execute(
        delete(ChannelMember).where(
            ChannelMember.team_id == team_id,
            ChannelMember.channel_id == channel_id,
            ChannelMember.user_id == user_id,
        )
    )


async def set_members(
    session: AsyncSession,
    *,
    team_id: str,
    channel_id: str,
    user_ids: Iterable[str],
    now: datetime,
    moved_since: datetime,
) -> None:
    """Replace what we know of who is in the channel, as it was read at that moment. Of those
    who came or left since, what they did counts."""
    of_channel = ChannelMove.team_id == team_id, ChannelMove.channel_id == channel_id
    await session.execute(
        delete(ChannelMove).where(*of_channel, ChannelMove.moved_at < moved_since)
    )
    moved = (await session.scalars(select(ChannelMove.user_id).where(*of_channel))).all()
    await session.execute(
        delete(ChannelMember).where(
            ChannelMember.team_id == team_id,
            ChannelMember.channel_id == channel_id,
            ChannelMember.user_id.not_in(moved),
        )
    )
    rows = [
        {"team_id": team_id, "channel_id": channel_id, "user_id": user_id}
        for user_id in sorted(set(user_ids) - set(moved))
    ]
    if rows:
        await session.execute(insert(session, ChannelMember).on_conflict_do_nothing(), rows)
    await session.execute(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id)
        .values(members_read_at=now)
    )


async def can_read(session: AsyncSession, *, team_id: str, channel_id: str, user_id: str) -> bool:
    statement = select(Channel.channel_id).where(
        Channel.team_id == team_id,
        Channel.channel_id == channel_id,
        readable_by(team_id, user_id),
    )
    return (await session.scalar(statement)) is not None


async def list_readers(
    session: AsyncSession, *, team_id: str, channel_id: str, user_ids: Collection[str]
) -> set[str]:
    """Those of these people who could read the channel."""
    person = aliased(Person)
    rows = await session.scalars(
        select(person.user_id)
        .join(Channel, and_(Channel.team_id == team_id, Channel.channel_id == channel_id))
        .where(person.team_id == team_id, person.user_id.in_(user_ids))
        .where(readable_by(team_id, person.user_id))
    )
    return set(rows.all())


async def list_readable(session: AsyncSession, team_id: str, user_id: str) -> frozenset[str]:
    """The channels that this person can read."""
    ids = await session.scalars(
        select(Channel.channel_id).where(Channel.team_id == team_id, readable_by(team_id, user_id))
    )
    return frozenset(ids.all())


async def list_readable_among(
    session: AsyncSession, team_id: str, channel_ids: Collection[str], user_id: str
) -> set[str]:
    """Those of these channels that this person can read."""
    if not channel_ids:
        return set()
    ids = await session.scalars(
        select(Channel.channel_id)
        .where(Channel.team_id == team_id, Channel.channel_id.in_(channel_ids))
        .where(readable_by(team_id, user_id))
    )
    return set(ids.all())


def readable_by(
    team_id: str | BindParameter[str],
    user_id: str | ColumnElement[str] | InstrumentedAttribute[str],
) -> ColumnElement[bool]:
    """The condition on `channels` under which this person could read it in Slack, as far as
    we know. What we do not know counts as no: an unknown person, a private channel whose
    members we have not read or that the bot has left. A deleted channel is read by nobody."""
    person = exists().where(
        Person.team_id == team_id, Person.user_id == user_id, ~Person.is_deactivated, ~Person.is_bot
    )
    full_member = exists().where(
        Person.team_id == team_id, Person.user_id == user_id, ~Person.is_guest, ~Person.is_external
    )
    member = exists().where(
        ChannelMember.team_id == Channel.team_id,
        ChannelMember.channel_id == Channel.channel_id,
        ChannelMember.user_id == user_id,
    )
    known = and_(Channel.left_at.is_(None), Channel.members_read_at.is_not(None))
    may = or_(and_(~Channel.is_private, full_member), and_(known, member))
    return and_(Channel.deleted_at.is_(None), person, may)


async def list_unable(
    session: AsyncSession, *, team_id: str, members_of: str, channel_id: str
) -> Sequence[tuple[str, bool]]:
    """Those in the one channel who cannot read the other, each with whether we know them."""
    member, known = aliased(ChannelMember), aliased(Person)
    unable = or_(Channel.channel_id.is_(None), ~readable_by(team_id, member.user_id))
    rows = await session.execute(
        select(member.user_id, known.user_id.is_not(None))
        .outerjoin(known, and_(known.team_id == member.team_id, known.user_id == member.user_id))
        .outerjoin(
            Channel, and_(Channel.team_id == member.team_id, Channel.channel_id == channel_id)
        )
        .where(member.team_id == team_id, member.channel_id == members_of)
        .where(or_(known.is_bot.is_(None), ~known.is_bot), unable)
        .where(member.user_id.not_in(select(Workspace.bot_user_id)))  # our own
        .order_by(member.user_id)
    )
    return [(user_id, bool(is_known)) for user_id, is_known in rows]


async def is_asked_in(session: AsyncSession, *, team_id: str, channel_id: str) -> bool:
    """Whether the channel is a help channel, or a question was ever asked there."""
    asked = exists().where(Question.team_id == team_id, Question.channel_id == channel_id)
    is_help = exists().where(
        Channel.team_id == team_id, Channel.channel_id == channel_id, Channel.is_help
    )
    return bool(await session.scalar(select(or_(asked, is_help))))


async def note_first(
    session: AsyncSession, team_id: str, channel_id: str, question_id: int, *, is_solved: bool
) -> None:
    """This question's card is the first of the channel, or the first solved one, unless there
    was one."""
    column = Channel.first_solved_id if is_solved else Channel.first_question_id
    await session.execute(
        update(Channel)
        .where(Channel.team_id == team_id, Channel.channel_id == channel_id, column.is_(None))
        .values({column: question_id})
    )
