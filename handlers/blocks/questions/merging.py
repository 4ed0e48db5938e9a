"""Saying that a question is the same as another, and what its asker is told of the answer."""

from collections.abc import Sequence

from bot.questions.merging import Candidate, MergedNote, SameElsewhere
from bot.text import plain
from handlers.blocks.experts.cards import NOT_THE_SAME
from handlers.blocks.finding.find import HELPED, result_blocks
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    described,
    escape,
    link,
    message,
    permalink,
    plain_text,
    section,
)

ASKING_AGAIN = "All right, they are two questions. I am asking around about this one again."
ARE_TWO = "They are already two questions."
CALLBACK, TAKE_THERE = "merge", "take_there"


def merge_modal(question_id: int, candidates: Sequence[Candidate]) -> Block:
    options = [
        described(plain(each.text), each.question_id, "Solved" if each.is_solved else "Open")
        for each in candidates
    ]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Same as another question"),
        "submit": plain_text("It is the same"),
        "close": plain_text("Cancel"),
        "private_metadata": str(question_id),
        "blocks": [
            {
                "type": "input",
                "block_id": "question",
                "label": plain_text("Which one?"),
                "hint": plain_text("The most alike come first."),
                "element": {"type": "static_select", "action_id": "value", "options": options},
            },
            context(
                "Nobody else is asked here. The answer comes there, and the asker is told of it. "
                "What was answered here goes on to count."
            ),
        ],
    }


def same_elsewhere(same: SameElsewhere, workspace_url: str) -> Block:
    """For the asker alone."""
    address = permalink(workspace_url, same.other_channel_id, same.other_thread_ts)
    who = escape(same.other_asker) or "Somebody"
    text = f"{who} asked this in <#{same.other_channel_id}>. Shall I take yours there?"
    value = f"{same.question_id}:{same.other_id}"
    return message(
        text,
        [
            section(text),
            section(f"*{link(address, same.text, 200)}*"),
            actions(button("Yes, it is the same", TAKE_THERE, value, style="primary")),
            context(
                "Only you see this. Then the answer comes there, and I tell you of it. If yours is "
                "another question, do nothing: I will keep asking."
            ),
        ],
    )


TAKEN_THERE = "Done. The answer comes there, and I tell you of it. The card here can undo that."


def merged_note(note: MergedNote, workspace_url: str) -> Block:
    address = permalink(workspace_url, note.channel_id, note.thread_ts)
    text = f"Your question is answered: {link(address, note.text, 150)}"
    helped = button("Helped me", HELPED, note.result.question_id, style="primary")
    return message(
        text,
        [
            section(text),
            context("It is the same as this one, which is solved:"),
            *result_blocks(note.result, workspace_url),
            actions(helped, button("Not the same", NOT_THE_SAME, note.question_id)),
        ],
    )
