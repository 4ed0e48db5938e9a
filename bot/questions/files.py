"""Files that came with questions and answers: their titles and the text of snippets are found
and shown; the files themselves stay in Slack."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import FileFacts, Message, clip
from storage.questions import files
from storage.tables import Question

MOST_OF_A_MESSAGE = 10  # as many as Slack takes at once
LONGEST_SNIPPET = 4_000  # characters; what comes first tells the most


async def keep(
    session: AsyncSession, message: Message, question: Question | None = None, *, now: datetime
) -> None:
    """Remember the message's files, and that the question it belongs to has some."""
    if message.files:
        if question is not None:
            question.has_files = True
        await files.save(session, [row_of(message, each, now) for each in list_kept(message)])


async def keep_anew(
    session: AsyncSession, message: Message, question: Question, *, now: datetime
) -> None:
    """The message was edited: these are its files now."""
    if question.has_files:
        await forget_of(session, message.team_id, message.channel_id, [message.message_ts])
    await keep(session, message, question, now=now)


async def forget_of(
    session: AsyncSession, team_id: str, channel_id: str, message_tss: Sequence[str]
) -> None:
    await files.forget_of(session, team_id=team_id, channel_id=channel_id, message_tss=message_tss)


def list_kept(message: Message) -> Sequence[FileFacts]:
    known = {each.file_id: each for each in message.files}
    return list(known.values())[:MOST_OF_A_MESSAGE]


def row_of(message: Message, file: FileFacts, now: datetime) -> dict[str, Any]:
    return {
        **message.place,
        "file_id": file.file_id,
        "kind": files.PICTURE if file.is_picture else files.OTHER,
        "title": file.title,
        "words": clip(file.words, LONGEST_SNIPPET),
        "kept_at": now,
    }
