"""What an asker reads where somebody else says what solved their question."""

from bot.experts.nudges import JUDGED
from bot.questions.judging import JudgedNote
from handlers.blocks.buttons import mute_button, refuse_button
from handlers.blocks.experts.cards import MOMENT
from handlers.blocks.questions.marking import MARK_REPLY
from handlers.blocks.text import (
    A_COLLEAGUE,
    Block,
    actions,
    button,
    context,
    date,
    inline,
    link,
    message,
    permalink,
    quote,
    section,
)


def judged_note(note: JudgedNote, workspace_url: str) -> Block:
    text = who_says(note, workspace_url)
    value = f"{note.question_id}:{note.answer_id}"
    choices = actions(
        button("It worked", MARK_REPLY, value, style="primary"),
        refuse_button(note.question_id),
        mute_button("No more of these", JUDGED),
    )
    reply = quote(note.reply, most=500)
    return message(text, [section(text), reply, context(counts(note)), choices])


def who_says(note: JudgedNote, workspace_url: str) -> str:
    asked = link(permalink(workspace_url, note.channel_id, note.thread_ts), note.text, 120)
    marked_by = inline(note.marked_by or A_COLLEAGUE, 60)
    if note.marked_by == note.author:
        return f"{marked_by} says that their own reply solved your question: {asked}"
    author = inline(note.author or A_COLLEAGUE, 60)
    return f"{marked_by} says that a reply of {author} solved your question: {asked}"


def counts(note: JudgedNote) -> str:
    if note.counts_at is None:
        return "Your word counts more than theirs."
    return f"If you say nothing, it counts as solved {date(note.counts_at, MOMENT)}."


def refused(is_refused: bool) -> str:
    """`is_refused`: False where nobody else's word solves it any more."""
    return (
        "Thank you. It no longer counts as solved, and I will keep asking."
        if is_refused
        else "It no longer counts as solved by that."
    )
