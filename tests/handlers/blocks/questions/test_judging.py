"""What an asker reads of another's word."""

from bot.questions.judging import JudgedNote
from handlers.blocks.questions.judging import judged_note
from tests.handlers.blocks.conftest import AT, URL


def judged(text: str, **changes: object) -> JudgedNote:
    values = {"author": text, "marked_by": text[:9], "counts_at": None}
    return JudgedNote(7, "U1", "C1", "1.0", text, 8, text, **{**values, **changes})


MESSAGES = {
    "somebody else says so": lambda text: judged_note(judged(text), URL),
    "who wrote it says so": lambda text: judged_note(
        judged(text, marked_by=text, counts_at=AT), URL
    ),
}
