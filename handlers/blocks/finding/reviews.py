"""The message that asks somebody whether their solutions are still true."""

from collections.abc import Sequence

from bot.finding.reviews import ReviewItem, ReviewNote
from handlers.blocks.files import quoted
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    date,
    divider,
    link,
    listed,
    mention,
    message,
    permalink,
    section,
)

CONFIRM, OUTDATED = "still_true", "call_outdated"
# Of what only the archive calls the answer; see handlers/archive/checking.py.
WAS_ANSWER, NO_ANSWER, OTHER_ANSWER = "was_answer", "no_answer", "other_answer"
STOP_ASKING, ASK_AGAIN = "stop_checks", "start_checks"
ITEMS_SHOWN = 9  # of five blocks each; a message has up to 50
ALL_DONE = "All looked at. Thank you: people can trust what they find."
UNASKED = "I ask you no more whether old replies were the answer."


def review_note(note: ReviewNote, workspace_url: str) -> Block:
    if not note.items:
        return message(ALL_DONE, [section(ALL_DONE), *switch(note)])
    text = asked_of(note)
    blocks = [section(text)]
    for item in note.items[:ITEMS_SHOWN]:
        blocks += [divider(), *review_item(item, workspace_url)]
    more = len(note.items) - ITEMS_SHOWN
    if more > 0:
        blocks.append(context(f"{more} more come when these are done."))
    return message(text, [*blocks, *switch(note)])


def asked_of(note: ReviewNote) -> str:
    number = count(len(note.items), "answer")
    if any(item.is_check for item in note.items):
        return f"I would like your word on {number} that people find with `/find`."
    are_they = "is it" if len(note.items) == 1 else "are they"
    return f"{number} that people find with `/find`: {are_they} still true?"


def switch(note: ReviewNote) -> list[Block]:
    """Asking about the archive is switched off where it is read, and on again."""
    if note.is_unasked:
        return [context(UNASKED), actions(button("Ask me again", ASK_AGAIN))]
    if any(item.is_check for item in note.items):
        return [actions(button("Don't ask me about old replies", STOP_ASKING))]
    return []


def review_item(item: ReviewItem, workspace_url: str) -> list[Block]:
    result = item.result
    asked = result.link or permalink(workspace_url, result.channel_id, result.thread_ts)
    return [
        section(f"*{link(asked, result.question, 200)}*"),
        *quoted(result.solution, result.solution_files, most=300),
        context(why_asked(item)),
        actions(*(check_buttons(result.question_id) if item.is_check else review_buttons(item))),
    ]


def why_asked(item: ReviewItem) -> str:
    if item.is_check:
        return (
            f"From the archive, {date(item.result.solved_at)}. Nobody said so then: "
            "was this the answer?"
        )
    if item.doubted_by:
        return f":warning: {mention(item.doubted_by)} says that it no longer works."
    return f"Solved {date(item.result.solved_at)}."


def review_buttons(item: ReviewItem) -> list[Block]:
    return [
        button("Still true", CONFIRM, item.result.question_id, style="primary"),
        button("Outdated", OUTDATED, item.result.question_id),
    ]


def check_buttons(question_id: int) -> list[Block]:
    return [
        button("✅ This was it", WAS_ANSWER, question_id, style="primary"),
        button("Another reply", OTHER_ANSWER, question_id),
        button("No, nothing was", NO_ANSWER, question_id),
    ]


def doubted(asked: Sequence[str] | None) -> str:
    """`asked`: who is asked whether it is still true; None where nobody need be."""
    if asked is None:
        return "Thank you. From now on it carries a warning."
    if not asked:
        return (
            "Thank you. From now on it carries a warning. Nobody is left here who could tell "
            "whether it is still true; ask anew if you need it."
        )
    names = listed([mention(user_id) for user_id in asked])
    return (
        f"Thank you. I am asking {names} whether it is still true; until then it carries a warning."
    )
