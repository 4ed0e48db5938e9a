"""What somebody reads who has it too."""

from bot.questions.me_too import SolvedNote
from handlers.blocks.questions.me_too import solved_note
from tests.handlers.blocks.conftest import URL, found

MESSAGES = {
    "solved for who has it too": lambda text: solved_note(SolvedNote("U1", found(text)), URL)
}
