"""A reminder of a claim."""

from bot.experts.nudges import ClaimNote
from handlers.blocks.experts.nudges import claim_nudge, released_note
from tests.handlers.blocks.conftest import AT, URL


def claimed(text: str, *, is_theirs: bool = True) -> ClaimNote:
    return ClaimNote(7, "U2", "C1", "1.0", text, AT if is_theirs else None, AT)


MESSAGES = {
    "claim nudge": lambda text: claim_nudge(claimed(text), URL),
    "claim nudge too late": lambda text: claim_nudge(claimed(text, is_theirs=False), URL),
    "released": lambda text: released_note(claimed(text), URL),
}
