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
# `{giver}` says so, of `{answer}`: a link, where there is one.
WHAT = {
    "solved": "{giver} said that {answer} solved their question",
    "helped": "{giver} said that {answer} helped them too",
    "reused": "{giver} found {answer} again, and it helped",
    "thanked": "{giver} thanked them",
}


def ledger_page(receiver_id: str, entries: Sequence[Entry], workspace_url: str) -> Block:
    if not entries:
        text = f"Nothing counts for {mention(receiver_id)} so far."
        return message(text, [section(text)])
    standing = sum(not each.is_reversed for each in entries)
    text = headline(receiver_id, len(entries), taken_back=len(entries) - standing)
    lines = fitting([entry_line(each, workspace_url) for each in entries], LINES_LIMIT)
    starts = range(0, len(lines), LINES_IN_A_SECTION)
    parts = ["\n".join(lines[start : start + LINES_IN_A_SECTION]) for start in starts]
    return message(text, [section(text), *(section(part) for part in parts)])


def headline(receiver_id: str, entries: int, *, taken_back: int) -> str:
    newest = count(entries, "newest entry", "newest entries")
    if not taken_back:
        return f"The {newest} of what counts for {mention(receiver_id)}:"
    return f"The {newest} of what counts for {mention(receiver_id)}; {taken_back} taken back:"


def entry_line(entry: Entry, workspace_url: str) -> str:
    address = permalink(
        workspace_url, entry.channel_id or "", entry.message_ts or "", entry.thread_ts or ""
    )
    answer = link(address, "an answer") if entry.message_ts else "an answer"
    said = WHAT[entry.kind].format(giver=mention(entry.giver_id), answer=answer)
    line = f"• {date(entry.given_at)}: {said}."
    return f"{line} Taken back." if entry.is_reversed else line
