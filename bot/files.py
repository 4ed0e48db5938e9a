"""What is shown of the files that came with questions and answers."""

from collections.abc import Iterable, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import FileFacts
from storage.questions import files
from storage.tables import Question


async def list_files(
    session: AsyncSession, asked: Iterable[Question]
) -> Mapping[tuple[str, str], tuple[FileFacts, ...]]:
    """The files of these questions and of the replies to them, by channel and message."""
    question_ids = [each.id for each in asked if each.has_files]
    found: dict[tuple[str, str], tuple[FileFacts, ...]] = {}
    if question_ids:
        for _, file in await files.list_of_questions(session, question_ids):
            facts = FileFacts(file.file_id, file.title, file.kind == files.PICTURE)
            at = (file.channel_id, file.message_ts)
            found[at] = (*found.get(at, ()), facts)
    return found
