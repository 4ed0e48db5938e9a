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
ITEMS_SHOWN = 9  # of five blocks each; a message has up to 50
ALL_DONE = "All looked at. Thank you: people can trust what they find."


def review_note(note: ReviewNote, workspace_url: str) -> Block:
    if not note.items:
        return message(ALL_DONE, [section(ALL_DONE)])
    number = count(len(note.items), "answer")
    are_they = "is it" if len(note.items) == 1 else "are they"
    text = f"{number} that people find with `/find`: {are_they} still true?"
    blocks = [section(text)]
    for item in note.items[:ITEMS_SHOWN]:
        blocks += [divider(), *review_item(item, workspace_url)]
    more = len(note.items) - ITEMS_SHOWN
    if more > 0:
        blocks.append(context(f"{more} more come when these are done."))
    return message(text, blocks)


def review_item(item: ReviewItem, workspace_url: str) -> list[Block]:
    result = item.result
    asked = permalink(workspace_url, result.channel_id, result.thread_ts)
    why = (
        f":warning: {mention(item.doubted_by)} says that it no longer works."
        if item.doubted_by
        else f"Solved {date(result.solved_at)}."
    )
    return [
        section(f"*{link(asked, result.question, 200)}*"),
        *quoted(result.solution, result.solution_files, most=300),
        context(why),
        actions(
            button("Still true", CONFIRM, result.question_id, style="primary"),
            button("Outdated", OUTDATED, result.question_id),
        ),
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
