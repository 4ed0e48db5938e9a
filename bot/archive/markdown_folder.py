"""A folder of Markdown: a file a question, which its front matter or first heading asks.

Front matter (YAML between two lines of ---) may say `question` or `title`, `author`, `email`,
`date`, `link`; the words below it are the answer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.archive.archives import MARKDOWN
from bot.archive.foreign import Entry, ForeignArchive, short
from bot.archive.packed import Packed, text_of

FENCE = "---"


def read_markdown(path: Path, emails: Mapping[str, str]) -> ForeignArchive:
    packed = Packed(path)
    archive = ForeignArchive(MARKDOWN, path.name, packed.checksum(), emails)
    for name in packed.names:
        if not name.lower().endswith((".md", ".markdown")):
            continue
        said, words = parted(text_of(packed.read(name)))
        if said is None:
            archive.trouble.add(name, "no_front")
            continue
        question, answer = asked_and_answered(said, words)
        if not question or not answer:
            archive.trouble.add(name, "no_words")
            continue
        archive.add(name, str(said.get("link") or ""), entries_of(said, question, answer))
    return archive


def parted(text: str) -> tuple[dict[str, Any] | None, str]:
    """The front matter and what is below it; None where it cannot be read."""
    first, _, rest = text.lstrip().partition("\n")
    if first.strip() != FENCE:
        return {}, text
    front, fence, words = rest.partition(f"\n{FENCE}")
    if not fence:
        return None, text
    try:
        said = yaml.safe_load(front)
    except (yaml.YAMLError, RecursionError):
        return None, text
    return (said if isinstance(said, dict) else {}), words.lstrip("-").strip()


def asked_and_answered(said: Mapping[str, Any], words: str) -> tuple[str, str]:
    asked = str(said.get("question") or said.get("title") or "").strip()
    if asked:
        return asked, words.strip()
    first, _, rest = words.strip().partition("\n")
    return (first.lstrip("# ").strip(), rest.strip()) if first.startswith("#") else ("", words)


def entries_of(said: Mapping[str, Any], question: str, answer: str) -> list[Entry]:
    at = said.get("date") or 0
    when = at if isinstance(at, int | float) else str(at)
    author = str(said.get("author") or "a colleague")
    email = str(said.get("email") or "")
    return [
        Entry(f"who asked {short(question)}", question, when),
        Entry(author, answer, when, email, is_accepted=True),
    ]
