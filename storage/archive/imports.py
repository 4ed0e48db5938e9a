"""What is or was taken in, and how far."""

from collections.abc import Sequence

from sqlalchemy import delete, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import (
    Answer,
    Archived,
    Channel,
    ChannelMember,
    File,
    Import,
    ImportedChannel,
    ImportedPerson,
    Kudos,
    Mark,
    Person,
    Question,
    QuestionPart,
)


async def get(session: AsyncSession, team_id: str, import_id: int) -> Import | None:
    """The import, held until the transaction ends."""
    return await session.scalar(
        select(Import)
        .where(Import.team_id == team_id, Import.id == import_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def get_of_archive(session: AsyncSession, team_id: str, checksum: str) -> Import | None:
    """That of the same archive, held until the transaction ends."""
    return await session.scalar(
        select(Import)
        .where(Import.team_id == team_id, Import.checksum == checksum)
        .order_by(Import.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def list_of_team(session: AsyncSession, team_id: str) -> Sequence[Import]:
    """The newest first."""
    statement = select(Import).where(Import.team_id == team_id).order_by(Import.id.desc())
    return (await session.scalars(statement)).all()


async def has_undone(session: AsyncSession) -> bool:
    """Whether one is still to be taken out, of any workspace."""
    statement = select(Import.id).where(Import.undone_at.is_not(None)).limit(1)
    return (await session.scalar(statement)) is not None


async def get_undone(session: AsyncSession) -> Import | None:
    """One that is to be taken out, held; another replica's is passed over."""
    return await session.scalar(
        select(Import)
        .where(Import.undone_at.is_not(None))
        .order_by(Import.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


async def add(session: AsyncSession, row: Import) -> Import:
    session.add(row)
    await session.flush()
    return row


async def list_questions(session: AsyncSession, import_id: int, limit: int) -> Sequence[Question]:
    return (
        await session.scalars(
            select(Question)
            .where(Question.import_id == import_id)
            .order_by(Question.id)
            .limit(limit)
            .with_for_update(key_share=True)
        )
    ).all()


async def list_told_of(session: AsyncSession, question_ids: Sequence[int]) -> set[int]:
    """Those of them of which somebody said since that they helped: these facts stay."""
    rows = await session.scalars(
        select(Kudos.question_id).where(Kudos.question_id.in_(question_ids)).distinct()
    )
    return {each for each in rows if each is not None}


async def forget_questions(session: AsyncSession, question_ids: Sequence[int]) -> None:
    """Delete them with all that hangs on them."""
    for table in (QuestionPart, Answer):  # these have files and marks, by their messages alone
        said = select(table.team_id, table.channel_id, table.message_ts).where(
            table.question_id.in_(question_ids)
        )
        for beside in (File, Mark):
            place = tuple_(beside.team_id, beside.channel_id, beside.message_ts)
            await session.execute(
                delete(beside).where(place.in_(said)).execution_options(synchronize_session=False)
            )
    await session.execute(
        delete(Question)
        .where(Question.id.in_(question_ids))
        .execution_options(synchronize_session=False)
    )


async def forget_strangers(session: AsyncSession, row: Import) -> None:
    """The people and channels that we know by this import alone, and the import itself."""
    people = select(ImportedPerson.user_id).where(ImportedPerson.import_id == row.id)
    is_kept = exists().where(
        ImportedPerson.team_id == Person.team_id,
        ImportedPerson.user_id == Person.user_id,
        ImportedPerson.import_id != row.id,
    )
    is_here = exists().where(
        ChannelMember.team_id == Person.team_id, ChannelMember.user_id == Person.user_id
    )
    await session.execute(
        delete(Person)
        .where(Person.team_id == row.team_id, Person.user_id.in_(people), ~is_kept, ~is_here)
        .execution_options(synchronize_session=False)
    )
    places = select(ImportedChannel.channel_id).where(ImportedChannel.import_id == row.id)
    is_used = exists().where(
        Question.team_id == Channel.team_id, Question.channel_id == Channel.channel_id
    )
    await session.execute(
        delete(Channel)
        .where(
            Channel.team_id == row.team_id,
            Channel.channel_id.in_(places),
            Channel.left_at.is_not(None),
            ~is_used,
        )
        .execution_options(synchronize_session=False)
    )
    await session.delete(row)
    await session.flush()


async def count_confirmed(session: AsyncSession, import_id: int) -> int:
    statement = select(func.count()).where(
        Archived.import_id == import_id, Archived.confirmed_at.is_not(None)
    )
    return await session.scalar(statement) or 0
