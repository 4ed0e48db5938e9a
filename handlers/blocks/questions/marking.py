"""Asking an asker privately which reply worked."""

from collections.abc import Sequence

from bot.experts.nudges import MARK
from bot.questions.marking import Unmarked
from handlers.blocks.experts.cards import STUCK
from handlers.blocks.experts.nudges import mute_button
from handlers.blocks.questions.closing import CLOSE_IT, solved_elsewhere_button
from handlers.blocks.text import (
    A_COLLEAGUE,
    Block,
    actions,
    button,
    context,
    divider,
    inline,
    link,
    message,
    permalink,
    section,
)

MARK_REPLY, UNMARK_REPLY = "mark_reply", "unmark_reply"
MARK_A_REPLY = (
    "Glad it is solved. Put the :white_check_mark: on the reply that worked, "
    "so that others find it and its author is credited."
)
THANKED = "Glad it helped. Which reply worked? Others will find it, and its author is credited."


def mark_hint(unmarked: Unmarked | None, workspace_url: str) -> Block:
    """In the thread, when the asker says that it is solved."""
    if unmarked is None or (not unmarked.replies and unmarked.solved_by is None):
        return message(MARK_A_REPLY, [section(MARK_A_REPLY)])
    if unmarked.solved_by is not None:
        return marked(unmarked)
    replies = [*reply_blocks(unmarked), none_worked(unmarked)]
    return message(THANKED, [section(THANKED), *replies, mute_button(MARK)])


def marked(unmarked: Unmarked) -> Block:
    """In place of the hint, once something is marked."""
    text = solved_line(unmarked)
    return message(text, [section(text), *undo(unmarked)])


def mark_nudge(unmarked: Sequence[Unmarked], workspace_url: str) -> Block:
    """The message about all questions of one asker that have replies and no mark."""
    number = (
        "Your question has" if len(unmarked) == 1 else f"{len(unmarked)} of your questions have"
    )
    text = f"{number} replies. Did one of them work?"
    blocks = [section(text)]
    for each in unmarked:
        address = permalink(workspace_url, each.channel_id, each.thread_ts)
        blocks += [divider(), section(f"*{link(address, each.text, 100)}*")]
        blocks += (
            [section(solved_line(each)), *undo(each)]
            if each.solved_by is not None
            else [*reply_blocks(each), none_worked(each)]
        )
    why = "Marked answers are found by others, and their authors are credited. I ask only once."
    return message(text, [*blocks, divider(), context(why), mute_button(MARK)])


def reply_blocks(unmarked: Unmarked) -> list[Block]:
    return [
        section(
            f"{inline(reply.author or A_COLLEAGUE, 30)}: {inline(reply.text, 100)}",
            button("This worked", MARK_REPLY, f"{unmarked.question_id}:{reply.answer_id}"),
        )
        for reply in unmarked.replies
    ]


def none_worked(unmarked: Unmarked) -> Block:
    return actions(
        button("Not yet, keep asking", STUCK, unmarked.question_id),
        solved_elsewhere_button(unmarked.question_id),
        button("Close it", CLOSE_IT, unmarked.question_id),
    )


def solved_line(unmarked: Unmarked) -> str:
    if unmarked.solved_by is None:
        return "Taken back: the question is open again."
    solver = inline(unmarked.solved_by or A_COLLEAGUE, 60)
    return f":white_check_mark: Solved by {solver}. Thank you for saying so."


def undo(unmarked: Unmarked) -> list[Block]:
    if unmarked.marked_id is None:
        return []
    value = f"{unmarked.question_id}:{unmarked.marked_id}"
    return [actions(button("Undo", UNMARK_REPLY, value))]
