"""What who helped reads when it worked."""

from dataclasses import replace

from bot.recognition.worked import Worked, WorkedNote
from handlers.blocks.recognition.worked import worked_note
from tests.handlers.blocks.conftest import ORDINARY, URL


def worked(text: str, **changes: str) -> Worked:
    plain = Worked(7, "U1", "C1", "1.0", text, text, said_by=None, helped=None)
    return replace(plain, **changes)


MESSAGES = {
    "it worked": lambda text: worked_note(WorkedNote("U2", (worked(text),)), URL),
    "many worked": lambda text: worked_note(
        WorkedNote(
            "U2", (worked(text), worked(text, said_by=text), worked(text, helped=text)) * 3, 9
        ),
        URL,
    ),
}


def test_it_is_said_whose_word_it_is():
    def said(**changes: str) -> str:
        one = worked(ORDINARY, **{"asker": "Bob", **changes})
        return worked_note(WorkedNote("U2", (one,)), URL)["text"]

    assert said() == f":white_check_mark: Your answer worked for Bob: {ORDINARY}"
    assert "Maria says that your answer worked for Bob:" in said(said_by="Maria")
    assert "Your answer helped Ana too:" in said(helped="Ana")
