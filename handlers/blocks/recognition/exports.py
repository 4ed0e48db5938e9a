"""What one's help did, as text with headings, bullets and links: to read in Slack, and as a
document."""

import html
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate, groupby

from bot.recognition.exports import Export
from bot.recognition.personal import HelpedQuestion
from bot.text import plain, shorten
from handlers.blocks.recognition.personal import sentences, times
from handlers.blocks.text import A_COLLEAGUE, NAME_SHOWN, Block, count, permalink

COMES = "It comes to you as a message, and as a document for a review or a CV."
FILE_TITLE = "What my help did, as a document"
READ_LIMIT = 9000  # characters in the message; the document has all
QUESTION_LIMIT = 200

Line = tuple[bool, list[Block]]  # whether it is an entry of a list, else a heading; its pieces


def export_message(export: Export, workspace_url: str) -> Block:
    """To read in Slack; what is too long for that stands in the document."""
    lines = lines_of(export, workspace_url)
    lengths = accumulate(sum(len(piece["text"]) for piece in pieces) for _, pieces in lines)
    fitting = [line for line, length in zip(lines, lengths, strict=True) if length <= READ_LIMIT]
    if left := len(lines) - len(fitting):
        fitting.append(entry(text(f"{count(left, 'more line')} in the document below.")))
    blocks = [{"type": "rich_text", "elements": shown(fitting)}]
    return {"text": f"What my help did, {days(export)}", "blocks": blocks}


def lines_of(export: Export, workspace_url: str) -> list[Line]:
    return [*summary(export), *questions(export, workspace_url)]


def file_name(export: Export) -> str:
    return f"what-my-help-did-{export.until:%Y-%m-%d}.docx"


def shown(lines: Iterable[Line]) -> list[Block]:
    """Headings, and lists of what stands below each."""
    elements: list[Block] = []
    for is_entry, some in groupby(lines, key=is_an_entry):
        sections: list[Block] = [
            {"type": "rich_text_section", "elements": pieces} for _, pieces in some
        ]
        if is_entry:
            sections = [{"type": "rich_text_list", "style": "bullet", "elements": sections}]
        elements += sections
    return elements


def is_an_entry(line: Line) -> bool:
    return line[0]


def heading(words: str) -> Line:
    return False, [{**text(words), "style": {"bold": True}}]


def entry(*pieces: Block) -> Line:
    return True, list(pieces)


def text(words: str) -> Block:
    return {"type": "text", "text": words}


def linked(address: str, words: str) -> Block:
    if not address:
        return text(words)
    return {"type": "link", "url": html.unescape(address), "text": words}


def summary(export: Export) -> list[Line]:
    said = [f"{each[0].upper()}{each[1:]}" for each in sentences(export.help, "I", "my")]
    if export.help.thanks:
        said.append(f"I was thanked {times(len(export.help.thanks))}.")
    return [heading(f"What my help did, {days(export)}"), *(entry(text(each)) for each in said)]


def days(export: Export) -> str:
    return f"{day(export.since)} to {day(export.until)}"


def day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def questions(export: Export, workspace_url: str) -> list[Line]:
    told = export.help
    solved = sorted(told.solved_told, key=lambda each: each.solved_at)
    earlier = {each.question_id for each in solved}
    again = [each for each in told.reused_told if each.question_id not in earlier]
    return [
        *listed("Questions I solved", solved, told.solved_elsewhere, export, workspace_url),
        *listed("Earlier answers that helped again", again, 0, export, workspace_url),
    ]


def listed(
    title: str, told: Iterable[HelpedQuestion], elsewhere: int, export: Export, workspace_url: str
) -> list[Line]:
    lines = [question(each, export, workspace_url) for each in told]
    if elsewhere:
        gone = f"{count(elsewhere, 'question')} that can no longer be shown"
        lines.append(entry(text(gone)))
    return [heading(title), *lines] if lines else []


def question(told: HelpedQuestion, export: Export, workspace_url: str) -> Line:
    name = shorten(plain(export.names.get(told.asker_id, "")), NAME_SHOWN) or A_COLLEAGUE
    solved_at = told.solved_at.astimezone(export.since.tzinfo)
    words = shorten(plain(told.text), QUESTION_LIMIT) or "a question"
    asked = linked(permalink(workspace_url, told.channel_id, told.message_ts), words)
    pieces = [text(f"{day(solved_at)}, for {name}: "), asked]
    if told.people:
        helped = count(told.people, "more person", "more people")
        pieces.append(text(f". It helped {helped}."))
    return entry(*pieces)
