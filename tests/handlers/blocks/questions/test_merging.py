"""Two questions that are one."""

from bot.questions.merging import Candidate, MergedNote, SameElsewhere
from handlers.blocks.questions.merging import merge_modal, merged_note, same_elsewhere
from tests.handlers.blocks.conftest import URL, found

MESSAGES = {
    "asked elsewhere": lambda text: same_elsewhere(
        SameElsewhere(7, "U1", "C1", 8, "C2", "2.0", text, text), URL
    ),
    "answer to the same question": lambda text: merged_note(
        MergedNote(7, "U1", "C1", "1.0", text, found(text)), URL
    ),
}

VIEWS = [lambda text: merge_modal(7, [Candidate(each, text, each % 2 == 0) for each in range(20)])]
