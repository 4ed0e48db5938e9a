"""What who helped reads when it worked."""

from bot.recognition.worked import WORKED, Worked, WorkedNote
from handlers.blocks.buttons import mute_button
from handlers.blocks.text import (
    A_COLLEAGUE,
    NAME_SHOWN,
    Block,
    actions,
    context,
    inline,
    link,
    message,
    permalink,
    quote,
    section,
)

QUESTION_SHOWN = 120  # characters


def worked_note(note: WorkedNote, workspace_url: str) -> Block:
    off = actions(mute_button("No more of these", WORKED))
    if len(note.listed) == 1 and not note.more:
        [only] = note.listed
        text = f":white_check_mark: {in_words(only)}"
        shown = link(address_of(only, workspace_url), "Open the thread")
        words = inline(only.text, QUESTION_SHOWN)
        blocks = [section(text), quote(only.text, most=300), context(shown), off]
        return message(f"{text} {words}" if words else text, blocks)
    text = f":white_check_mark: Your answers worked for {len(note.listed) + note.more} questions."
    lines = [f"• {in_words(each)} {linked(each, workspace_url)}" for each in note.listed]
    more = [context(f"And for {note.more} more.")] if note.more else []
    return message(text, [section(text), *(section(line) for line in lines), *more, off])


def in_words(worked: Worked) -> str:
    asker = inline(worked.asker or A_COLLEAGUE, NAME_SHOWN)
    if worked.helped is not None:
        return f"Your answer helped {inline(worked.helped or A_COLLEAGUE, NAME_SHOWN)} too:"
    if worked.said_by is not None:
        said_by = inline(worked.said_by or A_COLLEAGUE, NAME_SHOWN)
        return f"{said_by} says that your answer worked for {asker}:"
    return f"Your answer worked for {asker}:"


def linked(worked: Worked, workspace_url: str) -> str:
    return link(address_of(worked, workspace_url), worked.text, QUESTION_SHOWN)


def address_of(worked: Worked, workspace_url: str) -> str:
    return permalink(workspace_url, worked.channel_id, worked.thread_ts)
