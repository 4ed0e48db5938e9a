"""What one's help did, in Markdown: read as text in Slack, and copied from there."""

import re
from collections.abc import Iterable
from datetime import datetime

from bot.recognition.exports import MESSAGES_AT_MOST, Export
from bot.recognition.personal import HelpedQuestion
from bot.text import plain, shorten
from handlers.blocks.recognition.personal import sentences, times
from handlers.blocks.text import A_COLLEAGUE, Block, count, escape, permalink

COMES = "It comes to you as a message. From there you can copy it into a review or a CV."
PAGE_LIMIT = 9000  # characters; Slack takes 12,000 in all Markdown of a message
QUESTION_LIMIT = 200
SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:])")


def export_messages(export: Export, workspace_url: str) -> list[Block]:
    """Its messages, in order."""
    pages = paged([*summary(export), *questions(export, workspace_url)])
    title = f"What my help did, {days(export)}"
    return [
        {
            "text": f"{title} ({number} of {len(pages)})" if len(pages) > 1 else title,
            "blocks": [{"type": "markdown", "text": "\n".join(page)}],
        }
        for number, page in enumerate(pages, 1)
    ]


def paged(lines: Iterable[str]) -> list[list[str]]:
    """As many pages as it takes, up to a few; what is left then is counted."""
    pages: list[list[str]] = [[]]
    length, left = 0, 0
    for line in lines:
        if length + len(line) > PAGE_LIMIT and len(pages) == MESSAGES_AT_MOST:
            left += 1
            continue
        if length + len(line) > PAGE_LIMIT:
            pages.append([])
            length = 0
        pages[-1].append(line)
        length += len(line) + 1
    if left:
        pages[-1].append(f"- And {count(left, 'more line')}. A shorter time fits.")
    return pages


def summary(export: Export) -> list[str]:
    said = [f"- {each[0].upper()}{each[1:]}" for each in sentences(export.help, "I", "my")]
    if export.help.thanks:
        said.append(f"- I was thanked {times(len(export.help.thanks))}.")
    return [f"# What my help did, {days(export)}", "", *said]


def days(export: Export) -> str:
    return f"{day(export.since)} to {day(export.until)}"


def day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def questions(export: Export, workspace_url: str) -> list[str]:
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
) -> list[str]:
    lines = [question(each, export, workspace_url) for each in told]
    if elsewhere:
        lines.append(f"- {count(elsewhere, 'question')} that can no longer be shown")
    return ["", f"## {title}", "", *lines] if lines else []


def question(told: HelpedQuestion, export: Export, workspace_url: str) -> str:
    name = markdown(export.names.get(told.asker_id, A_COLLEAGUE))
    solved_at = told.solved_at.astimezone(export.since.tzinfo)
    words = markdown(told.text)
    address = permalink(workspace_url, told.channel_id, told.message_ts)
    helped = f" It helped {count(told.people, 'more person', 'more people')}."
    line = f"- {day(solved_at)}, for {name}: "
    return f"{line}{f'[{words}]({address})' if address else words}.{helped if told.people else ''}"


def markdown(text: str) -> str:
    """Words that Markdown shows as they are, on one line: no markup, no link, no mention."""
    return SIGNS.sub(r"\\\1", escape(shorten(plain(text), QUESTION_LIMIT)))
