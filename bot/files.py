"""What is shown of the files that came with questions and answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from bot.text import FileFacts
from storage.questions import files
from storage.tables import Answer, Question


@dataclass(frozen=True)
class ShownFiles:
    by_question: dict[int, tuple[FileFacts, ...]] = field(default_factory=dict)
    by_reply: dict[tuple[str, str], tuple[FileFacts, ...]] = field(default_factory=dict)

    def asked(self, question: Question) -> tuple[FileFacts, ...]:
        return self.by_question.get(question.id, ())

    def replied(self, answer: Answer) -> tuple[FileFacts, ...]:
        return self.by_reply.get((answer.channel_id, answer.message_ts), ())


async def list_files(session: AsyncSession, asked: Iterable[Question]) -> ShownFiles:
    """The files that came with these questions, and with the replies to them."""
    question_ids = [each.id for each in asked if each.has_files]
    shown = ShownFiles()
    if question_ids:
        for question_id, is_asked, file in await files.list_of_questions(session, question_ids):
            facts = FileFacts(file.file_id, file.title, file.kind == files.PICTURE)
            if is_asked:
                before = shown.by_question.get(question_id, ())
                shown.by_question[question_id] = (*before, facts)
            else:
                at = (file.channel_id, file.message_ts)
                shown.by_reply[at] = (*shown.by_reply.get(at, ()), facts)
    return shown
