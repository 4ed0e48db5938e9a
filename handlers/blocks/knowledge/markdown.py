"""The files of the Markdown folder: what was solved, for whatever reads Markdown."""

import yaml

from bot.knowledge.entries import Answered, Audience, Entry
from handlers.blocks.knowledge.site import (
    OTHER,
    Contents,
    Site,
    helped_line,
    newest_of,
    source_of,
    state_line,
)
from handlers.blocks.wire import markdown_link, markdown_text, to_markdown


def answer_file(audience: Audience, entry: Entry) -> str:
    """With what programs want to know of it in front, as YAML."""
    facts = {
        "title": entry.title,
        "topic": audience.topics.get(entry.topic_id or 0),
        "authors": [answer.author for answer in entry.answers],
        "asked": entry.asked_at.date(),
        "solved": entry.solved_at.date(),
        "state": str(entry.state),
        "source": source_of(audience, entry, entry.thread_ts) or None,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    front = yaml.safe_dump(known, allow_unicode=True, sort_keys=False, width=10_000)
    parts = [
        f"# {markdown_text(entry.title)}",
        f"_{state_line(entry)}_",
        "## What was asked",
        to_markdown(entry.text),
        *files_of(entry.files),
    ]
    for number, answer in enumerate(entry.answers):
        parts += ["## This solved it too" if number else "## What solved it"]
        parts += [to_markdown(answer.text), *files_of(answer.files), by(audience, entry, answer)]
    helped = helped_line(entry.helped)
    told = "\n\n".join([*parts, helped] if helped else parts)
    return f"---\n{front}---\n\n{told}\n"


def files_of(titles: tuple[str, ...]) -> list[str]:
    if not titles:
        return []
    named = ", ".join(markdown_text(title) for title in titles)
    return [f"With it came: {named}. Files are in Slack."]


def by(audience: Audience, entry: Entry, answer: Answered) -> str:
    author = markdown_text(answer.author)
    source = source_of(audience, entry, answer.message_ts, answer.thread_ts)
    return f"{author} · {markdown_link(source, 'The reply in Slack')}" if source else author


def front_file(site: Site, contents: Contents) -> str:
    """Every answer, by topic."""
    parts = [f"# {markdown_text(site.name)}", site.audience]
    for topic in site.topics:
        lines = contents.topics[None if topic.page == OTHER else int(topic.page)]
        parts.append(f"## {markdown_text(topic.name)}")
        listed = [
            f"- {markdown_link(f'answers/{line.id}.md', line.title)}"
            + (f" · {line.note}" if line.note else "")
            for line in newest_of(lines)
        ]
        parts.append("\n".join(listed))
    return "\n\n".join(parts) + "\n"
