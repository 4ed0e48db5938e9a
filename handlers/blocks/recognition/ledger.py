"""The newest facts of somebody's kudos, as an admin sees them."""

from collections.abc import Sequence

from bot.recognition.ledger import Entry
from handlers.blocks.text import (
    Block,
    count,
    date,
    fitting,
    link,
    mention,
    message,
    permalink,
    section,
)

HOW_TO = "Say whose: `/askaround kudos @person`"
LINES_LIMIT, LINES_IN_A_SECTION = 8000, 10
WHAT = {
    "solved": "solved a question",
    "helped": "helped too",
    "reused": "found again",
    "thanked": "thanked",
}


def ledger_page(receiver_id: str, entries: Sequence[Entry], workspace_url: str) -> Block:
    if not entries:
        text = f"Nothing counts for {mention(receiver_id)} so far."
        return message(text, [section(text)])
    standing = sum(not each.is_reversed for each in entries)
    text = (
        f"The newest of what counts for {mention(receiver_id)}: "
        f"{count(len(entries), 'fact')}, of which {standing} stand."
    )
    lines = fitting([entry_line(each, workspace_url) for each in entries], LINES_LIMIT)
    starts = range(0, len(lines), LINES_IN_A_SECTION)
    parts = ["\n".join(lines[start : start + LINES_IN_A_SECTION]) for start in starts]
    return message(text, [section(text), *(section(part) for part in parts)])


def entry_line(entry: Entry, workspace_url: str) -> str:
    said = f"• {date(entry.given_at)}: {WHAT[entry.kind]}, says {mention(entry.giver_id)}"
    if entry.message_ts:
        address = permalink(
            workspace_url, entry.channel_id or "", entry.message_ts, entry.thread_ts or ""
        )
        said += f", {link(address, 'of this answer')}"
    return f"{said}. Taken back." if entry.is_reversed else f"{said}."
